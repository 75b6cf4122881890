"""All places by name, and what is painted before the people in some of them."""

from collections.abc import Callable

from engines.providers.local.painter import beyond, indoors, landscapes, nature, ruins, urban
from engines.providers.local.painter.places import halls, homes, outings, settled, shore, stops, travel
from engines.providers.local.painter.scene import Scene
from engines.providers.local.reading.places import Place

PLACES: dict[Place, Callable[[Scene], None]] = {
    "street": urban.street,
    "village": settled.village,
    "skyline": urban.skyline,
    "rooftop": urban.rooftop,
    "market": settled.market,
    "harbour": shore.harbour,
    "beach": shore.beach,
    "sea": shore.sea,
    "cliff": shore.cliff,
    "river": landscapes.river,
    "bridge": urban.bridge,
    "underwater": beyond.underwater,
    "kitchen": homes.kitchen,
    "bedroom": indoors.room,
    "room": homes.room,
    "workshop": homes.workshop,
    "school": homes.school,
    "hall": indoors.hall,
    "church": halls.church,
    "castle": settled.castle,
    "factory": halls.factory,
    "bar": halls.bar,
    "club": indoors.club,
    "stage": indoors.stage,
    "stadium": halls.stadium,
    "train": travel.train,
    "car": travel.car,
    "road": landscapes.road,
    "petrol station": stops.petrol_station,
    "motel": stops.motel,
    "subway": stops.subway,
    "tunnel": indoors.tunnel,
    "playground": outings.playground,
    "park": outings.park,
    "garden": landscapes.garden,
    "farm": settled.farm,
    "field": landscapes.field,
    "forest": landscapes.forest,
    "mountains": nature.mountains,
    "desert": landscapes.desert,
    "snow": landscapes.snow,
    "ruins": ruins.ruins,
    "graveyard": settled.graveyard,
    "fairground": outings.fairground,
    "cave": halls.cave,
    "space": beyond.space,
}
BEFORE_PEOPLE: dict[Place, Callable[[Scene], None]] = {"car": travel.car_front}
"""Painted over the people: they sit behind it."""
