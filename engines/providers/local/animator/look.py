"""How a scene's style and words affect its animation."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engines.styles import parts_of
from models.storyboard import ScenePrompt


@dataclass(frozen=True)
class FilmedLook:
    """How a scene is filmed and developed.

    Attributes:
        grain: Standard deviation of the film's grain, in levels of 0…255.
        grain_size: Its size in pixels at 540 wide.
        fringe: The widest colour fringe, in pixels at 540 wide.
        fringe_at_rest: The share of `fringe` that stays without a beat.
        poses_per_s: How often the camera moves on, 0 with every frame; stop motion is shot on twos.
        shake: How unsteady the camera is held, 0…1.
        vignette: How much darker the corners are, 0…1.
        glow: How much bright things bloom, 1 as usual.
        leak: How strongly light leaks in from the edge, 0…1.
        tempo: How fast the camera moves, 1 as usual.
    """

    grain: float = 2.6
    grain_size: float = 1.0
    fringe: float = 0.0
    fringe_at_rest: float = 0.0
    poses_per_s: float = 0.0
    shake: float = 0.05
    vignette: float = 0.22
    glow: float = 1.0
    leak: float = 0.0
    tempo: float = 1.0


_TEMPO_WORDS = (
    (r"\b(very slow|glacial)\w*", 0.5),
    (r"\b(slow|gentle|gently|calm|subtle|lingering|weightless)\w*", 0.75),
    (r"\b(fast|quick|rapid|rushing|urgent|racing|whip|sweeping)\w*", 1.4),
)
_SHAKE_WORDS = r"\b(shak(y|ing)|handheld|hand-held|running|jolt\w*|unsteady)\b"
_LEAK_WORDS = r"\b(light leaks?|lens flares?|sun ?flares?)\b"


def read_look(prompt: ScenePrompt) -> FilmedLook:
    """The style's look, adjusted by the words of the motion prompt.

    Args:
        prompt: The scene; an unknown style gets the usual look.

    Returns:
        The look.
    """
    parts = parts_of(prompt.style)
    look = parts.filmed if parts else FilmedLook()
    motion = prompt.motion_prompt.lower()
    # Only in a sentence about the camera does a word of pace concern the camera: wheat may sway slowly too.
    camera = re.search(r"camera[^;.]*", motion)
    paced = camera.group() if camera else motion
    tempo = next((factor for words, factor in _TEMPO_WORDS if re.search(words, paced)), 1.0)
    look = replace(look, tempo=look.tempo * tempo)
    if prompt.camera_move.value == "handheld" or re.search(_SHAKE_WORDS, motion):
        look = replace(look, shake=max(look.shake, 0.7))
    if re.search(_LEAK_WORDS, motion + " " + prompt.image_prompt.lower()):
        look = replace(look, leak=max(look.leak, 0.7))
    return look


def read_palette(palette: Sequence[str]) -> NDArray[np.float32]:
    """A palette's colours.

    Args:
        palette: `#rrggbb`; may be empty.

    Returns:
        float32, (colours, 3), BGR, 0…255.
    """
    codes = [code.lstrip("#") for code in palette] or ["101018", "f0e8d8"]
    return np.array([[int(code[i : i + 2], 16) for i in (4, 2, 0)] for code in codes], np.float32)
