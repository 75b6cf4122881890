"""Cinematic Realism."""

from models.storyboard import Framing
from models.styles._row import PLAIN_FAULTS, Style, StylePicture

STYLE = Style(
    place=1,
    slug="cinematic-realism",
    name="Cinematic Realism",
    style_words=(
        "cinematic realism, shot on 35mm anamorphic, natural skin texture, motivated practical lighting, "
        "shallow depth of field, restrained teal and amber grade, fine film grain"
    ),
    negative_words=f"{PLAIN_FAULTS}, cartoon, illustration, plastic skin, oversaturated",
    palette=("#0d1317", "#21343d", "#4a6670", "#b0793f", "#e0b27a", "#f1e6d3"),
    default_direction=(
        "A young woman in a worn leather jacket leaves a motel room at dusk and drives an old car along an open "
        "road towards the sea. City street lamps after rain, a bridge in the fog, a stranger who keeps appearing "
        "in the distance. Intimate and restless, until she stands on the shore with her arms raised."
    ),
    keywords=("film", "movie", "realistic", "photoreal", "drama", "anamorphic"),
    picture=StylePicture(
        framing=Framing.WIDE, words="A young woman stands on the shore of the sea at dusk, her arms raised", take=2
    ),
)
