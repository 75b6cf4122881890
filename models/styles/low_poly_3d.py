"""Low Poly 3D."""

from models.storyboard import Framing
from models.styles._row import PLAIN_FAULTS, Style, StylePicture

STYLE = Style(
    place=10,
    slug="low-poly-3d",
    name="Low Poly 3D",
    simple=True,
    style_words=(
        "low poly 3D render, flat-shaded triangular facets, crisp geometric shapes, simple gradients, "
        "isometric clarity, soft ambient occlusion"
    ),
    negative_words=f"{PLAIN_FAULTS}, photoreal, fine texture, noise",
    palette=("#1d2b3a", "#2f6f7e", "#4fb286", "#f2c14e", "#f78154", "#f5f1e6"),
    default_direction=(
        "A lone traveler with an orange backpack walks over a faceted desert on a clear morning towards crystal "
        "mountains. A forest of cone trees, a tiny island with a lighthouse in the sea, a snowfield, a deer that "
        "leads the way. Calm, curious, and triumphant at the summit."
    ),
    keywords=("polygon", "geometric", "minimal", "game", "3d", "facets"),
    picture=StylePicture(
        framing=Framing.WIDE, words="A lone traveler walks in crystal mountains on a clear morning", take=2
    ),
)
