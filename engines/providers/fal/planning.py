"""A plan within a budget: scenes that would cost too much become reprises, which buy nothing."""

from typing import Protocol

from engines.providers.fal.adapters import Choice
from models.media_models import PromptLimits
from models.paid_media import PieceKind, SpendingBounds, SpendingPlan
from models.profiles import Profile
from models.song import SongAnalysis
from models.storyboard import SequencePlan
from models.takes import MusicCues
from models.treatment import Treatment

USUAL_PORTRAITS = 3
"""Portraits in an estimate before the cast is known."""

_FEWER = 0.92


class _Planner(Protocol):
    def plan(self, analysis: SongAnalysis, profile: Profile, max_scenes: int, seed: int) -> SequencePlan: ...

    def cues(self, analysis: SongAnalysis, profile: Profile, start_frame: int, end_frame: int) -> MusicCues: ...


class BudgetPlanner:
    """Implements `activities.ports.engines.RunPlanner` around another planner.

    Args:
        planner: Plans the scenes; it knows the longest shot of the chosen model.
        choice: Knows the prices of pieces.
        bounds: The budget.
    """

    def __init__(self, planner: _Planner, choice: Choice, bounds: SpendingBounds) -> None:
        self._planner = planner
        self._choice = choice
        self._bounds = bounds

    @property
    def prompt_limits(self) -> PromptLimits:
        """The limits on prompts for the chosen models."""
        return self._choice.prompt_limits

    def plan(self, analysis: SongAnalysis, profile: Profile, max_scenes: int, seed: int) -> SequencePlan:
        """As the inner planner, with as few new scenes as the budget demands, and at least one."""
        budget = self._bounds.budget_micro_usd(analysis.duration_s)
        while True:
            plan = self._planner.plan(analysis, profile, max_scenes, seed)
            spending = self.estimate(plan, profile)
            if spending.estimate_micro_usd <= budget or max_scenes <= 1:
                return plan
            fits = budget / spending.estimate_micro_usd
            max_scenes = max(1, int(min(spending.made * max(fits, 0.5), spending.made * _FEWER, max_scenes - 1)))

    def cues(self, analysis: SongAnalysis, profile: Profile, start_frame: int, end_frame: int) -> MusicCues:
        """As the inner planner."""
        return self._planner.cues(analysis, profile, start_frame, end_frame)

    def estimate(self, plan: SequencePlan, profile: Profile, treatment: Treatment | None = None) -> SpendingPlan:
        """The cost of a plan's pieces, each bought once.

        Args:
            plan: The plan.
            profile: Gives the frame rate.
            treatment: Names the characters whose portraits are bought; without it a usual number is assumed.

        Returns:
            The estimate, and how much of the video is reprises.
        """
        price = self._choice.price_micro_usd
        portraits = USUAL_PORTRAITS
        if treatment is not None:
            portraits = sum(not character.reference_keys for character in treatment.characters)
        made = [scene for scene in plan.scenes if scene.reprise_of is None]
        clips = sum(price(PieceKind.CLIP, float(scene.frame_count / profile.fps)) for scene in made)
        stills = (len(made) + portraits) * price(PieceKind.STILL)
        return SpendingPlan(
            estimate_micro_usd=clips + stills,
            made=len(made),
            reprises=len(plan.scenes) - len(made),
            park_at=self._bounds.park_at,
        )
