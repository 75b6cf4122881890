"""Snow that lies: on the ground, and on top of whatever stands in it."""

import cv2
import numpy as np

from engines.providers.local.painter.mood import luma, rgb
from engines.providers.local.painter.noise import Floats, fbm, scaled
from engines.providers.local.painter.scene import Scene
from engines.providers.local.reading.places import Place

_WITHOUT: frozenset[Place] = frozenset({"snow", "underwater", "space"})
"""Places that have snow of their own, or none."""
_CAP = 0.015
"""How deep it lies on a roof, in widths."""
_GROUND_SHARE = 0.012
_BELOW = 0.85
"""Ground is what is larger than this share of the picture, and below the horizon by this share."""


def lay_snow(scene: Scene) -> None:
    """Whiten the ground of a place, and cap what stands on it."""
    if scene.subject.weather != "snow" or not scene.outdoors or scene.subject.place in _WITHOUT:
        return
    canvas, mood = scene.canvas, scene.mood
    white = mood.lit(rgb("f2f5fb"), 0.62)
    cover = np.maximum(_ground(scene), _caps(scene))
    patches = fbm(scene.rng("snow lies"), 72, 40, cells=7, octaves=3)
    cover = cover * np.clip(scaled(patches, canvas.width, canvas.height) * 1.5 + 0.35, 0.3, 0.96)
    level = luma(canvas.light)
    grain = np.clip(level / max(float(np.median(level)), 1e-3), 0.7, 1.25) ** 0.35
    far = mood.far(white, 0.5)
    away = np.clip(canvas.depth, 0, 1)[:, :, None]
    snow = (white + (far - white) * away) * grain[:, :, None]
    canvas.light += (snow - canvas.light) * cover[:, :, None]


def _ground(scene: Scene) -> Floats:
    """Where ground is seen: large things that lie wholly below the horizon, but no water."""
    canvas = scene.canvas
    row = int(np.clip(scene.horizon * canvas.width, 0, canvas.height - 1))
    below = np.bincount(canvas.ident[row:].ravel())
    whole = np.bincount(canvas.ident.ravel(), minlength=len(below))[: len(below)]
    ground = (below > _GROUND_SHARE * canvas.ident.size) & (below >= _BELOW * whole)
    ground[list({0, *scene.waters} & set(range(len(ground))))] = False
    table = np.concatenate([ground, np.zeros(max(0, int(canvas.ident.max()) + 1 - len(ground)), bool)])
    mask = table[canvas.ident].astype(np.float32)
    mask[:row] = 0
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), max(0.6, canvas.width * 0.003)), np.float32)


def _caps(scene: Scene) -> Floats:
    """The upper edges of things, as deep as they are near."""
    canvas = scene.canvas
    cap = np.zeros(canvas.ident.shape, np.float32)
    deepest = max(1, round(_CAP * canvas.width))
    for step in range(1, deepest + 1):
        edge = canvas.ident[step:] != canvas.ident[:-step]
        edge &= canvas.depth[step:] < canvas.depth[:-step] - 0.04
        edge &= canvas.depth[step:] < 1.15 - step / deepest
        cap[step:][edge] = 1.0
    return np.asarray(cv2.GaussianBlur(cap, (0, 0), max(0.5, canvas.width * 0.0015)), np.float32)
