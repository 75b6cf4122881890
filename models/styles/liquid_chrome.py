"""Liquid Chrome."""

from models.storyboard import Framing
from models.styles._row import PLAIN_FAULTS, Style, StylePicture

STYLE = Style(
    place=20,
    slug="liquid-chrome",
    name="Liquid Chrome",
    style_words=(
        "liquid chrome surrealism, mercury-like mirrored surfaces, iridescent caustics, high-key studio rim light, "
        "flowing metal shapes, glossy Y2K futurism"
    ),
    negative_words=f"{PLAIN_FAULTS}, matte, rustic, grainy",
    palette=("#08090d", "#2a2f3d", "#6d7891", "#a9b8d6", "#c9a7f2", "#f5f8ff"),
    default_direction=(
        "A dancer of liquid silver spins in an endless white hall, her reflection a beat late. A mercury sea under "
        "a violet twilight, a desert of mirrors, a tunnel of ripples, a stage in space with a ringed planet. "
        "Sensual and weightless: metal learns to breathe."
    ),
    keywords=("chrome", "metal", "y2k", "mercury", "silver", "futuristic", "abstract"),
    picture=StylePicture(
        framing=Framing.CLOSE_UP,
        words="A dancer of liquid silver at a mercury sea at dusk",
        take=4,
    ),
)
