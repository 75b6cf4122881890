"""Prompts: sentences for the image and motion models, with the style's look at the end."""

from collections.abc import Sequence

from engines.providers.local.director.actions import named_in
from engines.providers.local.director.chance import chance, number, video_key
from engines.providers.local.director.colours import palette_words
from engines.providers.local.director.fitting import within
from engines.providers.local.director.form import act_of
from engines.providers.local.director.people import cast_seed, parts_of, short_name
from engines.providers.local.director.places import SETTINGS, Setting, preposition
from engines.providers.local.director.shots import take_of
from engines.providers.local.director.story import Story, clauses, story_of
from engines.providers.local.director.vision import place_of
from engines.providers.local.director.wardrobe import thing_words
from engines.providers.local.director.words import TIME_PHRASES, WEATHER_MOTION, WEATHER_PHRASES
from engines.providers.local.reading.facts import Time, Weather
from engines.providers.local.reading.things import HANDHELD
from models.brief import Brief
from models.media_models import PromptLimits
from models.storyboard import CameraMove, Framing, Scene, ScenePrompt, Shot
from models.styles import Style, find_style
from models.treatment import Character, Location, Treatment

_FULL_WORDS = 80
_PREPOSITIONS = ("in", "on", "under", "with")
_STANCES = ("in", "on", "under", "at", "from", "beside", "behind", "with")
_DRIVEN = 0.62
_FRAMING_WORDS: dict[Framing, str] = {
    Framing.EXTREME_WIDE: "Extreme wide establishing shot",
    Framing.WIDE: "Wide shot",
    Framing.FULL: "Full shot, head to toe,",
    Framing.MEDIUM: "Medium shot",
    Framing.CLOSE_UP: "Close-up",
    Framing.AERIAL: "Aerial shot",
    Framing.LOW_ANGLE: "Low angle shot",
    Framing.DETAIL: "Detail shot",
}
_MOVE_WORDS: dict[CameraMove, tuple[str, str]] = {
    # calm, driven
    CameraMove.PUSH_IN: ("slow push in", "fast push in on the beat"),
    CameraMove.PULL_OUT: ("slow pull out", "quick pull out"),
    CameraMove.PAN_LEFT: ("slow pan left", "whipping pan left"),
    CameraMove.PAN_RIGHT: ("slow pan right", "whipping pan right"),
    CameraMove.TILT_UP: ("gentle tilt up", "rising tilt up"),
    CameraMove.TILT_DOWN: ("gentle tilt down", "falling tilt down"),
    CameraMove.CRANE_UP: ("crane up, unhurried", "sweeping crane up"),
    CameraMove.ROLL: ("barely noticeable roll", "full-bodied roll"),
    CameraMove.HANDHELD: ("breathing handheld", "urgent handheld, close to the action"),
    CameraMove.DRIFT: ("weightless drift", "restless drift"),
}
CAMERA = "Camera: "
LONGEST_CAMERA_CHARS = max(len(f"{CAMERA}{words}; ") for pair in _MOVE_WORDS.values() for words in pair)
"""The most characters of a motion prompt for the words on the camera."""

_FLUTTER = ("breathing, hair barely moving", "hair and clothes whipping")


def write(
    brief: Brief,
    treatment: Treatment,
    scenes: Sequence[Scene],
    shots: Sequence[Shot],
    limits: PromptLimits,
) -> tuple[ScenePrompt, ...]:
    """A prompt for each scene; see `LocalDirector.write_prompts`."""
    by_scene = {shot.scene_index: shot for shot in shots}
    return tuple(_prompt(brief, treatment, scene, by_scene[scene.index], limits) for scene in scenes)


