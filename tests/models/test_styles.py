import re

import pytest

from models.failures import InvalidInput
from models.style_pictures import style_picture_key
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


KEYS = {
    "cinematic-realism": "3dd672dc4ceaee607067",
    "golden-hour": "baf367693ecbfb858358",
    "film-noir": "7949e7a1e2a8ea16e7f2",
    "neo-noir": "d08669777de20626b0ea",
    "midnight-blue": "6984408bb3cfd1b9618a",
    "3d-cartoon": "0505859553c16b6f5970",
    "anime-shonen": "673f55610fafb90317a3",
    "watercolor-anime": "3edd3519bef2a0ea73ff",
    "painterly-3d": "4cf408fb3635c8d926ac",
    "low-poly-3d": "6321b21bb56954841548",
    "claymation": "4669f14da58ceb949749",
    "dynamic-anime": "fe293a7cac6782198c50",
    "found-footage": "35c4d0fadc2e625ca5a1",
    "disposable-camera": "657c1fee1addd48fec19",
    "tilt-shift": "ae07db466eb6303d7fe4",
    "retro-open-world": "bf860da2fe1776b8c6db",
    "cyberpunk": "39dcf01f6b832e99f1b1",
    "vaporwave": "1a464f31e249d1d4a5f7",
    "post-apocalyptic": "6e42decdf3225bad8534",
    "liquid-chrome": "1ac10cc2e00052607687",
}


def luma(code: str) -> float:
    red, green, blue = (int(code[i : i + 2], 16) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_twenty_presets_stand_in_the_order_of_the_form() -> None:
    first = STYLES[: len(NAMES)]
    assert [style.name for style in first] == NAMES
    assert [style.slug for style in first] == [name.lower().replace(" ", "-") for name in NAMES]
    assert {style.name for style in first if style.simple} == {"3D Cartoon", "Low Poly 3D"}


@pytest.mark.parametrize(("slug", "key"), KEYS.items())
def test_the_pictures_on_the_wall_keep_their_keys(slug: str, key: str) -> None:
    """A picture under another key is painted anew: and each was chosen by eye."""
    assert style_picture_key(find_style(slug)) == f"styles/{slug}-{key}.png"


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.slug)
def test_a_preset_is_complete(style: Style) -> None:
    assert 5 <= len(style.palette) <= 6
    assert all(re.fullmatch(r"#[0-9a-f]{6}", code) for code in style.palette)
    assert min(style.palette, key=luma) == style.palette[0]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", style.slug)
    assert len(style.style_words.split()) >= 10
    assert 2 <= len(re.findall(r"[.!?](?:\s|$)", style.default_direction)) <= 4


def test_no_two_presets_share_a_look() -> None:
    for field in ("place", "slug", "name", "style_words", "palette", "default_direction"):
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
