"""What people do, by name."""

from typing import Literal

Pose = Literal[
    "stand", "walk", "run", "sit", "lie", "dance", "arms", "lean", "kneel", "sing", "play", "row", "drive", "ride",
    "wave", "hug", "hold hands", "look out", "work", "swim", "jump", "read", "eat", "fight", "fly",
]  # fmt: skip
"""`arms`: arms raised; `play`: the instrument in `Person.holds`, or the piano or drums beside; `look out`: of a window;
`work`: at a table, with the hands; `hug` and `hold hands`: with the next person; `fly`: also floating, weightless."""
