"""Bodies in the water: the water covers what is below its surface."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from engines.providers.local.painter.canvas import Points
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.things.pen import Kind, Put

_BELOW: dict[str, float] = {
    "whale": 0.34, "shark": 0.4, "submarine": 0.5, "turtle": 0.45, "duck": 0.18, "swan": 0.1, "lifebuoy": 0.4,
    "jellyfish": 0.45, "anchor": 0.4,
}  # fmt: skip
"""How much of a thing is under water, in its heights. Fish and dolphins leap; ships are drawn as they float."""
_CLEAR = 0.16
"""How much of what is below the surface shows through it."""


@contextmanager
def in_water(scene: Scene, kind: Kind, put: Put, name: str) -> Iterator[Put]:
    """Draw a thing at the position that this gives: what is below the surface is covered afterwards.

    Args:
        scene: The picture.
        kind: How the thing is drawn.
        put: Its place, as if it stood on the water.
        name: Its name.
    """
    canvas = scene.canvas
    below = _BELOW.get(name, 0.0)
    row = round(put.y * canvas.width)
    if not below or not 0 < row < canvas.height:
        yield put
        return
    under = canvas.light[row:].copy()
    depth, ident, named = canvas.depth[row:].copy(), canvas.ident[row:].copy(), canvas.named[row:].copy()
    yield replace(put, y=put.y + below * put.size)
    light = canvas.light[row:]
    light += (under - light) * np.float32(1 - _CLEAR)
    canvas.depth[row:], canvas.ident[row:], canvas.named[row:] = depth, ident, named
    half = 0.5 * kind.wide * put.size
    foam: list[Points] = []
    for k in range(3):
        x = np.linspace(put.x - half * (0.95 + 0.1 * k), put.x + half * (0.95 + 0.1 * k), 30)
        y = put.y + 0.012 * put.size * k + 0.008 * put.size * np.sin(x * 60 / max(half, 0.02) * 0.2 + 2 * k)
        foam.append(np.column_stack([x, y]))
    white = mix(scene.mood.lit(rgb("eef4f8"), 0.8), scene.mood.low, 0.2)
    canvas.stroke(foam, max(0.014 * put.size, 0.0025), white, alpha=0.55, soft=0.003)
