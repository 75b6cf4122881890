"""A locked character's colours come from its reference picture, where the words say nothing."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from engines.providers.local.painter.compose import compose
from engines.providers.local.painter.people.casting import look_of
from engines.providers.local.painter.people.measuring import Measured, measure, measured
from engines.providers.local.reading.facts import Person
from tests.engines.local.painter.conftest import Ask

SKIN, SILVER, BLACK, BLUE = (150, 180, 225), (205, 205, 208), (28, 24, 26), (170, 70, 30)


def portrait(hair: tuple[int, int, int] | None, *, long: bool = False, beard: bool = False) -> NDArray[np.uint8]:
    """A head with shoulders before a plain wall, BGR."""
    picture = np.full((480, 360, 3), (150, 140, 120), np.uint8)
    if hair is not None and long:
        cv2.ellipse(picture, (180, 230), (115, 165), 0, 0, 360, hair, -1)
    cv2.ellipse(picture, (180, 460), (150, 130), 0, 0, 360, BLUE, -1)
    cv2.rectangle(picture, (155, 270), (205, 350), SKIN, -1)
    cv2.ellipse(picture, (180, 200), (70, 95), 0, 0, 360, SKIN, -1)
    if hair is not None:
        cv2.ellipse(picture, (180, 165), (80, 85), 0, 180, 360, hair, -1)
        cv2.ellipse(picture, (180, 200), (60, 60), 0, 180, 360, SKIN, -1)
    if hair is not None and beard:
        cv2.ellipse(picture, (180, 250), (55, 60), 0, 0, 180, hair, -1)
    for x in (155, 205):
        cv2.circle(picture, (x, 195), 7, (30, 30, 40), -1)
    return picture


def near(code: str, bgr: tuple[int, int, int], reach: int = 24) -> bool:
    return all(abs(int(code[i : i + 2], 16) - v) < reach for i, v in zip((4, 2, 0), bgr, strict=True))


@pytest.mark.parametrize("hair", [SILVER, BLACK, (60, 130, 190), (40, 60, 150)])
@pytest.mark.parametrize("long", [False, True])
def test_hair_skin_and_clothes_are_measured(hair: tuple[int, int, int], long: bool) -> None:
    found = measured(portrait(hair, long=long))
    assert near(found.skin, SKIN)
    assert near(found.hair, hair, 40)
    assert near(found.upper, BLUE, 40)
    assert found.long_hair == long
    assert not found.bald


def test_a_bald_head_and_a_beard_are_seen() -> None:
    assert measured(portrait(None)).bald
    assert measured(portrait(BLACK, beard=True)).beard
    assert not measured(portrait(BLACK)).beard


def test_a_picture_without_a_face_measures_nothing(tmp_path: Path) -> None:
    assert measured(np.full((200, 200, 3), (120, 60, 20), np.uint8)) == Measured()
    assert measure(tmp_path / "missing.jpg") == Measured()


def test_the_words_win_over_the_picture_and_the_picture_over_the_seed() -> None:
    seen = Measured(skin="55321f", hair="d6d8dc", upper="1e46aa", long_hair=True)
    silent = look_of(Person("", "", 0, role="woman", sex="female"), 3, seen)
    assert float(silent.hair.min()) > 0.8
    assert silent.style in ("long", "wavy", "braids", "ponytail")
    assert float(silent.skin.mean()) < 0.3
    said = look_of(Person("", "", 0, role="woman", sex="female", hair_colour="black", hair_length="short"), 3, seen)
    assert float(said.hair.max()) < 0.2
    assert said.style != "long"


def test_a_locked_character_looks_like_its_reference(ask: Ask) -> None:
    prompt = ask("a woman in a field at day", cast=(5,)).prompt
    silver = Measured(skin="e1b496", hair="d0cdcd", upper="1e46aa", long_hair=True)
    pictures = [compose(prompt, 90, 160, seen).light for seen in (None, {5: silver}, {6: silver})]
    assert np.abs(pictures[0] - pictures[1]).max() > 0.2
    assert np.array_equal(pictures[0], pictures[2])
