"""All things that are drawn by hand, by name."""

from dataclasses import replace

from engines.providers.local.painter.things import (
    animals,
    buildings,
    house,
    keepsakes,
    lights,
    music,
    plants,
    small,
    vehicles,
    water,
    winged,
)
from engines.providers.local.painter.things.pen import Kind
from engines.providers.local.painter.things.sizes import ADULT_M, TALL_M

_DRAWN: dict[str, Kind] = {
    **water.FAMILY,
    **vehicles.FAMILY,
    **animals.FAMILY,
    **winged.FAMILY,
    **music.FAMILY,
    **lights.FAMILY,
    **small.FAMILY,
    **keepsakes.FAMILY,
    **house.FAMILY,
    **buildings.FAMILY,
    **plants.FAMILY,
}
KINDS: dict[str, Kind] = {
    name: replace(kind, tall=TALL_M[name] / ADULT_M) if name in TALL_M else kind for name, kind in _DRAWN.items()
}
"""Names as in `reading.things.Thing`."""
