"""What an edit of a timeline does, as a sentence for the artist."""

from collections.abc import Sequence
from fractions import Fraction

from models.edits import Freeze, Merge, MoveCut, Reorder, Repeat, ShowTake, Split, Swap, TimelineEdit, Trim, UseBeats
from models.timeline import TimelineScene


def told_edit(
    edit: TimelineEdit, before: Sequence[TimelineScene], after: Sequence[TimelineScene], fps: Fraction
) -> str:
    """One edit in words; scenes have the numbers that they had when it was made.

    Args:
        edit: It can be done.
        before: The scenes that it was applied to, in order.
        after: The scenes that it left.
        fps: Frames a second of the video.
    """
    if isinstance(edit, UseBeats):
        return "The video follows the song's corrected beats and sections."
    places = {scene.identity: place for place, scene in enumerate(before)}
    place = places[edit.scene_id]
    name = f"Scene {place + 1}"
    match edit:
        case MoveCut():
            return f"The cut before scene {place + 1} moves to {_clock(after[place].start_frame, fps)}."
        case Split():
            return f"{name} is split at {_clock(after[place].end_frame, fps)}."
        case Merge():
            return f"{name} is merged with scene {place + 2}."
        case Swap():
            return f"{name} and scene {places[edit.other_id] + 1} change places."
        case Reorder():
            return f"{name} moves to place {edit.position + 1}."
        case Repeat():
            return f"{name} shows what scene {places[edit.other_id] + 1} shows."
        case Trim():
            return f"{name} begins at frame {edit.in_frame} of its clip."
        case Freeze():
            held = edit.frame
            return f"{name} moves again." if held is None else f"{name} holds its picture of {_clock(held, fps)}."
        case ShowTake():
            return f"{name} shows another take."


def _clock(frame: int, fps: Fraction) -> str:
    """`1:04.5`: the tenth of a second in which a frame begins."""
    tenths = int(10 * frame / fps)
    return f"{tenths // 600}:{tenths // 10 % 60:02}.{tenths % 10}"
