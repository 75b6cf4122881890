"""Film Noir."""

from models.storyboard import Framing
from models.styles._row import PLAIN_FAULTS, Style, StylePicture

STYLE = Style(
    place=3,
    slug="film-noir",
    name="Film Noir",
    style_words=(
        "classic 1940s film noir, black and white, hard low-key chiaroscuro, venetian blind shadows, "
        "silver gelatin tones, deep blacks, wet reflections"
    ),
    negative_words=f"{PLAIN_FAULTS}, colour, bright flat light, modern clothes",
    palette=("#050505", "#1c1c1c", "#434343", "#8a8a8a", "#c9c9c9", "#f4f4f4"),
    default_direction=(
        "A detective in a trench coat follows a woman in a black dress through city streets at night in the rain. "
        "A jazz club with one spotlight, a hotel room behind blinds, a train station in the fog, an iron bridge. "
        "Suspicion and longing, smoke and a black car waiting under a street lamp."
    ),
    keywords=("black and white", "detective", "1940s", "shadows", "monochrome", "crime"),
    picture=StylePicture(
        framing=Framing.CLOSE_UP, words="A detective in a trench coat in city streets at night in the rain", take=4
    ),
)
