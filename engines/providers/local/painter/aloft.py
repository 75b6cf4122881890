"""What hangs or flies in the sky."""

import numpy as np

from engines.providers.local.painter.manifest import Manifest
from engines.providers.local.painter.people.dressing import colour_named
from engines.providers.local.painter.scale import SIZES
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.staging import Cast
from engines.providers.local.painter.things.drawing import draw_thing
from engines.providers.local.painter.things.pen import Put


def paint_sky_props(scene: Scene, manifest: Manifest, cast: Cast) -> None:
    """What hangs or flies in the sky, behind everything near."""
    alone = not cast.actors and all(prop.kind.stand == "sky" for prop in cast.props)
    for index, prop in enumerate(one for one in cast.props if one.kind.stand == "sky"):
        if prop.name in ("sun", "moon") and scene.outdoors:
            continue  # the sky has painted it
        rng = scene.rng("sky prop", prop.name)
        room = scene.horizon if scene.outdoors else scene.tall * 0.6
        tall = float(np.clip(0.05 * prop.kind.tall * scene.zoom, 0.09, 0.42)) * SIZES[prop.item.size] * scene.tall
        if alone:
            tall = max(tall, 0.22 * scene.tall)
        tall = min(tall, 0.9 / prop.kind.wide, room * 0.85) / (1.0 + 0.09 * (prop.count - 1))
        for number in range(prop.count):
            x = (
                (0.5 + (0.22 if index % 2 else -0.2) * (0.4 if alone else 1.0))
                if prop.count == 1
                else (number + 0.5) / prop.count
            )
            x += float(rng.uniform(-0.05, 0.05))
            middle = room * (0.34 + 0.2 * (index % 2)) if prop.count == 1 else room * float(rng.uniform(0.22, 0.72))
            if prop.kind.tall > 11:
                middle = room * 0.5 if prop.name != "rainbow" else room - tall * 0.5
            scale = 1.0 if prop.count == 1 else float(rng.uniform(0.75, 1.15))
            facing = 1 if rng.random() < 0.5 else -1
            put = Put(
                x,
                middle + tall * scale / 2,
                tall * scale,
                facing,
                colour_named(prop.item.colour),
                0.45,
                number,
                prop.item.doing or "fly",
            )
            with manifest.naming(prop.item.ref):
                draw_thing(scene, prop.kind, put, prop.name)
                scene.rig.thing(prop.name, put, prop.kind.wide)
            if alone:
                scene.show(put.y - put.size, put.y, put.y - put.size, put.y - 0.6 * put.size)
