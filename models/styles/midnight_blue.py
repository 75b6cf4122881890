"""Midnight Blue."""

from models.storyboard import Framing
from models.styles._row import PLAIN_FAULTS, Style, StylePicture

STYLE = Style(
    place=5,
    slug="midnight-blue",
    name="Midnight Blue",
    style_words=(
        "monochromatic midnight blue grade, soft moonlit glow, misted highlights, velvet shadows, "
        "quiet negative space, delicate halation"
    ),
    negative_words=f"{PLAIN_FAULTS}, orange light, warm sun, harsh contrast",
    palette=("#040817", "#0b1740", "#1a2f6f", "#34539f", "#7fa0dc", "#dfe9ff"),
    default_direction=(
        "A lonely dancer in a pale dress wanders along a lake at night under a full moon, mist on the water. "
        "A sleeping city skyline from a rooftop, a forest with fireflies, an empty room with an open window. "
        "Dreamlike and tender, an insomniac's hymn."
    ),
    keywords=("blue", "moon", "night", "dream", "calm", "melancholy"),
    picture=StylePicture(
        framing=Framing.WIDE, words="A lonely dancer wanders along a lake at night under a full moon", take=2
    ),
)
