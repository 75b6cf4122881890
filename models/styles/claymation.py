"""Claymation."""

from models.storyboard import Framing
from models.styles._row import PLAIN_FAULTS, Style, StylePicture

STYLE = Style(
    place=11,
    slug="claymation",
    name="Claymation",
    style_words=(
        "stop-motion claymation, plasticine figures with thumbprints, miniature sets of felt and cardboard, "
        "macro lens, warm tabletop lighting, slightly uneven frame to frame"
    ),
    negative_words=f"{PLAIN_FAULTS}, photoreal skin, digital gloss, sharp cgi",
    palette=("#2e2118", "#6d4630", "#a9502f", "#d98e4a", "#7fae8b", "#f3e3c3"),
    default_direction=(
        "An old clockmaker and his cat live in a crooked house on a hill; one evening the cat runs away with the "
        "moon. A workshop room, a market street of felt, a cotton-wool snowfield, a boat on a cellophane sea. "
        "Funny, clumsy and unexpectedly moving."
    ),
    keywords=("stop motion", "clay", "plasticine", "handmade", "puppet", "aardman"),
    picture=StylePicture(
        framing=Framing.WIDE, words="An old man walks over a cotton-wool snowfield in the evening, moon", take=0
    ),
)
