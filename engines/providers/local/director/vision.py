"""Creative vision: brief, preset and analysis become a treatment."""

import re
from collections.abc import Sequence
from random import Random

from engines.providers.local.director.chance import chance
from engines.providers.local.director.colours import cloth_words, mixed_palette
from engines.providers.local.director.form import act_of, clock, letters, peak_section
from engines.providers.local.director.people import make_cast, short_name
from engines.providers.local.director.places import SETTINGS
from engines.providers.local.director.reading import Reading, places_in, read_brief
from engines.providers.local.director.words import MOODS, STOP, Act, Tone
from engines.providers.local.painter.lexicon import PLACES, Place, Time, Weather
from models.brief import Brief
from models.song import SectionLabel, SongAnalysis
from models.styles import Style, find_style
from models.treatment import Location, SectionDirection, Treatment

_LEAST_LOCATIONS, _MOST_LOCATIONS = 3, 6
_EXPLAINED: dict[Place, str] = {
    "street": "the city streets of {}",
    "room": "{}, a bare room",
    "hall": "{}, a vast hall",
}
"""Names that say too little to somebody who draws."""

_TRANSIT: tuple[Place, ...] = ("bridge", "road", "tunnel", "street")
_FALLBACK_PLACES: tuple[Place, ...] = ("street", "sea", "forest", "rooftop", "stage", "field")


def envision(brief: Brief, analysis: SongAnalysis, song_title: str) -> Treatment:
    """The treatment of a video; see `LocalDirector.envision`."""
    style = find_style(brief.style)
    told, preset = read_brief(brief)
    key = f"{brief.seed}|{brief.style}|{brief.prompt}|{song_title}"
    rng = chance(key, "vision")
    palette = mixed_palette(style, told.colours if brief.prompt.strip() else ())
    characters = make_cast(brief, told.subjects, preset.subjects, cloth_words(palette), key)
    locations = _locations(told, preset, len(letters(analysis)), rng)
    homes = assign_homes(analysis, locations)
    tones = told.tones or preset.tones or ("dreamy",)
    peak = analysis.sections[peak_section(analysis.sections)]
    lead = short_name(characters[0])
    where = {location.location_id: location.name for location in locations}
    big, small = where[homes[peak.letter]], where[homes[analysis.sections[0].letter]]
    gist = _gist(told)
    way = f"from {small} to {big}" if small != big else f"back to {big}"
    named = characters[0].name.split(" ", 1)[-1].lower() in gist.lower()
    logline = f"{gist}; the way leads {way}." if named else f"{characters[0].name}, drawn {way}: {gist}."
    return Treatment(
        title=_title(song_title, told, locations, rng),
        logline=logline,
        mood_arc=_mood_arc(analysis, tones),
        palette=palette,
        characters=characters,
        locations=locations,
        motifs=_motifs(told, preset, locations, rng),
        sections=_directions(analysis, told, preset, homes, where, lead, style),
    )


def place_of(location: Location) -> Place:
    """What kind of place a location is: its id says so, and else its words."""
    kind = location.location_id.rsplit("-", 1)[0]
    for place in SETTINGS:
        if place == kind:
            return place
    return next(iter(places_in(f"{location.name} {location.description}")), "street")


def assign_homes(analysis: SongAnalysis, locations: Sequence[Location]) -> dict[str, str]:
    """Where each letter of the song takes place.

    Args:
        analysis: The song.
        locations: The brief's own come first.

    Returns:
        Location ids by letter. Choruses get the biggest places, verses the first that the brief names, pre-choruses
        one that leads on, bridges and breakdowns one that nobody else has, as long as there are enough.
    """
    free = list(locations)
    homes: dict[str, str] = {}
    order: list[SectionLabel] = [
        "chorus",
        "verse",
        "bridge",
        "breakdown",
        "pre-chorus",
        "instrumental",
        "intro",
        "outro",
    ]
    parts = letters(analysis)
    for letter in sorted(parts, key=lambda one: order.index(parts[one])):
        act = act_of(parts[letter])
        pool = free or list(locations)
        chosen = max(pool, key=lambda location: _fit(act, location, pool.index(location)))
        homes[letter] = chosen.location_id
        free = [location for location in free if location is not chosen]
    return homes


def _fit(act: Act, location: Location, rank: int) -> float:
    """How well a place serves a part of the story; earlier ones are nearer to the brief."""
    place = place_of(location)
    scale = SETTINGS[place].scale
    bonus = {
        "peak": 2.0 * scale + (0.8 if place in ("stage", "club") else 0.0),
        "telling": 0.6 if scale == 2 else 0.0,
        "rising": 1.5 if place in _TRANSIT else 0.0,
        "opening": 0.7 * scale,
        "ending": 0.7 * scale,
        "elsewhere": 0.0,
    }[act]
    return bonus - 0.9 * rank


