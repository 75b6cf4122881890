"""Animals that the words know by an icon's name, drawn by hand: an icon of a pig is a head, one of a mouse a blob."""

import numpy as np

from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.people.frame import tube
from engines.providers.local.painter.things.animals import draw_beast
from engines.providers.local.painter.things.lights import aurora
from engines.providers.local.painter.things.pen import Kind, Pen
from engines.providers.local.painter.things.sizes import ADULT_M, TALL_M


def _rodent(pen: Pen) -> None:
    """A mouse in profile, upright enough that ears, snout and tail are seen."""
    fur, size = pen.colour("8d8078"), pen.put.size
    pale, pink = mix(fur, rgb("f2ece6"), 0.55), rgb("e8a6a2")
    tail = [(-0.42, 0.1), (-0.72, 0.04), (-0.88, 0.2), (-0.74, 0.36), (-0.92, 0.5)]
    pen.solid(
        tube([pen.at(*p) for p in tail], [0.035 * size, 0.03 * size, 0.025 * size, 0.02 * size, 0.01 * size], 20), pink
    )
    pen.oval(0.42, 0.8, 0.16, 0.18, fur * np.float32(0.7))
    pen.part(
        (-0.46, 0.06), (-0.5, 0.36), (-0.26, 0.62), (0.06, 0.64), (0.26, 0.46), (0.24, 0.1), (0.0, 0.03),
        colour=fur, curve=True,
    )  # fmt: skip
    pen.mark((-0.1, 0.06), (-0.08, 0.3), (0.14, 0.4), (0.23, 0.14), colour=pale, alpha=0.85, curve=True, soft=0.03)
    pen.rod((-0.3, 0.05), (-0.08, 0.035), 0.05, 0.035, pink)
    pen.rod((0.2, 0.34), (0.36, 0.26), 0.045, 0.028, fur * np.float32(0.9))
    pen.rod((0.36, 0.26), (0.4, 0.25), 0.028, 0.024, pink)
    pen.part(
        (0.06, 0.52), (0.12, 0.78), (0.36, 0.84), (0.6, 0.68), (0.78, 0.52), (0.6, 0.44), (0.3, 0.4),
        colour=fur, curve=True,
    )  # fmt: skip
    pen.oval(0.77, 0.525, 0.045, 0.04, rgb("c8787c"))
    pen.oval(0.2, 0.86, 0.2, 0.21, fur * np.float32(0.95))
    pen.spot(0.2, 0.85, 0.13, 0.14, pink)
    pen.spot(0.5, 0.68, 0.045, 0.05, rgb("14100e"))
    pen.spot(0.515, 0.695, 0.014, 0.016, rgb("ffffff"))
    for dy in (-0.07, -0.01, 0.05):
        pen.line((0.68, 0.5 + dy * 0.3), (0.94, 0.48 + dy * 2), thick=0.008, colour=rgb("e8e2da"), alpha=0.8)


ICONS: dict[str, Kind] = {
    "aurora": Kind(aurora, 14.0, 2.0, "sky", 12.0, lamp=True),
    "rodent": Kind(_rodent, TALL_M["rodent"] / ADULT_M, 1.8),
    "pig": Kind(draw_beast("pig"), TALL_M["pig"] / ADULT_M, 1.45),
}
"""By the name of the icon that they stand for."""
