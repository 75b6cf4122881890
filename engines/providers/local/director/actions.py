"""What people do in a shot: verbs that fit the section, the energy and the body, in words that a painter knows."""

from typing import TypeVar

from engines.providers.local.director.words import Act
from engines.providers.local.painter.lexicon import Kind, Pose
from models.storyboard import Framing

T = TypeVar("T")

_BY_POSE: dict[Pose, tuple[str, ...]] = {
    "stand": ("standing motionless", "standing and listening", "standing with lowered head", "facing the wind"),
    "walk": ("walking slowly", "walking on without turning", "walking into the light", "walking against the wind"),
    "run": ("running at full speed", "running, breathless", "sprinting past us", "leaping forward"),
    "dance": ("dancing, lost in the beat", "dancing with open arms", "spinning on the spot", "swaying, then dancing"),
    "arms": ("with arms raised to the light", "singing, arms wide", "reaching for the sky", "singing at full voice"),
    "sit": (
        "sitting quite still",
        "sitting with drawn-up knees",
        "sitting, head bowed",
        "crouching close to the ground",
    ),
    "lean": ("leaning back, waiting", "waiting, half turned", "leaning into the wind", "waiting, collar turned up"),
}
_CLOSE: dict[bool, tuple[str, ...]] = {
    False: (
        "gazing past us, lips parted", "turning slowly to the light, gazing up", "staring straight into the lens",
        "looking down, a strand of hair moving", "watching something that we cannot see",
    ),
    True: (
        "singing straight into the lens", "singing, head thrown back", "staring at us, breathing hard",
        "screaming the last word of the line", "gazing up into the light, overwhelmed",
    ),
}  # fmt: skip
_SMALL = ("standing, tiny in the frame,", "no more than a speck, standing", "walking, a dot in the frame,")
_OF_ACT: dict[Act, tuple[Pose, ...]] = {
    "opening": ("stand", "sit", "walk"),
    "telling": ("walk", "lean", "sit", "stand", "walk"),
    "rising": ("walk", "run", "stand"),
    "peak": ("dance", "arms", "run", "dance", "arms"),
    "elsewhere": ("stand", "walk", "sit", "arms"),
    "ending": ("walk", "stand", "sit"),
}
_ANIMAL_POSES: tuple[Pose, ...] = ("stand", "walk", "run", "sit")
_ANIMAL: dict[Pose, tuple[str, ...]] = {
    "stand": ("standing with raised head", "standing motionless, ears up"),
    "walk": ("walking low to the ground", "walking, unhurried"),
    "run": ("running flat out", "leaping across the frame"),
    "sit": ("sitting and waiting", "sitting upright"),
}
_STRANGE = (
    "filling the frame",
    "drifting through the picture",
    "glowing from within",
    "slowly unfolding",
)
_HOT = 0.62
_VOICES = ("singing", "screaming")


def action_for(
    framing: Framing,
    act: Act,
    energy: float,
    kind: Kind | None,
    wished: tuple[Pose, ...],
    number: int,
    *,
    may_sing: bool = True,
) -> str:
    """What is done in a shot.

    Args:
        framing: Close-ups have faces, the widest shots specks.
        act: What part the section plays.
        energy: Of the section.
        kind: What body does it; None for something that has none.
        wished: What the brief has people do.
        number: Chooses.
        may_sing: False where no voice is heard in the music.

    Returns:
        A participle phrase, which fits one and many.
    """
    if kind is None:
        return _pick(_STRANGE, number)
    animal = kind in ("animal", "bird")
    if framing in (Framing.EXTREME_WIDE, Framing.AERIAL):
        return _pick(_SMALL, number)
    if framing is Framing.CLOSE_UP and not animal:
        return _pick(_unsung(_CLOSE[act == "peak" and energy >= _HOT], may_sing), number)
    poses = _OF_ACT[act]
    fitting = tuple(pose for pose in wished if pose in poses or act in ("telling", "rising"))
    # Every second time the artist's own verb, so that it colours the video without being all of it.
    if fitting and number % 2:
        poses = fitting
    if animal:
        poses = tuple(pose for pose in poses if pose in _ANIMAL_POSES) or _ANIMAL_POSES
        return _pick(_ANIMAL[_pick(poses, number // 2)], number // 16)
    return _pick(_unsung(_BY_POSE[_pick(poses, number // 2)], may_sing), number // 16)


def _unsung(options: tuple[str, ...], may_sing: bool) -> tuple[str, ...]:
    """The options, without voices where nobody sings."""
    return options if may_sing else tuple(one for one in options if not one.startswith(_VOICES))


def _pick(options: tuple[T, ...], number: int) -> T:
    return options[number % len(options)]
