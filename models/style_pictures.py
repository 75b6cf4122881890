"""What the wall of styles shows: one picture per preset, painted from the preset's own default direction."""

from pydantic import Field

from models.base import Model
from models.generation import Limits
from models.routing import digest_of
from models.storyboard import Framing, ScenePrompt
from models.styles import STYLES, Style
from models.takes import StillRequest

WIDTH, HEIGHT = 360, 480
_FRAMINGS = (Framing.FULL, Framing.CLOSE_UP, Framing.WIDE)
# Chosen by eye from three takes of each: the one that shows its look best, and no two neighbours alike.
_TAKES = {
    "golden-hour": 2,
    "film-noir": 2,
    "midnight-blue": 1,
    "watercolor-anime": 2,
    "painterly-3d": 2,
    "claymation": 2,
    "disposable-camera": 2,
    "liquid-chrome": 2,
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
    place = STYLES.index(style)
    take = _TAKES.get(style.slug, 0)
    framing = _FRAMINGS[(place + take) % len(_FRAMINGS)]
    first_sentence = style.default_direction.partition(". ")[0]
    prompt = ScenePrompt(
        scene_index=0,
        image_prompt=f"{framing}: {first_sentence}. {style.style_words}",
        motion_prompt="",
        negative_prompt=style.negative_words,
        seed=11 + take * 31 + place,
        style=style.slug,
        palette=style.palette,
        framing=framing,
        cast_seeds=(place * 7 + take * 3, place * 5 + 1),
    )
    return StillRequest(prompt=prompt, width=WIDTH, height=HEIGHT)


def style_picture_digest(style: Style) -> str:
    """Names a preset's picture; another preset text or another choice here gives another one."""
    return digest_of(style_still(style))


def style_picture_key(style: Style) -> str:
    """Where a preset's picture lies; it belongs to no account."""
    return f"styles/{style.slug}-{style_picture_digest(style)}.png"
