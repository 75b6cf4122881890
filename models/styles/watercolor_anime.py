"""Watercolor Anime."""

from models.storyboard import Framing
from models.styles._row import PLAIN_FAULTS, Style, StylePicture

STYLE = Style(
    place=8,
    slug="watercolor-anime",
    name="Watercolor Anime",
    style_words=(
        "watercolor anime illustration, transparent washes on textured paper, soft pencil lines, bleeding edges, "
        "airy pastel skies, gentle light"
    ),
    negative_words=f"{PLAIN_FAULTS}, photoreal, harsh contrast, hard black outlines",
    palette=("#3b4a6b", "#6f8fb8", "#9cc5c9", "#f2b5a7", "#f7dca1", "#fdf8ee"),
    default_direction=(
        "A girl with a straw hat walks through a meadow in the morning, clouds towering above the hills. "
        "A seaside village road, a train crossing the bay, a forest shrine in light rain, a garden of hydrangea "
        "flowers. Nostalgic and gentle, the summer she learned to say goodbye."
    ),
    keywords=("ghibli", "pastel", "painting", "soft", "aquarelle", "anime"),
    picture=StylePicture(
        framing=Framing.FULL, words="A girl walks through a meadow in the morning, towering clouds", take=2
    ),
)
