"""Enhance Prompt: a short brief becomes a richer direction in the same spirit."""

import re

from engines.providers.local.director.chance import chance
from engines.providers.local.director.colours import mixed_palette, palette_words
from engines.providers.local.director.places import SETTINGS
from engines.providers.local.director.reading import read_brief
from engines.providers.local.director.words import LIGHTS, MOODS, TIME_PHRASES, WEATHER_PHRASES
from models.brief import PROMPT_MAX_CHARS, Brief
from models.styles import find_style

_RICH_SENTENCES, _RICH_WORDS = 4, 70


def enhanced(brief: Brief) -> Brief:
    """A richer brief; see `LocalDirector.enhance`."""
    style = find_style(brief.style)
    prompt = brief.prompt.strip()
    if not prompt:
        return brief.model_copy(update={"prompt": style.default_direction})
    sentences = _sentences(prompt)
    if is_rich(prompt):
        return brief
    told, preset = read_brief(brief)
    rng = chance(brief.seed, prompt, style.slug, "enhance")
    time = (told.times or preset.times or ("dusk",))[0]
    weather = (told.weathers or preset.weathers or ("clear",))[0]
    tone = (told.tones or preset.tones or ("dreamy",))[0]
    colours = palette_words(mixed_palette(style, told.colours))
    own = [phrase.text for phrase in told.places]
    others = [phrase.text for phrase in preset.places if phrase.kind not in {place.kind for place in told.places}]
    rng.shuffle(others)
    named = [*own, *others][: max(3, len(own))]
    elsewhere = [place[0].lower() + place[1:] for place in named if place not in own]
    kinds = [phrase.kind for phrase in (*told.places, *preset.places)]
    setting = next(SETTINGS[place] for place in SETTINGS if place == (kinds or ["street"])[0])
    detail = rng.choice(setting.details)
    hour, air = rng.choice(TIME_PHRASES[time]), WEATHER_PHRASES[weather][0]
    added = [
        f"It happens {hour} {air}, {LIGHTS[time][1]}, {colours[1]} and {colours[-2]} against {colours[0]}; the camera "
        f"keeps coming back to {detail}.",
    ]
    if elsewhere:
        added.append(f"The story also leads to {_listed(elsewhere[:3])}.")
    moods = MOODS[tone]
    added.append(f"The mood: {moods['opening']} at first, then {moods['rising']}, and at its height {moods['peak']}.")
    opening = prompt if prompt[-1] in ".!?…" else f"{prompt}."
    longer = " ".join([opening, *added[-(_RICH_SENTENCES - min(len(sentences), 3)) :]])
    return brief.model_copy(update={"prompt": longer}) if len(longer) <= PROMPT_MAX_CHARS else brief


def is_rich(prompt: str) -> bool:
    """Whether a brief says enough as it is."""
    return len(_sentences(prompt)) >= _RICH_SENTENCES or len(prompt.split()) >= _RICH_WORDS


def _sentences(prompt: str) -> list[str]:
    return [one for one in re.split(r"(?<=[.!?…])\s+", prompt) if one]


def _listed(things: list[str]) -> str:
    return things[0] if len(things) == 1 else f"{', '.join(things[:-1])} and {things[-1]}"
