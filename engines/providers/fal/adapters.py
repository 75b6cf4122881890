"""Requests to the models of the table, their prices, and the models that a deployment or a run buys from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from engines.providers.fal.fields import Field, complaints
from engines.providers.fal.rows import (
    CLIP_ROWS,
    H3_MAX,
    KLING_3_PRO,
    NANO_BANANA,
    SEEDANCE,
    STILL_ROWS,
    Row,
)
from models.failures import ContentRefused, InvalidInput, Misconfigured
from models.media_models import PromptLimits
from models.paid_media import PieceKind, PieceRequest
from models.spending import MICRO_USD

_SEEDS = 2**31
"""fal takes seeds of 31 bits."""


class Tier(StrEnum):
    """Quality tier."""

    DRAFT = "draft"
    STANDARD = "standard"
    PREMIUM = "premium"


@dataclass(frozen=True)
class MediaModel:
    """A row at one resolution.

    Attributes:
        row: The model.
        resolution: Empty if there is no choice.
    """

    row: Row
    resolution: str = ""

    @property
    def endpoint(self) -> str:
        """Its name at fal."""
        return self.row.endpoint

    @property
    def name(self) -> str:
        """Its name for people and histories: `endpoint`, or `endpoint@resolution`."""
        return f"{self.row.endpoint}@{self.resolution}" if self.resolution else self.row.endpoint

    @property
    def usd(self) -> float:
        """The price of a picture or of a second."""
        return self.row.price(self.resolution).usd

    @property
    def prompt_chars(self) -> int:
        """The longest prompt."""
        return self.row.prompt_chars

    def _arguments(self, request: PieceRequest) -> dict[str, Any]:
        fields = self.row.fields
        arguments: dict[str, Any] = {"prompt": self._taken(request.prompt), **self.row.fixed}
        if self.resolution:
            arguments["resolution"] = self.resolution
        if "seed" in fields:
            arguments["seed"] = request.seed % _SEEDS
        if "negative_prompt" in fields and request.negative_prompt:
            arguments["negative_prompt"] = request.negative_prompt
        return arguments

    def _taken(self, prompt: str) -> str:
        """A prompt within the model's limit; one written for another model is rewritten, and never truncated."""
        if len(prompt) <= self.prompt_chars:
            return prompt
        raise ContentRefused(f"The prompt has {len(prompt):,} characters; {self.endpoint} takes {self.prompt_chars:,}.")


@dataclass(frozen=True)
class StillModel(MediaModel):
    """A model that makes a picture."""

    def call(self, request: PieceRequest) -> tuple[str, dict[str, Any]]:
        """Endpoint and arguments.

        Raises:
            ContentRefused: The prompt is longer than the model takes.
            Misconfigured: The model would refuse the request.
        """
        arguments, fields = self._arguments(request), dict(self.row.fields)
        taken = fields.pop(self.row.image_field)
        if not request.images:
            return self.endpoint, checked(self.endpoint, fields, arguments)
        arguments[self.row.image_field] = list(request.images[: int(taken.most or 1)])
        return self.row.edits, checked(self.row.edits, self.row.fields, arguments)


@dataclass(frozen=True)
class ClipModel(MediaModel):
    """A model that moves a picture."""

    @property
    def durations_s(self) -> tuple[int, ...]:
        """The lengths that it makes, ascending."""
        return self.row.durations_s

    def duration_s(self, wanted_s: float) -> int:
        """The smallest sufficient length; see `Row.duration_s`."""
        return self.row.duration_s(wanted_s)

    def call(self, request: PieceRequest) -> tuple[str, dict[str, Any]]:
        """Endpoint and arguments.

        Raises:
            ContentRefused: The prompt is longer than the model takes.
            InvalidInput: See `duration_s`.
            Misconfigured: The model would refuse the request.
        """
        duration_s, field = self.duration_s(request.duration_s), self.row.fields["duration"]
        duration = str(duration_s) if field.choices and isinstance(field.choices[0], str) else duration_s
        arguments = self._arguments(request) | {self.row.image_field: request.images[0], "duration": duration}
        return self.endpoint, checked(self.endpoint, self.row.fields, arguments)