def _locations(told: Reading, preset: Reading, parts: int, rng: Random) -> tuple[Location, ...]:
    wanted = max(_LEAST_LOCATIONS, min(_MOST_LOCATIONS, parts))
    named: dict[Place, str] = {}
    for phrase in told.places:
        named.setdefault(_as_place(phrase.kind), phrase.text)
    for place in told.implied:
        named.setdefault(place, "")
    if len(named) >= _LEAST_LOCATIONS:
        # Places of its own that return tell the brief's story; the preset's would tell another one beside it.
        wanted = _LEAST_LOCATIONS
    others = [(_as_place(phrase.kind), phrase.text) for phrase in preset.places]
    rng.shuffle(others)
    for place, text in [*others, *((place, "") for place in _FALLBACK_PLACES)]:
        if len(named) >= wanted:
            break
        named.setdefault(place, text)
    # A single word is a name (“on Mars”) if it is written large in the middle of a clause; else it says too little.
    said = " ".join(f"| {thread.text}" for thread in told.threads).replace("| ", "|")
    locations = []
    for place, text in list(named.items())[:_MOST_LOCATIONS]:
        setting = SETTINGS[place]
        proper = text[:1].isupper() and text.lower() not in STOP and f" {text}" in said
        name = _lower_article(text) if len(text.split()) > 1 or proper else rng.choice(setting.names)
        if not any(re.search(rf"\b{word}\b", name.lower()) for word in PLACES[place].split(",")):
            name = _EXPLAINED.get(place, "{}").format(name)
        seen = ", ".join(rng.sample(setting.details, 2))
        locations.append(Location(location_id=f"{place}-1", name=name, description=f"{name}, {seen}"))
    return tuple(locations)


def _as_place(kind: str) -> Place:
    return next(place for place in SETTINGS if place == kind)


def _lower_article(text: str) -> str:
    first = text.split(maxsplit=1)[0]
    return text[0].lower() + text[1:] if first.lower() in ("a", "an", "the", "one") else text


def _motifs(told: Reading, preset: Reading, locations: Sequence[Location], rng: Random) -> tuple[str, ...]:
    own = [thing for thing in told.things if len(thing.split()) <= 6]
    if len(own) < 2:
        own += [thing for thing in preset.things if thing not in own][:2]
    if len(own) < 2:
        own.append(rng.choice(SETTINGS[place_of(locations[0])].details))
    return tuple(own[:6])


def _title(song_title: str, told: Reading, locations: Sequence[Location], rng: Random) -> str:
    words = [phrase.split()[-1].title() for phrase in told.things if phrase.isascii()]
    if len(words) < 2:
        words += [location.name.split()[-1].title() for location in locations]
    words = list(dict.fromkeys(words))
    picked = rng.sample(words, min(2, len(words)))
    return f"{song_title.strip() or 'Untitled'}: {' and '.join(picked)}"


def _gist(told: Reading) -> str:
    """The brief's most telling clause: the longest of its first three."""
    first = [thread.text for thread in told.threads[:3]]
    return max(first, key=len, default="One night changes everything").rstrip(" .…")


def _mood_arc(analysis: SongAnalysis, tones: Sequence[Tone]) -> str:
    moods = MOODS[tones[0]]
    steps: list[str] = []
    peak = peak_section(analysis.sections)
    for index, section in enumerate(analysis.sections):
        level = (
            "the summit"
            if index == peak
            else "high"
            if section.energy > 0.66
            else ("low" if section.energy < 0.34 else "middle")
        )
        steps.append(f"{clock(section.start_s)} {section.label}: {moods[act_of(section.label)]} ({level})")
    return "; ".join(steps)


def _directions(
    analysis: SongAnalysis,
    told: Reading,
    preset: Reading,
    homes: dict[str, str],
    where: dict[str, str],
    lead: str,
    style: Style,
) -> tuple[SectionDirection, ...]:
    times: tuple[Time, ...] = told.times or preset.times or ("dusk",)
    weathers: tuple[Weather, ...] = told.weathers or preset.weathers or ("clear",)
    tones = told.tones or preset.tones or ("dreamy",)
    parts = list(letters(analysis))
    directions = []
    last = len(analysis.sections) - 1
    for index, section in enumerate(analysis.sections):
        act = act_of(section.label)
        # By letter, so that music which returns finds its place as it left it; the ending has the last word.
        step = parts.index(section.letter)
        progress = 1.0 if index == last and len(parts) > 1 else step / max(1, len(parts))
        time = times[min(len(times) - 1, int(progress * len(times)))]
        weather = weathers[min(len(weathers) - 1, int(progress * len(weathers)))]
        tone = tones[1] if act == "elsewhere" and len(tones) > 1 else tones[0]
        mood = MOODS[tone][act]
        place = where[homes[section.letter]]
        again = section.letter in {earlier.letter for earlier in analysis.sections[:index]}
        directions.append(
            SectionDirection(
                section_index=index,
                summary=f"{_PARTS[act].format(lead=lead, place=place)}{' Once more, and closer.' if again else ''}",
                mood=mood,
                time_of_day=time,
                weather=weather,
            )
        )
    return tuple(directions)


_PARTS: dict[Act, str] = {
    "opening": "Long, quiet views: {place}, and {lead} not yet more than a shape.",
    "telling": "{place}: we stay close to {lead} and learn what is at stake.",
    "rising": "On the way, {place}: {lead} gathers speed.",
    "peak": "Everything opens: {place} in its strongest light, {lead} at the centre of it.",
    "elsewhere": "Somewhere else entirely: {place}, as if remembered.",
    "ending": "We let go of {lead}; {place} remains.",
}
