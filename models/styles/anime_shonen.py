"""Anime Shonen."""

from models.storyboard import Framing
from models.styles._row import PLAIN_FAULTS, Style, StylePicture

STYLE = Style(
    place=7,
    slug="anime-shonen",
    name="Anime Shonen",
    style_words=(
        "shonen anime key frame, bold ink outlines, cel shading with hard two-tone shadows, speed lines, "
        "dramatic foreshortening, glowing energy, painted backgrounds"
    ),
    negative_words=f"{PLAIN_FAULTS}, photoreal, 3d render, washed out",
    palette=("#12122b", "#243a8f", "#e2412e", "#ff8a1f", "#ffd23f", "#f7f5ff"),
    default_direction=(
        "A young warrior with spiky hair and a torn red scarf runs across city rooftops at sunset towards a storm. "
        "A ruined temple, a mountain ridge, an arena full of people, a rival with a silver mask. Friendship and "
        "defiance: he falls, he gets up, he raises his fist and lightning answers."
    ),
    keywords=("manga", "anime", "battle", "action", "hero", "japanese"),
    picture=StylePicture(
        framing=Framing.FULL,
        words="A young warrior runs across city rooftops at sunset",
        take=2,
    ),
)
