"""Post Apocalyptic: how it is painted, filmed and set in type."""

from engines.picture.exports.typefaces import OSWALD
from engines.providers.local.animator.air import Air
from engines.providers.local.animator.look import FilmedLook
from engines.providers.local.painter.looks import PaintedLook
from engines.providers.local.painter.treatments import photographic
from engines.styles import StyleParts

PARTS = StyleParts(
    painted=PaintedLook(
        photographic.post_apocalyptic,
        ("c8783a", "8a4a2a", "e0b060"),
        hours={"night": "dusk", "dawn": "golden"},
        air={"rain": "dust", "clear": "dust", "snow": "dust"},
    ),
    filmed=FilmedLook(grain=3.4, grain_size=1.4, vignette=0.28, shake=0.3),
    air={Air.DUST: 0.7, Air.FOG: 0.25},
    face=OSWALD,
)
