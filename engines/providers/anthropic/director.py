"""The director that asks Claude. Implements `activities.ports.engines.Director`.

Each question is one structured answer. This module checks what a schema cannot express. A faulty answer goes back with
the complaints; whatever still fails is decided by the local director, for those scenes alone, and marked.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from typing import Any, Self

import structlog

from engines.jobs import Pulse, no_pulse
from engines.providers.anthropic import rules
from engines.providers.anthropic.additions import AdditionJudge
from engines.providers.anthropic.answers import (
    Answer,
    CastingAnswer,
    EnhanceAnswer,
    PromptsAnswer,
    SceneShot,
    SceneWords,
    SectionCasting,
    ShotsAnswer,
    VisionAnswer,
)
from engines.providers.anthropic.conversation import converse
from engines.providers.anthropic.failures import ContentFiltered
from engines.providers.anthropic.judging import Judge, Numbered, Secrecy
from engines.providers.anthropic.material import (
    Handles,
    brief_facts,
    document,
    scene_facts,
    shot_facts,
    song_facts,
    story_facts,
)
from engines.providers.anthropic.scenes import (
    cast_check,
    image_room,
    length_check,
    motion_room,
    plain_words,
    prompt_from,
    rewritten,
    section_cast,
    shot_check,
    shot_from,
    words_check,
)
from engines.providers.anthropic.service import Service
from engines.providers.anthropic.visions import VisionJudge, treatment_from
from engines.providers.local.director import LocalDirector
from engines.providers.local.director.enhance import is_rich
from engines.providers.music_words import artists_words
from models.brief import PROMPT_MAX_CHARS, Brief
from models.directing import Directing, DirectingStage, TokenPrice
from models.failures import ContentRefused
from models.media_models import PromptLimits
from models.song import SongAnalysis
from models.spending import PaidCall
from models.storyboard import PromptList, Scene, ScenePrompt, ShotList
from models.styles import Style, find_style
from models.treatment import Casting, Treatment

COMPLAINT_MAX_CHARS = 300
ENHANCE_S = 60.0
"""Time for an addition to a brief: it is part of the vision's step, or an artist waits for it."""

log = structlog.get_logger()


