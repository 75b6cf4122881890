"""What people wear and how they hold their arms: what is asked for is seen, and the note counts nothing else."""

from collections import Counter

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.providers.local.director.chance import chance
from engines.providers.local.director.wardrobe import described
from engines.providers.local.painter.canvas import Canvas
from engines.providers.local.painter.looks import look_for
from engines.providers.local.painter.manifest import Manifest
from engines.providers.local.painter.mood import luma, mood_for, rgb
from engines.providers.local.painter.people import beard
from engines.providers.local.painter.people.casting import look_of
from engines.providers.local.painter.people.figure import Person, paint_person
from engines.providers.local.painter.people.frame import Frame
from engines.providers.local.painter.people.look import Look
from engines.providers.local.painter.people.poses import poses
from engines.providers.local.painter.reading import read
from engines.providers.local.painter.rigging import Rig
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.things.drawing import kind_of
from engines.providers.local.painter.things.icons import has_icon
from engines.providers.local.reading import read_words
from engines.providers.local.reading.looks import APART
from models.storyboard import Framing
from tests.engines.local.painter.conftest import Ask

_SEEDS = range(12)
_SIZE = (54, 96)


def looks(text: str) -> list[Look]:
    """The looks that seeds give to who a text is about."""
    person = read_words(text).people[0]
    return [look_of(person, seed) for seed in _SEEDS]


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("a woman in an orange coat with a red scarf", {"coat", "scarf"}),
        ("a boxer in blue shorts", {"shorts", "gloves"}),
        ("a man in a blue coat and yellow shorts", {"coat", "shorts"}),
        ("a woman in a green coat over a red dress", {"coat", "dress"}),
        ("a man in a white robe over a red shirt", {"robe"}),
        ("a woman with gold earrings in a black dress", {"earrings", "dress"}),
        ("a rapper in gold chain and white tracksuit", {"necklace", "jacket"}),
    ],
)
def test_clothes_that_are_drawn(text: str, drawn: set[str]) -> None:
    for look in looks(text):
        assert look.drawn == drawn
        if "shorts" in drawn:
            assert look.legs == "shorts"
            assert look.outfit not in ("coat", "robe", "dress")


@pytest.mark.parametrize(
    "text", ["a woman in blue shorts", "a man in a red skirt", "a woman in a yellow raincoat with a scarf"]
)
def test_what_nothing_colours_stands_out_from_its_neighbour(text: str) -> None:
    for look in looks(text):
        others = [look.lower, *(colour for _, colour in look.worn)] if look.worn else [look.lower]
        assert max(float(np.abs(look.upper - other).max()) for other in others) >= APART


@pytest.mark.parametrize("colour", ["grey", "white", "brown", "black", "blond", "ginger"])
@pytest.mark.parametrize("skin", ["pale", "olive", "brown", "dark"])
def test_a_beard_is_no_part_of_the_face(colour: str, skin: str) -> None:
    look = looks(f"a man with a {colour} beard and {skin} skin")[0]
    shown = beard.shown(look.hair, look.skin)
    assert abs(float(luma(shown) - luma(look.skin))) > 0.09


def test_a_soldier_with_a_wife_is_a_man() -> None:
    soldier = read_words("A soldier comes home. His wife waits.").people[0]
    again = described(soldier, (), chance("key"))
    assert {look.sex for look in looks(again)} == {"man"}
    assert {look.sex for look in looks("a female boxer")} == {"woman"}


def test_men_are_broader_at_the_shoulders() -> None:
    man, woman = (look_of(read_words(f"a {sex}").people[0], 3) for sex in ("man", "woman"))

    def broad(look: Look) -> float:
        frame = Frame(look, 0.5, 1.0, 1.0, 1, "stand", 0)
        spread = {side: frame.joint(side)[0] for side in ("s1", "s2", "h1", "h2")}
        return (spread["s2"] - spread["s1"]) / (spread["h2"] - spread["h1"])

    assert broad(man) > 1.4 * broad(woman)


@pytest.mark.parametrize("words", ["a man in a brown coat", "a girl in a red dress"])
def test_hands_join_their_arms_in_every_pose(ask: Ask, words: str) -> None:
    look = look_of(read_words(words).people[0], 5)
    apart = []
    for pose, variant in poses():
        scene = _scene(ask)
        person = Person(look, 0.5, 0.92 * scene.tall, 1.1, 1, pose, variant)
        with scene.manifest.naming("person-0"):
            paint_person(scene, person)
        frame = person.frame
        for side in "12":
            elbow, wrist = (np.array(frame.joint(name + side)) for name in "ew")
            palm = wrist + (wrist - elbow) / float(np.hypot(*(wrist - elbow))) * 0.025 * frame.unit
            for spot in (elbow + (wrist - elbow) * share for share in np.linspace(0.0, 1.0, 9)):
                apart += [(pose, variant, side)] * (not _painted(scene, spot))
            apart += [(pose, variant, side)] * (not _painted(scene, palm))
            if frame.crosses(side) and _ident(scene, palm) == _trunk(scene, frame):
                apart.append((pose, variant, f"{side} behind the body"))
    assert apart == []


@pytest.mark.parametrize("glyph", ["rodent", "pig"])
def test_a_mouse_and_a_pig_are_no_icons(glyph: str) -> None:
    kind = kind_of(None, glyph)
    assert has_icon(glyph)
    assert kind is not None
    assert kind.wide > 1.2


def _scene(ask: Ask) -> Scene:
    prompt = ask("a field", framing=Framing.FULL).prompt
    canvas = Canvas(*_SIZE)
    mood = mood_for("day", "clear", (rgb("a03030"),), None, 1, 0.5)
    return Scene(
        canvas,
        mood,
        read(prompt),
        look_for(prompt.style),
        0.8,
        1.0,
        (0.5, 0.8),
        0.2,
        True,
        Manifest(canvas),
        Rig(canvas),
    )


def _pixel(scene: Scene, spot: NDArray[np.float64]) -> tuple[int, int]:
    y, x = (np.array([spot[1], spot[0]]) * scene.canvas.width).astype(int)
    return int(np.clip(y, 0, _SIZE[1] - 1)), int(np.clip(x, 0, _SIZE[0] - 1))


def _painted(scene: Scene, spot: NDArray[np.float64]) -> bool:
    return bool(scene.canvas.named[_pixel(scene, spot)])


def _trunk(scene: Scene, frame: Frame) -> int:
    """The trunk's object: the most frequent one there."""
    spots = [frame.between("s1", "h1", t, dx) for t in (0.05, 0.25, 0.5, 0.75, 0.9) for dx in (0.06, 0.09, 0.12)]
    return Counter(_ident(scene, np.array(spot)) for spot in spots).most_common(1)[0][0]


def _ident(scene: Scene, spot: NDArray[np.float64]) -> int:
    return int(scene.canvas.ident[_pixel(scene, spot)])
