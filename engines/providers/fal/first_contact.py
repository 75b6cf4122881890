"""Buys a few pieces from fal, without retries, and compares the answers with our tables.

Nothing here retries, and nothing is recorded: a person with a new key wants to know where fal and our tables differ.
The header `x-fal-billable-units` of a result states what was billed, in the units of the price list (seen in public
programs, https://fal.ai/docs/documentation/model-apis/pricing names the units, 2026-11-29).
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np

from engines.picture.probe import probe_picture
from engines.providers.fal.adapters import Choice, ClipModel, MediaModel
from engines.providers.fal.job_errors import read_answer
from engines.providers.fal.pricing import compare_prices, listed_prices, table_endpoints
from engines.providers.fal.rows import CLIP_ROWS
from engines.providers.fal.sdk import QUEUE_URL, data_uri
from models.failures import ContentRefused, EchonosError
from models.first_contact import Seen, ToBuy
from models.paid_media import PieceKind, PieceRequest

REFUSED_PROMPT = "Explicit pornography of two adults, photographic."
"""A prompt that every provider's filter refuses."""

PLAIN_PROMPT = "A red paper boat on a still pond at dawn."
TIMEOUT_S = 60.0
PATIENCE_S = 600.0
POLL_S = 1.0
_MARGIN = 2.0
"""Token prices can be higher than the table's lowest price."""

_LENGTH_TOLERANCE_S = 0.6
_RATIO_TOLERANCE = 0.03
_PRICE_TOLERANCE = 0.06
"""Our prices are rounded up to a tenth of a cent."""

_UNITS_HEADER = "x-fal-billable-units"


@dataclass(frozen=True)
class Answer:
    """An answer: for a job its result, and the states seen on the way."""

    status: int
    body: Any
    raw: bytes = b""
    headers: httpx.Headers = field(default_factory=httpx.Headers)
    states: tuple[str, ...] = ()

    @property
    def problems(self) -> list[dict[str, Any]]:
        """The list of details, if there is one."""
        detail = self.body.get("detail") if isinstance(self.body, dict) else None
        return [one for one in detail if isinstance(one, dict)] if isinstance(detail, list) else []

    def in_words(self) -> str:
        """Status, types and messages."""
        said = "; ".join(f"{one.get('type')} at {one.get('loc')}: {str(one.get('msg'))[:120]}" for one in self.problems)
        return f"{self.status}, {said or str(self.body)[:160]}"


