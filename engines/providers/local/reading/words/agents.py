"""Agent nouns: a person named for what it does, such as a cleaner, and words that only look so."""

import re
from collections.abc import Collection

from engines.providers.local.reading.words.listing import listed

_MEN = re.compile(r"[a-z]{3,}(?:man|men|woman|women)")
_OF_THINGS = re.compile(r"[a-z]{3,}(?:ist|cian|eer|eur)s?")
_NO_PERSONS = listed(
    """human, humans, german, germans, roman, romans, norman, talisman, ottoman, caiman, batman, amen, omen, women,
    acumen, specimen, regimen, resist, resists, persist, insist, assist, exist, exists, consist, subsist, wrist,
    wrists, twist, twists, playlist, setlist, checklist, amethyst, backlist, mist, waist, hoist, heist, moist,
    whist, career, careers, reindeer, cheer, cheers, veneer, sheer, steer, jeer, sneer, grandeur, closer,
    lighter, cleaner, cooler, warmer, darker, brighter, slower, faster, nearer, farther, softer, louder, drawer,
    drawers, shower, showers, washer, locker, lockers, opener, cutter, burner, dimmer, wiper, wipers, boiler,
    blinker, cracker, crackers, sweater, tighter, thinner, wider, deeper, lower, higher, clearer, counter,
    poster, posters, sticker, stickers, folder, binder, freezer, heater, toaster, dryer, printer, scanner,
    pointer, tracker, slipper, slippers, roller, rollers, blower, hanger, holder, shutter, stopper, fastener,
    trailer, grinder, cover, covers, lifter, beater, mover, screamer, flicker, glimmer, shimmer, whisper,
    glitter, litter, bitter, later, flasher, opener, starter, ender, setter, liner, liners, sparkler, tester,
    boarder, marker, markers, finer, cooker, cookers, container, feeder, filler, transformer, buzzer, sneaker,
    choker, loafer, loafers, bumper, chopper, jumper, dresser, gutter, planter, trainer-shoe, fender, sander,
    blazer, layer, layers, reflector, slider, cruiser, charger, receiver, carrier, flyer, flyers, wrapper,
    rattler"""
)
_DEEDS = listed(
    """tell, swallow, trap, smuggle, invent, invade, command, defend, gamble, surf, golf, bowl, farm, fish, print,
    design, produce, direct, edit, report, announce, translate, lecture, coach, manage, organise, organize,
    inspect, investigate, explore, navigate, operate, liberate, rule, conquer, raid, plunder, murder, kidnap,
    sweep, eat, beat, breed, tame, spin, tan, dye, mow, plow, plough, act, visit, sculpt, instruct, educate,
    govern, protest, picket, camp, backpack, row, ski, skate, skateboard, hike, train, trade, sell, steal, vend,
    hawk, burgle, pickpocket, forage, herd, mill, weave, mine, log, drill, sail, crew, cheer, lead, follow,
    settle, pioneer, found, own, rent"""
)
"""Deeds that people are named for, beyond the verbs of poses."""


def agent(word: str, verbs: Collection[str]) -> bool:
    """Whether a word that no table knows names a person by a deed or a trade.

    Args:
        word: In lower case, singular or plural.
        verbs: Base forms of verbs: a cleaner is who cleans.
    """
    if word in _NO_PERSONS or len(word) < 5:
        return False
    if _MEN.fullmatch(word) or (len(word) > 5 and _OF_THINGS.fullmatch(word)):
        return True
    stem = word.removesuffix("s")
    stem = stem[:-2] if stem.endswith(("er", "or")) else ""
    if len(stem) < 2:
        return False
    forms = {
        stem,
        f"{stem}e",
        stem[:-1] if stem[-1] == stem[-2] else stem,
        f"{stem[:-1]}y" if stem[-1] == "i" else stem,
    }
    return any(form in verbs or form in _DEEDS for form in forms)