def checked(endpoint: str, fields: Mapping[str, Field], arguments: dict[str, Any]) -> dict[str, Any]:
    """Arguments that the model accepts.

    Raises:
        Misconfigured: The model would refuse them; nothing was sent.
    """
    wrong = list(complaints(fields, arguments))
    if wrong:
        raise Misconfigured(
            f"{endpoint} would refuse this request: {'; '.join(wrong)}. Nothing was sent and nothing was bought: "
            "choose another model, or mend its row in engines/providers/fal/rows.py."
        )
    return arguments


STILLS: dict[Tier, StillModel] = {
    Tier.DRAFT: StillModel(NANO_BANANA, "1K"),
    Tier.STANDARD: StillModel(NANO_BANANA, "1K"),
    Tier.PREMIUM: StillModel(NANO_BANANA, "2K"),
}

CLIPS: dict[Tier, ClipModel] = {
    Tier.DRAFT: ClipModel(SEEDANCE, "480p"),
    Tier.STANDARD: ClipModel(SEEDANCE, "720p"),
    Tier.PREMIUM: ClipModel(KLING_3_PRO),
}

_USUAL = {NANO_BANANA.endpoint: "1K", SEEDANCE.endpoint: "720p", H3_MAX.endpoint: "768P"}
"""The default resolution of a model that is named without one, and that is not its tier's."""


@dataclass(frozen=True)
class Choice:
    """The models of a deployment or a run."""

    still: StillModel
    clip: ClipModel

    @property
    def longest_shot_s(self) -> float:
        """The longest possible shot."""
        return float(self.clip.durations_s[-1])

    @property
    def prompt_limits(self) -> PromptLimits:
        """The limits on prompts."""
        return PromptLimits(image_max_chars=self.still.prompt_chars, motion_max_chars=self.clip.prompt_chars)

    def price_micro_usd(self, kind: PieceKind, duration_s: float = 0) -> int:
        """The price of one piece, in millionths of a dollar; for a clip, of the length bought."""
        usd = self.clip.usd * self.clip.duration_s(duration_s) if kind is PieceKind.CLIP else self.still.usd
        return round(usd * MICRO_USD)

    def other(self, still: str = "", clip: str = "") -> "Choice":
        """This choice with other models by name.

        Args:
            still: `endpoint` or `endpoint@resolution`; empty: unchanged.
            clip: `endpoint` or `endpoint@resolution`; empty: unchanged.

        Returns:
            The choice.

        Raises:
            InvalidInput: A name is unknown; the sentence lists the known ones.
        """
        return Choice(
            StillModel(*_named(still, STILL_ROWS, self.still)) if still else self.still,
            ClipModel(*_named(clip, CLIP_ROWS, self.clip)) if clip else self.clip,
        )


def choose(tier: str = Tier.STANDARD, still_endpoint: str = "", clip_endpoint: str = "") -> Choice:
    """The models of a tier, or named ones.

    Args:
        tier: `draft`, `standard` or `premium`.
        still_endpoint: Another picture model of the table.
        clip_endpoint: Another clip model of the table.

    Returns:
        The choice.

    Raises:
        InvalidInput: The table has no such tier or model; the sentence lists those it has.
    """
    try:
        tier = Tier(tier)
    except ValueError:
        known = ", ".join(Tier)
        raise InvalidInput(f"There is no tier {tier!r}; choose one of {known}.", code="settings") from None
    return Choice(STILLS[tier], CLIPS[tier]).other(still_endpoint, clip_endpoint)


def _named(name: str, rows: Sequence[Row], usual: MediaModel) -> tuple[Row, str]:
    endpoint, _, resolution = name.strip().partition("@")
    for row in rows:
        if row.endpoint != endpoint:
            continue
        if not resolution:
            return row, usual.resolution if row == usual.row else _USUAL.get(endpoint, "")
        found = next((one for one in row.resolutions if one.lower() == resolution.lower()), None)
        if found is not None:
            return row, found
    known = ", ".join(one for row in rows for one in row.names())
    raise InvalidInput(f"The model {name!r} is not known here; known are {known}.", code="unknown_model")
