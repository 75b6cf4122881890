"""The creative vision from an answer: names and words are the model's, ids and palette are ours."""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from engines.providers.anthropic.answers import SectionVision, VisionAnswer
from engines.providers.anthropic.judging import Numbered, Secrecy, complaints_of, parsed, texts_of
from engines.providers.local.director.colours import mixed_palette
from engines.providers.local.director.vision import colours_in
from engines.providers.music_words import complaint_on
from models.brief import Brief
from models.styles import find_style
from models.treatment import Character, Location, SectionDirection, Treatment

MOST_CHARACTERS = 3


class VisionJudge:
    """Judges a vision in two halves: the frame of the story, and one entry per section.

    Args:
        sections: The number of the song's sections.
        locked: Names of the artist's own characters, who are in the video already.
        secrecy: Detects quoted instructions.
        told: The artist's own words.
    """

    def __init__(self, sections: int, locked: Sequence[str], secrecy: Secrecy, told: str = "") -> None:
        self.frame: VisionAnswer | None = None
        numbers = range(1, sections + 1)
        self.sections = Numbered(SectionVision, "sections", "section", numbers, self._mood, secrecy)
        self._locked = locked
        self._secrecy = secrecy
        self._told = told

    def _mood(self, item: SectionVision) -> list[str]:
        return complaint_on([item.mood], self._told)  # the mood appears in the words of pictures

    def read(self, answer: str) -> list[str]:
        """See `Judge`."""
        data = parsed(answer)
        if data is None:
            return self.sections.read(answer)
        complaints = [] if self.frame else self._read_frame(data)
        return [*complaints, *self.sections.take(data)]

    def _read_frame(self, data: dict[str, Any]) -> list[str]:
        halved = {name: value for name, value in data.items() if name != "sections"} | {"sections": []}
        try:
            frame = VisionAnswer.model_validate(halved)
        except ValidationError as error:
            return complaints_of(error)
        names = [name.casefold() for name in (*self._locked, *(one.name for one in frame.characters))]
        where = [one.name.casefold() for one in frame.locations]
        complaints = []
        if not names:
            complaints.append("characters: name at least one.")
        if len(frame.characters) > max(0, MOST_CHARACTERS - len(self._locked)):
            complaints.append(f"characters: at most {MOST_CHARACTERS} in all, the locked ones included.")
        if len(set(names)) < len(names) or len(set(where)) < len(where):
            complaints.append("characters and locations: each name once, and no locked character again.")
        if self._secrecy.broken_by(texts_of(halved)):
            complaints.append("it quotes the instructions: describe the video instead.")
        # Looks, places and motifs return in the words of every picture; title and logline do not.
        looks = [f"{one.name} {one.description}" for one in frame.characters]
        looks += [f"{one.name} {one.description}" for one in frame.locations]
        complaints += complaint_on([*looks, *frame.motifs], self._told)
        if not complaints:
            self.frame = frame
        return complaints


def treatment_from(
    brief: Brief, frame: VisionAnswer, sections: dict[int, SectionVision], locked: Sequence[Character], spare: Treatment
) -> Treatment:
    """The treatment in its stored form.

    Args:
        brief: The artist's brief.
        frame: A good frame.
        sections: The good sections by number, from 1.
        locked: The artist's own characters; they come first.
        spare: The local director's treatment, for missing sections: its hours and moods, not its people and places.

    Returns:
        The treatment.
    """
    wished = colours_in(brief.prompt)
    invented = tuple(
        Character(character_id=f"character-{number}", name=one.name, description=one.description)
        for number, one in enumerate(frame.characters, len(locked) + 1)
    )
    return Treatment(
        title=frame.title,
        logline=frame.logline,
        mood_arc=frame.mood_arc,
        palette=mixed_palette(find_style(brief.style), wished),
        characters=(*locked, *invented),
        locations=tuple(
            Location(location_id=f"location-{number}", name=one.name, description=one.description)
            for number, one in enumerate(frame.locations, 1)
        ),
        motifs=frame.motifs,
        sections=tuple(
            _direction(sections[direction.section_index + 1])
            if direction.section_index + 1 in sections
            else direction.model_copy(update={"summary": frame.logline, "filled_locally": True})
            for direction in spare.sections
        ),
    )


def _direction(answer: SectionVision) -> SectionDirection:
    return SectionDirection(
        section_index=answer.section - 1,
        summary=answer.summary,
        mood=answer.mood,
        time_of_day=answer.time_of_day,
        weather=answer.weather,
    )
