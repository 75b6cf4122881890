"""What a scene's preset and words ask of its animation."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.storyboard import ScenePrompt


@dataclass(frozen=True)
class Look:
    """How a scene is filmed and developed.

    Attributes:
        grain: Standard deviation of the film's grain, in levels of 0…255.
        grain_size: Its size in pixels at 540 wide.
        fringe: How far colours part at the strongest, in pixels at 540 wide.
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


_LOOKS: dict[str, Look] = {
    "cinematic-realism": Look(grain=3.0, grain_size=1.2),
    "golden-hour": Look(grain=2.6, glow=1.5, leak=0.55),
    "film-noir": Look(grain=4.2, grain_size=1.5, vignette=0.34, glow=0.9),
    "neo-noir": Look(grain=3.6, vignette=0.34, glow=1.5, fringe=2.0),
    "midnight-blue": Look(grain=3.0, vignette=0.32, glow=1.2),
    "3d-cartoon": Look(grain=1.2, vignette=0.1),
    "anime-shonen": Look(grain=1.4, vignette=0.12, glow=1.2, tempo=1.2, shake=0.12),
    "watercolor-anime": Look(grain=2.2, grain_size=2.2, vignette=0.06, glow=0.7, tempo=0.85),
    "painterly-3d": Look(grain=2.2, grain_size=1.8, vignette=0.18),
    "low-poly-3d": Look(grain=1.2, vignette=0.12),
    "claymation": Look(grain=1.8, grain_size=1.6, poses_per_s=12, shake=0.2, vignette=0.16),
    "dynamic-anime": Look(grain=1.4, vignette=0.14, glow=1.3, fringe=2.0, tempo=1.35, shake=0.2),
    "found-footage": Look(grain=4.4, grain_size=1.7, fringe=3.0, fringe_at_rest=0.7, shake=1.0, vignette=0.3),
    "disposable-camera": Look(grain=3.8, grain_size=1.5, leak=0.8, shake=0.5, vignette=0.34, glow=1.3),
    "tilt-shift": Look(grain=1.4, vignette=0.16, tempo=0.8),
    "retro-open-world": Look(grain=1.6, fringe=1.0, fringe_at_rest=0.5, vignette=0.1),
    "cyberpunk": Look(grain=3.0, fringe=4.0, fringe_at_rest=0.25, glow=1.8, vignette=0.26, shake=0.1),
    "vaporwave": Look(grain=3.0, grain_size=1.6, fringe=4.0, fringe_at_rest=0.5, glow=1.5, vignette=0.14),
    "post-apocalyptic": Look(grain=3.4, grain_size=1.4, vignette=0.28, shake=0.3),
    "liquid-chrome": Look(grain=1.4, glow=1.7, fringe=3.0, vignette=0.16),
}

_TEMPO_WORDS = (
    (r"\b(very slow|glacial)\w*", 0.5),
    (r"\b(slow|gentle|gently|calm|subtle|lingering|weightless)\w*", 0.75),
    (r"\b(fast|quick|rapid|rushing|urgent|racing|whip|sweeping)\w*", 1.4),
)
_SHAKE_WORDS = r"\b(shak(y|ing)|handheld|hand-held|running|jolt\w*|unsteady)\b"
_LEAK_WORDS = r"\b(light leaks?|lens flares?|sun ?flares?)\b"


def read_look(prompt: ScenePrompt) -> Look:
    """The preset's look, steered by the words of the motion prompt.

    Args:
        prompt: The scene; an unknown preset gets the usual look.

    Returns:
        The look.
    """
    look = _LOOKS.get(prompt.style, Look())
    motion = prompt.motion_prompt.lower()
    # Where a sentence speaks of the camera, its pace is the camera's; wheat that sways slowly is another matter.
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
