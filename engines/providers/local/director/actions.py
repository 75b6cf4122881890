"""What people do in a shot: the brief's own deed, its pose in other words, or what fits the section and the energy."""

import re
from typing import TypeVar

from engines.providers.local.director.words import Act
from engines.providers.local.reading import Item, Person
from engines.providers.local.reading.looks import Sex
from engines.providers.local.reading.poses import Pose
from engines.providers.local.reading.things import INSTRUMENTS, living
from models.storyboard import Framing

T = TypeVar("T")

_BY_POSE: dict[Pose, tuple[str, ...]] = {
    "stand": (
        "standing motionless",
        "standing and listening",
        "standing with lowered head",
        "standing, gazing far away",
    ),
    "walk": ("walking slowly", "walking on without turning", "walking on", "walking, unhurried"),
    "run": ("running at full speed", "running, breathless", "running past us"),
    "dance": ("dancing, lost in the beat", "dancing with open arms", "dancing, spinning on the spot"),
    "arms": ("with arms raised", "with arms wide open", "reaching up"),
    "sit": ("sitting quite still", "sitting, deep in thought", "sitting, head bowed"),
    "lie": ("lying still", "lying, eyes open"),
    "lean": ("leaning back, waiting", "waiting, half turned"),
    "kneel": ("kneeling", "kneeling, head bowed"),
    "sing": ("singing at full voice", "singing, head thrown back"),
    "play": ("playing with closed eyes", "playing, lost in it"),
    "row": ("rowing with long strokes", "rowing steadily"),
    "drive": ("driving, both hands at the top", "driving on and on"),
    "ride": ("riding at full speed", "riding slowly"),
    "wave": ("waving", "waving with a raised arm"),
    "hug": ("embracing", "holding each other"),
    "hold hands": ("holding hands", "hand in hand"),
    "look out": ("looking out", "gazing out, motionless"),
    "work": ("working with both hands", "bent over the work"),
    "swim": ("swimming with slow strokes", "swimming"),
    "jump": ("jumping high", "leaping"),
    "read": ("reading", "reading, lips moving"),
    "eat": ("eating", "drinking slowly"),
    "fight": ("fighting", "fighting, fists up"),
    "fly": ("floating", "floating, weightless"),
}
_CLOSE: dict[bool, tuple[str, ...]] = {
    False: (
        "gazing past us, lips parted", "turning slowly, gazing up", "staring straight into the lens",
        "looking down", "watching, quite still",
    ),
    True: (
        "singing straight into the lens", "singing, head thrown back", "staring at us, breathing hard",
        "gazing up, overwhelmed",
    ),
}  # fmt: skip
_OF_ACT: dict[Act, tuple[Pose, ...]] = {
    "opening": ("stand", "walk", "sit"),
    "telling": ("walk", "stand", "sit", "walk"),
    "rising": ("walk", "run", "stand"),
    "peak": ("stand", "walk", "arms", "run"),
    "elsewhere": ("stand", "sit", "walk"),
    "ending": ("walk", "stand", "sit"),
}
_STILL: tuple[Pose, ...] = ("stand", "walk", "sit")
"""What old people and children do where the brief says nothing: they neither run nor throw up their arms."""

_HOT = 0.62
_OBJECTS: dict[Sex, re.Pattern[str]] = {
    "male": re.compile(r"\bhim\b"),
    # “Her” with a noun after it is a possessive.
    "female": re.compile(
        r"\bher\b(?=$|[,.;]| (?:in|on|at|to|from|with|and|through|by|across|under|into|along|over)\b)"
    ),
}
_VOICES = ("singing", "screaming")


def action_for(
    person: Person | None, framing: Framing, act: Act, energy: float, deed: str, number: int, *, may_sing: bool = True
) -> str:
    """The action of a shot.

    Args:
        person: Who it is; None for a locked character that the brief does not mention.
        framing: Close-ups show faces, the widest shots small figures.
        act: The section's part in the story.
        energy: The section's energy.
        deed: What the brief says that this person does here, from the verb on; or empty.
        number: Chooses one of the options.
        may_sing: False if the music has no voice.

    Returns:
        The deed, or a participle phrase, which fits one and many.
    """
    may_sing = may_sing and (person is None or person.kind == "person")
    if framing is Framing.CLOSE_UP:
        return _pick(_unsung(_CLOSE[act == "peak" and energy >= _HOT], may_sing), number)
    if deed and framing is not Framing.LOW_ANGLE:
        return deed
    if person and person.pose:
        action = _pick(_unsung(_BY_POSE[person.pose], may_sing), number)
        played = next((name for name in person.holds if name in INSTRUMENTS), "")
        # Without its name it would be in no hand, and children play without one.
        return action.replace("playing", f"playing the {played}", 1) if person.pose == "play" and played else action
    calm = person is not None and person.age in ("old", "child")
    poses = _STILL if calm else _OF_ACT[act]
    return _pick(_unsung(_BY_POSE[_pick(poses, number // 2)], may_sing), number // 16)


def named_in(deed: str, person: Person) -> re.Match[str] | None:
    """Where a deed has someone: in the brief's words, or as “him” or “her”."""
    said = re.search(rf"\b{re.escape(person.words)}\b", deed, re.IGNORECASE) if person.words else None
    return said or (_OBJECTS[person.sex].search(deed) if person.sex else None)


def item_action(item: Item, deed: str, number: int) -> str:
    """What an animal does: the brief's deed, its pose, or nothing."""
    if deed:
        return deed
    if not item.doing or not living(item.name, item.glyph):
        return ""
    return _pick(_BY_POSE[item.doing], number).split(",")[0]


def _unsung(options: tuple[str, ...], may_sing: bool) -> tuple[str, ...]:
    """The options, without singing if the music has no voice."""
    return options if may_sing else tuple(one for one in options if not one.startswith(_VOICES)) or ("standing",)


def _pick(options: tuple[T, ...], number: int) -> T:
    return options[number % len(options)]
