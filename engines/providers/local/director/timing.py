"""When things are seen: order words as sections of a song, and the sky of each section."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from engines.providers.local.director.story import Cue, Moment, Story
from engines.providers.local.reading.facts import Time, Weather, When
from models.song import Section

T = TypeVar("T", Weather, Time)
_SPARE: dict[str, tuple[str, ...]] = {
    "bridge": ("breakdown", "instrumental"),
    "pre-chorus": ("verse",),
    "instrumental": ("bridge", "breakdown"),
    "breakdown": ("bridge", "instrumental"),
}
"""What stands for a part that a song has not."""
_ABOUT = {"intro": (0.0, 0.12), "outro": (0.9, 1.0), "bridge": (0.6, 0.78), "instrumental": (0.5, 0.7)}
_OTHER_WEATHER: dict[Weather, Weather] = {
    "clear": "clouds", "clouds": "clear", "rain": "clouds", "snow": "clouds", "storm": "clouds", "fog": "clear",
    "dust": "clear",
}  # fmt: skip
_OTHER_TIME: dict[Time, Time] = {"dawn": "night", "day": "dawn", "golden": "day", "dusk": "day", "night": "dusk"}
"""The sky before or after a single one that has a time of its own."""


def sections_for(when: When, sections: Sequence[Section]) -> frozenset[int]:
    """The sections of a song that words mean; at least one.

    Args:
        when: What the words say.
        sections: The song's.
    """
    count, length_s = len(sections), max(1e-6, sections[-1].end_s)
    middles = [(one.start_s + one.end_s) / 2 / length_s for one in sections]
    if not when.part:
        found = [index for index, middle in enumerate(middles) if when.start <= middle <= when.end]
        nearest = 0 if when.start <= 0 else count - 1 if when.end >= 1 else _nearest(middles, (when.start, when.end))
        return frozenset(found or [nearest])
    found = _labelled(when.part, sections, middles)
    if when.number:
        found = [found[when.number - 1 if 0 < when.number <= len(found) else -1]]
    if when.side == "before":
        found = list(range(found[0])) or [0]
    elif when.side == "from":
        found = list(range(found[0], count))
    elif when.side == "after":
        found = list(range(found[-1] + 1, count)) or [count - 1]
    return frozenset(found)


def _labelled(part: str, sections: Sequence[Section], middles: Sequence[float]) -> list[int]:
    for label in (part, *_SPARE.get(part, ())):
        found = [index for index, one in enumerate(sections) if one.label == label]
        if found:
            return found
    if part in _ABOUT:
        return [_nearest(middles, _ABOUT[part])]
    loud = part == "chorus"
    mean = sum(one.energy for one in sections) / len(sections)
    return [index for index, one in enumerate(sections) if (one.energy >= mean) == loud] or [len(sections) - 1]


def _nearest(middles: Sequence[float], span: tuple[float, float]) -> int:
    centre = (span[0] + span[1]) / 2
    return min(range(len(middles)), key=lambda index: abs(middles[index] - centre))


def weathers_of(story: Story, told: Sequence[Sequence[Moment]], sections: Sequence[Section]) -> list[Weather]:
    """Each section's weather.

    Args:
        story: The brief as a story.
        told: The moments that each section tells; none where it brings the main image back.
        sections: The song's.
    """
    cues = [(cue.sky.weather, cue) for cue in story.skies if cue.sky.weather]
    return _line(cues, told, sections, story.usual.weather or "clear", _OTHER_WEATHER)


def times_of(story: Story, told: Sequence[Sequence[Moment]], sections: Sequence[Section]) -> list[Time]:
    """Each section's hour. Arguments as for `weathers_of`."""
    cues = [(cue.sky.time, cue) for cue in story.skies if cue.sky.time]
    said = [value for value, _ in cues]
    # Before a single hour comes the one that leads to it, in whatever style.
    usual = _OTHER_TIME[said[0]] if said else story.usual.time or "day"
    return _line(cues, told, sections, usual, _OTHER_TIME)


def by_moment(cues: Sequence[tuple[T, Cue]]) -> dict[int, list[T]]:
    """The skies of single moments, if several have their own; else they follow each other over the whole video."""
    base, _ = _sorted(cues)
    homes = {cue.moment for _, cue in base}
    if len({value for value, _ in base}) < 2 or -1 in homes or len(homes) < 2:
        return {}
    return {home: [value for value, cue in base if cue.moment == home] for home in homes}


def _sorted(cues: Sequence[tuple[T, Cue]]) -> tuple[list[tuple[T, Cue]], list[tuple[T, When]]]:
    """Skies whose order alone is known, and those with a time of their own."""
    base = [one for one in cues if one[1].when is None or one[1].when.soft]
    timed = [(value, cue.when) for value, cue in cues if cue.when is not None and not cue.when.soft]
    if base and all(cue.when is not None for _, cue in base):
        # “Later it snows”, and nothing before.
        timed = [(value, cue.when) for value, cue in cues if cue.when is not None]
        base = []
    return base, timed


def _line(
    cues: Sequence[tuple[T, Cue]],
    told: Sequence[Sequence[Moment]],
    sections: Sequence[Section],
    usual: T,
    other: Mapping[T, T],
) -> list[T]:
    base, timed = _sorted(cues)
    count = len(sections)
    line: list[T | None] = [None] * count
    own = by_moment(cues)
    if own:
        line = _by_moments(own, told)
    elif base:
        # One after the other over the whole video: “storm clouds, then sunlight” is a first and a second half.
        for index, section in enumerate(sections):
            middle = (section.start_s + section.end_s) / 2 / max(1e-6, sections[-1].end_s)
            line[index] = base[min(len(base) - 1, int(middle * len(base)))][0]
    holds = [False] * count
    for value, when in timed:
        for index in sections_for(when, sections):
            line[index], holds[index] = value, not when.part
    return _filled(line, holds, usual, other)


def _by_moments(own: Mapping[int, list[T]], told: Sequence[Sequence[Moment]]) -> list[T | None]:
    """Where a section tells a moment, that one's sky; elsewhere the last one's before it."""
    homes = [moments[0].number if moments else -1 for moments in told]
    line: list[T | None] = []
    for index, home in enumerate(homes):
        values = own.get(home)
        if values is None:
            line.append(line[-1] if line else next((own[one][0] for one in homes if one in own), None))
            continue
        turn, turns = homes[:index].count(home), homes.count(home)
        line.append(values[turn * len(values) // turns])
    return line


def _filled(line: list[T | None], holds: Sequence[bool], usual: T, other: Mapping[T, T]) -> list[T]:
    """What no words have: “at first” holds until something else begins, beside a single sky there is another one."""
    said = [value for value in line if value is not None]
    if not said:
        return [usual] * len(line)
    rest = usual if usual not in said else other[said[0]]
    found: list[T] = []
    last: T | None = None
    for index, value in enumerate(line):
        if value is not None:
            last = value if holds[index] else None
            found.append(value)
        elif last is not None and any(one is not None for one in line[index:]):
            found.append(last)
        else:
            found.append(rest)
    return found
