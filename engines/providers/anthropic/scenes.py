"""Shots and prompts from answers, and checks beyond their schemas."""

import re
from collections.abc import Callable, Sequence

from engines.providers.anthropic.answers import SceneShot, SceneWords, SectionCasting
from engines.providers.anthropic.material import Handles
from engines.providers.local.director.chance import number, video_key
from engines.providers.local.director.people import cast_seed
from engines.providers.local.director.prompts import CAMERA, LONGEST_CAMERA_CHARS, told_camera
from engines.providers.local.director.shots import take_of
from engines.providers.music_words import complaint_on
from models.brief import Brief
from models.media_models import PromptLimits
from models.storyboard import Scene, ScenePrompt, Shot
from models.styles import Style, find_style
from models.treatment import Casting, Character, SectionCast, Treatment

_SEEN_WORD_CHARS = 4


def cast_check(handles: Handles) -> Callable[[SectionCasting], list[str]]:
    """Only characters and places of the treatment."""

    def check(item: SectionCasting) -> list[str]:
        found = [f"there is no character {one[:20]}." for one in item.characters if not handles.character_id(one)]
        if len(set(item.characters)) < len(item.characters):
            found.append("a character is there twice.")
        if not handles.location_id(item.location):
            found.append(f"there is no location {item.location[:20]}.")
        return found

    return check


def section_cast(item: SectionCasting, handles: Handles) -> SectionCast:
    """A section's cast in its stored form."""
    return SectionCast(
        section_index=item.section - 1,
        character_ids=tuple(handles.character_id(one) or "" for one in item.characters),
        location_id=handles.location_id(item.location) or "",
    )


def shot_check(
    handles: Handles, casting: Casting, scenes: Sequence[Scene], told: str = ""
) -> Callable[[SceneShot], list[str]]:
    """Only the section's cast, only the treatment's places, and no words about the music except the artist's."""
    cast_of = {one.section_index: {handles.of(who) for who in one.character_ids} for one in casting.sections}
    section_of = {scene.index + 1: scene.section_index for scene in scenes}

    def check(item: SceneShot) -> list[str]:
        cast = cast_of[section_of[item.scene]]
        found = [f"character {one[:20]} is not in this section's cast." for one in item.characters if one not in cast]
        if len(set(item.characters)) < len(item.characters):
            found.append("a character is there twice.")
        if not handles.location_id(item.location):
            found.append(f"there is no location {item.location[:20]}.")
        return [*found, *complaint_on((item.action, item.light), told)]

    return check


def shot_from(item: SceneShot, handles: Handles) -> Shot:
    """A shot in its stored form."""
    return Shot(
        scene_index=item.scene - 1,
        framing=item.framing,
        lens_mm=item.lens_mm,
        camera_move=item.camera_move,
        light=item.light,
        time_of_day=item.time_of_day,
        weather=item.weather,
        location_id=handles.location_id(item.location) or "",
        character_ids=tuple(handles.character_id(one) or "" for one in item.characters),
        action=item.action,
    )


def image_room(limits: PromptLimits, style: Style) -> int:
    """The number of an image prompt's characters that are left beside the style's words."""
    return limits.image_max_chars - len(_styled("", style))


def motion_room(limits: PromptLimits) -> int:
    """The number of a motion prompt's characters that are left beside the camera's words."""
    return limits.motion_max_chars - LONGEST_CAMERA_CHARS


def length_check(limits: PromptLimits, style: Style, told: str = "") -> Callable[[SceneWords], list[str]]:
    """The chosen models' limits, in characters, and no words about the music except the artist's.

    The words that we add to an answer count too.
    """
    image, motion = image_room(limits, style), motion_room(limits)

    def check(item: SceneWords) -> list[str]:
        found = []
        if len(item.image) > image:
            found.append(f"image has {len(item.image):,} characters; beside the style the model takes {image:,}.")
        if len(item.motion) > motion:
            found.append(f"motion has {len(item.motion):,} characters; beside the camera the model takes {motion:,}.")
        return [*found, *complaint_on((item.image, item.motion), told)]

    return check


def words_check(
    limits: PromptLimits, style: Style, treatment: Treatment, shots: Sequence[Shot], told: str = ""
) -> Callable[[SceneWords], list[str]]:
    """The chosen models' limits, and a description of everyone in the shot."""
    people = {one.character_id: one for one in treatment.characters}
    cast = {shot.scene_index + 1: [people[who] for who in shot.character_ids] for shot in shots}
    lengths = length_check(limits, style, told)

    def check(item: SceneWords) -> list[str]:
        found = lengths(item)
        unseen = [one.name for one in cast[item.scene] if not _words(f"{one.name} {one.description}", item.image)]
        return [*found, *(f"{name} is in this shot but not in image: describe them." for name in unseen)]

    return check


def _words(known: str, text: str) -> bool:
    """Whether a text has any distinctive word of another."""
    telling = {word for word in re.findall(r"\w+", known.casefold()) if len(word) >= _SEEN_WORD_CHARS}
    return not telling or bool(telling & set(re.findall(r"\w+", text.casefold())))


def prompt_from(brief: Brief, treatment: Treatment, scene: Scene, shot: Shot, words: SceneWords) -> ScenePrompt:
    """A prompt in its stored form: the model's words, then the style's; seeds and references are ours."""
    style = find_style(brief.style)
    people = {one.character_id: one for one in treatment.characters}
    cast: list[Character] = [people[who] for who in shot.character_ids]
    seeds = [cast_seed(brief, one) for one in cast]
    return ScenePrompt(
        scene_index=scene.index,
        image_prompt=_styled(words.image, style),
        motion_prompt=f"{told_camera(shot.camera_move, scene.energy)}; {words.motion}",
        negative_prompt=style.negative_words if cast else f"{style.negative_words}, people",
        seed=number(brief.seed, video_key(brief, treatment), *take_of(scene)),
        style=style.slug,
        palette=treatment.palette,
        framing=shot.framing,
        camera_move=shot.camera_move,
        energy=scene.energy,
        section=scene.section,
        cast_seeds=tuple(seed for seed in seeds if seed is not None),
        reference_keys=tuple(key for one in cast for key in one.reference_keys),
        filled_locally=shot.filled_locally,
    )


def rewritten(prompt: ScenePrompt, words: SceneWords) -> ScenePrompt:
    """A prompt in other words; all other fields stay."""
    camera, _ = _split(prompt.motion_prompt)
    return prompt.model_copy(
        update={
            "image_prompt": _styled(words.image, find_style(prompt.style)),
            "motion_prompt": f"{camera}{words.motion}",
        }
    )


def plain_words(prompt: ScenePrompt) -> dict[str, str]:
    """A prompt's own words, without the style's and the camera's."""
    style = _styled("", find_style(prompt.style)).removeprefix(". ")
    return {
        "image": prompt.image_prompt.removesuffix(style).strip(),
        "motion": _split(prompt.motion_prompt)[1],
    }


def _split(motion: str) -> tuple[str, str]:
    """Our words on the camera, and the movement; an artist's own motion prompt has no camera words."""
    camera, mark, rest = motion.partition("; ")
    return (camera + mark, rest) if camera.startswith(CAMERA) else ("", motion)


def _styled(words: str, style: Style) -> str:
    return f"{words.rstrip(' .')}. {style.style_words[0].upper()}{style.style_words[1:]}."
