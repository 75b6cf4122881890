"""The local director: rules, a lexicon and seeded chance. Implements `activities.ports.engines.Director`."""

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
        limits: Limits on prompts for the chosen image and video models.
    """

    method = "LocalDirector"

    def __init__(self, limits: PromptLimits = PromptLimits()) -> None:  # noqa: B008
        self._limits = limits

    def within(self, limits: PromptLimits) -> Self:
        """The same director for models with other prompt limits."""
        return type(self)(limits)

    def envision(self, brief: Brief, analysis: SongAnalysis, song_title: str) -> Treatment:
        """The creative vision.

        Args:
            brief: The artist's brief; the style's own direction fills its gaps.
            analysis: The song; its letters become places, its energy the mood arc.
            song_title: The source of the video's title.

        Returns:
            The treatment.

        Raises:
            InvalidInput: The brief's style is unknown.
        """
        return envision(brief, analysis, song_title)

    def cast(self, brief: Brief, analysis: SongAnalysis, treatment: Treatment) -> Casting:
        """Who appears where, per section: verses follow the brief, choruses return to its main image."""
        return cast_sections(brief, analysis, treatment)

    def specify_shots(
        self, brief: Brief, analysis: SongAnalysis, treatment: Treatment, casting: Casting, scenes: Sequence[Scene]
    ) -> ShotList:
        """Camera, lens, movement, framing, light and action.

        Args:
            brief: The artist's brief.
            analysis: The song.
            treatment: From `envision`.
            casting: From `cast`.
            scenes: Any of the video's scenes; a scene's shot does not depend on the others in the request.

        Returns:
            A shot for each scene, in order.
        """
        return ShotList(shots=specify(brief, analysis, treatment, casting, scenes))

    def write_prompts(
        self, brief: Brief, treatment: Treatment, casting: Casting, scenes: Sequence[Scene], shots: ShotList
    ) -> PromptList:
        """Image and motion prompts.

        Args:
            brief: The artist's brief.
            treatment: From `envision`.
            casting: From `cast`.
            scenes: Any of the video's scenes.
            shots: Their shots, in any order.

        Returns:
            A prompt for each scene, in order, within the chosen models' limits.
        """
        return PromptList(prompts=write(brief, treatment, scenes, shots.shots, self._limits))

    def enhance(self, brief: Brief) -> Brief:
        """A short brief expanded into two to four sentences.

        Args:
            brief: Without a prompt the style's direction is used; a rich brief stays as it is.

        Returns:
            The brief with the artist's words first, unchanged.
        """
        return enhanced(brief)

    def rewrite(self, prompt: ScenePrompt, complaint: str, attempt: int) -> ScenePrompt:
        """Other words for a prompt that a provider refused.

        Args:
            prompt: The refused prompt.
            complaint: The provider's words; they hardly ever quote single words of the prompt.
            attempt: 1 replaces single words; later attempts show the place without people.

        Returns:
            The prompt to try instead, within the chosen models' limits.
        """
        softer = soften(prompt, attempt)
        return softer if self._limits.take(softer) else soften(prompt, SHOWS_THE_PLACE_ALONE)
