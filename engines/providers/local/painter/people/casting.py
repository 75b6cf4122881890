"""From what the words say about a person, and its cast seed, to its look: the words win, the seed fills the rest."""

from dataclasses import replace
from functools import lru_cache

import numpy as np

from engines.providers.local.painter.canvas import Colour
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.noise import Rng, rng_for
from engines.providers.local.painter.people.beings import become
from engines.providers.local.painter.people.dressing import Wear, colour_named, dressed, shoes
from engines.providers.local.painter.people.look import Age, Beard, Glasses, Hat, Legs, Look, Outfit, Sex, Style
from engines.providers.local.painter.people.measuring import Measured
from engines.providers.local.reading.facts import Person
from engines.providers.local.reading.looks import COLOURS

_SKINS = ("f3cfb3", "e8b996", "dba37c", "c98d66", "a56a45", "7b4a2e", "5c3823")
_SKIN_NAMES = {
    "pale": "f6dcc8", "light": "eec3a2", "olive": "d2a274", "brown": "a56a45", "dark": "5c3823", "green": "7fae6a",
    "blue": "7f9fd0",
}  # fmt: skip
_HAIRS = ("1b1518", "2d1d17", "452a1c", "5f3a22", "8a5a30", "c8a060")
_HAIR_NAMES = {
    "red": "a8441e", "ginger": "b8562a", "blond": "d8b06a", "gold": "d8b06a", "yellow": "e0bd70", "silver": "d6d8dc",
    "grey": "a9abb0", "white": "eeeae4", "black": "17131a", "brown": "4f3020", "dark red": "6a1f1a", "copper": "a8562c",
}  # fmt: skip
_GREYS = ("e6e4e0", "cfd0d2", "b8b6b4")
_OUTFITS: tuple[tuple[str, str, str], ...] = (
    # upper, lower, detail: pairs that stay readable against day and night alike
    ("b33a44", "2b3040", "f0d9b0"),
    ("d9a53c", "2f3a4c", "fbf3e2"),
    ("ece6da", "4a5060", "c8a24a"),
    ("2c7f86", "29323c", "f4d0a0"),
    ("3c4a78", "2a2c34", "e9e3d6"),
    ("c8663e", "3b3236", "ffe6b8"),
    ("6f8a54", "3c3a34", "efe6c4"),
    ("8a5a86", "2f2a3c", "f2d9a8"),
    ("5b6878", "23252e", "e8e0d0"),
)
_STYLES_OF: dict[tuple[Sex, Age], tuple[Style, ...]] = {
    ("man", "adult"): ("short", "short", "crop", "short", "curly"),
    ("man", "teen"): ("short", "curly", "short"),
    ("man", "child"): ("short", "curly", "short"),
    ("man", "old"): ("short", "bald", "crop"),
    ("woman", "adult"): ("long", "wavy", "bob", "bun", "ponytail"),
    ("woman", "teen"): ("long", "ponytail", "wavy", "bob"),
    ("woman", "child"): ("pigtails", "bob", "ponytail", "braids"),
    ("woman", "old"): ("bun", "bob", "bun"),
}
_OUTFITS_OF: dict[tuple[Sex, Age], tuple[tuple[Outfit, Legs], ...]] = {
    ("man", "adult"): (("jacket", "trousers"), ("shirt", "trousers"), ("sweater", "trousers"), ("coat", "trousers")),
    ("man", "teen"): (("hoodie", "trousers"), ("shirt", "trousers"), ("jacket", "trousers")),
    ("man", "child"): (("shirt", "shorts"), ("sweater", "trousers"), ("hoodie", "trousers")),
    ("man", "old"): (("sweater", "trousers"), ("jacket", "trousers"), ("coat", "trousers")),
    ("woman", "adult"): (
        ("dress", "bare"),
        ("jacket", "trousers"),
        ("sweater", "skirt"),
        ("coat", "trousers"),
        ("top", "trousers"),
    ),
    ("woman", "teen"): (("hoodie", "trousers"), ("dress", "bare"), ("shirt", "trousers")),
    ("woman", "child"): (("dress", "bare"), ("sweater", "skirt"), ("dress", "bare")),
    ("woman", "old"): (("sweater", "skirt"), ("coat", "skirt"), ("dress", "bare")),
}
_HATS: dict[str, Hat] = {
    "hat": "hat", "cap": "cap", "beanie": "beanie", "hood": "hood", "crown": "crown", "helmet": "helmet",
    "headscarf": "scarf",
    "cowboy hat": "cowboy", "top hat": "top", "straw hat": "straw", "witch hat": "wizard", "flower crown": "crown",
    "veil": "scarf", "turban": "beanie", "chef's hat": "chef",
}  # fmt: skip
_HAT_COLOURS: dict[Hat, str] = {
    "hat": "4a3a2e", "cap": "2b3a5c", "beanie": "33415c", "hood": "3c4a78", "crown": "e0b040", "helmet": "8f97a3",
    "scarf": "b84a4a", "cowboy": "6b4a2c", "top": "17161c", "straw": "d9b878", "wizard": "241f30",
    "captain": "f0ece4", "rain": "f2c230", "chef": "f4f2ec",
}  # fmt: skip
_ROLES: dict[str, tuple[Hat | None, Beard | None]] = {
    "fisherman": ("beanie", "full"), "sailor": ("captain", None), "captain": ("captain", "full"),
    "cowboy": ("cowboy", "stubble"),
    "farmer": ("straw", None), "wizard": ("wizard", "long"), "king": ("crown", "full"), "queen": ("crown", None),
    "knight": ("helmet", None), "soldier": ("helmet", None), "witch": ("wizard", None), "detective": ("hat", "stubble"),
}  # fmt: skip
_BEARDS: dict[str, Beard] = {"beard": "full", "long beard": "long", "stubble": "stubble", "moustache": "moustache"}
_STYLES: dict[str, Style] = {
    "curly": "curly", "wavy": "wavy", "braid": "braids", "ponytail": "ponytail", "bun": "bun", "afro": "afro",
    "mohawk": "mohawk", "dreadlocks": "dreads", "bob": "bob",
}  # fmt: skip
_LENGTHS: dict[str, Style] = {"bald": "bald", "short": "short", "medium": "bob", "long": "long"}
_WOMEN = frozenset(
    [
        "woman",
        "girl",
        "granddaughter",
        "grandmother",
        "mother",
        "daughter",
        "sister",
        "queen",
        "princess",
        "bride",
        "ballerina",
        "witch",
        "actress",
        "waitress",
        "nurse",
        "wife",
        "aunt",
        "niece",
        "lady",
        "girlfriend",
        "heroine",
    ]
)
_MEN = frozenset({"groom", "cowboy", "king", "fisherman", "sailor", "monk", "knight", "wizard", "samurai", "priest"})
_EYES: dict[str, Glasses] = {"glasses": "clear", "sunglasses": "dark"}


