"""The models on sale, one row each: the only place that knows their fields, durations and prices.

Everything else follows from the rows: requests and their checks, possible clip lengths, costs, prompt limits, and the
table in docs/providers.md. Prices are fal's public list prices; an account's negotiated prices may be lower. `sources`
say where a row was checked, `checked` on which day.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from engines.providers.fal.fields import Field, Kind
from models.failures import InvalidInput

_CHECKED = date(2026, 11, 29)
_FAL = "https://fal.ai/models"
_TYPES = "types of @fal-ai/client 1.10.1"


@dataclass(frozen=True)
class Price:
    """The price of one unit.

    Attributes:
        usd: Price of a picture, or of a second.
        unit: `image` or `second`.
        resolution: The resolution it applies to; empty: all.
        listed_usd: The price in fal's list, per `listed_unit`; 0: the same as `usd`.
        listed_unit: fal's own unit; empty: `unit`.
        at_least: The price is counted in tokens, and this is the lowest.
    """

    usd: float
    unit: str
    resolution: str = ""
    listed_usd: float = 0.0
    listed_unit: str = ""
    at_least: bool = False


@dataclass(frozen=True)
class Picture:
    """Limits on a model's first picture: sides in pixels, width by height, bytes."""

    least_px: int
    most_px: int = 10_000
    least_aspect: float = 0.4
    most_aspect: float = 2.5
    most_bytes: int = 10_000_000


@dataclass(frozen=True)
class Row:
    """A model.

    Attributes:
        endpoint: Its name at fal.
        fields: The fields of its requests.
        prices: One, or one per resolution.
        prompt_chars: The longest prompt that we send.
        image_field: The field for a clip's first picture, or for a still's references.
        picture: Limits on input pictures; None: unknown.
        edits: Of a picture model, the endpoint that accepts references.
        sources: Where the row was checked.
        checked: When it was checked.
        fixed: Sent with every request.
    """

    endpoint: str
    fields: Mapping[str, Field]
    prices: tuple[Price, ...]
    prompt_chars: int
    image_field: str
    sources: tuple[str, ...]
    picture: Picture | None = None
    edits: str = ""
    checked: date = _CHECKED
    fixed: Mapping[str, str | int | bool] = field(default_factory=dict)

    @property
    def durations_s(self) -> tuple[int, ...]:
        """The lengths that it makes, ascending; empty for a picture model."""
        duration = self.fields.get("duration")
        if duration is None:
            return ()
        if duration.choices:
            return tuple(sorted(int(choice) for choice in duration.choices))
        return tuple(range(int(duration.least or 1), int(duration.most or 1) + 1))

    @property
    def resolutions(self) -> tuple[str, ...]:
        """Resolutions with a price, cheapest first; empty if there is no choice."""
        priced = sorted((price for price in self.prices if price.resolution), key=lambda price: price.usd)
        return tuple(price.resolution for price in priced)

    def price(self, resolution: str) -> Price:
        """The price of a unit at a resolution."""
        return next(price for price in self.prices if price.resolution in ("", resolution))

    def names(self) -> tuple[str, ...]:
        """Its names: with several resolutions, one each."""
        return tuple(f"{self.endpoint}@{one}" for one in self.resolutions) or (self.endpoint,)

    def duration_s(self, wanted_s: float) -> int:
        """The smallest sufficient length: a shorter scene buys it and is cut.

        Raises:
            InvalidInput: No length suffices; a plan made for this model never asks for one.
        """
        for duration_s in self.durations_s:
            if duration_s >= wanted_s - 1e-6:
                return duration_s
        raise InvalidInput(
            f"{self.endpoint} makes at most {self.durations_s[-1]} s in one clip, not {wanted_s:.1f} s; "
            "plan shorter shots.",
            code="shot_too_long",
        )


def _texts(first: int, last: int) -> tuple[str, ...]:
    return tuple(str(number) for number in range(first, last + 1))


_PROMPT = Field(Kind.TEXT, required=True, least=1)
_FLAG = Field(Kind.FLAG)
_RATIOS = ("21:9", "16:9", "3:2", "4:3", "5:4", "1:1", "4:5", "3:4", "2:3", "9:16", "4:1", "1:4", "8:1", "1:8")

NANO_BANANA_FIELDS: Mapping[str, Field] = {
    "prompt": Field(Kind.TEXT, required=True, least=3, most=5_000),
    "num_images": Field(Kind.INTEGER, least=1, most=4),
    "seed": Field(Kind.INTEGER),
    "aspect_ratio": Field(Kind.TEXT, choices=("auto", *_RATIOS)),
    "resolution": Field(Kind.TEXT, choices=("1K", "2K", "4K")),
    "output_format": Field(Kind.TEXT, choices=("jpeg", "png", "webp")),
    "safety_tolerance": Field(Kind.TEXT, choices=_texts(1, 6)),
    "sync_mode": _FLAG,
    "limit_generations": _FLAG,
    "enable_web_search": _FLAG,
    "thinking_level": Field(Kind.TEXT, choices=("minimal", "medium", "high")),
    "image_urls": Field(Kind.LINKS, least=1, most=14),
}
"""Fields of both endpoints; `image_urls` belongs to the other endpoint alone."""

