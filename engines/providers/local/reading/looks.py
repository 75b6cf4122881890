"""How people look, by name, and the colours' names."""

from typing import Literal

Kind = Literal["person", "android", "astronaut", "ghost", "angel", "skeleton", "mermaid", "monster"]
Age = Literal["child", "teen", "young", "adult", "old", ""]
Sex = Literal["female", "male", ""]
HairLength = Literal["bald", "short", "medium", "long", ""]
HairStyle = Literal[
    "curly", "straight", "wavy", "braid", "ponytail", "bun", "afro", "mohawk", "dreadlocks", "bob", "spiky", ""
]
Beard = Literal["beard", "long beard", "stubble", "moustache", ""]
Skin = Literal["pale", "light", "olive", "brown", "dark", "green", "blue", ""]
Build = Literal["slim", "stout", "tall", "small", "strong", ""]
Eyewear = Literal["glasses", "sunglasses", ""]
Garment = Literal[
    "coat", "raincoat", "jacket", "leather jacket", "dress", "wedding dress", "skirt", "shirt", "t-shirt", "sweater",
    "hoodie", "suit", "trousers", "jeans", "shorts", "uniform", "overalls", "robe", "cloak", "armour", "spacesuit",
    "swimsuit", "pyjamas", "scarf", "gloves", "boots", "shoes", "apron", "tie", "vest", "kimono", "wings",
    "necklace", "earrings", "bracelet",
]  # fmt: skip
Headgear = Literal[
    "hat", "cap", "beanie", "hood", "crown", "helmet", "headscarf", "cowboy hat", "top hat", "straw hat", "witch hat",
    "flower crown", "veil", "turban", "mask", "chef's hat",
]  # fmt: skip

LOWER: frozenset[Garment] = frozenset({"trousers", "jeans", "shorts", "skirt"})
"""What covers the legs alone."""

ACCESSORIES: frozenset[Garment] = frozenset(
    {"scarf", "gloves", "boots", "shoes", "apron", "tie", "wings", "necklace", "earrings", "bracelet"}
)
"""What goes with other clothes."""

APART = 72 / 255
"""The least difference of a channel, 0…1, between neighbouring colours that the eye tells apart."""

COLOURS: dict[str, str] = {
    "red": "#c8202f", "dark red": "#7d1420", "orange": "#f07c1e", "gold": "#d9a520", "yellow": "#f5d033",
    "green": "#2f9e52", "dark green": "#1f5a34", "olive": "#76803a", "teal": "#12808a", "turquoise": "#2cc4bd",
    "blue": "#2359c4", "light blue": "#86b8ec", "dark blue": "#14245c", "purple": "#7430a8", "violet": "#8a4fd3",
    "lavender": "#b39ddb", "pink": "#f2729f", "magenta": "#dc1f93", "white": "#f4f2ec", "cream": "#f2ead6",
    "silver": "#b8bec9", "grey": "#7d8289", "black": "#0d0d10", "brown": "#6b4327", "beige": "#d8c4a0",
    "copper": "#b5652f", "blond": "#d8b06a", "ginger": "#b8562a",
}  # fmt: skip
"""Canonical colours as `#rrggbb`. Hair in `red` is `ginger`, in `gold` is `blond`, in `silver` is light grey."""
