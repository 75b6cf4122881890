"""A preset's look in paint: which sky, hour and colours it starts from, and how it ends."""

from collections.abc import Callable
from dataclasses import dataclass, field

from engines.providers.local.painter.noise import Floats
from engines.providers.local.painter.scene import Scene
from engines.providers.local.reading.facts import Time, Weather
from engines.styles import parts_of

Treatment = Callable[[Scene], Floats]


@dataclass(frozen=True)
class PaintedLook:
    """One preset's way to paint.

    Attributes:
        finish: The treatment: from the scene's light, depth and objects to the finished picture.
        accents: Colours that speak, added to those of the prompt's palette.
        hours: Replaces hours of the day that the look never shows.
        air: Replaces weathers likewise.
        skies: Its own skies by hour: top, middle, low, key, ambient, haze.
        striped_sun: The sun is a large disc cut by bars.
        grid: The ground carries a glowing grid.
        tilt: How far the camera rolls, in degrees, when the music lifts.
        big_eyes: Faces are drawn with large eyes.
        raised: How far the horizon goes up, in heights of the picture: a raised camera looks down on small figures.
    """

    finish: Treatment
    accents: tuple[str, ...]
    hours: dict[Time, Time] = field(default_factory=dict)
    air: dict[Weather, Weather] = field(default_factory=dict)
    skies: dict[Time, tuple[str, str, str, str, str, str]] = field(default_factory=dict)
    striped_sun: bool = False
    grid: bool = False
    tilt: float = 0.0
    big_eyes: bool = False
    raised: float = 0.0


ALWAYS_NIGHT: dict[Time, Time] = {"dawn": "night", "day": "night", "golden": "night", "dusk": "night"}
ALWAYS_GOLDEN: dict[Time, Time] = {"day": "golden", "dusk": "golden", "night": "golden", "dawn": "golden"}
ALWAYS_DUSK: dict[Time, Time] = {"day": "dusk", "golden": "dusk", "dawn": "dusk", "night": "dusk"}


def look_for(slug: str) -> PaintedLook:
    """The look of a preset; a preset that this painter does not know is painted plainly."""
    from engines.styles import cinematic_realism  # it needs this module

    parts = parts_of(slug) or cinematic_realism.PARTS
    return parts.painted
