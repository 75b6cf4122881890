"""Other words for a refused prompt: first without words that policies refuse, then without people."""

import re

from models.storyboard import ScenePrompt
from models.styles import find_style

SHOWS_THE_PLACE_ALONE = 2
"""The attempt from which people are left out."""

_SOFTER = {
    "blood": "rain",
    "bloody": "wet",
    "gun": "lantern",
    "guns": "lanterns",
    "rifle": "staff",
    "knife": "mirror",
    "sword": "banner",
    "weapon": "lantern",
    "weapons": "lanterns",
    "kill": "leave",
    "killing": "leaving",
    "killed": "gone",
    "murder": "farewell",
    "dead": "sleeping",
    "death": "silence",
    "corpse": "statue",
    "body": "figure",
    "fight": "dance",
    "fighting": "dancing",
    "war": "storm",
    "battle": "storm",
    "explosion": "burst of light",
    "bomb": "flare",
    "naked": "dressed in white",
    "nude": "dressed in white",
    "sexy": "elegant",
    "seductive": "calm",
    "lingerie": "evening dress",
    "bikini": "summer dress",
    "drunk": "dreaming",
    "drug": "sugar",
    "drugs": "sweets",
    "cigarette": "sparkler",
    "child": "small figure",
    "children": "small figures",
    "young": "graceful",
    "scar": "line",
    "scream": "call",
    "screaming": "calling out",
    "shoot": "reach",
    "shooting": "reaching",
}
_WORDS = re.compile(r"\b(" + "|".join(sorted(_SOFTER, key=len, reverse=True)) + r")\b", re.IGNORECASE)


def soften(prompt: ScenePrompt, attempt: int) -> ScenePrompt:
    """The scene in less offensive words.

    Args:
        prompt: The refused prompt.
        attempt: 1 replaces single words; later attempts show the place alone, in the style's look.

    Returns:
        The prompt; it differs from the refused one.
    """
    image = _replaced(prompt.image_prompt)
    if attempt < SHOWS_THE_PLACE_ALONE and image != prompt.image_prompt:
        return prompt.model_copy(update={"image_prompt": image, "motion_prompt": _replaced(prompt.motion_prompt)})
    framing = prompt.framing.value.capitalize()
    return prompt.model_copy(
        update={
            "image_prompt": (
                f"{framing} of an empty place that keeps the mood of the story: open sky, "
                f"long shadows, dust in the light, nobody in frame. {find_style(prompt.style).style_words}"
            ),
            "motion_prompt": f"{prompt.camera_move.value}, slow and steady, light moves over the place",
            "cast_seeds": (),
            "reference_keys": (),
            "character_ids": (),
        }
    )


def _replaced(words: str) -> str:
    return _WORDS.sub(lambda match: _SOFTER[match.group(0).lower()], words)
