"""Found Footage."""

from models.storyboard import Framing
from models.styles._row import PLAIN_FAULTS, Style, StylePicture

STYLE = Style(
    place=13,
    slug="found-footage",
    name="Found Footage",
    style_words=(
        "found footage camcorder frame, handheld VHS, interlaced scan lines, tracking noise, blown-out highlights, "
        "on-camera light falloff, smeared colour"
    ),
    negative_words=f"{PLAIN_FAULTS}, studio lighting, polished, symmetrical composition",
    palette=("#0a0d0a", "#20302a", "#4c5f4c", "#8f8a63", "#c9b98a", "#e9ecd9"),
    default_direction=(
        "Friends with one flashlight run through a forest at night, filming each other, unsure what follows them. "
        "An abandoned house, a ruined factory, a road with a single car, a tunnel in the fog. "
        "Nervous, funny, then truly frightening; the last tape is morning."
    ),
    keywords=("vhs", "camcorder", "horror", "tape", "handheld", "90s", "raw"),
    picture=StylePicture(
        framing=Framing.FULL,
        words="A friend in a tunnel in the fog at night",
        take=1,
    ),
)
