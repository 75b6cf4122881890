"""What the wall of styles shows: one picture per preset, painted from the preset's own default direction."""

from typing import NamedTuple

from pydantic import Field

from models.base import Model
from models.generation import Limits
from models.routing import digest_of
from models.storyboard import Framing, ScenePrompt
from models.styles import Style
from models.takes import StillRequest

WIDTH, HEIGHT = 360, 480


class _Scene(NamedTuple):
    """What a preset's picture shows, in words of its default direction; `take` chosen by eye from ten."""

    framing: Framing
    words: str
    take: int
    people: int = 1


_SCENES: dict[str, _Scene] = {
    "cinematic-realism": _Scene(
        Framing.WIDE, "A young woman stands on the shore of the sea at dusk, her arms raised", 2
    ),
    "golden-hour": _Scene(Framing.FULL, "Two lovers run through a wheat field at golden hour, the sun low", 0, 2),
    "film-noir": _Scene(Framing.CLOSE_UP, "A detective in a trench coat in city streets at night in the rain", 4),
    "neo-noir": _Scene(Framing.FULL, "A courier crosses a sleepless city street at night, rain, neon signs", 4),
    "midnight-blue": _Scene(Framing.WIDE, "A lonely dancer wanders along a lake at night under a full moon", 2),
    "3d-cartoon": _Scene(Framing.FULL, "A small boy walks over green hills on a bright sunny day, red balloon", 4),
    "anime-shonen": _Scene(Framing.FULL, "A young warrior runs across city rooftops at sunset", 2),
    "watercolor-anime": _Scene(Framing.FULL, "A girl walks through a meadow in the morning, towering clouds", 2),
    "painterly-3d": _Scene(Framing.FULL, "A street musician with a guitar in an old town at dusk, paper lanterns", 3),
    "low-poly-3d": _Scene(Framing.WIDE, "A lone traveler walks in crystal mountains on a clear morning", 2),
    "claymation": _Scene(Framing.WIDE, "An old man walks over a cotton-wool snowfield in the evening, moon", 0),
    "dynamic-anime": _Scene(Framing.FULL, "A girl runs along an elevated highway at twilight", 3),
    "found-footage": _Scene(Framing.FULL, "A friend in a tunnel in the fog at night", 1),
    "disposable-camera": _Scene(Framing.MEDIUM, "Friends on a rooftop at dawn, sparklers", 3, 2),
    "tilt-shift": _Scene(Framing.WIDE, "tiny people crossing city streets on a sunny afternoon, a yellow taxi", 0),
    "retro-open-world": _Scene(Framing.FULL, "A drifter on a pier at the beach on a hazy afternoon, palms", 4),
    "cyberpunk": _Scene(Framing.MEDIUM, "An android over the skyline at night, neon signs", 1),
    "vaporwave": _Scene(Framing.WIDE, "A palm road at dusk into an enormous sun", 4),
    "post-apocalyptic": _Scene(Framing.WIDE, "A survivor walks with a wolf through a desert of dust", 4, 2),
    "liquid-chrome": _Scene(Framing.CLOSE_UP, "A dancer of liquid silver at a mercury sea at dusk", 4),
}


class StylePicturesStep(Model):
    """Input of `PaintStyles` and argument of `paint_styles`."""

    limits: Limits = Limits()


class StylePictures(Model):
    """How many pictures were painted; those that were there already do not count."""

    painted: int = Field(ge=0)


def style_still(style: Style) -> StillRequest:
    """What to paint for a preset.

    Args:
        style: One of the presets.

    Returns:
        The request; the same preset gives the same one.
    """
    scene = _SCENES[style.slug]
    first = 3 * scene.take + 1
    prompt = ScenePrompt(
        scene_index=0,
        image_prompt=f"{scene.framing}: {scene.words}. {style.style_words}",
        motion_prompt="",
        negative_prompt=style.negative_words,
        seed=scene.take,
        style=style.slug,
        palette=style.palette,
        framing=scene.framing,
        cast_seeds=tuple(range(first, first + scene.people)),
    )
    return StillRequest(prompt=prompt, width=WIDTH, height=HEIGHT)


def style_picture_digest(style: Style) -> str:
    """Names a preset's picture; another preset text or another choice here gives another one."""
    return digest_of(style_still(style))


def style_picture_key(style: Style) -> str:
    """Where a preset's picture lies; it belongs to no account."""
    return f"styles/{style.slug}-{style_picture_digest(style)}.png"
