"""Jobs at the fake fal: how each ends, its result, and its cost there."""

import hashlib
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cv2

from tests.engines.picture.clips import make_clip, moving_picture

_TYPES = {
    "content_policy_violation": 422,
    "no_media_generated": 422,
    "partner_validation_failed": 422,
    "image_load_error": 422,
    "image_too_small": 422,
    "image_too_large": 422,
    "face_detection_error": 422,
    "unsupported_image_format": 422,
    "file_download_error": 422,
    "file_too_large": 422,
    "video_duration_too_long": 422,
    "feature_not_supported": 422,
    "one_of": 422,
    "internal_server_error": 500,
    "downstream_service_error": 400,
    "downstream_service_unavailable": 500,
    "generation_timeout": 504,
    "startup_timeout": 504,
}
_INFRASTRUCTURE = {
    "failed": (503, "runner_disconnected"),
    "runner_server_error": (500, "runner_server_error"),
    "request_timeout": (504, "request_timeout"),
    "runner_incomplete_response": (502, "runner_incomplete_response"),
}
_ON_PICTURES = frozenset(name for name in _TYPES if name.startswith(("image_", "face_", "file_", "unsupported_")))


def _detail(name: str, place: list[Any], words: str) -> dict[str, Any]:
    url = f"https://docs.fal.ai/errors#{name}"
    return {"detail": [{"loc": place, "msg": words, "type": name, "url": url, "input": "…"}]}


def policy_body(*place: str) -> dict[str, Any]:
    """A refusal as fal writes it."""
    words = "The content could not be processed because it contained material flagged by a content checker."
    return _detail("content_policy_violation", list(place), words)


ERRORS: dict[str, tuple[int, Any]] = {
    **{
        name: (status, _detail(name, ["body", "image_url"] if name in _ON_PICTURES else ["body"], f"It is {name}."))
        for name, status in _TYPES.items()
    },
    **{name: (status, {"detail": "It broke.", "error_type": kind}) for name, (status, kind) in _INFRASTRUCTURE.items()},
    "policy": (422, policy_body("body", "prompt")),
    "risk control": (
        422,
        {"detail": [{"loc": ["body"], "msg": "Failure to pass the risk control system", "type": "value_error"}]},
    ),
    "model 401": (401, {"detail": "Invalid API key for the partner"}),
    "model 403": (403, {"detail": "The partner refuses this account"}),
    "model 429": (429, _detail("too_many_requests", ["body"], "The partner is busy.")),
    "unheard of": (422, _detail("a_type_of_tomorrow", ["body"], "This is not known yet.")),
    "teapot": (418, {"detail": {"loc": "body", "type": 7, "msg": ["odd"]}}),
    "gone": (404, {"detail": "Request not found"}),
    "no url": (200, {"images": [], "video": None}),
    "not json": (200, b"<html>hello</html>"),
    "array": (200, [1, [2, [3]]]),
}
"""The answer of a job with that fate, by poll and webhook alike. Other fates deliver media, sound or broken."""

BILLED_ERRORS = frozenset({"gone", "no url", "not json", "array"})