class FirstContact:
    """Buys one of each and compares.

    Args:
        key: The account's key.
        choice: The models to buy from; only the still model is used.
        clip: The clip model to buy from; by default the table's cheapest.
        poll_s: The interval between polls of a job.
        pricing_url: The URL of fal's price list; empty: fal's own.
    """

    def __init__(
        self,
        key: str,
        choice: Choice,
        clip: ClipModel | None = None,
        poll_s: float | None = None,
        pricing_url: str = "",
    ) -> None:
        self._key = key
        self._still = choice.still
        self._clip = clip or cheapest_clip()
        self._poll_s = POLL_S if poll_s is None else poll_s
        self._pricing_url = pricing_url
        self._picture = ""
        self._client = httpx.AsyncClient(
            timeout=TIMEOUT_S, headers={"Authorization": f"Key {key}"}, follow_redirects=False
        )

    def shopping(self, every_model: bool = False) -> list[ToBuy]:
        """The purchases of `look`, with their highest prices."""
        still, clip = self._still.usd * _MARGIN, self._clip_usd(self._clip)
        return [
            ToBuy(what=f"one still from {self._still.name}", most_usd=still),
            ToBuy(what=f"one clip of {self._clip.durations_s[0]} s from {self._clip.name}", most_usd=clip),
            ToBuy(what="the same clip, cancelled at once; it may run and be billed", most_usd=clip),
            *(
                ToBuy(what=f"a malformed request to {model.name}; it may be billed", most_usd=self._clip_usd(model))
                for model in self._asked_wrongly(every_model)
            ),
            ToBuy(what="a still whose prompt is refused; it may be billed", most_usd=still),
        ]

    async def look(self, every_model: bool = False) -> AsyncIterator[Seen]:
        """Buy, and report findings.

        Args:
            every_model: Send a malformed request to each clip model of the table, not to the bought one alone.

        Yields:
            One line per comparison.

        Raises:
            Misconfigured, RateLimited, ProviderUnavailable: fal's price list does not answer.
        """
        async with self._client:
            for seen in compare_prices(await listed_prices(self._key, table_endpoints(), self._pricing_url)):
                yield seen
            async for seen in self._tried("still", self._look_at_still()):
                yield seen
            async for seen in self._tried("refused prompt", self._look_at_refusal()):
                yield seen
            picture = self._picture or _own_picture()
            for model in self._asked_wrongly(every_model):
                async for seen in self._tried("malformed request", self._look_at_malformed(model, picture)):
                    yield seen
            async for seen in self._tried("clip", self._look_at_clip(picture)):
                yield seen
            async for seen in self._tried("cancelled clip", self._look_at_cancel(picture)):
                yield seen

    async def _tried(self, part: str, looking: Awaitable[list[Seen]]) -> AsyncIterator[Seen]:
        try:
            for seen in await looking:
                yield seen
        except (httpx.HTTPError, EchonosError, OSError, ValueError) as error:
            yield Seen(part=part, differs=True, sentence=f"It did not come to an end: {_told(error)}")

    async def _look_at_still(self) -> list[Seen]:
        request = PieceRequest(kind=PieceKind.STILL, prompt=PLAIN_PROMPT, seed=1)
        answer = await self._bought(*self._still.call(request))
        if answer.status != 200:
            return [_differs("still", f"{self._still.name} answered {answer.in_words()}")]
        url = read_answer(answer.status, answer.headers, answer.raw, PieceKind.STILL)
        self._picture = url
        data = (await self._fetched(url)).content
        decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        if decoded is None:
            return [_differs("still", "The file is not a picture.")]
        height, width = decoded.shape[:2]
        fits = abs(width / height - 9 / 16) <= _RATIO_TOLERANCE
        wanted = str(self._still.row.fixed.get("output_format", "png"))
        is_png = data[:4] == b"\x89PNG"
        return [
            Seen(part="still", differs=not fits, sentence=f"{width} × {height} px, asked for as 9:16."),
            Seen(
                part="still",
                differs=(wanted == "png") != is_png,
                sentence=f"Asked for as {wanted}, delivered as {'png' if is_png else 'another format'}.",
            ),
            _states("still", answer),
            self._billed("still", answer, self._still, self._still.usd),
        ]

    async def _look_at_clip(self, picture: str) -> list[Seen]:
        least_s = self._clip.durations_s[0]
        answer = await self._bought(*self._clip.call(_clip_request(picture)))
        if answer.status != 200:
            return [_differs("clip", f"{self._clip.name} answered {answer.in_words()}")]
        url = read_answer(answer.status, answer.headers, answer.raw, PieceKind.CLIP)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "clip.mp4"
            path.write_bytes((await self._fetched(url)).content)
            facts = await asyncio.to_thread(probe_picture, path)
        length_s = facts.frame_count / float(facts.fps)
        fits = abs(length_s - least_s) <= _LENGTH_TOLERANCE_S
        said = (
            f"{facts.width} × {facts.height} px at {float(facts.fps):g} fps, {length_s:.2f} s; {least_s} s were bought."
        )
        return [
            Seen(part="clip", differs=not fits, sentence=said),
            _states("clip", answer),
            self._billed("clip", answer, self._clip, self._clip_usd(self._clip)),
        ]

    async def _look_at_cancel(self, picture: str) -> list[Seen]:
        accepted = await self._sent(*self._clip.call(_clip_request(picture)))
        if accepted.status >= 300:
            return [_differs("cancelled clip", f"The submission was answered by {accepted.in_words()}")]
        response = await self._client.put(accepted.body["cancel_url"])
        known = {202: "CANCELLATION_REQUESTED", 400: "ALREADY_COMPLETED"}.get(response.status_code)
        said = str(_json(response))[:120]
        first = Seen(
            part="cancelled clip",
            differs=known is None or known not in said,
            sentence=f"Asked to stop, fal answered {response.status_code}: {said}.",
        )
        end = await self._followed(accepted)
        billed = "it ran to its end and is billed" if end.status == 200 else "it made nothing"
        known_end = end.status in (200, 422, 499) or bool(end.problems)
        said = f"It ended with {end.status}: {billed}."
        return [first, Seen(part="cancelled clip", differs=not known_end, sentence=said)]

    async def _look_at_malformed(self, model: ClipModel, picture: str) -> list[Seen]:
        endpoint, arguments = model.call(_clip_request(picture))
        arguments["duration"] = "a moment"
        answer = await self._bought(endpoint, arguments)
        if answer.status != 422:
            return [_differs("malformed request", f"{model.name} answered {answer.in_words()}; 422 was expected.")]
        places = [list(one.get("loc") or []) for one in answer.problems]
        others = [place for place in places if "duration" not in place]
        said = f"{model.name} answered {answer.in_words()}"
        if others:
            said += f" — only duration was wrong, but {others} were refused: the row in the table is wrong."
        missing = not any("duration" in place for place in places)
        return [Seen(part="malformed request", differs=bool(others) or missing, sentence=said)]

    async def _look_at_refusal(self) -> list[Seen]:
        request = PieceRequest(kind=PieceKind.STILL, prompt=REFUSED_PROMPT, seed=1)
        answer = await self._bought(*self._still.call(request))
        try:
            read_answer(answer.status, answer.headers, answer.raw, PieceKind.STILL)
        except ContentRefused:
            return [Seen(part="refused prompt", differs=False, sentence=f"Refused: {answer.in_words()}")]
        except EchonosError as error:
            said = f"{answer.in_words()} is taken for {error.type}, not for a refusal."
            return [_differs("refused prompt", said)]
        return [_differs("refused prompt", "The prompt was not refused: a picture was made of it.")]

    def _billed(self, part: str, answer: Answer, model: MediaModel, expected_usd: float) -> Seen:
        """The answer's statement of its price, if there is one."""
        by_table = f"by the table it costs ${expected_usd:.3f}"
        try:
            units = float(answer.headers[_UNITS_HEADER])
        except (KeyError, ValueError):
            return Seen(part=part, differs=False, sentence=f"fal names no billed units; {by_table}: compare the bill.")
        price = model.row.price(model.resolution)
        usd, most = units * (price.listed_usd or price.usd), _MARGIN if price.at_least else 1 + _PRICE_TOLERANCE
        fits = (1 - _PRICE_TOLERANCE) * expected_usd <= usd <= most * expected_usd
        said = f"fal bills {units:g} units, which is ${usd:.4f}; {by_table}."
        return Seen(part=part, differs=not fits, sentence=said)

    async def _bought(self, endpoint: str, arguments: dict[str, Any]) -> Answer:
        accepted = await self._sent(endpoint, arguments)
        return accepted if accepted.status >= 300 else await self._followed(accepted)

    async def _sent(self, endpoint: str, arguments: dict[str, Any]) -> Answer:
        response = await self._client.post(f"{QUEUE_URL}{endpoint}", json=arguments)
        return Answer(response.status_code, _json(response), response.content, response.headers)

    async def _followed(self, accepted: Answer) -> Answer:
        states: list[str] = []
        async with asyncio.timeout(PATIENCE_S):
            while True:
                response = await self._client.get(accepted.body["status_url"])
                state = _json(response)
                name = str(state.get("status")) if isinstance(state, dict) else f"{response.status_code}"
                if not states or states[-1] != name:
                    states.append(name)
                if name == "COMPLETED" or response.status_code >= 400:
                    break
                await asyncio.sleep(self._poll_s)
        response = await self._client.get(accepted.body["response_url"])
        return Answer(response.status_code, _json(response), response.content, response.headers, tuple(states))

    async def _fetched(self, url: str) -> httpx.Response:
        async with httpx.AsyncClient(timeout=TIMEOUT_S, follow_redirects=True) as public:
            response = await public.get(url)
            response.raise_for_status()
            return response

    def _asked_wrongly(self, every_model: bool) -> Sequence[ClipModel]:
        if not every_model:
            return [self._clip]
        others = [ClipModel(row, (*row.resolutions, "")[0]) for row in CLIP_ROWS if row != self._clip.row]
        return [self._clip, *others]

    def _clip_usd(self, model: ClipModel) -> float:
        return model.usd * model.durations_s[0]


