"""What the wall of styles shows: one picture per preset, painted from the preset's own default direction."""

from pydantic import Field

from models.base import Model
from models.generation import Limits
from models.ids import digest_of
from models.storyboard import ScenePrompt
from models.styles import Style
from models.takes import StillRequest

WIDTH, HEIGHT = 360, 480


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
    scene = style.picture
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
