"""Requests as the workflow makes them, small ones."""

from collections.abc import Callable

import pytest

from models.storyboard import Framing, ScenePrompt
from models.styles import find_style
from models.takes import StillRequest

Ask = Callable[..., StillRequest]


@pytest.fixture
def ask() -> Ask:
    """Builds a request from words; everything else has a default."""

    def build(
        words: str,
        *,
        style: str = "cinematic-realism",
        framing: Framing = Framing.WIDE,
        width: int = 90,
        height: int = 160,
        seed: int = 7,
        section: str = "verse",
        energy: float = 0.5,
        cast: tuple[int, ...] = (),
    ) -> StillRequest:
        preset = find_style(style)
        prompt = ScenePrompt(
            scene_index=0,
            image_prompt=f"{words}, {preset.style_words}",
            motion_prompt="",
            seed=seed,
            style=preset.slug,
            palette=preset.palette,
            framing=framing,
            energy=energy,
            section=section,
            cast_seeds=cast,
        )
        return StillRequest(prompt=prompt, width=width, height=height)

    return build
