"""The measures of animals on four legs: one skeleton, a row for each kind."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Beast:
    """Measures in heights of the animal, from foot to the top of its head.

    Attributes:
        fur, pale: Colours of back and belly.
        length: Of the trunk.
        back: Height of the back.
        girth: Depth of the trunk.
        head: Middle of the head, from the shoulder.
        skull: Its radius.
        muzzle: Its length and thickness.
        ears: Width, height, and their kind: up, flop, round.
        tail: Length, thickness, and its end's height.
        leg: Thickness above and below.
        neck: Thickness at shoulder and head.
    """

    fur: str
    pale: str
    length: float = 0.8
    back: float = 0.72
    girth: float = 0.16
    head: tuple[float, float] = (0.2, 0.2)
    skull: float = 0.11
    muzzle: tuple[float, float] = (0.16, 0.06)
    ears: tuple[float, float, str] = (0.05, 0.13, "up")
    tail: tuple[float, float, float] = (0.4, 0.05, -0.1)
    leg: tuple[float, float] = (0.065, 0.03)
    neck: tuple[float, float] = (0.13, 0.09)
    hoof: bool = False
    mane: str = ""
    horns: str = ""
    trunk: bool = False
    woolly: bool = False
    patches: str = ""
    snout: bool = False


BEASTS: dict[str, Beast] = {
    "horse": Beast("7a4a2c", "8a5a38", 0.7, 0.66, 0.175, (0.17, 0.25), 0.078, (0.155, 0.052), (0.026, 0.075, "up"),
    (0.4, 0.05, -0.46), (0.062, 0.024), (0.185, 0.088), hoof=True, mane="2a1a14"),
    "dog": Beast("a8743f", "e8d2ac", 0.72, 0.66, 0.18, (0.16, 0.16), 0.14, (0.13, 0.066), (0.062, 0.19, "flop"),
    (0.32, 0.042, 0.26), (0.066, 0.036), (0.16, 0.125)),
    "cat": Beast("b8783c", "f0e0c8", 0.84, 0.62, 0.195, (0.1, 0.17), 0.185, (0.035, 0.06), (0.085, 0.16, "up"), (0.5,
    0.04, 0.38), (0.07, 0.045), (0.17, 0.15), patches="tabby"),
    "wolf": Beast("6f7078", "c8c4be", 0.86, 0.7, 0.215, (0.17, 0.1), 0.15, (0.19, 0.062), (0.065, 0.16, "up"), (0.44,
    0.09, -0.26), (0.075, 0.045), (0.23, 0.19)),
    "fox": Beast("c8602a", "f4ece0", 0.78, 0.62, 0.16, (0.2, 0.16), 0.12, (0.17, 0.045), (0.06, 0.16, "up"), (0.6,
    0.1, -0.06), (0.05, 0.026), (0.13, 0.1)),
    "bear": Beast("5c3f2a", "7a5a3e", 0.84, 0.8, 0.36, (0.13, 0.0), 0.2, (0.12, 0.085), (0.075, 0.08, "round"),
    (0.05, 0.04, -0.02), (0.14, 0.115), (0.33, 0.25)),
    "pig": Beast("e3a0a4", "f0bcbc", 0.92, 0.82, 0.36, (0.17, -0.08), 0.2, (0.1, 0.115), (0.09, 0.12, "up"), (0.16,
    0.022, 0.1), (0.1, 0.055), (0.3, 0.24), snout=True),
    "deer": Beast("a8703f", "e0c8a0", 0.62, 0.58, 0.145, (0.15, 0.24), 0.075, (0.11, 0.042), (0.035, 0.085, "up"),
    (0.1, 0.03, -0.04), (0.048, 0.018), (0.12, 0.068), hoof=True, horns="antlers"),
    "lion": Beast("c8964e", "e0bd84", 0.84, 0.72, 0.195, (0.19, 0.12), 0.13, (0.12, 0.07), (0.045, 0.05, "round"),
    (0.56, 0.028, -0.1), (0.075, 0.045), (0.17, 0.14), mane="7a4420"),
    "elephant": Beast("82838a", "8f9096", 0.74, 0.86, 0.29, (0.26, 0.0), 0.17, (0.05, 0.08), (0.17, 0.2, "fan"),
    (0.3, 0.025, -0.3), (0.11, 0.095), (0.24, 0.2), trunk=True),
    "cow": Beast("efe8dd", "e6d8cc", 0.98, 0.78, 0.225, (0.24, 0.06), 0.115, (0.16, 0.085), (0.075, 0.035, "side"),
    (0.44, 0.025, -0.4), (0.075, 0.034), (0.17, 0.12), hoof=True, horns="short", patches="cow"),
    "sheep": Beast("ece6da", "d8d0c4", 0.78, 0.72, 0.24, (0.2, 0.06), 0.1, (0.12, 0.062), (0.07, 0.03, "side"), (0.1,
    0.045, -0.04), (0.045, 0.03), (0.14, 0.1), woolly=True),
    "dragon": Beast("3f7a4a", "c8b870", 0.8, 0.56, 0.16, (0.26, 0.3), 0.09, (0.2, 0.06), (0.03, 0.12, "up"), (0.8,
    0.07, -0.2), (0.075, 0.04), (0.14, 0.08), horns="spikes"),
}  # fmt: skip
