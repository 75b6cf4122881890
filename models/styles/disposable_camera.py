"""Disposable Camera."""

from models.storyboard import Framing
from models.styles._row import PLAIN_FAULTS, Style, StylePicture

STYLE = Style(
    place=14,
    slug="disposable-camera",
    name="Disposable Camera",
    style_words=(
        "disposable camera snapshot, direct on-camera flash, ISO 800 grain, light leaks, faded greens, "
        "red-toned skin, crooked candid framing"
    ),
    negative_words=f"{PLAIN_FAULTS}, studio lighting, hdr, polished render",
    palette=("#15181b", "#33443f", "#7a5a48", "#c76b4f", "#e3c48f", "#f6efdf"),
    default_direction=(
        "Four friends on the longest night of their twenties: a house party in a small apartment, dancing in the "
        "kitchen, a rooftop at dawn. A car full of people on the road to the beach, a diner street, sparklers. "
        "Careless, close and already half a memory."
    ),
    keywords=("flash", "snapshot", "party", "analog", "film", "nostalgia", "2000s", "friends"),
    picture=StylePicture(
        framing=Framing.MEDIUM,
        words="Friends on a rooftop at dawn, sparklers",
        take=3,
        people=2,
    ),
)
