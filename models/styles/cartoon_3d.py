"""3D Cartoon."""

from models.storyboard import Framing
from models.styles._row import PLAIN_FAULTS, Style, StylePicture

STYLE = Style(
    place=6,
    slug="3d-cartoon",
    name="3D Cartoon",
    simple=True,
    style_words=(
        "polished 3D animated feature look, rounded shapes, big expressive features, soft subsurface shading, "
        "bouncy proportions, clean global illumination, candy colours"
    ),
    negative_words=f"{PLAIN_FAULTS}, photoreal, gritty, horror",
    palette=("#23315f", "#3d6fd1", "#38c1c9", "#ffb02e", "#ff6f61", "#fff3d6"),
    default_direction=(
        "A small boy with a huge backpack and his fox set out over green hills on a bright sunny day to catch a "
        "runaway red balloon. A toy-like city street, a stage at a street party, a garden of giant flowers, "
        "a balloon ride above the clouds. Playful, brave and warm-hearted."
    ),
    keywords=("pixar", "animation", "animated", "cgi", "family", "cute", "kids"),
    picture=StylePicture(
        framing=Framing.FULL, words="A small boy walks over green hills on a bright sunny day, red balloon", take=4
    ),
)
