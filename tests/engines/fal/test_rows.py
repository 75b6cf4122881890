"""Every row of the table against the models' public parameter lists, and what follows from a row."""

from dataclasses import replace
from itertools import product

import cv2
import numpy as np
import pytest

from engines.providers.fal.adapters import ClipModel, StillModel, checked, choose
from engines.providers.fal.client import FalClient
from engines.providers.fal.fields import Field, Kind
from engines.providers.fal.rows import CLIP_ROWS, STILL_ROWS, Price, Row
from models.failures import InvalidInput, Misconfigured
from models.paid_media import PieceKind, PieceRequest
from tests.fakes.fal_models import MODELS, PRICES, refusal

CLIP = PieceRequest(
    kind=PieceKind.CLIP,
    images=("https://x/still.png",),
    prompt="she turns",
    negative_prompt="text",
    seed=2**32 - 1,
    duration_s=3.2,
)
STILL = PieceRequest(kind=PieceKind.STILL, prompt="a fox", seed=2**32 - 1)
CLIENT = FalClient("key", choose())
CLIPS = [ClipModel(row, one) for row in CLIP_ROWS for one in row.resolutions or ("",)]
STILLS = [StillModel(row, one) for row in STILL_ROWS for one in row.resolutions or ("",)]


def inline(width: int = 360, height: int = 640) -> str:
    _, data = cv2.imencode(".png", np.full((height, width, 3), 90, np.uint8))
    return CLIENT.inline(data.tobytes())


@pytest.mark.parametrize(("model", "wanted_s"), [*product(CLIPS, (0.7, 2.4, 4.99, 5.0, 7.01, 9.9))])
def test_every_clip_model_takes_our_requests(model: ClipModel, wanted_s: float) -> None:
    endpoint, arguments = model.call(CLIP.model_copy(update={"duration_s": wanted_s, "images": (inline(),)}))
    assert refusal(endpoint, arguments) is None


@pytest.mark.parametrize(("model", "references"), [*product(STILLS, (0, 1, 14, 30))])
def test_every_still_model_takes_our_requests(model: StillModel, references: int) -> None:
    endpoint, arguments = model.call(
        STILL.model_copy(update={"images": tuple(f"https://x/{number}" for number in range(references))})
    )
    assert refusal(endpoint, arguments) is None


@pytest.mark.parametrize("row", [*CLIP_ROWS, *STILL_ROWS], ids=lambda row: row.endpoint)
def test_a_row_names_the_fields_that_the_model_has(row: Row) -> None:
    documented = MODELS[row.edits or row.endpoint].model_fields
    assert row.fields.keys() == documented.keys()
    assert {name for name, field in row.fields.items() if field.required} == {
        name for name, field in documented.items() if field.is_required() and name != "image_urls"
    }
    listed = {(price.listed_usd or price.usd, price.listed_unit or f"{price.unit}s") for price in row.prices}
    assert PRICES[row.endpoint] in listed
    assert row.sources, "a row says where it was checked"


@pytest.mark.parametrize("model", CLIPS, ids=lambda model: model.name)
def test_a_picture_of_any_size_reaches_the_least_that_a_model_takes(model: ClipModel) -> None:
    endpoint, arguments = model.call(CLIP.model_copy(update={"images": (inline(64, 113),)}))
    assert refusal(endpoint, arguments) is None


BROKEN = [
    ({"guidance": 3}, "guidance", "extra_forbidden"),
    ({"duration": 5}, "duration", "literal_error"),
    ({"duration": "2"}, "duration", "literal_error"),
    ({"generate_audio": "no"}, "generate_audio", "bool_type"),
    ({"cfg_scale": 1.5}, "cfg_scale", "less_than_equal"),
    ({"start_image_url": "data:image/png;base64,AAAA"}, "start_image_url", "image_load_error"),
]


@pytest.mark.parametrize(("change", "place", "name"), BROKEN)
def test_the_fake_refuses_what_the_service_refuses(change: dict[str, object], place: str, name: str) -> None:
    endpoint, arguments = choose("premium").clip.call(CLIP.model_copy(update={"images": (inline(),)}))
    body = refusal(endpoint, arguments | change)
    assert body is not None
    assert (body["detail"][0]["loc"], body["detail"][0]["type"]) == (["body", place], name)


@pytest.mark.parametrize("change", [change for change, place, _ in BROKEN if place != "start_image_url"])
def test_what_a_model_would_refuse_does_not_leave(change: dict[str, object]) -> None:
    model = choose("premium").clip
    _, arguments = model.call(CLIP)
    with pytest.raises(Misconfigured, match=next(iter(change))):
        checked(model.endpoint, model.row.fields, arguments | change)
    del arguments["start_image_url"]
    with pytest.raises(Misconfigured, match="start_image_url is missing"):
        checked(model.endpoint, model.row.fields, arguments)


@pytest.mark.parametrize(
    ("name", "wanted_s", "bought_s", "sent"),
    [
        ("fal-ai/kling-video/v3/standard/image-to-video", 0.7, 3, "3"),
        ("fal-ai/kling-video/v3/pro/image-to-video", 3.01, 4, "4"),
        ("minimax/h3-max/image-to-video", 1.2, 5, 5),
        ("minimax/h3-max/image-to-video@480p", 7.9, 8, 8),
        ("fal-ai/kling-video/v2.6/pro/image-to-video", 5.2, 10, "10"),
    ],
)
def test_a_short_scene_buys_the_shortest_clip(name: str, wanted_s: float, bought_s: int, sent: str | int) -> None:
    choice = choose(clip_endpoint=name)
    _, arguments = choice.clip.call(CLIP.model_copy(update={"duration_s": wanted_s}))
    assert arguments["duration"] == sent
    assert type(arguments["duration"]) is type(sent)
    assert choice.price_micro_usd(PieceKind.CLIP, wanted_s) == round(choice.clip.usd * bought_s * 1e6)


@pytest.mark.parametrize("model", [*CLIPS, *STILLS], ids=lambda model: model.name)
def test_a_name_finds_its_model_again(model: ClipModel | StillModel) -> None:
    for tier in ("draft", "standard", "premium"):
        choice = choose(tier)
        found = choice.other(clip=model.name) if isinstance(model, ClipModel) else choice.other(still=model.name)
        assert model in (found.clip, found.still)


@pytest.mark.parametrize("name", ["minimax/h3-max", "minimax/h3-max/image-to-video@4K", "@480p", "kling"])
def test_an_unknown_name_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(InvalidInput, match=r"minimax/h3-max/image-to-video@768P, .*v3/pro"):
        choose().other(clip=name)


def test_a_wrong_row_of_ours_is_found() -> None:
    h3_max = choose(clip_endpoint="minimax/h3-max/image-to-video").clip.row
    fields = {**h3_max.fields, "resolution": Field(Kind.TEXT, choices=("768p",))}
    row = replace(h3_max, fields=fields, prices=(Price(0.08, "second", "768p"),))
    endpoint, arguments = ClipModel(row, "768p").call(CLIP.model_copy(update={"images": (inline(),)}))
    body = refusal(endpoint, arguments)
    assert body is not None
    assert body["detail"][0]["loc"] == ["body", "resolution"]
