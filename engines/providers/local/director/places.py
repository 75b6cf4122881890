"""The places that the director knows: how they are called, where one stands in them, what one sees, what moves."""

import re
from dataclasses import dataclass

from engines.providers.local.painter.lexicon import Place


@dataclass(frozen=True)
class Setting:
    """A kind of place.

    Attributes:
        names: Ways to call it; each names the place before anything else.
        preposition: What stands before a name.
        spots: Where somebody is in it.
        details: Things to show without anybody.
        life: What moves in it by itself.
        scale: 1 a room, 2 a street, 3 the horizon: choruses want the biggest.
        indoor: Weather stays outside.
    """

    names: tuple[str, ...]
    preposition: str
    spots: tuple[str, ...]
    details: tuple[str, ...]
    life: str
    scale: int
    indoor: bool = False


SETTINGS: dict[Place, Setting] = {
    "street": Setting(
        ("a narrow city street", "a wide downtown avenue", "an empty crosswalk downtown", "a backstreet of old shops"),
        "on",
        ("between parked cars", "under a street lamp", "in the middle of the lane", "beside a glowing shop window",
         "past shuttered doors", "where two alleys meet"),
        ("a neon sign reflected in a puddle", "headlights of a car sliding over brickwork", "steam above a grate",
         "one umbrella left against a wall"),
        "traffic lights change, steam drifts, reflections tremble", 2,
    ),
    "skyline": Setting(
        ("the skyline of a sleepless city", "a cityscape of glass towers", "an overlook above the city lights"),
        "before",
        ("at the guard rail", "on the last step of a staircase", "small against the towers", "on a parked car",
         "at the very rim"),
        ("a thousand lit windows", "aircraft lights blinking on the towers", "a flock of birds crossing the towers"),
        "windows flicker on and off, aircraft lights blink, haze slides", 3,
    ),
    "rooftop": Setting(
        ("a rooftop high above the traffic", "a rooftop with water tanks", "a flat rooftop under the open sky"),
        "on",
        ("near the parapet", "between antennas", "beside a humming sign", "at the very edge", "under hanging laundry"),
        ("string lights swaying between antennas", "a neon sign seen from behind", "pigeons bursting upward"),
        "string lights sway, cloth flaps, the traffic glitters below", 3,
    ),
    "desert": Setting(
        ("a desert of long dunes", "a cracked desert flat", "a desert canyon of red rock"),
        "in",
        ("on the crest", "in the long shadow of a rock", "beside a half-buried car", "on the cracked ground",
         "where the footprints end"),
        ("footprints filling with sand", "a dead tree and its shadow", "heat shimmering over a lone sign"),
        "sand streams over the crests, heat shimmers", 3,
    ),
    "mountains": Setting(
        ("a mountain ridge above the clouds", "a valley between steep mountains", "a bare mountain summit"),
        "on",
        ("at the brink", "on a wind-bent outcrop", "below the last peak", "beside a stone cairn", "on the saddle"),
        ("clouds pouring over the crest", "an eagle turning in the updraft", "a torn flag in the gale"),
        "clouds pour over the crest, grass bends in the gale", 3,
    ),
    "forest": Setting(
        ("a forest of tall pines", "a mossy old forest", "a clearing deep in the woods"),
        "in",
        ("between the trunks", "in a shaft of light", "beside a fallen trunk", "in deep fern", "under bent boughs"),
        ("fireflies among ferns", "a shaft of light on moss", "a single red leaf coming down"),
        "leaves tremble, light shafts shift, fireflies blink", 2,
    ),
    "sea": Setting(
        ("a long beach by the open sea", "a rocky shore under heavy surf", "a wooden pier over the sea"),
        "on",
        ("at the edge of the foam", "on a wet black rock", "ankle-deep in the surf", "against the breakers",
         "beside a stranded boat"),
        ("foam running back over pebbles", "gulls hanging in the wind", "a boat with a lit lantern far out"),
        "waves roll in, spray blows, gulls hang in the wind", 3,
    ),
    "river": Setting(
        ("a lake as still as glass", "a slow river between willows", "a waterfall into a dark pool"),
        "by",
        ("on the jetty", "on the wet stones", "in a drifting boat", "among the reeds", "where the water turns"),
        ("ripples crossing a reflection", "lanterns floating on the water", "a heron lifting off"),
        "ripples spread, mist crawls over the water", 2,
    ),
    "bridge": Setting(
        ("a bridge of riveted iron", "a long suspension bridge", "a footbridge hung with lamps"),
        "on",
        ("at the railing", "between the cables", "in the very middle", "under the first pylon", "beside a stalled car"),
        ("cables converging overhead", "lamps in a row dissolving in haze", "the water far below"),
        "cables hum, lamps flicker, the water slides below", 3,
    ),
    "tunnel": Setting(
        ("a tunnel with ribs of light", "an underpass of wet concrete", "a subway platform after the last train"),
        "in",
        ("on the centre line", "against the tiled wall", "at the bright mouth", "beneath a broken tube lamp",
         "beside the tracks"),
        ("tube lamps stuttering in a row", "a train of light rushing past", "water dripping into a mirror puddle"),
        "tube lamps stutter, a draught lifts dust", 2, True,
    ),
    "room": Setting(
        ("a room with one tall window", "a motel room with the TV on", "a room full of unsent letters"),
        "in",
        ("at the window", "on the edge of the mattress", "in front of the mirror", "on the floor against the wall",
         "in the doorway"),
        ("curtains breathing at the window", "a telephone off its hook", "a lamp and its circle on the wall"),
        "curtains breathe, blinds throw moving stripes", 1, True,
    ),
    "club": Setting(
        ("a club at its fullest hour", "a dance floor under a mirror ball", "a disco of smoke and lasers"),
        "in",
        ("in the middle of the crowd", "under the mirror ball", "against the speaker stack", "on a podium",
         "at the rail above the crowd"),
        ("a mirror ball throwing sparks", "a record turning under a needle", "lasers combing through smoke"),
        "lasers sweep, the crowd moves as one, smoke rolls", 2, True,
    ),
    "stage": Setting(
        ("a stage of floodlights and smoke", "a festival stage before a sea of arms", "an empty theatre stage"),
        "on",
        ("at the footlights", "at the front lip, over the crowd", "inside one white spotlight", "between amplifiers",
         "against a wall of lamps"),
        ("dust turning in one spotlight", "floodlights flaring one after the other", "confetti coming down"),
        "floodlights sweep, confetti falls, the crowd surges", 3, True,
    ),
    "road": Setting(
        ("an open road to the horizon", "a highway between bare hills", "a country road lined with poles"),
        "on",
        ("on the centre line", "beside a car with open doors", "on the hood of the car", "at a leaning signpost",
         "in the beam of headlights"),
        ("the centre line rushing under us", "tail lights shrinking away", "a signpost shot full of holes"),
        "lines rush by, poles pass, headlights flare", 3,
    ),
    "ruins": Setting(
        ("ruins overgrown with ivy", "the ruins of a great factory", "ruins of a temple without its roof"),
        "in",
        ("among broken columns", "beneath a leaning arch", "on a heap of rubble", "in front of a fallen statue",
         "where a door used to be"),
        ("a flower growing through rubble", "light through a shattered arch", "a torn billboard flapping"),
        "ivy stirs, dust falls through the light", 2,
    ),
    "space": Setting(
        ("space above a ringed planet", "open space full of stars", "an orbit over a glowing planet"),
        "in",
        ("weightless", "against the planet's rim", "between slow splinters of glass", "before a violet nebula",
         "at the end of a cable"),
        ("a planet rising", "sparks drifting like seeds", "a helmet turning slowly"),
        "stars drift, splinters turn slowly, the nebula breathes", 3,
    ),
    "snow": Setting(
        ("a snowfield without an end", "a frozen plain of blue ice", "a snowbound clearing"),
        "on",
        ("at the end of a single trail", "beside a lantern in the drift", "on black ice", "knee-deep in the drift",
         "against the white"),
        ("a single trail of footprints", "a lantern half buried in the drift", "ice cracking in a long line"),
        "powder streams over the drifts, breath clouds", 3,
    ),
    "field": Setting(
        ("a field of tall wheat", "a meadow over soft hills", "a wide field under enormous clouds"),
        "in",
        ("waist-deep in the stalks", "on the crest", "beside a lone tree", "along the fence", "in a trampled circle"),
        ("wheat bending in one long wave", "a lone tree with birds in it", "a kite tugging at its line"),
        "stalks bend in waves, clouds travel, birds rise", 3,
    ),
    "garden": Setting(
        ("a garden gone wild with roses", "a glass greenhouse full of palms", "an orchard in full blossom"),
        "in",
        ("among the roses", "under falling petals", "beside a dry fountain", "on a stone bench", "behind wet leaves"),
        ("petals on dark water", "butterflies over white flowers", "a drop gathering on a leaf"),
        "petals fall, leaves nod, butterflies cross", 1,
    ),
    "hall": Setting(
        ("a vast hall of columns", "a cathedral hall lit by candles", "a ballroom under torn chandeliers"),
        "in",
        ("on the chequered floor", "at the foot of the stairs", "between two columns", "before the tall windows",
         "beneath the chandelier"),
        ("candles burning down", "dust turning in coloured light", "a mask left on the stairs"),
        "candles flicker, dust turns in the light", 2, True,
    ),
    "underwater": Setting(
        ("an underwater canyon of coral", "a submerged staircase underwater", "the deep sea under broken light"),
        "in",
        ("among rising bubbles", "in a shaft of broken light", "above white coral", "hair floating upward",
         "just below the surface"),
        ("bubbles climbing through a shaft of light", "a lost necklace turning as it sinks", "a silver shoal turning"),
        "caustics ripple, bubbles rise, cloth floats", 3,
    ),
}  # fmt: skip