class AnthropicDirector:
    """Decides what is seen by asking Claude; a repeated question may get another answer.

    Args:
        api_key: The account's key.
        base_url: The API's URL.
        directing: Model, effort and tokens by question.
        prices: By model.
        limits: Limits on prompts for the chosen image and video models.
        pulse: Called while waiting for an answer; an exception from it stops the call.
        record: Receives every paid call.
        may_ask: Called before each question; an exception from it prevents the question.
    """

    method = "AnthropicDirector"

    def __init__(
        self,
        api_key: str,
        base_url: str,
        directing: Directing,
        prices: dict[str, TokenPrice],
        limits: PromptLimits,
        pulse: Pulse = no_pulse,
        record: Callable[[PaidCall], None] = lambda call: None,
        may_ask: Callable[[], None] = lambda: None,
    ) -> None:
        self._service = Service(api_key, base_url, directing.timeout_s, prices, pulse, record, may_ask)
        self._directing = directing
        self._limits = limits
        self._spare = LocalDirector(limits)

    def within(self, limits: PromptLimits) -> Self:
        """The same director, with its connections, for models with other prompt limits."""
        other = copy(self)
        other._limits, other._spare = limits, LocalDirector(limits)
        return other

    def close(self) -> None:
        """Close the connections."""
        self._service.close()

    def envision(self, brief: Brief, analysis: SongAnalysis, song_title: str) -> Treatment:
        """The creative vision.

        Args:
            brief: The artist's brief; its locked characters are in the video and keep their ids.
            analysis: The song.
            song_title: The title to tell the model.

        Returns:
            The treatment; entirely the local director's if no usable answer came.

        Raises:
            ContentRefused: The model declines this brief.
            InvalidInput: The brief's style is unknown.
            RateLimited, ProviderUnavailable, Misconfigured: The provider cannot answer now, or refuses our account.
        """
        spare = self._spare.envision(brief, analysis, song_title)
        locked = brief.characters or [one for one in spare.characters if one.character_id in brief.character_ids]
        facts = brief_facts(brief, locked) | {"song": song_facts(analysis, song_title)}
        judge = VisionJudge(
            len(analysis.sections), [one.name for one in locked], Secrecy(rules.VISION), artists_words(brief)
        )
        task = {"write": "vision", "sections": list(range(1, len(analysis.sections) + 1))}
        stage = self._directing.vision
        self._ask("vision", stage, rules.VISION, VisionAnswer, facts, task, judge)
        if judge.frame is None:
            return spare.model_copy(update={"filled_locally": True})
        return treatment_from(brief, judge.frame, judge.sections.good, locked, spare)

    def cast(self, brief: Brief, analysis: SongAnalysis, treatment: Treatment) -> Casting:
        """Who appears where, per section.

        Args:
            brief: The artist's brief.
            analysis: The song.
            treatment: From `envision`.

        Returns:
            The cast of every section.

        Raises:
            ContentRefused, RateLimited, ProviderUnavailable, Misconfigured: As for `envision`.
        """
        handles = Handles(treatment)
        facts = story_facts(brief, treatment, handles, analysis=analysis)
        wanted = range(1, len(analysis.sections) + 1)
        judge = Numbered(SectionCasting, "sections", "section", wanted, cast_check(handles), Secrecy(rules.CASTING))
        task = {"write": "casting", "sections": list(wanted)}
        stage = self._directing.casting
        self._ask("casting", stage, rules.CASTING, CastingAnswer, facts, task, judge)
        spare = self._spare.cast(brief, analysis, treatment)
        return Casting(
            sections=tuple(
                section_cast(judge.good[one.section_index + 1], handles)
                if one.section_index + 1 in judge.good
                else one.model_copy(update={"filled_locally": True})
                for one in spare.sections
            )
        )

    def specify_shots(
        self, brief: Brief, analysis: SongAnalysis, treatment: Treatment, casting: Casting, scenes: Sequence[Scene]
    ) -> ShotList:
        """Camera, lens, movement, framing, light and action.

        Args:
            brief: The artist's brief.
            analysis: The song.
            treatment: From `envision`.
            casting: From `cast`.
            scenes: The scenes of one section. A reprise shows another scene's picture, so it needs no question.

        Returns:
            A shot for each scene, in order.

        Raises:
            RateLimited, ProviderUnavailable, Misconfigured: As for `envision`.
        """
        spare = self._spare.specify_shots(brief, analysis, treatment, casting, scenes).shots
        asked = [scene for scene in scenes if scene.reprise_of is None]
        handles = Handles(treatment)
        wanted = [scene.index + 1 for scene in asked]
        check = shot_check(handles, casting, asked, artists_words(brief))
        judge = Numbered(SceneShot, "shots", "scene", wanted, check, Secrecy(rules.SHOTS))
        facts = story_facts(brief, treatment, handles, casting, analysis)
        task = {"write": "shots", "scenes": scene_facts(asked, analysis)}
        self._ask_scenes("shots", self._directing.shots, rules.SHOTS, ShotsAnswer, facts, task, judge)
        made = {number: shot_from(item, handles) for number, item in judge.good.items()}
        doubtful = {one.section_index for one in treatment.sections if one.filled_locally}
        doubtful |= {one.section_index for one in casting.sections if one.filled_locally}
        return ShotList(
            shots=tuple(
                made.get(scene.index + 1, shot).model_copy(
                    update={
                        "filled_locally": scene.index + 1 in judge.missing
                        or treatment.filled_locally
                        or scene.section_index in doubtful
                    }
                )
                for scene, shot in zip(scenes, spare, strict=True)
            )
        )

    def write_prompts(
        self, brief: Brief, treatment: Treatment, casting: Casting, scenes: Sequence[Scene], shots: ShotList
    ) -> PromptList:
        """Image and motion prompts.

        Args:
            brief: The artist's brief.
            treatment: From `envision`.
            casting: From `cast`.
            scenes: The scenes of one section.
            shots: Their shots.

        Returns:
            A prompt for each scene, in order, within the chosen models' limits.

        Raises:
            RateLimited, ProviderUnavailable, Misconfigured: As for `envision`.
        """
        spare = self._spare.write_prompts(brief, treatment, casting, scenes, shots).prompts
        shot_of = {shot.scene_index: shot for shot in shots.shots}
        asked = [scene for scene in scenes if scene.reprise_of is None]
        style, handles = find_style(brief.style), Handles(treatment)
        check = words_check(
            self._limits, style, treatment, [shot_of[scene.index] for scene in asked], artists_words(brief)
        )
        wanted = [scene.index + 1 for scene in asked]
        judge = Numbered(SceneWords, "prompts", "scene", wanted, check, Secrecy(rules.PROMPTS))
        task = {
            "write": "prompts",
            **self._room(style),
            "scenes": [shot_facts(scene, shot_of[scene.index], handles) for scene in asked],
        }
        facts = story_facts(brief, treatment, handles, casting)
        self._ask_scenes("prompts", self._directing.prompts, rules.PROMPTS, PromptsAnswer, facts, task, judge)
        return PromptList(
            prompts=tuple(
                prompt_from(brief, treatment, scene, shot_of[scene.index], judge.good[scene.index + 1])
                if scene.index + 1 in judge.good
                else prompt.model_copy(
                    update={"filled_locally": shot_of[scene.index].filled_locally or scene.index + 1 in judge.missing}
                )
                for scene, prompt in zip(scenes, spare, strict=True)
            )
        )

    def enhance(self, brief: Brief) -> Brief:
        """A short brief expanded into a richer direction.

        Args:
            brief: A rich brief stays as it is; without a prompt the style's direction is used.

        Returns:
            The brief with the artist's words first, unchanged.

        Raises:
            ContentRefused, RateLimited, ProviderUnavailable, Misconfigured: As for `envision`.
        """
        prompt = brief.prompt.strip()
        if not prompt or is_rich(prompt):
            return self._spare.enhance(brief)
        judge = AdditionJudge(PROMPT_MAX_CHARS - len(prompt) - 2, Secrecy(rules.ENHANCE), artists_words(brief))
        facts, stage = brief_facts(brief), self._directing.enhance
        task = {"write": "addition", "most_chars": judge.room}
        self._ask("enhance", stage, rules.ENHANCE, EnhanceAnswer, facts, task, judge, within_s=ENHANCE_S)
        if not judge.addition:
            return self._spare.enhance(brief)
        opening = prompt if prompt[-1] in ".!?…" else f"{prompt}."
        return brief.model_copy(update={"prompt": f"{opening} {judge.addition}"})

    def rewrite(self, prompt: ScenePrompt, complaint: str, attempt: int) -> ScenePrompt:
        """Other words for a prompt that an image or video model refused.

        Args:
            prompt: The refused prompt.
            complaint: The provider's words.
            attempt: The first rewrite is Claude's; later ones are the local director's, without offending parts.

        Returns:
            The prompt to try instead.

        Raises:
            RateLimited, ProviderUnavailable, Misconfigured: As for `envision`.
        """
        if attempt > 1:
            return self._softened(prompt, complaint, attempt)
        style, scene = find_style(prompt.style), prompt.scene_index + 1
        check = length_check(self._limits, style, f"{prompt.image_prompt} {prompt.motion_prompt}")
        judge = Numbered(SceneWords, "prompts", "scene", [scene], check, Secrecy(rules.REWRITE))
        words = {"scene": scene, **plain_words(prompt)}
        task = {
            "write": "rewrite",
            "complaint": complaint[:COMPLAINT_MAX_CHARS],
            **self._room(style),
            "scenes": [words],
        }
        stage, facts = self._directing.prompts, {"style": style.name}
        try:
            self._ask("rewrite", stage, rules.REWRITE, PromptsAnswer, facts, task, judge)
        except ContentRefused:
            log.info("director declined a scene", question="rewrite")
        if scene not in judge.good:
            return self._softened(prompt, complaint, attempt)
        return rewritten(prompt, judge.good[scene])

    def _softened(self, prompt: ScenePrompt, complaint: str, attempt: int) -> ScenePrompt:
        return self._spare.rewrite(prompt, complaint, attempt).model_copy(update={"filled_locally": True})

    def _room(self, style: Style) -> dict[str, int]:
        return {"image_max_chars": image_room(self._limits, style), "motion_max_chars": motion_room(self._limits)}

    def _ask_scenes(
        self,
        name: str,
        stage: DirectingStage,
        orders: str,
        answer: type[Answer],
        facts: Mapping[str, Any],
        task: Mapping[str, Any],
        judge: Numbered[Any],
    ) -> None:
        """Ask about scenes of a section; scenes that the model declines or misses go to the local director."""
        if not judge.missing:
            return
        try:
            self._ask(name, stage, orders, answer, facts, task, judge, cached=True)
        except ContentRefused:
            log.info("director declined a section", question=name, scenes=len(judge.missing))

    def _ask(
        self,
        name: str,
        stage: DirectingStage,
        orders: str,
        answer: type[Answer],
        facts: Mapping[str, Any],
        task: Mapping[str, Any],
        judge: Judge,
        *,
        cached: bool = False,
        within_s: float = float("inf"),
    ) -> None:
        """Ask; whatever the provider's filter stops goes to the local director."""
        material, question = document("material", facts), document("task", task)
        within_s = min(within_s, self._directing.question_s)
        # Before a question, not within one: repairs of a paid answer have their own limit.
        self._service.may_ask()
        try:
            converse(
                self._service, name, stage, orders, answer, material, question, judge, cached=cached, within_s=within_s
            )
        except ContentFiltered:
            log.info("the provider's filter stopped an answer", question=name)
