"""The light of a scene: colours of sky, key light, haze and accents, from time, weather, look and palette."""

from dataclasses import dataclass, replace

import numpy as np

from engines.providers.local.painter.canvas import Colour
from engines.providers.local.painter.noise import Floats
from engines.providers.local.reading.facts import Time, Weather


def rgb(code: str) -> Colour:
    """A colour from `#rrggbb` (the `#` may be missing)."""
    code = code.lstrip("#")
    return np.array([int(code[i : i + 2], 16) / 255 for i in (0, 2, 4)], np.float32)


def mix(a: Colour, b: Colour, t: float) -> Colour:
    """`a` at t = 0, `b` at t = 1."""
    return (a + (b - a) * np.float32(t)).astype(np.float32)


def luma(colour: Floats) -> Floats:
    """Rec. 709 luma of the last axis."""
    return (colour @ np.array([0.2126, 0.7152, 0.0722], np.float32)).astype(np.float32)


def saturate(colour: Floats, amount: float) -> Floats:
    """Away from grey (amount above 1) or towards it."""
    grey = luma(colour)[..., None]
    out = colour - grey
    out *= np.float32(amount)
    out += grey
    np.maximum(out, 0, out=out)
    return np.asarray(out, np.float32)


@dataclass(frozen=True)
class Mood:
    """The colours and light of a scene.

    Attributes:
        top, middle, low: The sky from zenith to horizon.
        key: The main light.
        ambient: The light in shadows.
        haze: What distance fades into.
        accents: Neon, flowers, clothes: the colours that speak.
        night: 0 at day, 1 at night: how far lamps and windows are lit.
        thick: 0…1, how much air is between things.
        wet: 0…1, how much the ground mirrors.
        side: -1 or 1, from which side the key light comes.
        lift: 0…1, see `Subject.lift`.
    """

    top: Colour
    middle: Colour
    low: Colour
    key: Colour
    ambient: Colour
    haze: Colour
    accents: tuple[Colour, ...]
    night: float
    thick: float
    wet: float
    side: int
    lift: float

    def lit(self, surface: Colour, facing: float = 0.5) -> Colour:
        """A surface in this light; `facing` 0 is in shadow, 1 turned to the key light."""
        return (surface * (self.ambient * np.float32(1 - 0.45 * facing) + self.key * np.float32(0.85 * facing))).astype(
            np.float32
        )

    def far(self, colour: Colour, depth: float) -> Colour:
        """A colour seen through air: atmospheric perspective."""
        return mix(
            colour, self.haze, min(0.97, max(depth, 0.0) ** (1.5 - 0.9 * self.thick) * (0.55 + 0.45 * self.thick))
        )

    def opened(self, gain: np.float32) -> "Mood":
        """The same light through a wider lens."""
        return replace(
            self,
            top=self.top * gain,
            middle=self.middle * gain,
            low=self.low * gain,
            key=self.key * gain,
            ambient=self.ambient * gain,
            haze=self.haze * gain,
        )

    def accent(self, index: int) -> Colour:
        """One of the accents, counted round."""
        return self.accents[index % len(self.accents)]


_SKIES: dict[Time, tuple[str, str, str, str, str, str, float]] = {
    # top, middle, low, key, ambient, haze, night
    "dawn": ("4a6aa8", "c49ab8", "ffd9b0", "ffdcb8", "7f84a8", "e0c0bc", 0.15),
    "day": ("2f74c8", "7db6e6", "d6ebf2", "fff4da", "8fa6c4", "bcd4e4", 0.0),
    "golden": ("56699c", "e2a06c", "ffd68c", "ffbe6a", "7d6f88", "efb67c", 0.1),
    "dusk": ("201f52", "8a4478", "ff8658", "ff9a6a", "56507e", "7c5078", 0.6),
    "night": ("050814", "0d1732", "26355c", "a8bcf0", "2a3452", "1c2744", 1.0),
}
_AIR: dict[Weather, float] = {
    "clear": 0.3,
    "clouds": 0.4,
    "rain": 0.6,
    "snow": 0.6,
    "fog": 1.0,
    "storm": 0.6,
    "dust": 0.85,
}
_DAYLIGHT_WET: dict[Weather, float] = {"rain": 1.0, "storm": 0.9, "fog": 0.35, "snow": 0.25}


def mood_for(
    time: Time, weather: Weather, accents: tuple[Colour, ...], sky: tuple[str, ...] | None, side: int, lift: float
) -> Mood:
    """The light of a scene.

    Args:
        time: The time of day.
        weather: Thickens the air, greys the sky, wets the ground.
        accents: The accent colours.
        sky: A look's own sky instead of the natural one: top, middle, low, key, ambient, haze as hex codes.
        side: The side of the key light.
        lift: The energy of the music.

    Returns:
        The mood.
    """
    natural = _SKIES[time]
    top, middle, low, key, ambient, haze = (rgb(code) for code in (sky or natural[:6]))
    dim = {"rain": 0.72, "storm": 0.55, "fog": 0.9, "clouds": 0.88, "snow": 0.95, "dust": 0.9}.get(weather, 1.0)
    grey = {"rain": 0.55, "storm": 0.5, "fog": 0.5, "clouds": 0.75, "snow": 0.45, "dust": 0.7}.get(weather, 1.0)
    top, middle, low, haze = (saturate(c, grey) * np.float32(dim) for c in (top, middle, low, haze))
    if weather == "dust":
        tone = rgb("c89a62") * luma(low) * np.float32(1.2)
        haze, low, middle = mix(haze, tone, 0.6), mix(low, tone, 0.6), mix(middle, tone, 0.4)
    # The music's energy: a chorus has more light and colour than an intro under the same sky.
    gain, colourful = np.float32(0.82 + 0.36 * lift), 0.72 + 0.5 * lift
    top, middle, low, key, ambient, haze = (
        saturate(c, colourful) * gain for c in (top, middle, low, key, ambient, haze)
    )
    return Mood(
        top=top,
        middle=middle,
        low=low,
        key=key,
        ambient=ambient,
        haze=haze,
        accents=accents,
        night=natural[6],
        thick=_AIR[weather],
        wet=_DAYLIGHT_WET.get(weather, 0.0),
        side=side,
        lift=lift,
    )