@lru_cache(maxsize=128)
def look_of(person: Person | None, seed: int, measured: Measured | None = None) -> Look:
    """The look of a person.

    Args:
        person: What the words say; None if they say nothing.
        seed: The person's own number: the same person in every picture.
        measured: What its reference picture shows: stronger than the seed, weaker than the words.

    Returns:
        Its look.
    """
    said = person or Person("", "", 0)
    rng = rng_for("person", seed)
    age, sex = _age(said), _sex(said, rng)
    skin = rgb(_SKIN_NAMES[said.skin]) if said.skin else rgb(_SKINS[int(rng.integers(len(_SKINS)))])
    hair = _hair(said, age, rng)
    upper, lower, detail = (rgb(code) for code in _OUTFITS[int(rng.integers(len(_OUTFITS)))])
    outfit, legs = _of(_OUTFITS_OF, sex, age, rng)
    style = _style(said, sex, age, rng)
    wear = dressed(said, sex, Wear(outfit, legs, upper, lower, detail, skin))
    hat, beard = _ROLES.get(said.role, (None, None))
    if any(name in _HATS for name in said.without):
        hat = None
    elif said.headgear is not None:
        hat = _HATS.get(said.headgear.name, hat)
    if "beard" in said.without:
        beard = None
    if any(worn.name == "raincoat" for worn in said.clothes) and hat is None:
        hat = "hood"
    chosen: Beard | None = _BEARDS.get(said.beard, beard if sex == "man" and age in ("adult", "old") else None)
    look = Look(
        age=age,
        sex=sex,
        skin=skin,
        hair=hair,
        brows=mix(hair * np.float32(0.6), rgb("2a1d18"), 0.35 if age != "old" else 0.0),
        style=style,
        beard=chosen,
        glasses=_EYES.get(said.eyewear),
        hat=hat,
        hat_colour=_hat_colour(said, hat, wear.upper),
        upper=wear.upper,
        lower=wear.lower,
        detail=wear.detail,
        shoes=shoes(said, skin),
        outfit=wear.outfit,
        legs=wear.legs,
        worn=wear.worn,
        drawn=wear.drawn,
        build={"slim": 0.9, "stout": 1.3, "strong": 1.14}.get(said.build, float(rng.uniform(0.94, 1.06))),
        height={"tall": 1.07, "small": 0.92}.get(said.build, float(rng.uniform(0.97, 1.03))),
    )
    return become(look if measured is None else _as_measured(look, said, measured), said.kind)


