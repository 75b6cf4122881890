"""The fields that fal's models accept, from their public pages and client types, not from our table.

This finds a wrong row of ours: a request with an unknown field, a wrong enum, a wrong type of duration or a picture
that is too small is answered with 422 and a list of details, as fal documents it. Sources and days are in
docs/providers.md.
"""

import base64
import binascii
from typing import Annotated, Any, Literal

import cv2
import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

LEAST_PX = 300
LEAST_ASPECT, MOST_ASPECT = 0.4, 2.5

NanoRatio = Literal[
    "auto", "21:9", "16:9", "3:2", "4:3", "5:4", "1:1", "4:5", "3:4", "2:3", "9:16", "4:1", "1:4", "8:1", "1:8"
]
KlingSeconds = Literal["3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15"]
SeedanceSeconds = Literal["2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]


class Body(BaseModel):
    """Strict: text is not a number, and unlisted fields are refused."""

    model_config = ConfigDict(extra="forbid", strict=True)


class NanoBanana(Body):
    prompt: str = Field(min_length=3, max_length=50_000)
    num_images: int = Field(default=1, ge=1, le=4)
    seed: int | None = None
    aspect_ratio: NanoRatio = "auto"
    resolution: Literal["1K", "2K", "4K"] = "1K"
    output_format: Literal["jpeg", "png", "webp"] = "png"
    safety_tolerance: Literal["1", "2", "3", "4", "5", "6"] = "4"
    sync_mode: bool = False
    limit_generations: bool = True
    enable_web_search: bool = False
    thinking_level: Literal["minimal", "medium", "high"] | None = None


class NanoBananaEdit(NanoBanana):
    image_urls: Annotated[list[str], Field(min_length=1, max_length=14)]


class Seedance(Body):
    prompt: str
    image_url: str
    aspect_ratio: Literal["21:9", "16:9", "4:3", "1:1", "3:4", "9:16", "auto"] = "auto"
    resolution: Literal["480p", "720p", "1080p"] = "1080p"
    duration: SeedanceSeconds = "5"
    camera_fixed: bool = False
    seed: int | None = None
    enable_safety_checker: bool = True
    num_frames: int | None = None


class Kling26(Body):
    prompt: str = Field(max_length=2_500)
    start_image_url: str
    duration: Literal["5", "10"] = "5"
    negative_prompt: str = Field(default="blur, distort, and low quality", max_length=2_500)
    generate_audio: bool = True
    voice_ids: list[str] = Field(default=[], max_length=2)
    end_image_url: str | None = None


class Kling3(Body):
    prompt: str | None = Field(default=None, max_length=2_500)
    multi_prompt: list[dict[str, Any]] | None = None
    start_image_url: str
    duration: KlingSeconds = "5"
    negative_prompt: str = Field(default="blur, distort, and low quality", max_length=2_500)
    cfg_scale: float = Field(default=0.5, ge=0, le=1)
    generate_audio: bool = True
    end_image_url: str | None = None
    elements: list[dict[str, Any]] | None = None
    shot_type: str = "customize"


class H3Max(Body):
    prompt: str
    image_url: str | None = None
    end_image_url: str | None = None
    target_audio_url: str | None = None
    duration: int = Field(default=5, ge=5, le=15)
    resolution: Literal["480P", "768P", "1080P"] = "768P"
    prompt_expansion_mode: Literal["disabled", "balanced", "quality"] = "balanced"
    seed: int | None = None
    enable_safety_checker: bool = True


MODELS: dict[str, type[Body]] = {
    "google/nano-banana-2.1": NanoBanana,
    "google/nano-banana-2.1/edit": NanoBananaEdit,
    "fal-ai/bytedance/seedance/v1/pro/fast/image-to-video": Seedance,
    "fal-ai/kling-video/v2.6/pro/image-to-video": Kling26,
    "fal-ai/kling-video/v3/standard/image-to-video": Kling3,
    "fal-ai/kling-video/v3/pro/image-to-video": Kling3,
    "minimax/h3-max/image-to-video": H3Max,
}

PRICES: dict[str, tuple[float, str]] = {
    "google/nano-banana-2.1": (35.294, "1m tokens"),
    "google/nano-banana-2.1/edit": (35.294, "1m tokens"),
    "fal-ai/bytedance/seedance/v1/pro/fast/image-to-video": (1.0, "1m tokens"),
    "fal-ai/kling-video/v2.6/pro/image-to-video": (0.07, "seconds"),
    "fal-ai/kling-video/v3/standard/image-to-video": (0.084, "seconds"),
    "fal-ai/kling-video/v3/pro/image-to-video": (0.112, "seconds"),
    "minimax/h3-max/image-to-video": (0.05, "seconds"),
}
"""As the pricing endpoint lists them: one price per endpoint, in fal's own units."""


def refusal(endpoint: str, arguments: Any) -> dict[str, Any] | None:
    """The body of the 422 for a request; None: it is accepted."""
    model = MODELS.get(endpoint)
    if model is None:
        return {"detail": [_detail(["path"], f"Application '{endpoint}' not found", "not_found", None)]}
    try:
        body = model.model_validate(arguments)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)
        return {"detail": [_detail(["body", *one["loc"]], one["msg"], one["type"], one.get("input")) for one in found]}
    if isinstance(body, Kling3) and (body.prompt is None) == (body.multi_prompt is None):
        words = "Either prompt or multi_prompt must be provided, but not both."
        return {"detail": [_detail(["body"], words, "value_error", None)]}
    for name in ("start_image_url", "image_url"):
        picture = getattr(body, name, None)
        details = _picture(name, picture) if picture is not None else []
        if details:
            return {"detail": details}
    return None


