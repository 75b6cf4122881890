"""What each endpoint is called with and what it costs: the only place that knows field names.

Prices are fal's public list prices; what an account has negotiated may be lower.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from models.failures import ContentRefused, InvalidInput
from models.media_models import PromptLimits
from models.paid_media import PieceKind, PieceRequest
from models.spending import MICRO_USD

_ASPECT = "9:16"
_SEEDS = 2**31
"""fal takes seeds of 31 bits."""


class Tier(StrEnum):
    """How much a video may look like."""

    DRAFT = "draft"
    STANDARD = "standard"
    PREMIUM = "premium"


@dataclass(frozen=True)
class StillModel:
    """An endpoint that makes a picture.

    Attributes:
        endpoint: Called without references.
        with_references: Called with references.
        references_field: Takes their URLs.
        most_references: The others are left out.
        usd: Price of one picture.
        prompt_chars: The longest prompt.
        fixed: Sent with every request.
    """

    endpoint: str
    with_references: str
    references_field: str
    most_references: int
    usd: float
    prompt_chars: int
    fixed: dict[str, Any] = field(default_factory=dict)

    def call(self, request: PieceRequest, references: list[str]) -> tuple[str, dict[str, Any]]:
        """Endpoint and arguments.

        Raises:
            ContentRefused: The prompt is longer than the endpoint takes.
        """
        arguments = {
            "prompt": _taken(request.prompt, self.prompt_chars, self.endpoint),
            "seed": request.seed % _SEEDS,
            **self.fixed,
        }
        if not references:
            return self.endpoint, arguments
        return self.with_references, arguments | {self.references_field: references[: self.most_references]}


@dataclass(frozen=True)
class ClipModel:
    """An endpoint that moves a picture.

    Attributes:
        endpoint: Its name.
        image_field: Takes the first picture's URL.
        durations_s: What it can make, rising.
        durations_are_text: "5" instead of 5.
        usd_per_s: Price of a second.
        prompt_chars: The longest prompt.
        negative_field: Takes the negative prompt; empty where there is none.
        seed_field: Takes the seed; empty where there is none.
        audio_field: Switches sound off; empty where there is none.
        fixed: Sent with every request.
    """

    endpoint: str
    image_field: str
    durations_s: tuple[int, ...]
    durations_are_text: bool
    usd_per_s: float
    prompt_chars: int
    negative_field: str = ""
    seed_field: str = ""
    audio_field: str = ""
    fixed: dict[str, Any] = field(default_factory=dict)

    def duration_s(self, wanted_s: float) -> int:
        """The smallest duration that is long enough.

        Raises:
            InvalidInput: There is none; a plan made for this model never asks for it.
        """
        for duration_s in self.durations_s:
            if duration_s >= wanted_s - 1e-6:
                return duration_s
        raise InvalidInput(
            f"{self.endpoint} makes at most {self.durations_s[-1]} s in one clip, not {wanted_s:.1f} s; "
            "plan shorter shots.",
            code="shot_too_long",
        )

    def call(self, request: PieceRequest, image: str) -> tuple[str, dict[str, Any]]:
        """Endpoint and arguments.

        Raises:
            ContentRefused: The prompt is longer than the endpoint takes.
            InvalidInput: See `duration_s`.
        """
        duration_s = self.duration_s(request.duration_s)
        arguments = {
            "prompt": _taken(request.prompt, self.prompt_chars, self.endpoint),
            self.image_field: image,
            "duration": str(duration_s) if self.durations_are_text else duration_s,
            **self.fixed,
        }
        if self.negative_field and request.negative_prompt:
            arguments[self.negative_field] = request.negative_prompt
        if self.seed_field:
            arguments[self.seed_field] = request.seed % _SEEDS
        if self.audio_field:
            arguments[self.audio_field] = False
        return self.endpoint, arguments


def _taken(prompt: str, most_chars: int, endpoint: str) -> str:
    """A prompt that the endpoint takes: one that was written for another model is written again, and never cut."""
    if len(prompt) <= most_chars:
        return prompt
    raise ContentRefused(f"The prompt has {len(prompt):,} characters; {endpoint} takes {most_chars:,}.")


def _nano_banana(resolution: str, usd: float) -> StillModel:
    return StillModel(
        endpoint="google/nano-banana-2.1",
        with_references="google/nano-banana-2.1/edit",
        references_field="image_urls",
        most_references=14,
        usd=usd,
        prompt_chars=5_000,
        fixed={"num_images": 1, "aspect_ratio": _ASPECT, "resolution": resolution, "output_format": "png"},
    )


def _seedance(resolution: str, usd_per_s: float) -> ClipModel:
    return ClipModel(
        endpoint="fal-ai/bytedance/seedance/v1/pro/fast/image-to-video",
        image_field="image_url",
        durations_s=tuple(range(2, 13)),
        durations_are_text=True,
        usd_per_s=usd_per_s,
        prompt_chars=2_000,
        seed_field="seed",
        fixed={"aspect_ratio": "auto", "resolution": resolution},
    )


_KLING = ClipModel(
    endpoint="fal-ai/kling-video/v2.6/pro/image-to-video",
    image_field="start_image_url",
    durations_s=(5, 10),
    durations_are_text=True,
    usd_per_s=0.07,
    prompt_chars=2_500,
    negative_field="negative_prompt",
    audio_field="generate_audio",
)

STILLS: dict[Tier, StillModel] = {
    Tier.DRAFT: _nano_banana("1K", 0.04),
    Tier.STANDARD: _nano_banana("1K", 0.04),
    Tier.PREMIUM: _nano_banana("2K", 0.06),
}

# Seedance charges $1 a million tokens, and a second has height × width × 24 / 1024 of them.
CLIPS: dict[Tier, ClipModel] = {
    Tier.DRAFT: _seedance("480p", 0.010),
    Tier.STANDARD: _seedance("720p", 0.022),
    Tier.PREMIUM: _KLING,
}


@dataclass(frozen=True)
class Choice:
    """The models of a house."""

    still: StillModel
    clip: ClipModel

    @property
    def longest_shot_s(self) -> float:
        """No shot may be longer."""
        return float(self.clip.durations_s[-1])

    @property
    def prompt_limits(self) -> PromptLimits:
        """What whoever writes prompts must keep to."""
        return PromptLimits(image_max_chars=self.still.prompt_chars, motion_max_chars=self.clip.prompt_chars)

    def price_micro_usd(self, kind: PieceKind, duration_s: float = 0) -> int:
        """What one piece costs; of a clip at least `duration_s` long."""
        usd = self.clip.usd_per_s * self.clip.duration_s(duration_s) if kind is PieceKind.CLIP else self.still.usd
        return round(usd * MICRO_USD)


def choose(tier: str = Tier.STANDARD, still_endpoint: str = "", clip_endpoint: str = "") -> Choice:
    """The models of a tier, or named ones.

    Args:
        tier: `draft`, `standard` or `premium`.
        still_endpoint: Another picture model of the table.
        clip_endpoint: Another clip model of the table, in its tier's or else its only resolution.

    Returns:
        The choice.

    Raises:
        InvalidInput: The table has no such tier or endpoint; the sentence names those it has.
    """
    try:
        tier = Tier(tier)
    except ValueError:
        known = ", ".join(Tier)
        raise InvalidInput(f"There is no tier {tier!r}; choose one of {known}.", code="settings") from None
    still, clip = STILLS[tier], CLIPS[tier]
    if still_endpoint and still_endpoint != still.endpoint:
        still = _named(still_endpoint, list(STILLS.values()))
    if clip_endpoint and clip_endpoint != clip.endpoint:
        # The dearer of its variants, when its own tier is not asked for: nobody names a model to see less of it.
        clip = _named(clip_endpoint, list(reversed(CLIPS.values())))
    return Choice(still, clip)


M = TypeVar("M", StillModel, ClipModel)


def _named(endpoint: str, models: list[M]) -> M:
    for model in models:
        if model.endpoint == endpoint:
            return model
    known = ", ".join(sorted({model.endpoint for model in models}))
    raise InvalidInput(f"The endpoint {endpoint!r} is not known here; known are {known}.", code="settings")