def _prompt(brief: Brief, treatment: Treatment, scene: Scene, shot: Shot, limits: PromptLimits) -> ScenePrompt:
    style = find_style(brief.style)
    people = {character.character_id: character for character in treatment.characters}
    cast = [people[character_id] for character_id in shot.character_ids]
    location = next(one for one in treatment.locations if one.location_id == shot.location_id)
    place = place_of(location)
    section_index, take_place = take_of(scene)
    seeds = [cast_seed(brief, character) for character in cast]
    absent = sorted(story_of(brief).told.absent - {"people"})
    negative = [style.negative_words, *absent, *([] if cast else ["people"])]
    return ScenePrompt(
        scene_index=scene.index,
        image_prompt=_with_style(
            _image_words(brief, treatment, scene, shot, cast, location), style, limits.image_max_chars
        ),
        motion_prompt=within(_motion_words(scene, shot, cast, SETTINGS[place]), limits.motion_max_chars),
        negative_prompt=", ".join(negative),
        seed=number(brief.seed, video_key(brief, treatment), section_index, take_place),
        style=style.slug,
        palette=treatment.palette,
        framing=shot.framing,
        camera_move=shot.camera_move,
        energy=scene.energy,
        section=scene.section,
        cast_seeds=tuple(seed for seed in seeds if seed is not None),
        reference_keys=tuple(key for character in cast for key in character.reference_keys),
    )


