"""Casting, and shots from scenes."""

from collections.abc import Mapping, Sequence

from engines.providers.local.director.actions import action_for, item_action, named_in
from engines.providers.local.director.chance import chance, video_key
from engines.providers.local.director.form import act_of
from engines.providers.local.director.grammar import Part, Setup, setup_of
from engines.providers.local.director.people import parts_of
from engines.providers.local.director.places import SETTINGS
from engines.providers.local.director.plot import main_moment, own_sky, parts
from engines.providers.local.director.story import Story, story_of
from engines.providers.local.director.vision import location_id, place_of
from engines.providers.local.director.wardrobe import described, thing_words
from engines.providers.local.director.words import INDOOR_LIGHTS, LIGHTS, Act
from engines.providers.local.reading import Item
from engines.providers.local.reading.facts import Link, Time
from models.brief import Brief
from models.song import SongAnalysis
from models.storyboard import CameraMove, Framing, Scene, Shot
from models.treatment import Casting, Location, SectionCast, Treatment

_LIGHT_OF_ACT: dict[Act, int] = {"opening": 0, "telling": 1, "rising": 1, "peak": 2, "elsewhere": 0, "ending": 0}
_MOST_THINGS = 4
_MOST_DEED_WORDS = 14
_WORN_LINKS: tuple[Link, ...] = ("in", "on", "under", "with")
_MEETING_LINKS: tuple[Link, ...] = ("beside", "towards", "with", "behind", "in", "on", "under", "from")


def cast_sections(brief: Brief, analysis: SongAnalysis, treatment: Treatment) -> Casting:
    """The cast and place of each section: the people of its moments."""
    story = story_of(brief)
    roles = parts_of(brief, story)
    known = {character.character_id for character in treatment.characters}
    own = [one.location_id for one in treatment.locations]
    sections = []
    for index, part in enumerate(parts(story, analysis)):
        refs = [ref for moment in part.moments for ref in moment.people] or list(main_moment(story).people)
        ids = [roles[ref] for ref in refs if roles.get(ref) in known]
        ids += [one for ref, one in roles.items() if ref.startswith("locked") and one in known]
        home = location_id(part.moments[0].places[0])
        sections.append(
            SectionCast(
                section_index=index,
                character_ids=tuple(dict.fromkeys(ids)) or tuple(list(known)[:1] if _foreign(own) else ()),
                location_id=home if home in own else own[index % len(own)],
            )
        )
    return Casting(sections=tuple(sections))


def _foreign(locations: Sequence[str]) -> bool:
    """Whether a treatment is another director's: its places have ids of their own."""
    return any(one.startswith("location-") for one in locations)


def take_of(scene: Scene) -> tuple[int, int]:
    """Section and place of the picture that a scene shows: its source's if it is a reprise."""
    if scene.reprise_section is not None and scene.reprise_place is not None:
        return scene.reprise_section, scene.reprise_place
    return scene.section_index, scene.place


def specify(
    brief: Brief, analysis: SongAnalysis, treatment: Treatment, casting: Casting, scenes: Sequence[Scene]
) -> tuple[Shot, ...]:
    """A shot for each scene; see `LocalDirector.specify_shots`."""
    story = story_of(brief)
    told = parts(story, analysis)
    return tuple(_shot(brief, analysis, treatment, casting, story, told, scene) for scene in scenes)


def _shot(
    brief: Brief,
    analysis: SongAnalysis,
    treatment: Treatment,
    casting: Casting,
    story: Story,
    told: Sequence[Part],
    scene: Scene,
) -> Shot:
    section_index, place = take_of(scene)
    section, direction, cast = (
        analysis.sections[section_index],
        treatment.sections[section_index],
        casting.sections[section_index],
    )
    act = act_of(section.label)
    setup = setup_of(video_key(brief, treatment), section_index, told, place)
    location = _location(treatment, cast, setup)
    refs = [ref for ref in (setup.subject, *setup.company) if ref.startswith("person")]
    roles = parts_of(brief, story)
    known = {character.character_id for character in treatment.characters}
    who = [roles[ref] for ref in refs if roles.get(ref) in known]
    foreign = not set(roles.values()) & known
    alone = setup.subject.startswith("item") and setup.framing in (Framing.DETAIL, Framing.MEDIUM, Framing.FULL)
    if foreign or any(ref.startswith("locked") for ref in roles):
        # Characters that the brief does not mention are in every shot of people; another director's are the section's.
        spare = cast.character_ids if foreign else [roles[ref] for ref in roles if ref.startswith("locked")]
        who = [*who, *(one for one in spare if one in known and one not in who and not alone)][:2]
    may_sing = analysis.is_sung(section.start_s, section.end_s) is not False
    deed = _deed(story, setup, setup.subject)
    if who:
        person = story.person(refs[0]) if refs else None
        action = action_for(person, setup.framing, act, section.energy, deed, setup.action, may_sing=may_sing)
        who += _named(story, action, refs, {ref: one for ref, one in roles.items() if one in known and one not in who})
        action = f"{action}, {setup.angle}"
    else:
        item = story.item(setup.subject)
        action = item_action(item, deed, setup.action) if item else ""
        action = f"{action}, {setup.side}"
    indoor = SETTINGS[place_of(location)].indoor
    own_weather, own_time = own_sky(story, told[section_index], setup.moment)
    time = own_time or direction.time_of_day
    return Shot(
        scene_index=scene.index,
        framing=setup.framing,
        lens_mm=setup.lens_mm,
        camera_move=setup.move if scene.reprise_of is None else _other_way(setup.move),
        light=_light(time, act, indoor),
        time_of_day=time,
        weather=own_weather or direction.weather,
        location_id=location.location_id,
        character_ids=tuple(dict.fromkeys(who)),
        action=action,
        things=_things(brief, story, setup, refs, who),
    )


