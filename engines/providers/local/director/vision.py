"""Creative vision: brief, style and analysis become a treatment."""

import re
from collections.abc import Sequence

from engines.providers.local.director.chance import chance
from engines.providers.local.director.colours import cloth_words, mixed_palette
from engines.providers.local.director.form import act_of, clock, peak_section
from engines.providers.local.director.people import make_cast, short_name
from engines.providers.local.director.places import SETTINGS
from engines.providers.local.director.plot import parts, skies
from engines.providers.local.director.promises import promises
from engines.providers.local.director.story import Story, story_of
from engines.providers.local.director.wardrobe import lowered
from engines.providers.local.director.words import COLOURS, MOODS, TONES, Act, Tone
from engines.providers.local.reading import read_words
from engines.providers.local.reading.places import Place
from models.brief import Brief
from models.song import SongAnalysis
from models.styles import find_style
from models.treatment import Location, SectionDirection, Treatment

_LONG_ENOUGH_WORDS = 2
_ARTICLES = frozenset({"a", "an", "the", "his", "her", "their", "my", "our", "your", "some", "two", "three"})


def envision(brief: Brief, analysis: SongAnalysis, song_title: str) -> Treatment:
    """The treatment of a video; see `LocalDirector.envision`."""
    style = find_style(brief.style)
    story = story_of(brief)
    key = f"{brief.seed}|{brief.style}|{brief.prompt}|{song_title}"
    text = brief.prompt.strip() or style.default_direction
    palette = mixed_palette(style, colours_in(brief.prompt))
    characters = make_cast(brief, story, cloth_words(palette), key)
    locations = _locations(story)
    tones = tones_in(text) or tones_in(style.default_direction) or ("dreamy",)
    lead = short_name(characters[0])
    return Treatment(
        title=_title(song_title, story, locations, key),
        logline=f"{characters[0].name}: {_gist(text)}.",
        mood_arc=_mood_arc(analysis, tones),
        palette=palette,
        characters=characters,
        locations=locations,
        motifs=tuple(lowered(item.words) for item in story.told.items[:6]),
        sections=_directions(analysis, story, locations, tones, lead),
        promises=promises(brief, story, parts(story, analysis)),
    )


def place_of(location: Location) -> Place:
    """A location's kind of place: from its id, else from its words."""
    kind = location.location_id.rsplit("-", 1)[0].replace("_", " ")
    for place in SETTINGS:
        if place == kind:
            return place
    found = read_words(f"{location.name}. {location.description}").places
    return found[0].place if found else "street"


def location_id(place: Place) -> str:
    """The id of a story's location."""
    return f"{place.replace(' ', '_')}-1"


def colours_in(text: str) -> tuple[str, ...]:
    """The colours that a text names, as `#rrggbb`, in its order."""
    return tuple(dict.fromkeys(COLOURS[word] for word in re.findall(r"\w+", text.lower()) if word in COLOURS))


def tones_in(text: str) -> tuple[Tone, ...]:
    """The moods of a text, the most frequent first."""
    words = re.findall(r"\w+", text.lower())
    counted = {tone: sum(word in listed.split(",") for word in words) for tone, listed in TONES.items()}
    return tuple(sorted((tone for tone, count in counted.items() if count), key=lambda tone: -counted[tone]))


def _locations(story: Story) -> tuple[Location, ...]:
    return tuple(
        Location(location_id=location_id(place), name=_place_name(place, said), description=_place_name(place, said))
        for place, said in story.places.items()
    )


def _place_name(place: Place, said: str) -> str:
    """The brief's words for a place, if the painter reads the same place from them; else a name of its own."""
    words = lowered(said)
    read = read_words(words).places if words else ()
    if not read or read[0].place != place or read[0].implied:
        return SETTINGS[place].name
    first = words.split()[0]
    if first in _ARTICLES or words.endswith("s") or said[:1].isupper():
        return said if said[:1].isupper() and first not in _ARTICLES else words
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def _title(song_title: str, story: Story, locations: Sequence[Location], key: str) -> str:
    words = [item.noun.title() for item in story.told.items]
    words += [location.name.split()[-1].title() for location in locations]
    words = list(dict.fromkeys(words))
    picked = chance(key, "title").sample(words, min(2, len(words)))
    return f"{song_title.strip() or 'Untitled'}: {' and '.join(picked)}"


def _gist(text: str) -> str:
    """The brief's most telling sentence: the longest of its first three."""
    first = [one.strip(" ,") for one in re.split(r"[.!?\n]+", text) if len(one.split()) >= _LONG_ENOUGH_WORDS][:3]
    return max(first, key=len, default=text.strip() or "one night changes everything").rstrip(" .…")


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
    analysis: SongAnalysis, story: Story, locations: Sequence[Location], tones: Sequence[Tone], lead: str
) -> tuple[SectionDirection, ...]:
    names = {one.location_id: one.name for one in locations}
    directions = []
    told = parts(story, analysis)
    for index, (section, part) in enumerate(zip(analysis.sections, told, strict=True)):
        act = act_of(section.label)
        weather, time = skies(story, analysis)[index]
        tone = tones[1] if act == "elsewhere" and len(tones) > 1 else tones[0]
        place = names[location_id(part.moments[0].places[0])]
        again = section.letter in {earlier.letter for earlier in analysis.sections[:index]}
        directions.append(
            SectionDirection(
                section_index=index,
                summary=f"{_PARTS[act].format(lead=lead, place=place)}{' Once more, and closer.' if again else ''}",
                mood=MOODS[tone][act],
                time_of_day=time,
                weather=weather,
            )
        )
    return tuple(directions)


_PARTS: dict[Act, str] = {
    "opening": "Long, quiet views: {place}, and {lead} not yet more than a shape.",
    "telling": "{place}: we stay close to {lead} and learn what is at stake.",
    "rising": "On the way, {place}: {lead} gathers speed.",
    "peak": "The main image: {place} in its strongest light, {lead} at the centre of it.",
    "elsewhere": "Another side of the story: {place}.",
    "ending": "We let go of {lead}; {place} remains.",
}
