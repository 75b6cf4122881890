"""The director that needs no account: rules, a lexicon and seeded chance. Implements `activities.ports.Director`."""

from collections.abc import Sequence
from typing import Self

from engines.providers.local.director.enhance import enhanced
from engines.providers.local.director.prompts import write
from engines.providers.local.director.shots import cast_sections, specify
from engines.providers.local.director.softening import SHOWS_THE_PLACE_ALONE, soften
from engines.providers.local.director.vision import envision
from models.brief import Brief
from models.media_models import PromptLimits
from models.song import SongAnalysis
from models.storyboard import PromptList, Scene, ScenePrompt, ShotList
from models.treatment import Casting, Treatment


class LocalDirector:
    """Decides what is seen. Pure: the same brief, song and seed give the same video, another seed another one.

    Args:
        limits: Of the prompts that the chosen image and video models take.
    """

    def __init__(self, limits: PromptLimits = PromptLimits()) -> None:  # noqa: B008
        self._limits = limits

    def within(self, limits: PromptLimits) -> Self:
        """The same director for models that take other prompts."""
        return type(self)(limits)

    def envision(self, brief: Brief, analysis: SongAnalysis, song_title: str) -> Treatment:
        """The creative vision.

        Args:
            brief: The artist's; what it leaves open, the preset's own direction fills in.
            analysis: The song, whose letters become places and whose energy becomes the mood arc.
            song_title: For the title.

        Returns:
            The treatment.

        Raises:
            InvalidInput: The brief's style is no preset.
        """
        return envision(brief, analysis, song_title)

    def cast(self, brief: Brief, analysis: SongAnalysis, treatment: Treatment) -> Casting:
        """Who appears where, per section: music that returns finds its place and its people again."""
        return cast_sections(analysis, treatment)

    def specify_shots(
        self, brief: Brief, analysis: SongAnalysis, treatment: Treatment, casting: Casting, scenes: Sequence[Scene]
    ) -> ShotList:
        """Camera, lens, movement, framing, light and action.

        Args:
            brief: The artist's.
            analysis: The song.
            treatment: From `envision`.
            casting: From `cast`.
            scenes: Any of the video's; a scene's shot does not depend on which others are asked for with it.

        Returns:
            A shot for each of the scenes, in their order.
        """
        return ShotList(shots=specify(brief, analysis, treatment, casting, scenes))

    def write_prompts(
        self, brief: Brief, treatment: Treatment, casting: Casting, scenes: Sequence[Scene], shots: ShotList
    ) -> PromptList:
        """Image and motion prompts.

        Args:
            brief: The artist's.
            treatment: From `envision`.
            casting: From `cast`.
            scenes: Any of the video's.
            shots: Theirs, in any order.

        Returns:
            A prompt for each of the scenes, in their order, within the chosen models' limits.
        """
        return PromptList(prompts=write(brief, treatment, casting, scenes, shots.shots, self._limits))

    def enhance(self, brief: Brief) -> Brief:
        """A short brief expanded into two to four sentences.

        Args:
            brief: With no prompt the preset's direction is taken; one that is rich already stays as it is.

        Returns:
            The brief with the artist's words first, unchanged.
        """
        return enhanced(brief)

    def rewrite(self, prompt: ScenePrompt, complaint: str, attempt: int) -> ScenePrompt:
        """Other words for a prompt that a provider refused.

        Args:
            prompt: The refused one.
            complaint: The provider's words; single words of a prompt are hardly ever among them.
            attempt: 1 replaces single words, later ones show the place without anybody.

        Returns:
            The prompt to try instead, within the chosen models' limits.
        """
        softer = soften(prompt, attempt)
        return softer if self._limits.take(softer) else soften(prompt, SHOWS_THE_PLACE_ALONE)
