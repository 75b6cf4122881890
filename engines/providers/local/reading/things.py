"""The animals and things that the painter draws by hand; other nouns are icon glyphs, see `words/glyphs.py`."""

from typing import Literal

Thing = Literal[
    # water and shore
    "boat", "sailboat", "ship", "lighthouse", "pier", "anchor", "wave",
    # traffic
    "car", "motorbike", "bicycle", "bus", "truck", "train", "plane", "rocket", "tractor", "hot-air balloon",
    # animals
    "horse", "dog", "cat", "wolf", "fox", "bear", "deer", "lion", "elephant", "cow", "sheep", "rabbit",
    "bird", "gull", "crow", "owl", "eagle", "swan", "fish", "whale", "shark", "butterfly", "fireflies", "dragon",
    # instruments and sound
    "piano", "guitar", "violin", "drums", "trumpet", "accordion", "microphone", "headphones", "record", "radio",
    "speaker", "mirror ball",
    # light and fire
    "lantern", "lamp", "candle", "fire", "street lamp", "fireworks", "neon sign",
    # in the hand and on the table
    "umbrella", "letter", "book", "phone", "camera", "clock", "mirror", "bottle", "cup", "suitcase", "balloon", "kite",
    "ball", "doll", "mask", "crown", "ring", "key", "sword", "flag", "feather", "skull", "heart", "eye", "cake",
    # furniture and building
    "television", "computer", "door", "window", "chair", "table", "bed", "sofa", "stairs", "bench", "swing", "ladder",
    "house", "tower", "windmill", "tent", "fence", "sign", "traffic light", "bell", "cross", "gravestone", "statue",
    "fountain", "ferris wheel", "carousel", "scarecrow", "snowman",
    # plants
    "tree", "pine", "palm", "birch", "willow", "dead tree", "blossom tree", "autumn leaves", "cactus", "mushroom",
    "wheat", "flower", "rose", "sunflower", "tulip", "daisy", "poppy", "apple",
    # sky
    "sun", "moon", "star", "planet", "rainbow", "lightning", "cloud", "snowflake",
]  # fmt: skip
Size = Literal["tiny", "small", "", "big", "huge"]

ANIMALS: frozenset[Thing] = frozenset(
    {
        "horse",
        "dog",
        "cat",
        "wolf",
        "fox",
        "bear",
        "deer",
        "lion",
        "elephant",
        "cow",
        "sheep",
        "rabbit",
        "bird",
        "gull",
        "crow",
        "owl",
        "eagle",
        "swan",
        "fish",
        "whale",
        "shark",
        "butterfly",
        "fireflies",
        "dragon",
    }
)
CARRIERS: frozenset[Thing] = frozenset(
    {
        "boat",
        "sailboat",
        "ship",
        "car",
        "motorbike",
        "bicycle",
        "bus",
        "truck",
        "train",
        "plane",
        "rocket",
        "tractor",
        "hot-air balloon",
        "horse",
    }
)
"""Things that people sit in or on: with the relation `in` or `on` the painter puts them there."""

INSTRUMENTS: frozenset[Thing] = frozenset({"piano", "guitar", "violin", "drums", "trumpet", "accordion"})
FLOWERS: frozenset[Thing] = frozenset({"flower", "rose", "sunflower", "tulip", "daisy", "poppy"})
HANDHELD: frozenset[Thing] = FLOWERS | frozenset(
    {
        "guitar",
        "violin",
        "trumpet",
        "accordion",
        "microphone",
        "lantern",
        "candle",
        "umbrella",
        "letter",
        "book",
        "phone",
        "camera",
        "mirror",
        "bottle",
        "cup",
        "suitcase",
        "balloon",
        "kite",
        "ball",
        "doll",
        "mask",
        "crown",
        "ring",
        "key",
        "sword",
        "flag",
        "feather",
        "skull",
        "heart",
        "cake",
        "apple",
        "record",
        "radio",
        "clock",
        "rabbit",
        "cat",
        "mushroom",
        "bell",
        "cross",
        "sign",
        "lamp",
        "headphones",
    }
)
"""Things that fit into a hand or an arm; `Person.holds` names no others of the hand-drawn ones."""
LIVING_GLYPHS = frozenset(
    {
        "bat",
        "bee",
        "dolphin",
        "donkey",
        "duck",
        "jellyfish",
        "kangaroo",
        "koala",
        "ladybug",
        "panda",
        "paw",
        "penguin",
        "pig",
        "rodent",
        "snail",
        "snake",
        "spider",
        "turkey",
        "turtle",
        "unicorn",
    }
)
"""Icons of animals."""


def living(name: Thing | None, glyph: str) -> bool:
    """Whether an item is an animal."""
    return name in ANIMALS or (name is None and glyph in LIVING_GLYPHS)
