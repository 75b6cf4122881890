"""Things are where the words have them, at their own scale: on the table, on the chair, on the bank, not in the air."""

import numpy as np
import pytest

from engines.providers.local.painter import laying
from engines.providers.local.painter.compose import Composed, compose
from engines.providers.local.painter.figures import people_jobs
from engines.providers.local.painter.insert import plan_of
from engines.providers.local.painter.laying import laid_on
from engines.providers.local.painter.people.figure import Person
from engines.providers.local.painter.reading import read
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.staging import Cast, cast_of
from engines.providers.local.painter.standing import rest_of
from engines.providers.local.painter.things.kinds import KINDS
from engines.providers.local.painter.things.pen import Put
from engines.providers.local.reading import read_words
from models.storyboard import Framing
from tests.engines.local.painter.conftest import Ask


def cast(ask: Ask, words: str, framing: Framing = Framing.WIDE) -> Cast:
    return cast_of(read(ask(words, framing=framing).prompt))


def drawn(ask: Ask, words: str, framing: Framing = Framing.WIDE, style: str = "cinematic-realism") -> Composed:
    return compose(ask(words, framing=framing, style=style).prompt, 90, 160)


def laid(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, Put]]:
    """What is laid on what from now on, and where that is."""
    found: list[tuple[str, str, Put]] = []
    lay = laying.lay

    def note(scene: Scene, manifest: object, things: list[object], carrier: str, on: Put, *, towards: int = 0) -> None:
        found.extend((one.name, carrier, on) for one in things)  # type: ignore[attr-defined]
        lay(scene, manifest, things, carrier, on, towards=towards)  # type: ignore[arg-type]

    for module in ("placing", "figures", "insert"):
        monkeypatch.setattr(f"engines.providers.local.painter.{module}.lay", note)
    return found


@pytest.mark.parametrize(
    ("words", "thing", "carrier"),
    [
        ("a nurse in a white uniform sits in the kitchen; a cup, a letter, the table", "letter", "table"),
        ("a baker dances in the kitchen; apples, the table", "apple", "table"),
        ("a boy in a blue jacket eats cake in the kitchen", "cake", "table"),
        ("her cat sleeps on the chair in the kitchen, not a soul in sight", "cat", "chair"),
        ("a woman sings in the kitchen, and a cat sleeps on a sofa", "cat", "sofa"),
    ],
)
def test_small_things_are_on_their_furniture(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, words: str, thing: str, carrier: str
) -> None:
    found = laid(monkeypatch)
    drawn(ask, words)
    assert (thing, carrier) in [(name, on) for name, on, _ in found]


def test_no_table_stands_on_a_table(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    behind: list[str] = []
    monkeypatch.setattr(
        "engines.providers.local.painter.placing.draw_thing", lambda scene, kind, put, name, *_: behind.append(name)
    )
    words = "a cup, the table, straight on, not a soul in sight, in the kitchen"
    composed = drawn(ask, words, Framing.MEDIUM)
    assert behind == []
    names = {one.name for one in composed.note.things}
    assert names == {"cup", "table"}


def test_a_fire_is_not_on_a_table_and_a_suitcase_beside_it() -> None:
    assert rest_of(KINDS["fire"], "fire", 1.0, "room") == "low"
    words = read_words("a suitcase, a cup, a fire, a table in a room")
    assert [one.name for one in words.items] == ["suitcase", "cup", "fire", "table"]


@pytest.mark.parametrize("thing", ["piano", "drums"])
def test_what_has_a_seat_is_not_held(ask: Ask, thing: str) -> None:
    (actor,) = cast(ask, f"a man in a white suit plays the {thing} on the beach").actors
    assert thing not in dict(actor.holds)
    assert actor.pose == thing


def test_a_reader_sits_in_the_armchair(ask: Ask) -> None:
    (actor,) = cast(ask, "a grandfather reads a book in the armchair in a living room").actors
    assert actor.rides is not None
    assert "book" in dict(actor.holds)


def test_a_crown_is_on_the_head_and_not_on_the_ground() -> None:
    worn = read_words("a king with short blond hair in a red cloak and a silver crown stands on a castle wall")
    assert not worn.items
    assert worn.people[0].headgear is not None
    assert worn.people[0].headgear.colour == "silver"
    assert [one.noun for one in read_words("A girl finds a crown in the sand").items] == ["crown"]


@pytest.mark.parametrize("style", ["tilt-shift", "cinematic-realism"])
@pytest.mark.parametrize("framing", [Framing.EXTREME_WIDE, Framing.WIDE, Framing.FULL, Framing.LOW_ANGLE])
def test_nobody_stands_on_the_water(ask: Ask, monkeypatch: pytest.MonkeyPatch, style: str, framing: Framing) -> None:
    feet: list[tuple[float, float, float]] = []

    def note(scene: Scene, manifest: object, people: list[tuple[object, Person]], *more: object) -> list[object]:
        feet.extend((one.y, scene.shore, scene.tall) for _, one in people)
        return people_jobs(scene, manifest, people, *more)  # type: ignore[arg-type,return-value]

    monkeypatch.setattr("engines.providers.local.painter.placing.people_jobs", note)
    drawn(ask, "a mother in a yellow raincoat stands by the lake", framing, style)
    assert feet
    assert all(foot > shore or foot > 0.96 * tall for foot, shore, tall in feet if shore)


def test_a_childs_bicycle_fits_the_child(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    bicycles: list[float] = []
    bodies: list[float] = []
    rig = "engines.providers.local.painter.rigging.Rig"
    monkeypatch.setattr(f"{rig}.thing", lambda self, name, put, wide: bicycles.append(put.size))
    monkeypatch.setattr(f"{rig}.person", lambda self, person: bodies.append(person.frame.unit))
    for who in ("a little boy", "a man"):
        drawn(ask, f"{who} rides a bicycle through the city")
    of_boy, of_man = (bicycle / body for bicycle, body in zip(bicycles, bodies, strict=True))
    assert 0.85 < of_boy / of_man < 1.15


def test_who_sits_in_a_tree_is_filmed_on_its_branch(ask: Ask) -> None:
    words = "an owl sits in a tree, close by, not a soul in sight, in the forest"
    prompt = ask(words, framing=Framing.MEDIUM).prompt
    subject = read(prompt)
    plan = plan_of(subject, cast_of(subject), 16 / 9)
    assert plan is not None
    assert plan.rest == "branch"
    assert {one.name for one in compose(prompt, 90, 160).note.things} == {"owl", "tree"}


def test_what_lies_on_nothing_else_stays_where_it_is(ask: Ask) -> None:
    props = cast(ask, "a suitcase beside a table in the kitchen, not a soul in sight").props
    table = next(one for one in props if one.name == "table")
    assert laid_on(table, props, read_words("a suitcase beside a table")) == []


def test_several_of_a_kind_hide_little_of_each_other(ask: Ask) -> None:
    for seed in range(6):
        prompt = ask("three swans on the lake, not a soul in sight", framing=Framing.DETAIL, seed=seed).prompt
        subject = read(prompt)
        plan = plan_of(subject, cast_of(subject), 16 / 9)
        assert plan is not None
        assert plan.step > 0.68 * KINDS["swan"].wide * plan.size
        assert np.isfinite(plan.size)
