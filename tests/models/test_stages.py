"""One row a stage: complete, and in step with the activities and the documents."""

import math
from importlib import import_module

from models.paid_media import PieceKind
from models.progress import StageName
from models.stages import OUTSIDE_STAGES, STAGES, Stage, stage_of_slug, stage_that_buys, stages_of
from settings import CHECKOUT
from temporal.workers import steps_of
from workflows.policies import PIECE_PRIORITIES


def all_activities() -> set[str]:
    """The names of all activities in `activities/`, whether or not a worker serves them yet."""
    names = set()
    for path in sorted((CHECKOUT / "activities").glob("*.py")):
        module = import_module(f"activities.{path.stem}")
        rooms = [thing for thing in vars(module).values() if isinstance(thing, type)]
        for room in rooms:
            names |= {step.__name__ for step in steps_of(room)}
    return names


def test_every_activity_belongs_to_a_stage_or_says_why_not() -> None:
    in_stages = {name for row in STAGES.values() for name in row.activities}
    assert len(in_stages) > 20
    assert not in_stages & OUTSIDE_STAGES.keys()
    assert in_stages | OUTSIDE_STAGES.keys() == all_activities()


def test_only_purchases_are_steps_of_two_stages() -> None:
    shared = {name for name in all_activities() if len(stages_of(name)) > 1}
    assert shared == {"order_piece", "collect_piece"}
    assert all(row.buys for name in shared for row in stages_of(name))


def test_rows_are_complete() -> None:
    assert list(STAGES) == list(StageName), "in the order of the run"
    assert math.isclose(sum(row.weight for row in STAGES.values()), 1)
    assert all(row.first_step in row.activities for row in STAGES.values())
    assert [stage_of_slug(row.slug) for row in STAGES.values()] == list(StageName)
    bought = [kind for row in STAGES.values() for kind in row.buys]
    assert sorted(bought) == sorted(PieceKind)
    assert PIECE_PRIORITIES.keys() == set(PieceKind)
    by_priority = {(PIECE_PRIORITIES[kind], stage_that_buys(kind)) for kind in PieceKind}
    assert len({priority for priority, _ in by_priority}) == len(by_priority), "a priority tells the stage"


def line(row: Stage) -> str:
    steps = ", ".join(f"`{name}`" for name in (row.first_step, *sorted(row.activities - {row.first_step})))
    bought = ", ".join(row.buys) or "–"
    return f"| {row.name} | {row.words} | {row.weight:.0%} | {steps} | {bought} |"


def test_the_document_says_what_the_rows_say() -> None:
    text = (CHECKOUT / "docs" / "stages.md").read_text()
    table = text[text.index("<!-- stages -->") : text.index("<!-- /stages -->")]
    assert table.strip().splitlines()[4:] == [line(row) for row in STAGES.values()]