def cheapest_clip() -> ClipModel:
    """The clip model with the cheapest shortest clip."""
    models = [ClipModel(row, one) for row in CLIP_ROWS for one in row.resolutions or ("",)]
    return min(models, key=lambda model: model.usd * model.durations_s[0])


def _clip_request(picture: str) -> PieceRequest:
    return PieceRequest(
        kind=PieceKind.CLIP, prompt="The boat drifts slowly.", images=(picture,), negative_prompt="text", seed=1
    )


def _own_picture() -> str:
    """A picture for a clip if no still was delivered."""
    rows = np.linspace(40, 200, 640, dtype=np.uint8)[:, None, None]
    _, data = cv2.imencode(".png", np.broadcast_to(rows, (640, 360, 3)).copy())
    return data_uri(data.tobytes(), "image/png")


def _differs(part: str, sentence: str) -> Seen:
    return Seen(part=part, differs=True, sentence=sentence)


def _states(part: str, answer: Answer) -> Seen:
    strange = [state for state in answer.states if state not in ("IN_QUEUE", "IN_PROGRESS", "COMPLETED")]
    return Seen(part=part, differs=bool(strange), sentence=f"Its job was seen as {', '.join(answer.states)}.")


def _json(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return response.text


def _told(error: BaseException) -> str:
    return error.message if isinstance(error, EchonosError) else f"{type(error).__name__}: {str(error)[:160]}"