@dataclass
class Job:
    """One accepted request."""

    request_id: str
    endpoint: str
    arguments: dict[str, Any]
    webhook: str | None
    accepted_at: float
    queue_s: float
    run_s: float
    fate: str = "ok"
    cancelled: bool = False
    """Cancelled in the queue: removed."""

    cancelled_running: bool = False
    """Cancelled while running: finished all the same, unless `stops`."""

    stops: bool = False
    refusal: dict[str, Any] | None = None
    bills_refusal: bool = False
    price_micro_usd: int = 0

    @property
    def is_clip(self) -> bool:
        return "image-to-video" in self.endpoint

    @property
    def status(self) -> str:
        age_s = time.monotonic() - self.accepted_at
        if self.cancelled or (self.cancelled_running and self.stops) or age_s >= self.queue_s + self.run_s:
            return "COMPLETED"
        return "IN_PROGRESS" if age_s >= self.queue_s else "IN_QUEUE"

    @property
    def is_stopped(self) -> bool:
        """Ended by its cancellation."""
        return self.cancelled or (self.cancelled_running and self.stops)

    @property
    def is_bought(self) -> bool:
        """On fal's bill: finished jobs, lost or not; never 5xx; other errors and stopped jobs now and then."""
        if self.cancelled:
            return False
        status, _ = self.answer()
        if self.is_stopped or 400 <= status < 500:
            return self.bills_refusal or (self.fate == "gone" and not self.is_stopped)
        return status < 300

    def answer(self) -> tuple[int, Any]:
        """The model's status and body; of media the fate alone, whose URL the server makes."""
        if self.is_stopped:
            return 499, {"detail": "Request was cancelled", "error_type": "client_cancelled"}
        if self.refusal is not None:
            return 422, self.refusal
        return ERRORS.get(self.fate, (200, None))

    def echoing(self, payload: Any) -> Any:
        """An error body as fal writes it: with the faulty input, pictures included."""
        pictures = [value for name, value in self.arguments.items() if "image" in name]
        if not isinstance(payload, dict) or not isinstance(payload.get("detail"), list) or not pictures:
            return payload
        return {"detail": [one | {"input": pictures[0]} for one in payload["detail"]]}


def new_job(
    endpoint: str,
    arguments: dict[str, Any],
    webhook: str | None,
    seed: str,
    times_s: tuple[float, float],
    fate: str,
    refusal: dict[str, Any] | None,
    chance: Callable[[], bool],
) -> Job:
    """An accepted request. `times_s`: in the queue and running; `chance`: whether an error of it is billed."""
    return Job(
        request_id=f"request-{hashlib.sha256(f'{seed}-{time.time_ns()}'.encode()).hexdigest()[:16]}",
        endpoint=endpoint,
        arguments=arguments,
        webhook=webhook,
        accepted_at=time.monotonic(),
        queue_s=times_s[0],
        run_s=times_s[1],
        fate=fate,
        refusal=refusal,
        bills_refusal=chance(),
        price_micro_usd=0 if refusal is not None else price_micro_usd(endpoint, arguments),
    )


_STILLS = {"1K": 0.04, "2K": 0.06, "4K": 0.134}
_SECONDS = {
    "seedance": {"480p": 0.010, "720p": 0.022, "1080p": 0.049},
    "v2.6": {"": 0.07},
    "v3/standard": {"": 0.084},
    "v3/pro": {"": 0.112},
    "h3-max": {"480P": 0.05, "768P": 0.08},
}


def price_micro_usd(endpoint: str, arguments: dict[str, Any]) -> int:
    """fal's own price of a request, in millionths of a dollar; 0 for unknown endpoints."""
    resolution = str(arguments.get("resolution", ""))
    if "nano-banana" in endpoint:
        return round(1e6 * _STILLS.get(resolution, 0.04))
    for name, prices in _SECONDS.items():
        if name in endpoint:
            usd = prices.get(resolution, max(prices.values()))
            return round(1e6 * usd * float(arguments.get("duration", 5)))
    return 0


@cache
def media(fate: str, name: str) -> bytes:
    """A file as delivered, made once."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        if fate == "text":
            return b"<html>This link has expired.</html>"
        if name.endswith(".png"):
            picture = moving_picture(192, 344, 1.0)
            if fate == "black":
                picture[:] = 0
            cv2.imwrite(str(path), picture)
        else:
            duration_s = float(name.removeprefix("clip-").removesuffix(".mp4"))
            length_s = duration_s * (0.3 if fate == "short" else 1)
            make_clip(
                path,
                width=96,
                height=172,
                duration_s=length_s,
                sound=True,
                black=fate == "black",
                frozen=fate == "frozen",
            )
        data = path.read_bytes()
    return data[: len(data) // 2] if fate == "cut" else data
