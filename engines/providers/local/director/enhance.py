"""Enhance Prompt: a short brief becomes a richer direction in the same spirit."""

import re

from engines.providers.local.director.chance import chance
from engines.providers.local.director.colours import mixed_palette, palette_words
from engines.providers.local.director.story import story_of
from engines.providers.local.director.vision import colours_in, tones_in
from engines.providers.local.director.words import LIGHTS, MOODS, TIME_PHRASES, WEATHER_PHRASES
from engines.providers.local.reading import read_words
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
    story = story_of(brief)
    rng = chance(brief.seed, prompt, style.slug, "enhance")
    time = next((cue.sky.time for cue in story.skies if cue.sky.time), story.usual.time or "dusk")
    weather = next((cue.sky.weather for cue in story.skies if cue.sky.weather), story.usual.weather or "clear")
    tone = (tones_in(prompt) or tones_in(style.default_direction) or ("dreamy",))[0]
    colours = palette_words(mixed_palette(style, colours_in(prompt)))
    # Only light, colour and mood are added: a further place or thing would be another story.
    hour = rng.choice(TIME_PHRASES[time])
    light = LIGHTS[time][1]
    said = read_words(prompt).skies
    sky = f"{hour} {WEATHER_PHRASES[weather][0]}, " if not said else ""
    added = [
        f"The light: {sky}{light}, {colours[1]} and {colours[-2]} against {colours[0]}.",
    ]
    moods = MOODS[tone]
    added.append(f"The mood: {moods['opening']} at first, then {moods['rising']}, and at its height {moods['peak']}.")
    opening = prompt if prompt[-1] in ".!?…" else f"{prompt}."
    longer = " ".join([opening, *added[-(_RICH_SENTENCES - min(len(sentences), 3)) :]])
    return brief.model_copy(update={"prompt": longer}) if len(longer) <= PROMPT_MAX_CHARS else brief


def is_rich(prompt: str) -> bool:
    """Whether a brief is detailed enough already."""
    return len(_sentences(prompt)) >= _RICH_SENTENCES or len(prompt.split()) >= _RICH_WORDS


def _sentences(prompt: str) -> list[str]:
    return [one for one in re.split(r"(?<=[.!?…])\s+", prompt) if one]
