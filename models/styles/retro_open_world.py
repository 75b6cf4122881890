"""Retro Open World."""

from models.storyboard import Framing
from models.styles._row import PLAIN_FAULTS, Style, StylePicture

STYLE = Style(
    place=16,
    slug="retro-open-world",
    name="Retro Open World",
    style_words=(
        "early 2000s open-world video game, low-resolution textures, hard sun shadows, limited draw distance haze, "
        "boxy geometry, third-person camera behind the shoulder, sun-bleached colours"
    ),
    negative_words=f"{PLAIN_FAULTS}, photoreal, modern ray tracing, film grain",
    palette=("#1c1f2b", "#3b4f5c", "#7c8f58", "#d88c3a", "#f2b95f", "#f3ead0"),
    default_direction=(
        "A drifter in a white tank top steals a convertible car on a palm-lined boulevard on a hazy afternoon and "
        "drives out of the city. A desert road with a gas station, a pier at the beach, a rooftop with a helipad, "
        "a neon club at night. Cocky, funny, free: the mission is never the point."
    ),
    keywords=("gta", "video game", "ps2", "game", "san andreas", "90s"),
    picture=StylePicture(
        framing=Framing.FULL, words="A drifter on a pier at the beach on a hazy afternoon, palms", take=4
    ),
)
