"""The song's sections and the brief's moments: verses tell in order, choruses bring the main image back."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from engines.providers.local.director.form import act_of
from engines.providers.local.director.grammar import Part
from engines.providers.local.director.story import Moment, Story
from engines.providers.local.director.timing import by_moment, sections_for, times_of, weathers_of
from engines.providers.local.reading.facts import Time, Weather
from models.song import Section, SongAnalysis

_HOT = 0.62
_LEAST_STORY = 2
"""Sections outside of choruses that a story needs: with fewer, choruses tell it too."""


def parts(story: Story, analysis: SongAnalysis) -> tuple[Part, ...]:
    """What each section tells.

    Args:
        story: The brief as a story.
        analysis: The song.

    Returns:
        One part per section, in order.
    """
    return _parts(_Key(story), analysis.sections)


class _Key:
    """A story that can be a cache's key: two of the same brief are one object."""

    def __init__(self, story: Story) -> None:
        self.story = story

    def __hash__(self) -> int:
        return hash(self.story.told)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Key)
            and other.story.told == self.story.told
            and (other.story.moments == self.story.moments)
        )


@lru_cache(maxsize=16)
def _parts(key: _Key, sections: tuple[Section, ...]) -> tuple[Part, ...]:
    story = key.story
    choruses = [index for index, section in enumerate(sections) if act_of(section.label) == "peak"]
    telling = [index for index in range(len(sections)) if index not in choruses]
    if len(telling) < _LEAST_STORY:
        choruses, telling = [], list(range(len(sections)))
    meeting = frozenset(
        (one.ref, other.ref)
        for one in story.told.people
        for other in story.told.people
        if one.ref < other.ref and story.close(one.ref, other.ref)
    )
    always = _always(story)
    timed: dict[int, list[Moment]] = {}
    for one in story.moments:
        if one not in always and one.when is not None:
            for index in sections_for(one.when, sections):
                timed.setdefault(index, []).append(one)
    free = [index for index in telling if index not in timed] or telling
    shares = dict(zip(free, _shared(always, len(free)), strict=True))
    main = main_moment(story)
    told: dict[Moment, int] = {}
    found = []
    for index, section in enumerate(sections):
        own = tuple(timed.get(index, ()))
        moments = own or shares.get(index, (main,))
        returns = not own and index not in shares
        others = tuple(one for one in always if one not in moments) if returns else ()
        if own and not any(one.people for one in own):
            # “Finally a whale rises”: the lead is not forgotten over it.
            others = (main,)
        here = {ref for one in (*always, *own) for ref in one.people}
        turn = told.get(moments[0], 0)
        told[moments[0]] = turn + 1
        met = frozenset(pair for pair in meeting if here.issuperset(pair))
        found.append(Part(act_of(section.label), section.energy >= _HOT, moments, others, turn, met, returns))
    return tuple(found)


def _always(story: Story) -> tuple[Moment, ...]:
    """The moments without a time of their own; all of them if there are none with subjects, or only “at first”."""
    for kept in (
        [one for one in story.moments if one.when is None],
        [one for one in story.moments if one.when is None or (one.when.start == 0 and not one.when.part)],
    ):
        if any(one.subjects for one in kept):
            return tuple(kept)
    return story.moments


def main_moment(story: Story) -> Moment:
    """The main image: the first moment with the lead, and who meets the lead."""
    always = _always(story)
    first = next((one for one in always if one.subjects), always[0])
    here = {ref for one in always for ref in one.people}
    joined = list(first.people)
    for one in story.told.people:
        met = any(story.meet(one.ref, other) for other in first.people)
        if met and one.ref not in joined and one.ref in here:
            joined.append(one.ref)
    return replace(first, people=tuple(joined))


def _shared(moments: Sequence[Moment], count: int) -> list[tuple[Moment, ...]]:
    """The moments over a number of sections, in order, each section at least one and each moment in one."""
    total = len(moments)
    shares = []
    for index in range(count):
        first = index * total // count
        last = max(first + 1, (index + 1) * total // count)
        shares.append(tuple(moments[first:last]))
    return shares


def skies(story: Story, analysis: SongAnalysis) -> tuple[tuple[Weather, Time], ...]:
    """Each section's weather and hour, in the brief's order and where its order words have them.

    Args:
        story: The brief as a story.
        analysis: The song.
    """
    return _skies(_Key(story), analysis.sections)


@lru_cache(maxsize=16)
def _skies(key: _Key, sections: tuple[Section, ...]) -> tuple[tuple[Weather, Time], ...]:
    story = key.story
    told = [() if part.returns else part.moments for part in _parts(key, sections)]
    return tuple(zip(weathers_of(story, told, sections), times_of(story, told, sections), strict=True))


def own_sky(story: Story, part: Part, moment: Moment) -> tuple[Weather | None, Time | None]:
    """A shot's own weather and hour, where its section tells several moments of which it has them.

    Args:
        story: The brief as a story.
        part: The section's part in it.
        moment: What the shot tells.
    """
    if part.returns or len(part.moments) < 2 or moment.when is not None:
        return None, None
    weathers = by_moment([(cue.sky.weather, cue) for cue in story.skies if cue.sky.weather]).get(moment.number)
    times = by_moment([(cue.sky.time, cue) for cue in story.skies if cue.sky.time]).get(moment.number)
    return weathers[0] if weathers else None, times[0] if times else None
