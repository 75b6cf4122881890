"""The local animator: a camera move, weather and light over a still, in time with the music."""

from engines.providers.local.animator.filming import LocalAnimator

__all__ = ["LocalAnimator"]