def _image_words(
    brief: Brief,
    treatment: Treatment,
    scene: Scene,
    shot: Shot,
    cast: Sequence[Character],
    location: Location,
) -> str:
    section_index, take_place = take_of(scene)
    place = place_of(location)
    style = find_style(brief.style)
    turn = section_index * 3 + take_place
    # The hour by section, so that it does not jump between shots of one part of the story.
    hour = chance(video_key(brief, treatment), "hour", section_index).choice(TIME_PHRASES[_time(shot.time_of_day)])
    air = WEATHER_PHRASES[_weather(shot.weather)][act_of(scene.section) == "peak"]
    where = f"{preposition(place, location.name, brief.prompt or style.default_direction)} {location.name}"
    framing = _FRAMING_WORDS[shot.framing] if cast else _FRAMING_WORDS[shot.framing].removesuffix(", head to toe,")
    lead = f"{framing} {hour} {air} {where}"
    opening = f"{lead}: {_people_words(brief, shot, cast) if cast else _place_words(shot, story_of(brief))}."
    colours = palette_words(treatment.palette)
    accents = colours[2:5] or colours
    mood = treatment.sections[section_index].mood
    text = [
        opening,
        f"{shot.lens_mm}mm lens, {shot.light}.",
        f"{mood[0].upper()}{mood[1:]}; {', '.join(accents)} against {colours[0]}.",
    ]
    moods = clauses(brief.prompt)
    if moods and turn % 3 == 0 and sum(len(part.split()) for part in (*text, style.style_words)) < _FULL_WORDS:
        text.insert(1, _sentence(moods[turn // 3 % len(moods)]))
    return " ".join(text)


def _people_words(brief: Brief, shot: Shot, cast: Sequence[Character]) -> str:
    """Who does what, then what else is in frame."""
    act, _, side = shot.action.rpartition(", ")
    words = cast[0].description
    act, others = _naming(brief, act, cast[1:])
    # A deed names what is in it: those things need no second mention.
    rest = [thing for thing in shot.things if _core(thing) not in act.lower()]
    near = [thing for thing in rest if thing.split(" ", 1)[0] in _PREPOSITIONS]
    words += "".join(f" {thing}" for thing in near)
    words += f"{_joint(act)}{act}" if act else ""
    words += "".join(f", and {one.description}{_stance(brief, one, act)}" for one in others)
    words += f", {side}" if side else ""
    beside = [thing for thing in rest if thing not in near]
    return f"{words}; {', '.join(beside)}" if beside else words


def _naming(brief: Brief, act: str, others: Sequence[Character]) -> tuple[str, list[Character]]:
    """A deed with those it names described in it, and who else is in frame.

    “Runs towards him, and a soldier in a green uniform” would be three people.
    """
    story, left = story_of(brief), []
    refs = {character_id: ref for ref, character_id in parts_of(brief, story).items()}
    for one in others:
        person = story.person(refs.get(one.character_id, ""))
        found = named_in(act, person) if person else None
        if found is None:
            left.append(one)
            continue
        after, worn = act[found.end() :], one.description[one.description.rfind(" in ") :]
        act = f"{act[: found.start()]}{one.description}{after.removeprefix(worn)}"
    return act, left


def _stance(brief: Brief, character: Character, act: str) -> str:
    """Where the brief has someone who is in company: “on the pier”; empty if the deed before says it of both."""
    story = story_of(brief)
    for ref, character_id in parts_of(brief, story).items():
        for link in story.told.relations if character_id == character.character_id else ():
            item = story.item(link.other)
            if link.one != ref or item is None or link.link not in _STANCES or _core(thing_words(item)) in act.lower():
                continue
            if link.link == "from" and item.name in HANDHELD:
                continue  # who leaves a letter does not stand on it
            return f" {'on' if link.link == 'from' else link.link} {thing_words(item)}"
    return ""


def _joint(act: str) -> str:
    """A deed follows its subject, a participle is set off."""
    return ", " if act.split(maxsplit=1)[0].rstrip(",").endswith(("ing", "with", "bent", "hand")) else " "


def _place_words(shot: Shot, story: Story) -> str:
    """Things, or the place alone."""
    first, *rest = [*(_bare(thing) for thing in shot.things), ""]
    act, _, side = shot.action.rpartition(", ")
    if first and act:
        first += f"{_joint(act)}{act}"
    words = [first, *(one for one in rest if one and _core(one) not in act.lower()), side]
    empty = "" if story.told.crowd and "a crowd" in shot.things else "not a soul in sight"
    return ", ".join(part for part in (*words, empty) if part)


def _bare(thing: str) -> str:
    first, _, rest = thing.partition(" ")
    return rest if first in _PREPOSITIONS and rest else thing


def _core(thing: str) -> str:
    """A thing's noun with its adjectives, without preposition and article."""
    words = _bare(thing).split()
    return " ".join(words[1:] if words[0] in ("a", "an", "the", "his", "her", "their") and len(words) > 1 else words)


def _with_style(words: str, style: Style, most_chars: int) -> str:
    look = f" {style.style_words[0].upper()}{style.style_words[1:]}."
    return within(words, most_chars - len(look)) + look


def _sentence(text: str) -> str:
    text = text.strip(" ,.…")
    return f"{text[0].upper()}{text[1:]}."


def told_camera(move: CameraMove, energy: float) -> str:
    """A camera move for a motion model: calm or driven, like the music under the scene."""
    return f"{CAMERA}{_MOVE_WORDS[move][energy >= _DRIVEN]}"


def _motion_words(scene: Scene, shot: Shot, cast: Sequence[Character], setting: Setting) -> str:
    driven = scene.energy >= _DRIVEN
    parts = [told_camera(shot.camera_move, scene.energy)]
    if cast:
        parts.append(f"{short_name(cast[0])} {shot.action.rpartition(', ')[0].rstrip(',')}, {_FLUTTER[driven]}")
    elif shot.things:
        parts.append(f"{_bare(shot.things[0])} {shot.action.rpartition(', ')[0]}".strip())
    if not setting.indoor:
        parts.append(WEATHER_MOTION[_weather(shot.weather)])
    if setting.life not in parts:
        parts.append(setting.life)
    parts.append(
        "lights pulse hard on every beat"
        if driven
        else "light swells gently with the bar"
        if scene.energy > 0.3
        else "everything else holds its breath"
    )
    return "; ".join(parts) + "."


def _time(word: str) -> Time:
    return next((time for time in TIME_PHRASES if time == word), "dusk")


def _weather(word: str) -> Weather:
    return next((weather for weather in WEATHER_PHRASES if weather == word), "clear")
