"""Golden Hour."""

from models.storyboard import Framing
from models.styles._row import PLAIN_FAULTS, Style, StylePicture

STYLE = Style(
    place=2,
    slug="golden-hour",
    name="Golden Hour",
    style_words=(
        "golden hour photography, low backlight with warm rim light, long soft shadows, sun flare, "
        "honeyed highlights, creamy bokeh, Kodak Portra tones"
    ),
    negative_words=f"{PLAIN_FAULTS}, cold colours, harsh flash, grey light",
    palette=("#2b1a12", "#6b3a1e", "#b5652b", "#e39a45", "#f7c873", "#fff0cf"),
    default_direction=(
        "Two lovers run through a wheat field at golden hour, barefoot, laughing, the sun low behind them. "
        "A country road, a garden of sunflowers, a beach with gulls over the waves. Warm, weightless, the last "
        "evening of a summer that neither of them wants to end."
    ),
    keywords=("sunset", "warm", "summer", "romantic", "sun", "backlight"),
    picture=StylePicture(
        framing=Framing.FULL, words="Two lovers run through a wheat field at golden hour, the sun low", take=0, people=2
    ),
)
