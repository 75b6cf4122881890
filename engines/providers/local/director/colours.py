"""The video's palette: the style's colours, adjusted to those in the brief; and names of colours."""

from collections.abc import Sequence
from functools import lru_cache

from models.styles import Style

NAMES: dict[str, str] = {
    "black": "#08080a", "charcoal": "#2a2c30", "slate grey": "#5c6670", "silver": "#b3bac6", "white": "#f7f7f5",
    "ivory": "#f2ead6", "crimson": "#a8142f", "scarlet": "#e2412e", "rust": "#9a4a26", "orange": "#ef8a2c",
    "ochre": "#c08a3a", "honey": "#f0bd62", "yellow": "#f7dc4a", "olive": "#7a8450", "green": "#2fa06a",
    "deep teal": "#164a55", "teal": "#2f8c8f", "cyan": "#22d0e6", "azure": "#4a8fd8", "pale blue": "#a6c8ea",
    "cobalt": "#2348a8", "navy": "#0e1a44", "indigo": "#2c2370", "violet": "#7a3ad0", "lilac": "#c3a5ee",
    "magenta": "#e0218a", "pink": "#f89ab8", "apricot": "#f5b79a", "umber": "#3a2616", "tan": "#c9a77a",
    "turquoise": "#4fd6cc", "sage": "#7fae8b", "plum": "#55184a",
}  # fmt: skip


def mixed_palette(style: Style, wished: Sequence[str]) -> tuple[str, ...]:
    """The style's palette with the brief's colours in its middle.

    Args:
        style: The style.
        wished: The brief's colours as `#rrggbb`, the most important first.

    Returns:
        As many colours as the style has, darkest first. The darkest and the lightest stay, so the look does.
    """
    middle = list(style.palette[1:-1])
    for code in wished[: len(middle) - 1]:
        nearest = min(range(len(middle)), key=lambda i: _distance(middle[i], code))
        middle[nearest] = code
    return tuple(sorted([style.palette[0], *middle, style.palette[-1]], key=_luma))


@lru_cache(maxsize=1000)
def colour_word(code: str) -> str:
    """The nearest colour with a name."""
    return min(NAMES, key=lambda name: _distance(NAMES[name], code))


def palette_words(palette: Sequence[str]) -> list[str]:
    """The palette's colours by name, each once."""
    return list(dict.fromkeys(colour_word(code) for code in palette))


def cloth_words(palette: Sequence[str]) -> list[str]:
    """Colours for clothes: those that contrast with the darkest and the lightest."""
    return palette_words(palette[1:-1]) or ["black"]


def _channels(code: str) -> tuple[int, int, int]:
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


def _luma(code: str) -> float:
    red, green, blue = _channels(code)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _distance(one: str, other: str) -> float:
    """Redmean: a cheap approximation of perceived distance (Riemersma, 2008)."""
    (r1, g1, b1), (r2, g2, b2) = _channels(one), _channels(other)
    mean = (r1 + r2) / 2
    return (2 + mean / 256) * (r1 - r2) ** 2 + 4 * (g1 - g2) ** 2 + (2 + (255 - mean) / 256) * (b1 - b2) ** 2
