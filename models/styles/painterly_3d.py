"""Painterly 3D."""

from models.storyboard import Framing
from models.styles._row import PLAIN_FAULTS, Style, StylePicture

STYLE = Style(
    place=9,
    slug="painterly-3d",
    name="Painterly 3D",
    style_words=(
        "painterly 3D animation, visible brush strokes on sculpted forms, broken colour, impasto highlights, "
        "stylized shapes, graphic rim light, limited frame rate feel"
    ),
    negative_words=f"{PLAIN_FAULTS}, photoreal, glossy plastic, flat vector",
    palette=("#1b1633", "#44327a", "#b13e6d", "#ef7d57", "#f9c66b", "#f4ecd8"),
    default_direction=(
        "A street musician with a guitar crosses a crooked old town at dusk, paper lanterns overhead. "
        "A cathedral hall full of candles, a bridge above a river, a rooftop under giant clouds, a stage that "
        "becomes a storm of petals. Bold and romantic, each return a new burst of paint."
    ),
    keywords=("arcane", "painted", "brush", "oil", "stylized", "art"),
    picture=StylePicture(
        framing=Framing.FULL, words="A street musician with a guitar in an old town at dusk, paper lanterns", take=3
    ),
)
