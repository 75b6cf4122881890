"""A plan keeps to its budget by using reprises."""

import pytest

from engines.cutting import BeatPlanner
from engines.providers.fal import BudgetPlanner, choose
from models.paid_media import PieceKind, SpendingBounds
from models.profiles import PROFILES, ProfileName
from models.song import SongAnalysis
from models.treatment import Character, Treatment
from tests.fakes.engines import made_analysis

PREVIEW = PROFILES[ProfileName.PREVIEW]


def song(duration_s: float) -> SongAnalysis:
    return made_analysis(duration_s, sections=8)


def planner(tier: str, **bounds: float) -> BudgetPlanner:
    choice = choose(tier)
    return BudgetPlanner(BeatPlanner(min(8.0, choice.longest_shot_s)), choice, SpendingBounds(**bounds))


@pytest.mark.parametrize("tier", ["draft", "standard", "premium"])
@pytest.mark.parametrize("duration_s", [64.0, 210.0, 600.0])
def test_a_plan_costs_no_more_than_its_budget(tier: str, duration_s: float) -> None:
    paid = planner(tier)
    plan = paid.plan(song(duration_s), PREVIEW, 120, 1)
    spending = paid.estimate(plan, PREVIEW)
    assert spending.estimate_micro_usd <= SpendingBounds().budget_micro_usd(duration_s)
    assert spending.made + spending.reprises == len(plan.scenes)
    assert plan.scenes[-1].end_frame == plan.frame_count


def test_what_fits_is_left_alone() -> None:
    plain = BeatPlanner(8.0).plan(song(64), PREVIEW, 120, 1)
    assert planner("standard").plan(song(64), PREVIEW, 120, 1) == plain


def test_what_does_not_fit_shows_earlier_takes_again() -> None:
    paid = planner("premium")
    spending = paid.estimate(paid.plan(song(210), PREVIEW, 120, 1), PREVIEW)
    assert spending.reprise_share > 0.3
    assert spending.estimate_micro_usd > 0.6 * SpendingBounds().budget_micro_usd(210), "and is not cut for nothing"


def test_no_shot_is_longer_than_the_model_can_make() -> None:
    for tier in ("draft", "standard", "premium"):
        choice, paid = choose(tier), planner(tier)
        for scene in paid.plan(song(210), PREVIEW, 20, 1).scenes:
            assert choice.price_micro_usd(PieceKind.CLIP, float(scene.frame_count / PREVIEW.fps)) > 0


def test_budgets() -> None:
    bounds = SpendingBounds()
    assert [bounds.budget_micro_usd(60 * minutes) for minutes in (1, 3, 20)] == [6_000_000, 7_500_000, 15_000_000]


def test_locked_characters_need_no_portrait() -> None:
    paid = planner("standard")
    plan = paid.plan(song(64), PREVIEW, 120, 1)

    def estimate(*locked: bool) -> int:
        cast = tuple(
            Character(character_id=str(n), name="", description="", reference_keys=("k",) if lock else ())
            for n, lock in enumerate(locked)
        )
        treatment = Treatment(
            title="", logline="", mood_arc="", palette=(), characters=cast, locations=(), motifs=(), sections=()
        )
        return paid.estimate(plan, PREVIEW, treatment).estimate_micro_usd

    assert estimate(False, True) - estimate(True, True) == 40_000
