"""Other people, farther away, on the same ground as the figures."""

import numpy as np

from engines.providers.local.painter.figures import ground_shadow
from engines.providers.local.painter.manifest import CROWD, Manifest
from engines.providers.local.painter.people.casting import look_of
from engines.providers.local.painter.people.figure import Person, paint_person
from engines.providers.local.painter.scale import Measure
from engines.providers.local.painter.scene import Scene

_POSES = ("walk", "stand", "walk", "lean")


def paint_passers_by(scene: Scene, manifest: Manifest, measure: Measure) -> None:
    """A crowd that goes its own ways."""
    rng = scene.rng("passers")
    for away in np.sort(rng.uniform(1.5, 3.4, 10))[::-1]:
        foot, size = measure.at(float(away))
        if scene.shore and foot < scene.shore:
            continue
        look = look_of(None, int(rng.integers(2**31)))
        x, facing = float(rng.uniform(0.05, 0.95)), 1 if rng.random() < 0.5 else -1
        person = Person(
            look,
            x,
            min(foot, scene.tall * 1.2),
            size,
            facing,
            _POSES[int(rng.integers(4))],
            int(rng.integers(3)),
            min(0.6, 0.2 + 0.1 * float(away)),
        )
        ground_shadow(scene, person)
        with manifest.naming(CROWD):
            paint_person(scene, person)
