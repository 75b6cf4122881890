"""Tilt Shift."""

from models.storyboard import Framing
from models.styles._row import PLAIN_FAULTS, Style, StylePicture

STYLE = Style(
    place=15,
    slug="tilt-shift",
    name="Tilt Shift",
    style_words=(
        "tilt-shift miniature effect, narrow band of focus with strong blur above and below, toy-like scale, "
        "high saturation, crisp elevated viewpoint"
    ),
    negative_words=f"{PLAIN_FAULTS}, deep focus, gloomy",
    palette=("#1f2d3d", "#2f6690", "#3fa796", "#f4b942", "#ef6f6c", "#f7f4ea"),
    default_direction=(
        "A whole city as a model railway on a sunny afternoon: tiny people crossing streets, a yellow taxi that "
        "gets lost. A harbor with boats, a stadium full of people, a snowy mountain village, a train on a viaduct. "
        "Busy and charming, one small love story that only we can see."
    ),
    keywords=("miniature", "toy", "model", "tiny", "aerial", "city"),
    picture=StylePicture(
        framing=Framing.WIDE, words="tiny people crossing city streets on a sunny afternoon, a yellow taxi", take=0
    ),
)
