"""Prompts: what an image model paints and a motion model moves, in sentences, the preset's look at the end."""

from collections.abc import Sequence

from engines.providers.local.director.chance import chance, number, video_key
from engines.providers.local.director.colours import palette_words
from engines.providers.local.director.fitting import within
from engines.providers.local.director.form import act_of
from engines.providers.local.director.people import cast_seed, short_name
from engines.providers.local.director.places import SETTINGS, Setting, preposition
from engines.providers.local.director.reading import Reading, Thread, places_in, read_brief, things_in
from engines.providers.local.director.shots import take_of
from engines.providers.local.director.vision import place_of
from engines.providers.local.director.words import TIME_PHRASES, WEATHER_MOTION, WEATHER_PHRASES
from engines.providers.local.painter.lexicon import Place, Time, Weather
from models.brief import Brief
from models.media_models import PromptLimits
from models.storyboard import CameraMove, Framing, Scene, ScenePrompt, Shot
from models.styles import Style, find_style
from models.treatment import Casting, Character, Location, Treatment

_LEAST_WORDS, _MOST_WORDS = 60, 110
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
"""Of a motion prompt, what the words on the camera may take."""

_FLUTTER = ("breathing, hair barely moving", "hair and clothes whipping")
_OUTDOOR = frozenset({"car", "moon", "sun", "train", "boat", "palms", "planet", "tree", "towers", "fireworks"})
_SOMEBODYS = frozenset({"her", "his", "their", "my", "our"})
_DEPTHS = ("in the foreground", "in the distance", "at the edge of the frame", "out of focus behind")


def write(
    brief: Brief,
    treatment: Treatment,
    casting: Casting,
    scenes: Sequence[Scene],
    shots: Sequence[Shot],
    limits: PromptLimits,
) -> tuple[ScenePrompt, ...]:
    """A prompt for each scene; see `LocalDirector.write_prompts`."""
    by_scene = {shot.scene_index: shot for shot in shots}
    homes = {section.location_id for section in casting.sections}
    shown = frozenset(place_of(location) for location in treatment.locations if location.location_id in homes)
    return tuple(_prompt(brief, treatment, shown, scene, by_scene[scene.index], limits) for scene in scenes)


def _prompt(
    brief: Brief, treatment: Treatment, shown: frozenset[Place], scene: Scene, shot: Shot, limits: PromptLimits
) -> ScenePrompt:
    style = find_style(brief.style)
    people = {character.character_id: character for character in treatment.characters}
    cast = [people[character_id] for character_id in shot.character_ids]
    location = next(one for one in treatment.locations if one.location_id == shot.location_id)
    place = place_of(location)
    section_index, take_place = take_of(scene)
    seeds = [cast_seed(brief, character) for character in cast]
    return ScenePrompt(
        scene_index=scene.index,
        image_prompt=_with_style(
            _image_words(brief, treatment, shown, scene, shot, cast, location), style, limits.image_max_chars
        ),
        motion_prompt=within(_motion_words(scene, shot, cast, SETTINGS[place]), limits.motion_max_chars),
        negative_prompt=style.negative_words if cast else f"{style.negative_words}, people",
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
    shown: frozenset[Place],
    scene: Scene,
    shot: Shot,
    cast: Sequence[Character],
    location: Location,
) -> str:
    section_index, take_place = take_of(scene)
    place = place_of(location)
    turn = section_index * 3 + take_place
    told, _ = read_brief(brief)
    # The hour by section, so that it does not jump between shots of one scene of the story.
    hour = chance(video_key(brief, treatment), "hour", section_index).choice(TIME_PHRASES[_time(shot.time_of_day)])
    air = WEATHER_PHRASES[_weather(shot.weather)][act_of(scene.section) == "peak"]
    style = find_style(brief.style)
    where = f"{preposition(place, location.name, brief.prompt or style.default_direction)} {location.name}"
    act, _, side = shot.action.rpartition(", ")
    lead = _FRAMING_WORDS[shot.framing]
    if cast:
        who = f"{cast[0].description}{f' and {short_name(cast[1])}' if len(cast) > 1 else ''}"
        # The artist's own clause may have named the place already, and has a verb of its own.
        told_act = any(act in thread.text.replace(",", " –") for thread in told.threads)
        there = "" if told_act and location.name.lower() in act.lower() else f" {where}"
        # “A street musician” on a bridge: a place in somebody's name would be taken for the place.
        first = next(iter(places_in(f"{who} {act}{there}")), place)
        early, late = (f" {where}", "") if first != place else ("", there)
        opening = f"{lead} {hour} {air}{early}: {who}{' ' if told_act else ', '}{act}{late}, {side}."
    else:
        empty = "" if "crowd" in shot.action else ", nobody in sight"
        opening = f"{lead} {hour} {air} {where}: {shot.action}{empty}."
    colours = palette_words(treatment.palette)
    accents = colours[2:5] or colours
    mood = treatment.sections[section_index].mood
    text = [
        opening,
        f"{shot.lens_mm}mm lens, {shot.light}.",
        f"{mood[0].upper()}{mood[1:]}; {', '.join(accents)} against {colours[0]}.",
    ]
    at = 1
    threads = [thread for thread in _threads(told, place, shown, turn) if not _names(thread, cast)]
    for extra in _extras(threads, treatment.motifs, SETTINGS[place], turn, bool(cast)):
        if extra.strip(".").lower() in opening.lower():
            continue
        length = sum(len(part.split()) for part in (*text, style.style_words))
        if length >= _LEAST_WORDS and at > 1:
            break
        if length + len(extra.split()) <= _MOST_WORDS:
            text.insert(at, extra)
            at += 1
    return " ".join(text)


