"""A style's row in `models` and its parts in `engines` belong together."""

import pkgutil

import pytest

import engines.styles
from engines.picture.exports.faces import PLAIN, face_for, face_of, font_of
from engines.providers.local.animator.air import Air
from engines.providers.local.animator.look import FilmedLook, read_look
from engines.providers.local.painter.looks import look_for
from engines.providers.local.painter.painter import draw
from engines.styles import StyleParts, parts_of
from models.style_pictures import style_still
from models.styles import STYLE_MODULES, STYLES, Style


def parts(style: Style) -> StyleParts:
    found = parts_of(style.slug)
    assert found is not None, f"engines/styles/{STYLE_MODULES[style.slug]}.py is missing"
    return found


def test_each_style_is_two_files_of_one_name() -> None:
    assert {module.name for module in pkgutil.iter_modules(engines.styles.__path__)} == set(STYLE_MODULES.values())


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.slug)
def test_a_style_is_drawn_by_its_own_parts(style: Style) -> None:
    own, request = parts(style), style_still(style)
    assert look_for(style.slug) is own.painted
    assert all(len(code) == 6 and int(code, 16) >= 0 for code in own.painted.accents)
    assert read_look(request.prompt).grain == own.filmed.grain
    assert all(isinstance(kind, Air) and 0 < amount <= 1 for kind, amount in own.air.items())
    assert face_of(style.slug) is own.face
    assert face_for("Song", own.face) is own.face
    assert font_of(own.face, 40).getlength("Song") > 0
    small = request.model_copy(update={"width": 90, "height": 120})
    picture = draw(small)
    assert picture.shape == (120, 90, 3)
    assert picture.std() > 10, "it shows something"


def test_no_two_styles_are_painted_alike() -> None:
    looks = [parts(style).painted for style in STYLES]
    assert len({look.finish for look in looks}) == len({look.accents for look in looks}) == len(STYLES)


def test_a_style_of_tomorrow_is_drawn_plainly() -> None:
    assert parts_of("not-yet-known") is None
    assert look_for("not-yet-known") is look_for("cinematic-realism")
    assert face_of("not-yet-known") is PLAIN
    tomorrow = style_still(STYLES[0]).prompt.model_copy(update={"style": "not-yet-known", "motion_prompt": ""})
    assert read_look(tomorrow) == FilmedLook()
