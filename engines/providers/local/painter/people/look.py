"""One person's looks: what the words ask for, and the rest from a seed."""

from dataclasses import dataclass
from typing import Literal

from engines.providers.local.painter.canvas import Colour

Age = Literal["child", "teen", "adult", "old"]
Sex = Literal["man", "woman"]
Style = Literal[
    "bald", "crop", "short", "curly", "afro", "bob", "long", "wavy", "bun", "ponytail", "braids", "pigtails", "dreads",
    "mohawk",
]  # fmt: skip
Beard = Literal["full", "long", "stubble", "moustache", "goatee"]
Glasses = Literal["clear", "dark"]
Hat = Literal[
    "hat", "cap", "beanie", "captain", "straw", "cowboy", "scarf", "hood", "crown", "helmet", "top", "beret", "rain",
    "wizard", "chef",
]  # fmt: skip
Outfit = Literal["shirt", "sweater", "jacket", "leather", "coat", "dress", "suit", "hoodie", "uniform", "robe", "top"]
Legs = Literal["trousers", "skirt", "shorts", "bare"]


@dataclass(frozen=True, eq=False)
class Look:
    """A person's looks.

    Attributes:
        age, sex: Shape body and face.
        skin, hair, brows: Colours.
        style: The hair's cut.
        beard, glasses, hat: None without.
        hat_colour: The hat's.
        upper, lower, detail, shoes: The clothes' colours; `detail` is for collars, belts and stripes.
        outfit: The garment of the upper body; coats, dresses and robes reach further down.
        legs: What covers the legs.
        build: Width of the body, 1 on average.
        height: Of this age, 1 on average.
        striped: Whether the upper garment has stripes.
        worn: Scarves, jewellery and so on, with their colours; see `extras.py`.
        drawn: Names of the garments from the words that are drawn.
        kind: What it is, as in the reading; see `beings.py`.
    """

    age: Age
    sex: Sex
    skin: Colour
    hair: Colour
    brows: Colour
    style: Style
    beard: Beard | None
    glasses: Glasses | None
    hat: Hat | None
    hat_colour: Colour
    upper: Colour
    lower: Colour
    detail: Colour
    shoes: Colour
    outfit: Outfit
    legs: Legs
    build: float
    height: float
    striped: bool = False
    worn: tuple[tuple[str, Colour], ...] = ()
    drawn: frozenset[str] = frozenset()
    kind: str = "person"

    @property
    def scale(self) -> float:
        """The body below the neck, relative to an adult's."""
        return {"child": 0.60, "teen": 0.82, "adult": 1.0, "old": 0.95}[self.age] * self.height

    @property
    def head(self) -> float:
        """Half the head's width, in adult heights: a child's head is nearly as large as its mother's."""
        return {"child": 0.049, "teen": 0.0505, "adult": 0.0515, "old": 0.051}[self.age] * (
            0.96 if self.sex == "woman" else 1.0
        )