def _with_style(words: str, style: Style, most_chars: int) -> str:
    look = f" {style.style_words[0].upper()}{style.style_words[1:]}."
    return within(words, most_chars - len(look)) + look


def _threads(told: Reading, place: Place, shown: frozenset[Place], turn: int) -> list[Thread]:
    """The brief's clauses that fit a place, another one in front each time.

    A clause about a place that the video never shows fits everywhere: better there than lost.
    """
    here = _turned([thread for thread in told.threads if place in thread.places], turn)
    anywhere = _turned([thread for thread in told.threads if not shown & set(thread.places)], turn // 2)
    return [*here, *anywhere] if turn % 2 else [*anywhere, *here]


def _turned(threads: list[Thread], turn: int) -> list[Thread]:
    at = turn % len(threads) if threads else 0
    return threads[at:] + threads[:at]


def _names(thread: Thread, cast: Sequence[Character]) -> bool:
    """Whether a clause speaks of somebody who is in frame: then the opening has said it."""
    return any(short_name(character).split(" ", 1)[-1].lower() in thread.text.lower() for character in cast)


def _extras(threads: list[Thread], motifs: Sequence[str], setting: Setting, turn: int, peopled: bool) -> list[str]:
    """Further sentences for one scene, the most fitting first: by turns a clause of the brief, a motif, the place."""
    clause = [_sentence(thread.text) for thread in threads[:1]]
    # A boat does not stand in a bedroom, and the moon not on a stage.
    motifs = [thing for thing in motifs if not (setting.indoor and _OUTDOOR & set(things_in(thing)))]
    motif = [f"{_sentence(motifs[turn % len(motifs)])[:-1]} {_DEPTHS[turn % len(_DEPTHS)]}."] if motifs else []
    life = [_sentence(setting.life)]
    detail = [_sentence(setting.details[(turn + 1) % len(setting.details)])]
    if not peopled:
        # “Her reflection” would put her into a picture that nobody is in.
        things = [thing for thing in motif if not set(thing.lower().split()) & _SOMEBODYS]
        return [*things, *detail, *life]
    orders = ([*clause, *motif, *life], [*motif, *life, *clause], [*life, *clause, *motif])
    return [*orders[turn % len(orders)], *detail]


def _sentence(text: str) -> str:
    text = text.strip(" ,.…")
    return f"{text[0].upper()}{text[1:]}."


def told_camera(move: CameraMove, energy: float) -> str:
    """A camera move as a motion model is told of it: calm or driven, as the music under the scene is."""
    return f"{CAMERA}{_MOVE_WORDS[move][energy >= _DRIVEN]}"


def _motion_words(scene: Scene, shot: Shot, cast: Sequence[Character], setting: Setting) -> str:
    driven = scene.energy >= _DRIVEN
    parts = [told_camera(shot.camera_move, scene.energy)]
    if cast:
        parts.append(f"{short_name(cast[0])} {shot.action.rpartition(', ')[0].rstrip(',')}, {_FLUTTER[driven]}")
    else:
        parts.append(shot.action)
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
