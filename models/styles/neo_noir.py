"""Neo Noir."""

from models.storyboard import Framing
from models.styles._row import PLAIN_FAULTS, Style, StylePicture

STYLE = Style(
    place=4,
    slug="neo-noir",
    name="Neo Noir",
    style_words=(
        "neo-noir thriller, saturated crimson and cyan practicals against black, wet asphalt reflections, "
        "anamorphic flares, hard side light, tense negative space"
    ),
    negative_words=f"{PLAIN_FAULTS}, cheerful daylight, pastel, flat lighting",
    palette=("#07060b", "#1a1030", "#5b0f2e", "#d11f4a", "#1fb6c9", "#f3d9c8"),
    default_direction=(
        "A courier in a red jacket crosses a sleepless city street at night, rain on the asphalt, neon signs in "
        "every puddle. A tunnel, a rooftop, a motel room, a nightclub where a woman with silver hair waits. "
        "Cool, dangerous and seductive, with a black car always one corner behind."
    ),
    keywords=("thriller", "red", "neon", "drive", "crime", "night"),
    picture=StylePicture(
        framing=Framing.FULL, words="A courier crosses a sleepless city street at night, rain, neon signs", take=4
    ),
)