def billable_units(endpoint: str, arguments: dict[str, Any]) -> float:
    """What a finished job is billed, in the units of the price list."""
    if endpoint.startswith("google/"):
        return {"1K": 1_120, "2K": 1_680, "4K": 3_780}[arguments["resolution"]] / 1e6
    seconds = float(arguments["duration"])
    if "seedance" in endpoint:
        height, width = {"480p": (864, 480), "720p": (1280, 720), "1080p": (1920, 1080)}[arguments["resolution"]]
        return height * width * 24 * seconds / 1024 / 1e6
    return seconds * {"768P": 1.6}.get(arguments.get("resolution", ""), 1.0)


def pricing(endpoints: list[str]) -> tuple[int, dict[str, Any]]:
    """The answer of the pricing endpoint."""
    unknown = [endpoint for endpoint in endpoints if endpoint not in PRICES]
    if unknown or not endpoints:
        message = f"Endpoint not found: {', '.join(unknown)}"
        return 404, {"error": {"type": "not_found", "message": message}}
    prices = [
        {"endpoint_id": endpoint, "unit_price": PRICES[endpoint][0], "unit": PRICES[endpoint][1], "currency": "USD"}
        for endpoint in endpoints
    ]
    return 200, {"prices": prices, "next_cursor": None, "has_more": False}


def _picture(name: str, url: str) -> list[dict[str, Any]]:
    """The faults of a picture that travels in the request; links are not followed."""
    if not url.startswith("data:"):
        return []
    try:
        data = base64.b64decode(url.partition(",")[2], validate=True)
    except binascii.Error:
        data = b""
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) if data else None
    if decoded is None:
        return [_detail(["body", name], "Failed to load the image.", "image_load_error", url)]
    height, width = decoded.shape[:2]
    if min(width, height) < LEAST_PX:
        words = f"Image too small. The minimum size is {LEAST_PX}x{LEAST_PX}."
        return [_detail(["body", name], words, "image_too_small", url)]
    if not LEAST_ASPECT <= width / height <= MOST_ASPECT:
        return [_detail(["body", name], "The aspect ratio is out of range.", "image_aspect_ratio_error", url)]
    return []


def _detail(place: list[Any], message: str, name: str, value: Any) -> dict[str, Any]:
    return {"loc": place, "msg": message, "type": name, "input": value}
