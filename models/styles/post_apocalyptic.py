"""Post Apocalyptic."""

from models.storyboard import Framing
from models.styles._row import PLAIN_FAULTS, Style, StylePicture

STYLE = Style(
    place=19,
    slug="post-apocalyptic",
    name="Post Apocalyptic",
    style_words=(
        "post-apocalyptic film look, bleach-bypass desaturation, rust and ochre, hard sun through airborne grit, "
        "weathered textures, vast empty scale"
    ),
    negative_words=f"{PLAIN_FAULTS}, clean surfaces, lush, cheerful",
    palette=("#14100c", "#3a2c20", "#6e5138", "#a97d4b", "#d4b483", "#eee1c6"),
    default_direction=(
        "A survivor in goggles and a torn coat walks with a wolf through a desert of dust that was once a city. "
        "Ruins with a broken billboard, a dead highway full of cars, a bunker tunnel, a green garden behind glass. "
        "Harsh and lonely, until a fire on the ridge says that someone else is alive."
    ),
    keywords=("wasteland", "mad max", "dystopia", "ruins", "desert", "survival"),
    picture=StylePicture(
        framing=Framing.WIDE, words="A survivor walks with a wolf through a desert of dust", take=4, people=2
    ),
)
