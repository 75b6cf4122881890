"""The places as the director words them. No word here names a thing: it would be drawn."""

import re
from dataclasses import dataclass

from engines.providers.local.reading.places import INDOORS, Place


@dataclass(frozen=True)
class Setting:
    """A kind of place.

    Attributes:
        name: Its name where the brief has none.
        preposition: The preposition before a name.
        life: What moves in it by itself, for the motion prompt.
        scale: 1 a room, 2 a street, 3 the horizon.
        indoor: Weather stays outside.
    """

    name: str
    preposition: str
    life: str
    scale: int
    indoor: bool


_ROWS: dict[Place, tuple[str, str, str, int]] = {
    "street": ("a city street", "on", "traffic rolls by, reflections tremble", 2),
    "village": ("an old village", "in", "doors stand open, the air moves slowly", 2),
    "skyline": ("the skyline of a big city", "before", "lit panes blink far away, haze slides", 3),
    "rooftop": ("a rooftop high above the city", "on", "cloth flaps in the draught, the city hums below", 3),
    "market": ("a busy market", "at", "cloth roofs sway, hands pass goods", 2),
    "harbour": ("a harbour", "in", "the water laps, ropes creak", 3),
    "beach": ("a long beach", "on", "foam runs up the sand and back", 3),
    "sea": ("the open sea", "on", "the swell rolls, spray blows", 3),
    "cliff": ("a high cliff above the sea", "on", "surf breaks far below, grass bends", 3),
    "river": ("a slow river", "by", "ripples spread, light dances on the water", 2),
    "bridge": ("a long bridge", "on", "the water slides below", 3),
    "underwater": ("the deep underwater blue", "in", "caustics ripple, bubbles climb", 3),
    "kitchen": ("a kitchen", "in", "steam curls, light shifts on the tiles", 1),
    "bedroom": ("a bedroom", "in", "the curtain breathes", 1),
    "room": ("a living room", "in", "light moves over the floor", 1),
    "workshop": ("a workshop", "in", "motes drift over the bench", 1),
    "school": ("a classroom", "in", "light slides over the rows", 1),
    "hall": ("a great hall", "in", "motes turn in the light", 2),
    "church": ("a church", "in", "coloured light creeps over the floor", 2),
    "castle": ("a castle", "before", "banners stir in the wind", 3),
    "factory": ("a factory", "in", "steam hisses, light flickers", 2),
    "bar": ("a bar", "in", "glasses glint, heads turn", 1),
    "club": ("a club", "in", "beams sweep, everything moves to the beat", 2),
    "stage": ("a stage", "on", "beams sweep, haze rolls", 3),
    "stadium": ("a stadium", "in", "the stands surge, beams sweep", 3),
    "train": ("a train compartment", "in", "the land rushes past the panes", 1),
    "car": ("the front seat", "on", "the land rushes past, shadows slide over the dashboard", 1),
    "road": ("an open road", "on", "lines rush by, the horizon stays", 3),
    "petrol station": ("a petrol station", "at", "tubes flicker over the pumps", 2),
    "motel": ("a roadside motel", "at", "the lettering flickers", 2),
    "subway": ("a subway station", "in", "a draught comes before the rails sing", 2),
    "tunnel": ("a tunnel", "in", "tubes stutter, a draught lifts scraps", 2),
    "playground": ("a playground", "on", "chains creak, shadows run", 2),
    "park": ("a park", "in", "leaves tremble, shadows shift on the lawn", 2),
    "garden": ("a garden", "in", "petals fall, stalks nod", 1),
    "farm": ("a farm", "on", "grass bends, weathercocks turn", 3),
    "field": ("a wide field", "in", "grass bends in long lines", 3),
    "forest": ("a deep forest", "in", "leaves tremble, shafts of light shift", 2),
    "mountains": ("a mountain ridge", "on", "vapour pours over the crest", 3),
    "desert": ("a desert", "in", "grains stream over the crests, the air shimmers", 3),
    "snow": ("a snowfield", "on", "powder streams over the drifts", 3),
    "ruins": ("ruins", "in", "ivy stirs, grit trickles", 2),
    "graveyard": ("a graveyard", "in", "grass bends between the stones", 2),
    "fairground": ("a fairground", "at", "everything turns, colours blink", 2),
    "cave": ("a cave", "in", "drops fall, echoes answer", 1),
    "space": ("open space", "in", "far lights drift", 3),
}
SETTINGS: dict[Place, Setting] = {
    place: Setting(name, preposition, life, scale, place in INDOORS)
    for place, (name, preposition, life, scale) in _ROWS.items()
}

_STATIC = "in|on|at|by|under|beneath|above|inside|beside|behind"
_PREPOSITIONS = {
    "in": "city,town,village,market,metropolis,district,downtown,station,house,apartment,mall,canyon,valley,woods,"
    "forest,park,chinatown,cathedral,church,harbor,harbour,diner,bar,arcade,shop,clearing,wasteland,spotlight,theatre,"
    "theater,arena,stadium,studio,lagoon,bay,tokyo,paris,london,berlin,venice,kitchen,room,bedroom,library,school,space,castle",
    "by": "sea,ocean,lake,river,pond,canal,waterfall,coast,seaside,shore,riverside,stream",
    "on": "beach,pier,island,hills,hill,peaks,ridge,summit,cliff,cliffs,terrace,balcony,ledge,dunes,ice,rooftops,roof,"
    "mars,bridge,street,road,highway,stage,farm,playground",
    "among": "mountains,pines,trees,ruins,stars,planets",
    "at": "crosswalk,intersection,party,rave,festival,concert,gas,fairground,motel,funeral,fair,carnival",
}


def preposition(place: Place, name: str, brief: str) -> str:
    """The preposition before a place's name: the brief's own, or in a city, by the sea, on a beach."""
    said = re.search(rf"\b({_STATIC})\s+{re.escape(name)}", brief, re.IGNORECASE)
    if said:
        return said.group(1).lower()
    words = name.lower().split()
    for word, nouns in _PREPOSITIONS.items():
        if set(words) & set(nouns.split(",")):
            return word
    return SETTINGS[place].preposition
