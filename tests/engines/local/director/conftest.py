"""A whole storyboard of a made-up song, without any audio."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pytest

from engines.cutting import BeatPlanner
from engines.providers.local.director import LocalDirector
from models.brief import Brief
from models.profiles import PROFILES, ProfileName
from models.song import Beat, EnergyCurve, Section, SectionLabel, SongAnalysis
from models.storyboard import Scene, ScenePrompt, Shot
from models.treatment import Casting, Treatment

FORM: tuple[tuple[SectionLabel, str, float, float], ...] = (
    ("intro", "I", 16, 0.15),
    ("verse", "A", 32, 0.45),
    ("pre-chorus", "P", 8, 0.6),
    ("chorus", "B", 32, 0.9),
    ("verse", "A", 32, 0.5),
    ("pre-chorus", "P", 8, 0.6),
    ("chorus", "B", 32, 0.9),
    ("bridge", "C", 16, 0.4),
    ("chorus", "B", 32, 1.0),
    ("outro", "O", 16, 0.15),
)


@dataclass(frozen=True)
class Storyboard:
    """What the director made of a brief."""

    analysis: SongAnalysis
    treatment: Treatment
    casting: Casting
    scenes: tuple[Scene, ...]
    shots: tuple[Shot, ...]
    prompts: tuple[ScenePrompt, ...]

    @property
    def words(self) -> str:
        """All image prompts in one, in lower case."""
        return " ".join(prompt.image_prompt for prompt in self.prompts).lower()


StoryMaker = Callable[..., Storyboard]


def made_song() -> SongAnalysis:
    """A song at 120 bpm in the usual form."""
    starts = [0.0]
    for _, _, length_s, _ in FORM:
        starts.append(starts[-1] + length_s)
    sections = tuple(
        Section(
            start_s=start,
            end_s=start + length_s,
            letter=letter,
            label=label,
            energy=energy,
            strongest_chorus=energy == 1.0,
        )
        for (label, letter, length_s, energy), start in zip(FORM, starts, strict=False)
    )
    return SongAnalysis(
        duration_s=starts[-1],
        sample_rate_hz=44_100,
        channels=2,
        tempo_bpm=120,
        beats_per_bar=4,
        beats=tuple(Beat(time_s=i / 2, position=i % 4 + 1) for i in range(int(starts[-1] * 2))),
        sections=sections,
        energy=EnergyCurve(
            hop_s=1.0, values=tuple(energy for _, _, length_s, energy in FORM for _ in range(int(length_s)))
        ),
    )


@pytest.fixture(scope="session")
def story() -> StoryMaker:
    analysis = made_song()

    @cache
    def scenes_of(max_scenes: int, seed: int) -> tuple[Scene, ...]:
        return BeatPlanner().plan(analysis, PROFILES[ProfileName.PREVIEW], max_scenes, seed).scenes

    def tell(
        prompt: str = "", style: str = "cinematic-realism", seed: int = 7, max_scenes: int = 120, **brief: object
    ) -> Storyboard:
        director = LocalDirector()
        wish = Brief.model_validate({"prompt": prompt, "style": style, "seed": seed, **brief})
        scenes = scenes_of(max_scenes, seed)
        treatment = director.envision(wish, analysis, "First Light")
        casting = director.cast(wish, analysis, treatment)
        shots = director.specify_shots(wish, analysis, treatment, casting, scenes)
        prompts = director.write_prompts(wish, treatment, casting, scenes, shots)
        return Storyboard(analysis, treatment, casting, scenes, shots.shots, prompts.prompts)

    return tell
