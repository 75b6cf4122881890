"""What becomes of the brief's nouns: in which sections each is shown, or that it cannot be drawn here."""

from collections.abc import Sequence

from engines.providers.local.director.grammar import Part
from engines.providers.local.director.story import Story
from engines.providers.local.reading import Reading, read_words
from models.brief import Brief
from models.treatment import Promise


def promises(brief: Brief, story: Story, told: Sequence[Part]) -> tuple[Promise, ...]:
    """One promise per noun of the brief, in its order; none if the brief is empty.

    Args:
        brief: The artist's brief.
        story: Its story.
        told: What each section tells.

    Returns:
        Nouns with the sections that show them, figures of speech and words that are not understood without any.
    """
    if not brief.prompt.strip():
        return ()
    said = read_words(brief.prompt)
    if not (said.people or said.items or said.places):
        return _not_drawn(said)
    found: list[tuple[int, Promise]] = []
    refs: list[tuple[int, str, str]] = [(one.at, one.ref, one.words) for one in story.told.people]
    refs += [(one.at, one.ref, one.words) for one in story.told.items]
    for at, ref, words in refs:
        sections = [
            index
            for index, part in enumerate(told)
            if any(ref in moment.subjects for moment in (*part.moments, *part.others))
        ]
        found.append((at, Promise(words=words, sections=tuple(sections))))
    for place in story.told.places:
        if place.words:
            sections = [
                index for index, part in enumerate(told) if any(place.place in moment.places for moment in part.moments)
            ]
            found.append((place.at, Promise(words=place.words, sections=tuple(sections))))
    listed = [promise for _, promise in sorted(found, key=lambda pair: pair[0])]
    return (*listed, *_not_drawn(said))


def _not_drawn(said: Reading) -> tuple[Promise, ...]:
    listed = [Promise(words=words, why="a figure of speech") for words in said.figurative]
    return (*listed, *(Promise(words=words, why="not understood") for words in said.unknown))