def _location(treatment: Treatment, cast: SectionCast, setup: Setup) -> Location:
    """The moment's place; of several each in turn."""
    by_id = {one.location_id: one for one in treatment.locations}
    places = [location_id(place) for place in setup.moment.places if location_id(place) in by_id]
    if places:
        return by_id[places[setup.place_number % len(places)]]
    return by_id.get(cast.location_id, treatment.locations[0])


def _deed(story: Story, setup: Setup, ref: str) -> str:
    """What the brief says that a subject does, in its words; in wide and full shots, where it is seen."""
    if setup.framing in (Framing.CLOSE_UP, Framing.DETAIL):
        return ""
    deeds = [
        " ".join(deed.words.split()[:_MOST_DEED_WORDS])
        for deed in story.told.deeds
        if ref in deed.refs and (deed.when is None or deed.when.soft or deed.when == setup.moment.when)
    ]
    own = deeds[setup.action % len(deeds)] if deeds else ""
    return own if setup.action % 3 or setup.framing in (Framing.WIDE, Framing.EXTREME_WIDE) else ""


def _named(story: Story, action: str, refs: Sequence[str], others: Mapping[str, str]) -> list[str]:
    """Who of the cast an action names, and so is in frame: “runs towards him” would be a stranger."""
    named = [ref for ref in others if (person := story.person(ref)) and named_in(action, person)]
    near = [ref for ref in named if any(ref in story.told.related(one, *_MEETING_LINKS) for one in refs)]
    return [others[ref] for ref in (near or named)[:1]]


def _things(brief: Brief, story: Story, setup: Setup, refs: Sequence[str], who: Sequence[str]) -> tuple[str, ...]:
    """The things in frame, in the brief's words, the subject first; and people beyond the cast."""
    found: dict[str, None] = {}
    if setup.framing is Framing.CLOSE_UP:
        return ()
    wide = setup.framing in (Framing.WIDE, Framing.EXTREME_WIDE)
    items = [ref for ref in (setup.subject, *setup.company) if ref.startswith("item")]
    if setup.subject.startswith("person"):
        items += [ref for ref in story.told.related(setup.subject, *_WORN_LINKS) if ref.startswith("item")]
        held = story.person(setup.subject)
        items += [one.ref for one in story.told.items if held and _held(one, held.holds)]
    for ref in items:
        item = story.item(ref)
        if item:
            found.setdefault(_placed(story, item, refs), None)
    roles = parts_of(brief, story)
    for ref in refs if wide else []:
        person = story.person(ref)
        if person and roles.get(ref) not in who:
            found.setdefault(described(person, (), chance("extra", ref)), None)
    if story.told.crowd and wide:
        found.setdefault("a crowd", None)
    return tuple(found)[:_MOST_THINGS]


def _held(item: Item, holds: Sequence[str]) -> bool:
    return (item.name in holds) or f"mdi:{item.glyph}" in holds


def _placed(story: Story, item: Item, refs: Sequence[str]) -> str:
    """A thing with its preposition, if the subject is in, on or under it: “in a red boat”."""
    words = thing_words(item)
    for link in story.told.relations:
        if link.one in refs and link.other == item.ref and link.link in ("in", "on", "under"):
            return f"{link.link} {words}"
        if link.one in refs and link.other == item.ref and link.link == "with":
            return f"with {words}"
    return words


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
    """A reprise uses the opposite camera move, so that it reads as a new take."""
    return _OPPOSITES[move]
