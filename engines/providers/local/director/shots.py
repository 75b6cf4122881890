"""Casting, and shots from scenes."""

from collections.abc import Sequence

from engines.providers.local.director.actions import action_for
from engines.providers.local.director.chance import video_key
from engines.providers.local.director.form import act_of, letters
from engines.providers.local.director.grammar import Setup, setup_of
from engines.providers.local.director.people import short_name
from engines.providers.local.director.places import SETTINGS
from engines.providers.local.director.reading import Reading, kind_of, read_brief
from engines.providers.local.director.vision import assign_homes, place_of
from engines.providers.local.director.words import INDOOR_LIGHTS, LIGHTS, Act
from engines.providers.local.painter.lexicon import Place, Time
from models.brief import Brief
from models.song import SongAnalysis
from models.storyboard import CameraMove, Framing, Scene, Shot
from models.treatment import Casting, Character, Location, SectionCast, Treatment

_LIGHT_OF_ACT: dict[Act, int] = {"opening": 0, "telling": 1, "rising": 1, "peak": 2, "elsewhere": 0, "ending": 0}
_FAR_OR_NEAR = frozenset({Framing.EXTREME_WIDE, Framing.AERIAL, Framing.CLOSE_UP})
_ARTICLE_CHARS = 4
_LEAST_ACTION_WORDS = 2
_COMPANY: dict[Act, tuple[int, ...]] = {
    "opening": (0,),
    "telling": (0, 1),
    "rising": (0, 2),
    "peak": (0, 1, 2),
    "elsewhere": (1, 0),
    "ending": (0,),
}
"""Which characters a part of the story has, the one it is about first."""


def cast_sections(analysis: SongAnalysis, treatment: Treatment) -> Casting:
    """Who appears in each section, and where; equal letters have equal casts."""
    homes = assign_homes(analysis, treatment.locations)
    parts = letters(analysis)
    ids = [character.character_id for character in treatment.characters]
    return Casting(
        sections=tuple(
            SectionCast(
                section_index=index,
                character_ids=tuple(ids[i] for i in _COMPANY[act_of(parts[section.letter])] if i < len(ids)),
                location_id=homes[section.letter],
            )
            for index, section in enumerate(analysis.sections)
        )
    )


def take_of(scene: Scene) -> tuple[int, int]:
    """Section and place of the picture that a scene shows: of its source when it is a reprise."""
    if scene.reprise_section is not None and scene.reprise_place is not None:
        return scene.reprise_section, scene.reprise_place
    return scene.section_index, scene.place


def setup_for(
    brief: Brief, analysis: SongAnalysis, treatment: Treatment, casting: Casting, scene: Scene
) -> tuple[Setup, SectionCast]:
    """Camera and cast of a scene."""
    section_index, place = take_of(scene)
    section, cast = analysis.sections[section_index], casting.sections[section_index]
    key = video_key(brief, treatment)
    act = act_of(section.label)
    return setup_of(key, section_index, act, section.energy, len(cast.character_ids), place), cast


def specify(
    brief: Brief, analysis: SongAnalysis, treatment: Treatment, casting: Casting, scenes: Sequence[Scene]
) -> tuple[Shot, ...]:
    """A shot for each scene; see `LocalDirector.specify_shots`."""
    return tuple(_shot(brief, analysis, treatment, casting, scene) for scene in scenes)


