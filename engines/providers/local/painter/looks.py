"""The looks, by the slug of their preset: which sky, hour and colours they start from, and how they end."""

from collections.abc import Callable
from dataclasses import dataclass, field

from engines.providers.local.painter.lexicon import Time, Weather
from engines.providers.local.painter.noise import Floats
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.treatments import drawn, electric, modelled, photographic

Treatment = Callable[[Scene], Floats]


@dataclass(frozen=True)
class Look:
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


_ALWAYS_NIGHT: dict[Time, Time] = {"dawn": "night", "day": "night", "golden": "night", "dusk": "night"}
_ALWAYS_GOLDEN: dict[Time, Time] = {"day": "golden", "dusk": "golden", "night": "golden", "dawn": "golden"}
_ALWAYS_DUSK: dict[Time, Time] = {"day": "dusk", "golden": "dusk", "dawn": "dusk", "night": "dusk"}

LOOKS: dict[str, Look] = {
    "cinematic-realism": Look(photographic.cinematic_realism, ("d98a4a", "4f8f9c", "e8c48a")),
    "golden-hour": Look(
        photographic.golden_hour,
        ("ff9a4a", "e85a3a", "ffd48a"),
        hours=_ALWAYS_GOLDEN,
        air={"rain": "clear", "storm": "clouds", "fog": "clouds", "snow": "clear"},
    ),
    "film-noir": Look(
        photographic.film_noir, ("ffffff", "b0b0b0", "e0e0e0"), hours={"day": "dusk", "golden": "dusk", "dawn": "dusk"}
    ),
    "neo-noir": Look(
        photographic.neo_noir, ("ff2a4a", "1fd0d0", "ff6a3a"), hours=_ALWAYS_NIGHT, air={"clear": "rain", "dust": "fog"}
    ),
    "midnight-blue": Look(photographic.midnight_blue, ("8ab8ff", "4a7aff", "d0e4ff"), hours=_ALWAYS_NIGHT),
    "3d-cartoon": Look(
        modelled.cartoon_3d,
        ("ff6f61", "ffb02e", "38c1c9"),
        big_eyes=True,
        hours={"golden": "day"},
        skies={
            "day": ("2f8ff0", "7fd0ff", "d8f6ff", "fff6dc", "a8b4e0", "c8ecff"),
            "dawn": ("5aa0f0", "ffc0d8", "fff0c8", "fff0d0", "b0a8d8", "ffe0e0"),
            "dusk": ("4a3aa8", "e070b0", "ffc080", "ffd0a0", "9080c8", "d890c0"),
            "night": ("1a2470", "3a50b8", "6a90e0", "c8d8ff", "6070b8", "5070c8"),
        },
    ),
    "anime-shonen": Look(
        drawn.anime_shonen,
        ("e2412e", "ffd23f", "2f6fff"),
        big_eyes=True,
        tilt=5,
        skies={
            "day": ("1250c8", "3f9cf4", "c8f0ff", "fffbe8", "8fa8e0", "b8e0ff"),
            "dusk": ("2a1468", "d8385a", "ffae3a", "ffd07a", "7a4a90", "e07858"),
            "golden": ("2a50b0", "ff9a3a", "ffe070", "ffe09a", "a07890", "ffc070"),
        },
    ),
    "watercolor-anime": Look(
        drawn.watercolor_anime,
        ("f2a5a0", "8fc8d0", "f0d080"),
        big_eyes=True,
        hours={"night": "dusk"},
        skies={
            "day": ("6fb4e8", "b4dcf4", "f4f8f4", "fff8e8", "b4c0d8", "dcecf4"),
            "dusk": ("8a88c8", "e8b0c8", "ffe0b8", "ffe8d0", "b0a0c0", "e0c4d4"),
            "golden": ("9ab0d8", "f8d0a8", "fff0c0", "fff0d0", "c0b0b8", "f8e0c4"),
        },
    ),
    "painterly-3d": Look(drawn.painterly_3d, ("ef7d57", "b13e6d", "4ac0c0"), hours={"day": "golden"}),
    "low-poly-3d": Look(
        modelled.low_poly_3d,
        ("f78154", "f2c14e", "4fb286"),
        skies={"day": ("3f9ad0", "8fd4e0", "f8ecc8", "fff4dc", "9cb0c8", "d0e8e4")},
    ),
    "claymation": Look(
        modelled.claymation,
        ("d95f3a", "e8b04a", "6fae8b"),
        hours={"dusk": "golden"},
        skies={
            "night": ("1a1c40", "2f3a68", "5a5a80", "ffe0b0", "605870", "484a70"),
            "day": ("5aa0c8", "9cd0dc", "f4ecd0", "fff0d0", "b0a8a8", "d8e0d8"),
        },
    ),
    "dynamic-anime": Look(
        drawn.dynamic_anime, ("f0338f", "27d6ff", "ffd23f"), big_eyes=True, hours={"day": "dusk"}, tilt=11
    ),
    "found-footage": Look(
        photographic.found_footage, ("c9b98a", "8f8a63", "d06a4a"), hours={"golden": "dusk", "day": "dawn"}
    ),
    "disposable-camera": Look(photographic.disposable_camera, ("e8604a", "f0c060", "4a9a8a"), hours={"golden": "dusk"}),
    "tilt-shift": Look(
        photographic.tilt_shift,
        ("ff5a4a", "ffc02e", "2fa0e0"),
        raised=0.2,
        hours={"night": "dusk", "dusk": "day"},
        air={"rain": "clear", "fog": "clear"},
    ),
    "retro-open-world": Look(
        modelled.retro_open_world,
        ("d88c3a", "e84a8a", "4ab0c0"),
        hours={"dawn": "day"},
        skies={
            "day": ("5a9ac8", "b8d0c0", "f4dcA0", "fff0c8", "9c9a90", "e8d0a0"),
            "golden": ("c88a6a", "f0a860", "ffe0a0", "ffd090", "8a7880", "f0b878"),
        },
    ),
    "cyberpunk": Look(
        electric.cyberpunk,
        ("ff2bd6", "19e3ff", "8a3cff"),
        hours=_ALWAYS_NIGHT,
        air={"clear": "rain", "clouds": "rain", "dust": "fog"},
    ),
    "vaporwave": Look(
        electric.vaporwave,
        ("ff71ce", "5fe3e8", "b967ff"),
        hours=_ALWAYS_DUSK,
        air={"rain": "clear", "storm": "clear", "fog": "clear", "clouds": "clear"},
        skies={"dusk": ("2a0f6a", "c83fc0", "ffb078", "ffc0e8", "7a58c8", "f080d0")},
        striped_sun=True,
        grid=True,
    ),
    "post-apocalyptic": Look(
        photographic.post_apocalyptic,
        ("c8783a", "8a4a2a", "e0b060"),
        hours={"night": "dusk", "dawn": "golden"},
        air={"rain": "dust", "clear": "dust", "snow": "dust"},
    ),
    "liquid-chrome": Look(modelled.liquid_chrome, ("c8b8ff", "8ae0ff", "ff9ad8"), hours={"golden": "dawn"}),
}
_PLAIN = "cinematic-realism"


def look_for(slug: str) -> Look:
    """The look of a preset; a preset newer than this painter is painted plainly."""
    return LOOKS.get(slug, LOOKS[_PLAIN])
