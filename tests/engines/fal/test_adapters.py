"""The requests to each endpoint."""

import pytest

from engines.providers.fal.adapters import CLIPS, Tier, choose
from models.failures import ContentRefused, InvalidInput
from models.paid_media import PieceKind, PieceRequest
from models.styles import STYLES

KLING = "fal-ai/kling-video/v2.6/pro/image-to-video"
CLIP = PieceRequest(
    kind=PieceKind.CLIP,
    images=("https://x/still.png",),
    prompt="she turns",
    negative_prompt="text",
    seed=2**31 + 7,
    duration_s=3.2,
)
STILL = PieceRequest(kind=PieceKind.STILL, prompt="a fox", seed=5)


def test_the_default_clip_model_gets_its_own_field_names() -> None:
    endpoint, arguments = choose().clip.call(CLIP)
    assert endpoint == "fal-ai/bytedance/seedance/v1/pro/fast/image-to-video"
    assert arguments == {
        "prompt": "she turns",
        "image_url": "https://x/still.png",
        "duration": "4",
        "aspect_ratio": "auto",
        "resolution": "720p",
        "seed": 7,
    }


def test_another_model_gets_others() -> None:
    endpoint, arguments = choose(clip_endpoint=KLING).clip.call(CLIP)
    assert endpoint == KLING
    assert arguments == {
        "prompt": "she turns",
        "start_image_url": "https://x/still.png",
        "duration": "5",
        "negative_prompt": "text",
        "generate_audio": False,
    }


def test_a_still_with_references_goes_to_the_other_endpoint() -> None:
    plain, arguments = choose().still.call(STILL)
    assert plain == "google/nano-banana-2.1"
    assert "image_urls" not in arguments
    edit, arguments = choose().still.call(
        STILL.model_copy(update={"images": tuple(f"https://x/{n}" for n in range(20))})
    )
    assert edit == "google/nano-banana-2.1/edit"
    assert len(arguments["image_urls"]) == 14, "it takes no more"


@pytest.mark.parametrize("clip", CLIPS.values(), ids=list(Tier))
def test_the_smallest_duration_that_is_long_enough(clip: object) -> None:
    model = choose(next(tier for tier, other in CLIPS.items() if other is clip)).clip
    for wanted_s in (0.4, 1.999, 2.0, 2.01, 4.9, 5.0, 5.01, 9.99):
        given = model.duration_s(wanted_s)
        assert given >= wanted_s
        assert not [d for d in model.durations_s if wanted_s <= d < given]
    with pytest.raises(InvalidInput, match="at most"):
        model.duration_s(model.durations_s[-1] + 0.1)


def test_prices() -> None:
    choice = choose("standard")
    assert choice.price_micro_usd(PieceKind.STILL) == 40_000
    assert choice.price_micro_usd(PieceKind.CLIP, 3.2) == 88_000
    assert choose("premium").price_micro_usd(PieceKind.CLIP, 3.2) == 448_000


def test_unknown_names_are_refused_with_the_known_ones() -> None:
    with pytest.raises(InvalidInput, match="draft, standard, premium"):
        choose("luxury")
    with pytest.raises(InvalidInput, match="kling"):
        choose(clip_endpoint="fal-ai/nothing")
    with pytest.raises(InvalidInput, match="nano-banana"):
        choose(still_endpoint="fal-ai/nothing")


@pytest.mark.parametrize("tier", list(Tier))
def test_a_prompt_is_never_cut(tier: Tier) -> None:
    choice = choose(tier)
    limits = choice.prompt_limits
    fits, longer = "x" * limits.image_max_chars, "x" * (limits.image_max_chars + 1)
    assert choice.still.call(STILL.model_copy(update={"prompt": fits}))[1]["prompt"] == fits
    with pytest.raises(ContentRefused, match=r"has 5,001 characters; google/nano-banana-2.1 takes 5,000"):
        choice.still.call(STILL.model_copy(update={"prompt": longer}))
    fits, longer = "x" * limits.motion_max_chars, "x" * (limits.motion_max_chars + 1)
    assert choice.clip.call(CLIP.model_copy(update={"prompt": fits}))[1]["prompt"] == fits
    with pytest.raises(ContentRefused, match="takes 2,"):
        choice.clip.call(CLIP.model_copy(update={"prompt": longer}))
    negative = max((style.negative_words for style in STYLES), key=len)
    assert len(f"{negative}, people") < limits.motion_max_chars
