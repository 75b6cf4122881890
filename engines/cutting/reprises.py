"""New scenes and reprises, if there may be fewer scenes than the music suggests."""

from collections import Counter
from collections.abc import Sequence

from models.storyboard import Scene


def returning(scenes: Sequence[Scene]) -> list[int]:
    """Indices of the scenes in sections whose music returns."""
    first_of: dict[str, int] = {}
    for scene in scenes:
        first_of.setdefault(scene.letter, scene.section_index)
    return [scene.index for scene in scenes if first_of[scene.letter] != scene.section_index]


def with_reprises(scenes: Sequence[Scene], max_scenes: int) -> tuple[Scene, ...]:
    """The scenes, at most `max_scenes` of them new.

    Args:
        scenes: All scenes, in order.
        max_scenes: At least 1.

    Returns:
        The same scenes. Reprises are spread evenly over returning sections, and show an earlier take of the same
        letter. If that is not enough, other scenes become reprises of any letter.
    """
    excess = len(scenes) - max_scenes
    if excess <= 0:
        return tuple(scenes)
    candidates = returning(scenes)
    shown_again = set(_evenly(candidates, min(excess, len(candidates))))
    if len(candidates) < excess:
        others = [scene.index for scene in scenes if scene.index not in shown_again]
        shown_again |= set(others) - set(_evenly(others, max_scenes))
    return _assign(scenes, shown_again)


def _evenly(indices: Sequence[int], count: int) -> list[int]:
    """`count` of the indices at equal distances, the first among them."""
    return [indices[step * len(indices) // count] for step in range(count)]


def _assign(scenes: Sequence[Scene], shown_again: set[int]) -> tuple[Scene, ...]:
    result: list[Scene] = []
    used: Counter[int] = Counter()
    for scene in scenes:
        made = [other for other in result if other.reprise_of is None]
        if scene.index not in shown_again:
            result.append(scene)
            continue
        same = [other for other in made if other.letter == scene.letter]
        last = result[-1].index if result[-1].reprise_of is None else result[-1].reprise_of
        pool = [other for other in same or made if other.index != last] or same or made
        # Least shown first; then the take from the same place in its section, so that a chorus keeps its order.
        source = min(pool, key=lambda other: (used[other.index], abs(other.place - scene.place), other.index))
        used[source.index] += 1
        result.append(
            scene.model_copy(
                update={
                    "reprise_of": source.index,
                    "reprise_section": source.section_index,
                    "reprise_place": source.place,
                }
            )
        )
    return tuple(result)