def _as_measured(look: Look, said: Person, seen: Measured) -> Look:
    """A look with the colours of a reference picture, where the words say nothing."""
    skin = rgb(seen.skin) if seen.skin and not said.skin else look.skin
    hair = rgb(seen.hair) if seen.hair and not said.hair_colour else look.hair
    style, beard = look.style, look.beard
    if not said.hair_length and not said.hair_style and (seen.hair or seen.bald):
        long = "long" if look.style not in ("wavy", "braids", "ponytail") else look.style
        short = "short" if look.style not in ("curly", "crop", "bob", "bun") else look.style
        style = "bald" if seen.bald else long if seen.long_hair else short
    if not said.beard and seen.skin:
        beard = "full" if seen.beard and look.sex == "man" else None
    glasses = look.glasses or ("clear" if seen.glasses else None)
    upper = rgb(seen.upper) if seen.upper and not any(one.colour for one in said.clothes) else look.upper
    return replace(
        look, skin=skin, hair=hair, brows=hair * np.float32(0.7), style=style, beard=beard, glasses=glasses, upper=upper
    )


def _of(
    table: dict[tuple[Sex, Age], tuple[tuple[Outfit, Legs], ...]], sex: Sex, age: Age, rng: Rng
) -> tuple[Outfit, Legs]:
    choices = table[sex, age]
    return choices[int(rng.integers(len(choices)))]


def _age(said: Person) -> Age:
    if said.age == "child":
        return "child"
    if said.age == "old":
        return "old"
    return "teen" if said.age == "teen" else "adult"


def _sex(said: Person, rng: Rng) -> Sex:
    coin: Sex = "woman" if rng.random() < 0.5 else "man"
    if said.sex:
        return "woman" if said.sex == "female" else "man"
    if said.role in _WOMEN:
        return "woman"
    return "man" if said.beard or said.role in _MEN else coin


def _hair(said: Person, age: Age, rng: Rng) -> Colour:
    natural = rgb(_HAIRS[int(rng.integers(len(_HAIRS)))])
    grey = rgb(_GREYS[int(rng.integers(len(_GREYS)))])
    if said.hair_colour:
        return rgb(_HAIR_NAMES.get(said.hair_colour) or COLOURS.get(said.hair_colour, "#4f3020"))
    return grey if age == "old" else natural


def _style(said: Person, sex: Sex, age: Age, rng: Rng) -> Style:
    choices = _STYLES_OF[sex, age]
    chosen = choices[int(rng.integers(len(choices)))]
    if said.hair_style in _STYLES:
        return _STYLES[said.hair_style]
    if said.hair_length:
        named = _LENGTHS[said.hair_length]
        if named == "short" and sex == "woman":
            return "bob" if rng.random() < 0.4 else "short"
        # A bob with a fringe is read as a woman's.
        return "curly" if named == "bob" and sex == "man" else named
    # Hair whose colour is said must be there to be seen.
    return "short" if said.hair_colour and chosen == "bald" else chosen


def _hat_colour(said: Person, hat: Hat | None, upper: Colour) -> Colour:
    if hat is None:
        return upper
    if said.headgear is not None:
        colour = colour_named(said.headgear.colour)
        if colour is not None:
            return colour
    return upper if hat == "hood" else rgb(_HAT_COLOURS[hat])
