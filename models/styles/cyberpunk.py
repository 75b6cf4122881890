"""Cyberpunk."""

from models.storyboard import Framing
from models.styles._row import PLAIN_FAULTS, Style, StylePicture

STYLE = Style(
    place=17,
    slug="cyberpunk",
    name="Cyberpunk",
    style_words=(
        "cyberpunk, dense neon glow in magenta and cyan, holographic haze, chrome and cables, volumetric light, "
        "rain-slick reflections, towering vertical composition"
    ),
    negative_words=f"{PLAIN_FAULTS}, pastoral, natural daylight, medieval",
    palette=("#06060f", "#141a3c", "#3a1d6e", "#e0218a", "#17d4e6", "#f2f0ff"),
    default_direction=(
        "An android with a glowing seam across her face walks through a megacity street at night in the rain, neon "
        "signs above the crowd. A server tunnel, a rooftop over the skyline, a nightclub of holograms, a market "
        "bridge. She is looking for the one human voice that she remembers."
    ),
    keywords=("neon", "future", "android", "sci-fi", "hacker", "blade runner", "dystopia"),
    picture=StylePicture(
        framing=Framing.MEDIUM,
        words="An android over the skyline at night, neon signs",
        take=1,
    ),
)