NANO_BANANA = Row(
    endpoint="google/nano-banana-2.1",
    edits="google/nano-banana-2.1/edit",
    fields=NANO_BANANA_FIELDS,
    image_field="image_urls",
    prompt_chars=5_000,
    # 1,120, 1,680 and 3,780 tokens a picture at $35.294 a million; references and thinking come on top.
    prices=(
        Price(0.040, "image", "1K", listed_usd=35.294, listed_unit="1m tokens", at_least=True),
        Price(0.060, "image", "2K", listed_usd=35.294, listed_unit="1m tokens", at_least=True),
        Price(0.134, "image", "4K", listed_usd=35.294, listed_unit="1m tokens", at_least=True),
    ),
    sources=(
        "https://fal.ai/learn/tools/nano-banana-api",
        f"{_FAL}/google/nano-banana-2.1/api",
        f"{_FAL}/fal-ai/nano-banana-2/llms.txt",
    ),
    fixed={"num_images": 1, "aspect_ratio": "9:16", "output_format": "png"},
)

SEEDANCE = Row(
    endpoint="fal-ai/bytedance/seedance/v1/pro/fast/image-to-video",
    fields={
        "prompt": _PROMPT,
        "image_url": Field(Kind.LINK, required=True),
        "aspect_ratio": Field(Kind.TEXT, choices=("21:9", "16:9", "4:3", "1:1", "3:4", "9:16", "auto")),
        "resolution": Field(Kind.TEXT, choices=("480p", "720p", "1080p")),
        "duration": Field(Kind.TEXT, choices=_texts(2, 12)),
        "camera_fixed": _FLAG,
        "seed": Field(Kind.INTEGER, least=-1),
        "enable_safety_checker": _FLAG,
        "num_frames": Field(Kind.INTEGER),
    },
    image_field="image_url",
    prompt_chars=2_000,
    picture=Picture(least_px=300, most_px=6_000),
    # $1 a million tokens, and a second has height × width × 24 / 1024 of them: rounded up.
    prices=(
        Price(0.010, "second", "480p", listed_usd=1.0, listed_unit="1m tokens"),
        Price(0.022, "second", "720p", listed_usd=1.0, listed_unit="1m tokens"),
        Price(0.049, "second", "1080p", listed_usd=1.0, listed_unit="1m tokens"),
    ),
    sources=(f"{_FAL}/fal-ai/bytedance/seedance/v1/pro/fast/image-to-video/llms.txt", _TYPES),
    fixed={"aspect_ratio": "auto"},
)

_KLING_PICTURE = Picture(least_px=300)

KLING_26 = Row(
    endpoint="fal-ai/kling-video/v2.6/pro/image-to-video",
    fields={
        "prompt": _PROMPT,
        "start_image_url": Field(Kind.LINK, required=True),
        "duration": Field(Kind.TEXT, choices=("5", "10")),
        "negative_prompt": Field(Kind.TEXT, most=2_500),
        "generate_audio": _FLAG,
        "voice_ids": Field(Kind.LINKS, most=2),
        "end_image_url": Field(Kind.LINK),
    },
    image_field="start_image_url",
    prompt_chars=2_500,
    picture=_KLING_PICTURE,
    prices=(Price(0.07, "second"),),
    sources=(f"{_FAL}/fal-ai/kling-video/v2.6/pro/image-to-video/llms.txt", _TYPES),
    fixed={"generate_audio": False},
)


def _kling_3(quality: str, usd_per_s: float) -> Row:
    return Row(
        endpoint=f"fal-ai/kling-video/v3/{quality}/image-to-video",
        fields={
            "prompt": Field(Kind.TEXT, least=1),
            "start_image_url": Field(Kind.LINK, required=True),
            "duration": Field(Kind.TEXT, choices=_texts(3, 15)),
            "negative_prompt": Field(Kind.TEXT, most=2_500),
            "cfg_scale": Field(Kind.NUMBER, least=0, most=1),
            "generate_audio": _FLAG,
            "end_image_url": Field(Kind.LINK),
            "elements": Field(Kind.OBJECTS),
            "multi_prompt": Field(Kind.OBJECTS),
            "shot_type": Field(Kind.TEXT),
        },
        image_field="start_image_url",
        prompt_chars=2_500,
        picture=_KLING_PICTURE,
        prices=(Price(usd_per_s, "second"),),
        sources=(f"{_FAL}/fal-ai/kling-video/v3/{quality}/image-to-video/api", _TYPES),
        fixed={"generate_audio": False},
    )


KLING_3_STANDARD = _kling_3("standard", 0.084)
KLING_3_PRO = _kling_3("pro", 0.112)

H3_MAX = Row(
    endpoint="minimax/h3-max/image-to-video",
    fields={
        "prompt": _PROMPT,
        "image_url": Field(Kind.LINK),
        "end_image_url": Field(Kind.LINK),
        "target_audio_url": Field(Kind.LINK),
        "duration": Field(Kind.INTEGER, least=5, most=15),
        "resolution": Field(Kind.TEXT, choices=("480P", "768P", "1080P")),
        "prompt_expansion_mode": Field(Kind.TEXT, choices=("disabled", "balanced", "quality")),
        "seed": Field(Kind.INTEGER),
        "enable_safety_checker": _FLAG,
    },
    image_field="image_url",
    prompt_chars=2_000,
    picture=Picture(least_px=300, most_bytes=20_000_000),
    prices=(Price(0.05, "second", "480P"), Price(0.08, "second", "768P")),
    sources=(f"{_FAL}/minimax/h3-max/image-to-video/llms.txt", "https://inference.sh/apps/falai/minimax-h3-max.md"),
    # By default it rewrites our words into a list of shots with sounds: looks and faces would drift.
    fixed={"prompt_expansion_mode": "disabled"},
)

STILL_ROWS: tuple[Row, ...] = (NANO_BANANA,)
CLIP_ROWS: tuple[Row, ...] = (SEEDANCE, H3_MAX, KLING_26, KLING_3_STANDARD, KLING_3_PRO)
