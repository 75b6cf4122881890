"""How large the things behind the icons are, and where they belong."""

from engines.providers.local.painter.things.pen import Stand

ADULT_M = 1.72
"""An adult's height in metres, the unit of `Kind.tall`."""

_LONGEST_M: dict[float, str] = {
    60.0: "pyramid volcano aurora island nuke earth planet",
    25.0: "eiffel-tower transmission-tower radio-tower castle crane mosque silo bridge meteor weather-tornado",
    12.0: "submarine tram train-car helicopter ufo satellite-uplink sail-boat-sink greenhouse antenna",
    7.0: "tank excavator wall parachute satellite-variant caravan",
    4.0: "pillar gate boom-gate pool basketball-hoop surfing",
    2.3: "dolphin",
    2.6: "rickshaw umbrella-beach horse-variant unicorn curtains wardrobe bunk-bed infinity star-circle-outline peace "
    "yin-yang billiards bow-arrow",
    2.0: "bookshelf bed-empty coffin fireplace slot-machine robot oar donkey kangaroo spear ski cctv blinds parking "
    "shower-head fridge alien bathtub sledding panda",
    1.4: "pig cart wheelchair dresser movie-open rake broom shovel corn hook cradle bulletin-board chandelier rug "
    "surf-board lasso jellyfish turtle",
    1.0: "baby-carriage barrel mailbox chair-rolling treasure-chest safe toilet penguin koala saxophone axe pickaxe "
    "baseball-bat ship-wheel sickle telescope bag-suitcase ceiling-light",
    0.75: "fire-hydrant trash-can washing-machine skateboard anvil shield lifebuoy hammer cone flag-checkered "
    "image-frame beehive-outline snake bag-personal fan keyboard-variant tune-vertical pistol-long",
    0.5: "boombox basket bucket fishbowl projector bomb package-variant-closed teddy-bear baguette pumpkin "
    "scale-balance knife-military candelabra bugle bat tshirt-crew hanger newspaper map virtual-reality pizza duck "
    "fruit-watermelon quadcopter palette",
    0.32: "crystal-ball kettle pot-steam bowl-mix gift trophy bottle-wine liquor chess-queen chess-knight microscope "
    "wrench binoculars flashlight clipboard boxing-glove shoe-sneaker shoe-ballet shoe-heel skate roller-skate noodles "
    "popcorn bone pipe bullhorn brain lungs skull-crossbones fruit-pineapple basketball bowling horseshoe metronome "
    "oil-lamp toy-brick timer-sand drama-masks domino-mask rodent spider filmstrip script-text dumbbell jump-rope "
    "stethoscope paw hand-back-right music music-clef-treble instrument-triangle grass sprout send gold",
}
"""Longest sides in metres; what is read as a sign (a note, a paw) is as large as a hand can show it."""
_OF: dict[str, float] = {name: metres for metres, names in _LONGEST_M.items() for name in names.split()}
_OTHERS_M = 0.2
"""What the table does not name lies on a table or in a hand."""

TALL_M: dict[str, float] = {
    "owl": 0.42, "rabbit": 0.4, "cat": 0.42, "dog": 0.72, "fox": 0.55, "wolf": 0.95, "bear": 1.35, "sheep": 0.95,
    "lion": 1.2, "pig": 0.85, "rodent": 0.13, "cow": 1.5, "horse": 2.2, "swan": 0.95, "fish": 0.18,
    "lantern": 0.36, "candle": 0.26, "crown": 0.24, "letter": 0.18, "book": 0.2, "computer": 0.48, "radio": 0.3,
    "cake": 0.28, "accordion": 0.42, "violin": 0.62, "umbrella": 0.9, "fire": 0.8, "sunflower": 1.4, "drums": 1.05,
    "skull": 0.24, "balloon": 0.9,
}  # fmt: skip
"""Heights in metres of drawings whose own is too tall or too low beside a person."""

_STANDS: dict[Stand, str] = {
    "sky": "bat bee ladybug helicopter ufo satellite-variant parachute meteor aurora planet earth quadcopter bird "
    "weather-tornado infinity star-circle-outline send",
    "hang": "chandelier ceiling-light fan spider-web spider",
    "wall": "image-frame cctv doorbell curtains blinds bulletin-board basketball-hoop shower-head",
    "water": "dolphin jellyfish submarine turtle duck lifebuoy sail-boat-sink",
}
_STAND_OF: dict[str, Stand] = {name: stand for stand, names in _STANDS.items() for name in names.split()}
_UPRIGHT = (
    "crane antenna pyramid satellite-uplink parking kangaroo horse-variant sledding caravan smoking umbrella-beach "
    "package-variant-closed pumpkin transmission-tower flag-checkered ski boom-gate"
)
"""They stand as their icons show them, by feet, wheels or posts that the outline tells nothing of."""


def icon_tall(name: str, wide: float = 1.0) -> float:
    """The height of an icon's thing, in heights of an adult.

    Args:
        name: The icon's.
        wide: The outline's width in its heights.
    """
    return _OF.get(name, _OTHERS_M) / ADULT_M / max(1.0, wide)


def icon_stand(name: str) -> Stand:
    """Where an icon's thing belongs."""
    return _STAND_OF.get(name, "ground")


def icon_lies(name: str) -> bool:
    """Whether an icon's thing falls over where its outline would not stand."""
    return icon_stand(name) == "ground" and name not in _UPRIGHT.split()
