"""Close-ups of faces."""

from dataclasses import replace

import numpy as np

from engines.providers.local.painter.figures import exposure_for
from engines.providers.local.painter.manifest import Manifest
from engines.providers.local.painter.people.figure import Person, paint_person
from engines.providers.local.painter.people.poses import LYING, SEATED
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.staging import Actor, Cast

_NEARER = (0.86, 1.0, 1.0, 1.14)
_BELOW = 0.1
"""How far below the picture hips are of which nothing is seen, in an adult's heights."""
_FACE_LUMA = 0.36
"""Luma below which a face in a close-up would be only a shape."""


def paint_close_up(scene: Scene, manifest: Manifest, cast: Cast) -> None:
    """Faces; without people the place itself is the picture."""
    if cast.actors:
        pair = cast.actors[:2]
        _faces(scene, manifest, pair[::-1] if scene.rng("order").random() < 0.5 else pair)


def _faces(scene: Scene, manifest: Manifest, actors: tuple[Actor, ...]) -> None:
    chance = scene.rng("close")
    # The same face comes nearer or goes farther, and leaves room on one side or the other.
    alone = len(actors) == 1
    unit = (0.2 if alone else 0.15) * float(chance.uniform(0.82, 1.16))
    aside = float(np.clip(scene.focus[0] - 0.5 + float(chance.uniform(-0.07, 0.07)), -0.13, 0.13))
    if not alone:
        aside = 0.4 * aside
    # Of two, one is nearer: which, and how much, is another picture.
    nearer = float(chance.choice(_NEARER))
    high = float(chance.uniform(0.36, 0.43))
    for i, actor in enumerate(actors):
        own = unit if alone else unit * (nearer if i else 1 / nearer)
        x = 0.5 + aside + (0 if alone else (i - 0.5) * 0.42)
        y = scene.tall * (high + (0.05 * i if alone else 0.04 * i + 0.3 * (own - unit)))
        pose = (
            "stand"
            if actor.pose in LYING or actor.pose in SEATED or actor.pose in ("walk", "run", "kneel", "jump", "hug")
            else actor.pose
        )
        look = actor.look
        size = own / look.head
        side, turn = scene.subject.view
        open_side = 1 if scene.rng("turn").random() < 0.5 else -1
        facing = (1 if i == 0 else -1) if len(actors) == 2 else side or open_side
        trial = Person(look, x, 0.0, size, facing, pose, 0, 0.12, actor.behind, actor.holds, turn)
        ex, ey = trial.frame.eyes
        person = replace(trial, x=2 * x - ex, y=y - ey)
        with manifest.naming(actor.ref):
            # A child's body is short below its large head: it goes on where an adult's would be cut off.
            below = max(person.frame.joint("h1")[1], person.frame.joint("h2")[1]) < scene.tall + _BELOW * size
            paint_person(scene, person, legs=below, exposure=exposure_for(scene, look, _FACE_LUMA))
        scene.rig.person(person)
        scene.show(min(y - 2.0 * own, person.frame.highest), scene.tall, y - 2.0 * own, y + 1.7 * own)
