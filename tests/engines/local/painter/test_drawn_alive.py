"""Vehicles are seen from two sides, and animals stand and lie on the ground."""

import numpy as np
import pytest

from engines.providers.local.painter.canvas import Canvas
from engines.providers.local.painter.looks import look_for
from engines.providers.local.painter.manifest import Manifest
from engines.providers.local.painter.mood import mood_for, rgb
from engines.providers.local.painter.reading import read
from engines.providers.local.painter.rigging import Rig
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.staging import cast_of
from engines.providers.local.painter.things.beasts import BEASTS
from engines.providers.local.painter.things.drawing import draw_thing
from engines.providers.local.painter.things.kinds import KINDS
from engines.providers.local.painter.things.pen import Put
from models.storyboard import Framing, ScenePrompt

FOOT = 0.8


def prompt(words: str, seed: int, framing: Framing = Framing.MEDIUM, cast: tuple[int, ...] = ()) -> ScenePrompt:
    return ScenePrompt(
        scene_index=0,
        image_prompt=words,
        motion_prompt="",
        seed=seed,
        style="cinematic-realism",
        palette=("#101018", "#f0e8d8"),
        framing=framing,
        cast_seeds=cast,
    )


def fronts(words: str, framing: Framing, cast: tuple[int, ...] = ()) -> int:
    seen = [cast_of(read(prompt(words, seed, framing, cast))).props for seed in range(16)]
    return sum(any(prop.kind.toward for prop in props) for props in seen)


@pytest.mark.parametrize("name", ["car", "bus", "truck", "motorbike"])
def test_vehicles_alone_are_seen_from_both_sides(name: str) -> None:
    assert 3 <= fronts(f"a {name} on a road, no people", Framing.MEDIUM) <= 13
    # From afar a vehicle drives past, and who sits in it is seen from the side.
    assert fronts(f"a {name} on a road, no people", Framing.WIDE) == 0
    assert fronts(f"a man in a {name} on a road", Framing.MEDIUM, (1,)) == 0


@pytest.mark.parametrize("doing", ["", "walk", "lie"])
@pytest.mark.parametrize("name", sorted(BEASTS.keys() & KINDS.keys()))
def test_animals_are_on_the_ground_and_not_in_it(name: str, doing: str) -> None:
    canvas = Canvas(160, 160)
    subject = read(prompt("a field", 1))
    mood = mood_for("day", "clear", (rgb("f0e8d8"),), None, 1, 0.5)
    scene = Scene(
        canvas,
        mood,
        subject,
        look_for("cinematic-realism"),
        0.3,
        1,
        (0.5, 0.5),
        0.2,
        True,
        Manifest(canvas),
        Rig(canvas),
    )
    draw_thing(scene, KINDS[name], Put(0.5, FOOT, 0.4, doing=doing), name)
    rows = np.flatnonzero((canvas.ident > 0).any(axis=1))
    assert abs(rows.max() / canvas.width - FOOT) < 0.02
    assert rows.min() / canvas.width < FOOT - 0.2
