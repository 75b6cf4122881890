"""The words that pieces were made from, where a provider refused those that were asked for.

Side effects: a document in the object store. Idempotency: its key comes from the words.
"""

from activities.imagery import prompt_of
from activities.ports import ObjectStore
from activities.steps import save
from models.routing import digest_of, video_prefix
from models.storyboard import PromptList, ScenePrompt


def as_made(objects: ObjectStore, prompt: ScenePrompt, image_words: str, motion_words: str) -> ScenePrompt:
    """A prompt with the words that its still and its clip were made from.

    Args:
        objects: Where documents lie.
        prompt: As it was asked for.
        image_words: Key of the still's words; empty: those of `prompt`.
        motion_words: Key of the clip's words; empty: those of the still.

    Returns:
        The prompt; it is marked as the local director's if any of its words are.
    """
    index = prompt.scene_index
    if image_words:
        prompt = prompt_of(objects, image_words, index)
    if motion_words:
        again = prompt_of(objects, motion_words, index)
        filled = prompt.filled_locally or again.filled_locally
        prompt = prompt.model_copy(update={"motion_prompt": again.motion_prompt, "filled_locally": filled})
    return prompt


def keep_words(objects: ObjectStore, account_id: str, video_id: str, prompt: ScenePrompt) -> str:
    """Store words that no section's document has, so that Studio starts from them; returns the key."""
    key = f"{video_prefix(account_id, video_id)}prompts-{prompt.scene_index:03d}-made-{digest_of(prompt)}.json"
    return save(objects, key, PromptList(prompts=(prompt,)))
