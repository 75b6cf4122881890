"""The cost of a video at providers, estimated before it is ordered from the plan that its run will make."""

from functools import cached_property

from engines.cutting import BeatPlanner
from engines.cutting.planner import LONGEST_SHOT_S
from engines.providers.fal.adapters import Choice, choose
from engines.providers.fal.planning import BudgetPlanner
from models.failures import InvalidInput
from models.paid_media import SpendingBounds, SpendingPlan
from models.profiles import Profile
from models.song import SongAnalysis


def check_models(
    choice: tuple[str, str, str, SpendingBounds, int] | None, still_model: str = "", clip_model: str = ""
) -> None:
    """Refuse models that are not on offer, before anything is held.

    Args:
        choice: Tier, endpoints, budget and most scenes from the settings; None: nothing is bought.
        still_model: The still model for a run; empty: the default.
        clip_model: The clip model for a run; empty: the default.

    Raises:
        InvalidInput: Nothing is bought here, or a name is unknown; the sentence lists the known ones.
    """
    if not (still_model or clip_model):
        return
    if choice is None:
        raise InvalidInput(
            "Pictures and clips are made locally here, so no model can be chosen: leave it out, or set FAL_KEY.",
            code="no_models",
        )
    SpendingEstimator.of(*choice).other(still_model, clip_model)


class SpendingEstimator:
    """Estimates for a deployment that buys pictures and clips.

    Args:
        choice: Its models.
        bounds: Its budget.
        max_scenes: The most scenes of its runs.
    """

    def __init__(self, choice: Choice, bounds: SpendingBounds, max_scenes: int) -> None:
        self._choice = choice
        self._bounds = bounds
        self._max_scenes = max_scenes

    @classmethod
    def of(
        cls, tier: str, still_endpoint: str, clip_endpoint: str, bounds: SpendingBounds, max_scenes: int
    ) -> "SpendingEstimator":
        """From the names in settings.

        Raises:
            InvalidInput: A tier or endpoint is unknown.
        """
        return cls(choose(tier, still_endpoint, clip_endpoint), bounds, max_scenes)

    def other(self, still_model: str = "", clip_model: str = "") -> "SpendingEstimator":
        """For a run that wants other models; empty names mean the defaults.

        Raises:
            InvalidInput: A name is unknown; the sentence lists the known ones.
        """
        return SpendingEstimator(self._choice.other(still_model, clip_model), self._bounds, self._max_scenes)

    @cached_property
    def planner(self) -> BudgetPlanner:
        """A planner that keeps to the clip model's lengths and to the budget."""
        longest_s = min(LONGEST_SHOT_S, self._choice.longest_shot_s)
        return BudgetPlanner(BeatPlanner(longest_s), self._choice, self._bounds)

    def estimate(self, duration_s: float, analysis: SongAnalysis | None, profile: Profile) -> SpendingPlan:
        """The cost of a song's video.

        Args:
            duration_s: The song's length.
            analysis: The song's analysis, to plan with; without it the whole budget is the estimate.
            profile: Gives the frame rate.

        Returns:
            The estimate, and how much of the video will be reprises.
        """
        if analysis is None:
            return SpendingPlan(estimate_micro_usd=self._bounds.budget_micro_usd(duration_s))
        return self.planner.estimate(self.planner.plan(analysis, profile, self._max_scenes, 0), profile)
