"""The creative vision of a video: what it tells, how it looks, who and where."""

from pydantic import Field

from models.base import Model


class Character(Model):
    """A being or a thing that keeps its look through the video."""

    character_id: str
    name: str
    description: str
    reference_keys: tuple[str, ...] = ()


class Location(Model):
    """A place the video returns to."""

    location_id: str
    name: str
    description: str


class SectionDirection(Model):
    """What one section of the song shows. `section_index` counts the analysis' sections from 0."""

    section_index: int
    summary: str
    mood: str
    time_of_day: str
    weather: str
    filled_locally: bool = False


class Promise(Model):
    """What becomes of words of the brief: sections that show them, or why none does."""

    words: str
    sections: tuple[int, ...] = ()
    why: str = Field(default="", description="why they are not drawn; empty if they are")


class Treatment(Model):
    """Logline, mood, palette and cast list; one direction per section, in order."""

    title: str
    logline: str
    mood_arc: str
    palette: tuple[str, ...] = Field(description="`#rrggbb`, darkest first")
    characters: tuple[Character, ...]
    locations: tuple[Location, ...]
    motifs: tuple[str, ...]
    sections: tuple[SectionDirection, ...]
    filled_locally: bool = False
    promises: tuple[Promise, ...] = Field(default=(), description="what becomes of the brief's nouns, in its order")


class SectionCast(Model):
    """Who appears in a section, and where."""

    section_index: int
    character_ids: tuple[str, ...]
    location_id: str
    filled_locally: bool = Field(default=False, description="the director in use gave no usable answer")


class Casting(Model):
    """The cast of every section, in order."""

    sections: tuple[SectionCast, ...]
