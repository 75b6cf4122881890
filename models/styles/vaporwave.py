"""Vaporwave."""

from models.storyboard import Framing
from models.styles._row import PLAIN_FAULTS, Style, StylePicture

STYLE = Style(
    place=18,
    slug="vaporwave",
    name="Vaporwave",
    style_words=(
        "vaporwave aesthetic, pink and turquoise gradients, retro computer grid, marble and chrome, VHS bloom, "
        "surreal empty symmetry, 1980s airbrush"
    ),
    negative_words=f"{PLAIN_FAULTS}, gritty realism, brown tones",
    palette=("#1a0b3b", "#4b2a8c", "#b14fd1", "#ff71ce", "#5fe3e8", "#fff1fb"),
    default_direction=(
        "A marble statue comes to life in an empty mall hall at dusk and drives a white convertible car along a "
        "palm road into an enormous striped sun. A pink beach, a checkerboard space with planets, a swimming-pool "
        "garden, a rooftop. Languid, ironic, secretly heartbroken."
    ),
    keywords=("80s", "retro", "synthwave", "pink", "aesthetic", "grid", "statue"),
    picture=StylePicture(
        framing=Framing.WIDE,
        words="A palm road at dusk into an enormous sun",
        take=4,
    ),
)