def _shot(brief: Brief, analysis: SongAnalysis, treatment: Treatment, casting: Casting, scene: Scene) -> Shot:
    setup, cast = setup_for(brief, analysis, treatment, casting, scene)
    section_index, take_place = take_of(scene)
    section, direction = analysis.sections[section_index], treatment.sections[section_index]
    act = act_of(section.label)
    location = _location(treatment, casting, cast, setup, act)
    setting = SETTINGS[place_of(location)]
    who = tuple(cast.character_ids[i] for i in setup.who)
    people = {character.character_id: character for character in treatment.characters}
    turn = section_index * 3 + take_place
    if who:
        told, _ = read_brief(brief)
        kind = kind_of(people[who[0]].description)
        may_sing = analysis.is_sung(section.start_s, section.end_s) is not False
        action = action_for(setup.framing, act, section.energy, kind, told.poses, setup.action, may_sing=may_sing)
        # A face leaves no room for where it is.
        spot = "" if setup.framing is Framing.CLOSE_UP else f" {setting.spots[setup.spot % len(setting.spots)]}"
        own = "" if setup.framing in _FAR_OR_NEAR else _told(told, people[who[0]], place_of(location), len(who), turn)
        action = f"{own or action + spot}, {setup.angle}"
    elif setup.framing is Framing.DETAIL:
        # Consecutive numbers, so that the same detail does not come back until all have been seen.
        action = setting.details[turn % len(setting.details)]
    else:
        action = setting.life
    return Shot(
        scene_index=scene.index,
        framing=setup.framing,
        lens_mm=setup.lens_mm,
        camera_move=setup.move if scene.reprise_of is None else _other_way(setup.move),
        light=_light(direction.time_of_day, act, setting.indoor),
        time_of_day=direction.time_of_day,
        weather=direction.weather,
        location_id=location.location_id,
        character_ids=who,
        action=action,
    )


def _location(treatment: Treatment, casting: Casting, cast: SectionCast, setup: Setup, act: Act) -> Location:
    """The section's place, or for one shot another: one that no section has, or in a peak one that the story knows."""
    home = next(one for one in treatment.locations if one.location_id == cast.location_id)
    if not setup.elsewhere:
        return home
    homes = {section.location_id for section in casting.sections}
    unseen = [one for one in treatment.locations if one.location_id not in homes]
    known = [one for one in treatment.locations if one is not home] if act in ("peak", "rising") else []
    others = unseen or known or [home]
    return others[setup.action % len(others)]


def _told(told: Reading, character: Character, place: Place, count: int, turn: int) -> str:
    """What the brief itself says that somebody does here, in the artist's words; every second time, else nothing."""
    if count != 1 or turn % 2:
        return ""
    name = short_name(character).split(" ", 1)[-1].lower()
    for thread in told.threads:
        at = thread.text.lower().find(name)
        rest = thread.text[at + len(name) :].strip(" ,.…") if 0 <= at <= _ARTICLE_CHARS else ""
        if (not thread.places or place in thread.places) and len(rest.split()) >= _LEAST_ACTION_WORDS:
            return rest.replace(",", " –")
    return ""


def _light(time_of_day: str, act: Act, indoor: bool) -> str:
    strength = _LIGHT_OF_ACT[act]
    if indoor:
        return INDOOR_LIGHTS[strength]
    times: dict[str, Time] = {time: time for time in LIGHTS}
    return LIGHTS[times.get(time_of_day, "dusk")][strength]


_OPPOSITES: dict[CameraMove, CameraMove] = {
    CameraMove.PUSH_IN: CameraMove.PULL_OUT,
    CameraMove.PULL_OUT: CameraMove.PUSH_IN,
    CameraMove.PAN_LEFT: CameraMove.PAN_RIGHT,
    CameraMove.PAN_RIGHT: CameraMove.PAN_LEFT,
    CameraMove.TILT_UP: CameraMove.TILT_DOWN,
    CameraMove.TILT_DOWN: CameraMove.TILT_UP,
    CameraMove.CRANE_UP: CameraMove.TILT_DOWN,
    CameraMove.ROLL: CameraMove.HANDHELD,
    CameraMove.HANDHELD: CameraMove.ROLL,
    CameraMove.DRIFT: CameraMove.PUSH_IN,
}


def _other_way(move: CameraMove) -> CameraMove:
    """A reprise is filmed the other way round, so that it reads as a new take."""
    return _OPPOSITES[move]
