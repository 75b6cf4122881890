"""A director on the real SDK, a local server that speaks the API, and a song with its scenes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import pytest

from engines.cutting import BeatPlanner
from engines.jobs import Pulse, no_pulse
from engines.providers.anthropic import AnthropicDirector
from models.brief import Brief
from models.directing import TOKEN_PRICES, Directing
from models.media_models import PromptLimits
from models.profiles import PROFILES, ProfileName
from models.song import SongAnalysis
from models.spending import PaidCall
from models.storyboard import PromptList, Scene, ShotList
from models.treatment import Casting, Treatment
from tests.engines.local.director.conftest import made_song
from tests.fakes.anthropic_server import KEY, AnthropicServer, anthropic_server

__all__ = ["anthropic_server"]


@dataclass
class Set:
    """A director and one song.

    Attributes:
        paid: Every paid call.
    """

    director: AnthropicDirector
    server: AnthropicServer
    brief: Brief
    analysis: SongAnalysis
    scenes: tuple[Scene, ...]
    paid: list[PaidCall] = field(default_factory=list)

    def envision(self) -> Treatment:
        return self.director.envision(self.brief, self.analysis, "First Light")

    def cast(self, treatment: Treatment) -> Casting:
        return self.director.cast(self.brief, self.analysis, treatment)

    def story(self) -> tuple[Treatment, Casting]:
        treatment = self.envision()
        return treatment, self.cast(treatment)

    def section(self, index: int) -> list[Scene]:
        return [scene for scene in self.scenes if scene.section_index == index]

    def sections(self) -> list[list[Scene]]:
        return [list(group) for _, group in groupby(self.scenes, key=lambda scene: scene.section_index)]

    def shots(self, story: tuple[Treatment, Casting], scenes: list[Scene]) -> ShotList:
        return self.director.specify_shots(self.brief, self.analysis, *story, scenes)

    def prompts(self, story: tuple[Treatment, Casting], scenes: list[Scene], shots: ShotList) -> PromptList:
        return self.director.write_prompts(self.brief, *story, scenes, shots)


SetMaker = Callable[..., Set]


@pytest.fixture
def at_work(anthropic_server: AnthropicServer) -> Iterator[SetMaker]:
    """Makes sets; their connections are closed afterwards."""
    made: list[Set] = []

    def make(
        prompt: str = "A fox looks for its den in a flooded city at night.",
        *,
        max_scenes: int = 120,
        directing: Directing = Directing(),  # noqa: B008
        limits: PromptLimits = PromptLimits(),  # noqa: B008
        pulse: Pulse = no_pulse,
        key: str = KEY,
        url: str = "",
        **brief: Any,
    ) -> Set:
        paid: list[PaidCall] = []
        director = AnthropicDirector(
            key, url or anthropic_server.url, directing, TOKEN_PRICES, limits, pulse, paid.append
        )
        analysis = made_song()
        scenes = BeatPlanner().plan(analysis, PROFILES[ProfileName.TINY], max_scenes, 7).scenes
        wish = Brief.model_validate({"prompt": prompt, "style": "neo-noir", "seed": 7, **brief})
        made.append(Set(director, anthropic_server, wish, analysis, scenes, paid))
        return made[-1]

    yield make
    for one in made:
        one.director.close()
