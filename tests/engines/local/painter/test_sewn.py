"""Arms belong to the body: no outline and no light of their own at the shoulder."""

import numpy as np
import pytest

from engines.providers.local.painter import closeness
from engines.providers.local.painter.canvas import Canvas, box
from engines.providers.local.painter.compose import compose
from engines.providers.local.painter.looks import look_for
from engines.providers.local.painter.manifest import Manifest
from engines.providers.local.painter.mood import mood_for
from engines.providers.local.painter.people import figure
from engines.providers.local.painter.people.brush import Brush
from engines.providers.local.painter.people.casting import look_of
from engines.providers.local.painter.people.figure import Person, paint_person
from engines.providers.local.painter.people.poses import LYING, poses
from engines.providers.local.painter.reading import Subject
from engines.providers.local.painter.rigging import Rig
from engines.providers.local.painter.scene import Scene
from engines.providers.local.reading import read_words
from engines.providers.local.reading.facts import Reading
from models.storyboard import Framing
from tests.engines.local.painter.conftest import Ask

WEARERS = (
    "a man in a blue coat",
    "a woman in a red dress",
    "a girl in a white t-shirt",
    "an old man in a grey sweater",
)
COVERED = frozenset({"grieve", "pray", "hug", "phone", "violin"})
"""Poses with a hand before a shoulder."""


def painted(words: str, pose: str, variant: int) -> tuple[Scene, Person]:
    subject = Subject("field", "day", "clear", (), False, Framing.FULL, 0.5, words, Reading())
    canvas = Canvas(180, 320)
    mood = mood_for("day", "clear", (np.ones(3, np.float32),) * 2, None, 1, 0.5)
    look = look_for("cinematic-realism")
    scene = Scene(canvas, mood, subject, look, 0.9, 1.0, (0.5, 0.9), 0.2, True, Manifest(canvas), Rig(canvas))
    person = Person(look_of(read_words(words).people[0], 5), 0.5, 1.6, 1.2, 1, pose, variant)
    paint_person(scene, person)
    return scene, person


@pytest.mark.parametrize("words", WEARERS)
def test_no_outline_runs_between_arm_and_trunk_at_the_shoulder(words: str) -> None:
    for pose, variant in poses():
        if pose in LYING | COVERED:
            continue
        scene, person = painted(words, pose, variant)
        canvas, limbs = scene.canvas, scene.rig.limbs
        first, last = min(limbs.values())[0], max(limbs.values())[1]
        for side in "12":
            x, y = person.frame.joint("s" + side)
            column, row = round(x * canvas.width), round(y * canvas.width)
            thick = 1.2 * person.frame.r(0.034) * canvas.width
            rows, columns = np.ogrid[: canvas.height, : canvas.width]
            own = (canvas.ident >= first) & (canvas.ident <= last)
            own &= np.hypot(columns - column, rows - row) < thick
            assert not (canvas.bounds(0) & own[:-1] & own[1:]).any(), (pose, variant, side)
            assert not (canvas.bounds(1) & own[:, :-1] & own[:, 1:]).any(), (pose, variant, side)


def test_seams_leave_other_outlines() -> None:
    canvas = Canvas(40, 40)
    trunk, arm, other = (canvas.new_object() for _ in range(3))
    grey = np.full(3, 0.5, np.float32)
    canvas.fill(box(0.2, 0.2, 0.5, 0.8), grey, depth=0.2, ident=trunk)
    canvas.fill(box(0.5, 0.2, 0.7, 0.8), grey, depth=0.2, ident=arm)
    canvas.sew([box(0.4, 0.1, 0.8, 0.5)], trunk, arm)
    across = canvas.bounds(1)
    assert not across[10:19, 18:21].any()  # the seam
    assert across[10:19, 26:29].any()  # the outline of the arm
    assert across[22:30, 18:21].any()  # below the seam
    canvas.fill(box(0.5, 0.2, 0.7, 0.8), grey, depth=0.1, ident=other)
    assert canvas.bounds(1)[10:19, 18:21].any()  # something in front


def test_sleeves_are_shaded_as_the_trunk_is_at_their_height(monkeypatch: pytest.MonkeyPatch) -> None:
    spans: list[tuple[float, float] | None] = []
    monkeypatch.setattr(figure, "arm", lambda brush, *_: spans.append(brush.span))
    scene, _ = painted("a woman in a red dress", "arms", 1)
    span = spans[-1]
    assert span is not None
    brush, canvas, red = Brush(scene, 0.1), scene.canvas, np.array([0.6, 0.1, 0.1], np.float32)
    middle = round(0.5 * sum(span) * canvas.width)
    brush.part(box(0.2, span[0], 0.5, span[1]), red)
    brush.span = span
    brush.part(box(0.5, 0.5 * sum(span) - 0.1, 0.8, 0.5 * sum(span) + 0.1), red)
    trunk, sleeve = (canvas.light[middle - 10 : middle + 10, column].mean(axis=1) for column in (85, 95))
    assert np.abs(sleeve / trunk - 1).max() < 0.01


def test_close_ups_of_children_show_no_busts(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[Person, bool]] = []

    def note(scene: Scene, person: Person, *, legs: bool = True, exposure: float = 1.0) -> None:
        seen.append((person, legs))
        paint_person(scene, person, legs=legs, exposure=exposure)

    monkeypatch.setattr(closeness, "paint_person", note)
    for seed in range(12):
        words = "two boys in school uniforms in the field, singing"
        compose(ask(words, framing=Framing.CLOSE_UP, seed=seed).prompt, 45, 80)
    ends = [max(one.frame.joint("h1")[1], one.frame.joint("h2")[1]) < 80 / 45 for one, _ in seen]
    assert any(ends)
    assert all(legs for end, (_, legs) in zip(ends, seen, strict=True) if end)
