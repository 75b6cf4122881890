"""What the words ask for wins over the look: hours, weather, who is where, what is in a hand; and it can be read."""

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest

from engines.providers.local.painter.compose import Composed, compose
from engines.providers.local.painter.figures import exposure_for
from engines.providers.local.painter.mood import luma, mood_for
from engines.providers.local.painter.people.casting import look_of
from engines.providers.local.painter.reading import read
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.staging import cast_of
from engines.providers.local.reading import read_words
from engines.providers.local.reading.facts import Time
from models.storyboard import Framing
from models.takes import StillRequest
from tests.engines.local.painter.conftest import Ask


def painted(request: StillRequest) -> Composed:
    return compose(request.prompt, request.width, request.height)


@pytest.mark.parametrize("style", ["golden-hour", "vaporwave", "tilt-shift", "watercolor-anime", "post-apocalyptic"])
def test_an_hour_that_is_asked_for_wins_over_the_looks_own(ask: Ask, style: str) -> None:
    shown = {time: painted(ask(f"an empty road {time}", style=style)) for time in ("at night", "at noon")}
    assert [one.note.time for one in shown.values()] == ["night", "day"]
    night, day = (float(luma(one.light).mean()) for one in shown.values())
    assert night < 0.8 * day


@pytest.mark.parametrize(("style", "time"), [("golden-hour", "golden"), ("neo-noir", "night"), ("vaporwave", "dusk")])
def test_a_look_chooses_the_hour_where_the_words_choose_none(ask: Ask, style: str, time: str) -> None:
    words = "an empty road"
    assert painted(ask(words, style=style)).note.time == time


@pytest.mark.parametrize("place", ["on a bridge", "in a street", "on a beach", "in a graveyard"])
def test_snow_lies_wherever_it_falls(ask: Ask, place: str) -> None:
    low = [
        float(luma(painted(ask(f"an empty view {place} at noon {air}")).light)[120:150].mean())
        for air in ("in quiet snowfall", "under drifting clouds")
    ]
    assert low[0] > low[1] + 0.1


@pytest.mark.parametrize("seed", range(12))
def test_a_skin_is_about_as_bright_in_every_light(ask: Ask, seed: int) -> None:
    look, scene = look_of(None, seed), _scene(ask)
    seen = []
    for time in get_args(Time):
        for lift in (0.1, 1.0):
            scene.mood = mood_for(time, "clear", (look.skin,), None, 1, lift)
            for gain in (1.0, 2.4):
                scene.mood = scene.mood.opened(np.float32(gain))
                lit = float(luma(scene.mood.lit(look.skin, 0.75) * np.float32(0.82)))
                seen.append(lit * exposure_for(scene, look, 0.3))
    assert max(seen) <= 1.7 * min(seen)


def _scene(ask: Ask) -> Scene:
    request = ask("a woman in a field")
    scene = object.__new__(Scene)
    scene.subject = read(request.prompt)
    return scene


@pytest.mark.parametrize("style", ["neo-noir", "film-noir", "midnight-blue"])
@pytest.mark.parametrize("time", ["at night", "at noon"])
def test_a_face_in_a_dark_look_is_neither_black_nor_white(ask: Ask, style: str, time: str) -> None:
    for seed in (1, 4, 11):
        words = f"a woman in a city street {time}, seen from the front"
        shown = luma(painted(ask(words, style=style, framing=Framing.CLOSE_UP, cast=(seed,))).light)
        face = shown[60:85, 36:54]
        assert 0.16 < np.percentile(face, 75) < 0.9, seed


@pytest.mark.parametrize(
    ("words", "role"),
    [
        ("an old fisherman rows a red boat in a harbour", "fisherman"),
        ("a woman rides a white horse in a field", "woman"),
        ("a woman stands in a village", "woman"),
    ],
)
def test_the_subject_of_the_widest_shot_counts(ask: Ask, words: str, role: str) -> None:
    note = painted(ask(words, framing=Framing.EXTREME_WIDE, width=135, height=240, cast=(5,))).note
    assert role in {one.role for one in note.people}


def test_someone_on_the_pier_is_not_in_the_boat(ask: Ask) -> None:
    words = "an old fisherman in a red boat leaves a harbour, and his granddaughter in a dress on the pier, full view"
    request = ask(words, cast=(3, 4))
    cast = cast_of(read(request.prompt))
    assert [actor.rides is not None for actor in cast.actors] == [True, False]
    assert not cast.afloat
    note = painted(request.model_copy(update={"width": 135, "height": 240})).note
    assert {one.noun for one in note.things} >= {"boat", "pier"}


@pytest.mark.parametrize(
    ("words", "thing"),
    [
        ("a girl with a lantern walks in a forest", "lantern"),
        ("a man with a hammer", "hammer"),
        ("an old woman carries a telescope", "telescope"),
        ("a boy holds a kite", "kite"),
        ("a child holds a rabbit", "rabbit"),
        ("a woman with a red flag", "flag"),
    ],
)
def test_what_someone_carries_is_in_the_hand_and_nowhere_else(ask: Ask, words: str, thing: str) -> None:
    request = ask(words, framing=Framing.FULL, cast=(5,))
    cast = cast_of(read(request.prompt))
    assert [name for name, _ in cast.actors[0].holds] == [thing]
    assert cast.props == ()
    note = painted(request).note
    assert [one.noun for one in note.things] == [thing]
    assert thing not in note.not_drawn


@pytest.mark.parametrize("words", ["a man with a dog", "a woman with a helicopter", "a farmer with a tractor"])
def test_what_does_not_fit_a_hand_stands_beside(words: str) -> None:
    assert read_words(words).people[0].holds == ()


def test_a_voice_without_a_microphone_has_free_hands(ask: Ask) -> None:
    subject = read(ask("a woman singing in a field", cast=(5,)).prompt)
    assert cast_of(subject).actors[0].pose == "voice"
    with_one = replace(subject, words=read_words("a woman singing into a microphone"))
    assert cast_of(with_one).actors[0].pose == "sing"
