"""Dynamic Anime."""

from models.storyboard import Framing
from models.styles._row import PLAIN_FAULTS, Style, StylePicture

STYLE = Style(
    place=12,
    slug="dynamic-anime",
    name="Dynamic Anime",
    style_words=(
        "high-energy modern anime, fluid sakuga motion, extreme perspective, vivid digital compositing, "
        "chromatic glow, motion smears, thin clean line art"
    ),
    negative_words=f"{PLAIN_FAULTS}, photoreal, static pose, muddy colours",
    palette=("#0b1026", "#2b2f8f", "#7a34e0", "#f0338f", "#27d6ff", "#f6f7ff"),
    default_direction=(
        "A girl with headphones races a motorbike along an elevated highway at twilight, the city lights turning "
        "to streaks. A crowded crosswalk, a subway tunnel, a rooftop stage with a crowd, a bridge in sudden rain. "
        "Breathless, electric, falling and flying at once."
    ),
    keywords=("anime", "action", "speed", "sakuga", "vivid", "energetic"),
    picture=StylePicture(
        framing=Framing.FULL,
        words="A girl runs along an elevated highway at twilight",
        take=3,
    ),
)
