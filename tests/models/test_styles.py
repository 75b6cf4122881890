import re

import pytest

from models.failures import InvalidInput
from models.styles import STYLES, Style, find_style, search_styles

NAMES = [
    "Cinematic Realism",
    "Golden Hour",
    "Film Noir",
    "Neo Noir",
    "Midnight Blue",
    "3D Cartoon",
    "Anime Shonen",
    "Watercolor Anime",
    "Painterly 3D",
    "Low Poly 3D",
    "Claymation",
    "Dynamic Anime",
    "Found Footage",
    "Disposable Camera",
    "Tilt Shift",
    "Retro Open World",
    "Cyberpunk",
    "Vaporwave",
    "Post Apocalyptic",
    "Liquid Chrome",
]


def luma(code: str) -> float:
    red, green, blue = (int(code[i : i + 2], 16) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_twenty_presets_stand_in_the_order_of_the_form() -> None:
    assert [style.name for style in STYLES] == NAMES
    assert [style.slug for style in STYLES] == [name.lower().replace(" ", "-") for name in NAMES]
    assert {style.name for style in STYLES if style.simple} == {"3D Cartoon", "Low Poly 3D"}


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.slug)
def test_a_preset_is_complete(style: Style) -> None:
    assert 5 <= len(style.palette) <= 6
    assert all(re.fullmatch(r"#[0-9a-f]{6}", code) for code in style.palette)
    assert min(style.palette, key=luma) == style.palette[0]
    assert len(style.style_words.split()) >= 10
    assert 2 <= len(re.findall(r"[.!?](?:\s|$)", style.default_direction)) <= 4


def test_no_two_presets_share_a_look() -> None:
    for field in ("slug", "style_words", "palette", "default_direction"):
        assert len({getattr(style, field) for style in STYLES}) == len(STYLES)


@pytest.mark.parametrize("text", ["Film Noir", "film-noir", "  FILM   noir ", "film_noir", "filmnoir"])
def test_a_style_is_found_however_it_is_written(text: str) -> None:
    assert find_style(text).slug == "film-noir"


def test_an_unknown_style_names_the_close_ones() -> None:
    with pytest.raises(InvalidInput, match="Cyberpunk") as refusal:
        find_style("cyberpunkt")
    assert refusal.value.code == "unknown_style"
    with pytest.raises(InvalidInput, match="see `styles`"):
        find_style("qqqqqqq")


def test_search_looks_at_names_then_keywords_then_looks() -> None:
    assert search_styles("") == STYLES
    assert [style.slug for style in search_styles("noir")][:2] == ["film-noir", "neo-noir"]
    assert [style.slug for style in search_styles("anime")][:3] == ["anime-shonen", "watercolor-anime", "dynamic-anime"]
    assert search_styles("detective")[0].slug == "film-noir"
    assert search_styles("no such look at all") == ()
