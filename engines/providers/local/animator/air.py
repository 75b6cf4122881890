"""Things in the air of a scene (weather, sparks, petals, haze), read from its words."""

import re
from collections.abc import Mapping
from enum import StrEnum

from engines.providers.local.painter.reading import Subject, read
from engines.providers.local.reading.places import INDOORS
from engines.styles import parts_of
from models.storyboard import ScenePrompt


class Air(StrEnum):
    """Something that moves in the air."""

    RAIN = "rain"
    SNOW = "snow"
    FOG = "fog"
    DUST = "dust"
    EMBERS = "embers"
    PETALS = "petals"
    FIREFLIES = "fireflies"
    BUBBLES = "bubbles"


_MUCH = re.compile(r"\b(heavy|pouring|driving|whirling|thunder\w*|blizzard|downpour|torrential|thick|dense|rolling)\b")
_LITTLE = re.compile(r"\b(light|thin|soft|quiet|gentle|faint|hanging) (rain|snow\w*|mist|fog|haze|dust)\b|\bdrizzle\b")
_ABSENT = re.compile(r"\b(?:no|without) (?:any )?(.{0,24})")
_FOG = r"\b(fog\w*|mist\w*)\b"
_BY_WEATHER: dict[str, dict[Air, float]] = {
    "rain": {Air.RAIN: 0.7},
    "storm": {Air.RAIN: 0.9, Air.FOG: 0.2},
    "snow": {Air.SNOW: 0.7},
    "fog": {Air.FOG: 0.8},
    "dust": {Air.DUST: 1.0, Air.FOG: 0.35},
}
_BY_WORD: tuple[tuple[str, Air, float], ...] = (
    (r"\b(embers?|sparks?|bonfire|campfire|flames?|torch|on fire)\b", Air.EMBERS, 0.8),
    (r"\b(petals?|blossoms?|cherry trees?)\b", Air.PETALS, 0.7),
    (r"\bconfetti\b", Air.PETALS, 1.0),
    (r"\bfirefl(y|ies)\b", Air.FIREFLIES, 1.0),
    (r"\b(dust|motes)\b", Air.DUST, 0.7),
    (r"\b(steam\w*|smok\w+)\b", Air.FOG, 0.4),
    (r"\bbubbles?\b", Air.BUBBLES, 0.8),
)
_BY_PLACE: dict[str, dict[Air, float]] = {
    "underwater": {Air.BUBBLES: 0.8},
    "club": {Air.FOG: 0.4, Air.DUST: 0.4},
    "stage": {Air.FOG: 0.5, Air.DUST: 0.4},
    "hall": {Air.DUST: 0.5},
    "room": {Air.DUST: 0.35},
    "ruins": {Air.DUST: 0.5},
    "tunnel": {Air.FOG: 0.3},
    "forest": {Air.DUST: 0.4},
    "garden": {Air.PETALS: 0.4},
    "desert": {Air.DUST: 0.5},
    "field": {Air.DUST: 0.35},
}


def read_air(prompt: ScenePrompt) -> Mapping[Air, float]:
    """The things in the air, and their amounts.

    Words are read as the painter reads them, so that falling things match the painted ones; weather in the motion
    prompt precedes weather in the picture, because it describes movement.


    Args:
        prompt: The scene's prompts.

    Returns:
        Amounts, 0…1.
    """
    seen = read(prompt)
    words = f"{prompt.image_prompt} {prompt.motion_prompt}".lower()
    air: dict[Air, float] = {}
    parts = parts_of(prompt.style)
    for more in (parts.air if parts else {}, _BY_PLACE.get(seen.place, {}), _weather(seen, prompt, words)):
        _merge(air, more)
    for pattern, kind, amount in _BY_WORD:
        if re.search(pattern, words):
            _merge(air, {kind: amount})
    if air.keys() & {Air.RAIN, Air.SNOW}:
        air.pop(Air.DUST, None)  # washed out
    refused = " ".join([prompt.negative_prompt.lower(), *_ABSENT.findall(words)])
    return {kind: amount for kind, amount in air.items() if kind.value not in refused}


def _weather(seen: Subject, prompt: ScenePrompt, words: str) -> Mapping[Air, float]:
    moving = read(prompt.model_copy(update={"image_prompt": prompt.motion_prompt}))
    weather = moving.weather if moving.weather in _BY_WEATHER else seen.weather
    if weather == "fog" and seen.weather in _BY_WEATHER:
        weather = seen.weather  # steam and smoke drift in the rain too
    if weather == "fog" and not re.search(_FOG, words):
        return {}
    if seen.place in INDOORS and weather != "fog":
        return {}
    factor = 1.4 if _MUCH.search(words) else 0.5 if _LITTLE.search(words) else 1.0
    return {kind: min(1.0, factor * amount) for kind, amount in _BY_WEATHER.get(weather, {}).items()}


def _merge(air: dict[Air, float], more: Mapping[Air, float]) -> None:
    for kind, amount in more.items():
        air[kind] = max(air.get(kind, 0.0), amount)