_STATIC = "in|on|at|by|under|beneath|above|inside|beside|behind"
_PREPOSITIONS = {
    "in": "city,town,village,market,metropolis,megacity,district,downtown,station,house,apartment,mall,canyon,valley,"
    "woods,forest,park,chinatown,cathedral,church,harbor,harbour,diner,bar,arcade,shop,parking,clearing,wasteland,"
    "spotlight,theatre,theater,arena,stadium,studio,lagoon,bay",
    "by": "sea,ocean,lake,river,pond,canal,waterfall,coast,lighthouse,seaside,shore",
    "on": "beach,pier,island,hills,hill,peaks,ridge,summit,cliff,cliffs,terrace,balcony,ledge,dunes,ice,rooftops",
    "among": "mountains,pines,trees,dunes,ruins,stars,planets",
    "at": "crosswalk,intersection,party,rave,festival,concert,gas,playground",
}


def preposition(place: Place, name: str, brief: str) -> str:
    """What stands before a place's name: what the brief put there, or in a city, by the sea, on a beach."""
    said = re.search(rf"\b({_STATIC})\s+{re.escape(name)}", brief, re.IGNORECASE)
    if said:
        return said.group(1).lower()
    words = name.lower().split()
    for word, nouns in _PREPOSITIONS.items():
        if set(words) & set(nouns.split(",")):
            return word
    return SETTINGS[place].preposition
