"""The expected cost of the director's questions about a video, for the run's estimate and its limit.

Tokens per question are our own measurement (four characters each, a third more for the newer tokenizer), including
thinking at the stages' default effort; a quarter is added for repaired answers.
"""

from collections.abc import Mapping

from models.claude_models import TokenPrice, price_of
from models.directing import Directing, DirectingStage

USUAL_SCENE_S = 2.5
MENDED = 1.25
_PREFIX, _PREFIX_PER_SECTION = 2_500, 150


class DirectingCosts:
    """Estimates for a paid director.

    Args:
        directing: Models by question.
        prices: By model.
        park_at: Factor on the estimate: a run that costs more waits for a person.
    """

    def __init__(self, directing: Directing, prices: Mapping[str, TokenPrice], park_at: float = 1.5) -> None:
        self._directing = directing
        self._prices = prices
        self.park_at = park_at

    def estimate_micro_usd(self, sections: int, scenes: int) -> int:
        """The cost of all questions about a video, in millionths of a dollar.

        Args:
            sections: Sections of the song; each is asked about twice.
            scenes: Scenes to make.
        """
        directing, prefix = self._directing, _PREFIX + _PREFIX_PER_SECTION * sections
        whole = self._cost(directing.enhance, 600, 900) + self._cost(
            directing.vision, prefix - 500, 5_000 + 180 * sections
        )
        whole += self._cost(directing.casting, prefix, 2_500 + 40 * sections)
        for stage, per_scene in ((directing.shots, 170), (directing.prompts, 250)):
            price, _ = price_of(stage.model, self._prices)
            fresh, output = 500 * sections + 60 * scenes, 1_500 * sections + per_scene * scenes
            whole += price.cost_micro_usd(
                fresh=fresh, cache_write=prefix, cache_read=prefix * max(0, sections - 1), output=output
            )
        return round(MENDED * whole)

    def allowance_micro_usd(self, duration_s: float, sections: int, openings: int, again: float) -> int:
        """The most that the questions may cost before scenes are planned.

        Args:
            duration_s: Duration of the song.
            sections: Sections of the song.
            openings: How often a person has let the run go on.
            again: Share of the estimate that each such time adds.
        """
        estimate = self.estimate_micro_usd(sections, max(1, round(duration_s / USUAL_SCENE_S)))
        return round(estimate * (self.park_at + again * openings))

    def _cost(self, stage: DirectingStage, prompt: int, output: int) -> int:
        price, _ = price_of(stage.model, self._prices)
        return price.cost_micro_usd(fresh=prompt, cache_write=0, cache_read=0, output=output)
