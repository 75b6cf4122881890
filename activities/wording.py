"""The words that pieces were really made from, after a provider refused the original ones.

Side effects: a document in the object store. Idempotency: its key is derived from the words.
"""

from activities.imagery import prompt_of
from activities.ports.stores import ObjectStore
from activities.steps import load, save
from models.ids import digest_of
from models.object_keys import video_prefix
from models.storyboard import PromptList, ScenePrompt, ShotList
from models.timeline import TimelineScene


def as_made(objects: ObjectStore, prompt: ScenePrompt, image_words: str, motion_words: str) -> ScenePrompt:
    """A prompt with the words that its still and its clip were made from.

    Args:
        objects: The store of documents.
        prompt: The prompt as first written.
        image_words: Key of the still's words; empty: those of `prompt`.
        motion_words: Key of the clip's words; empty: those of the still.

    Returns:
        The prompt, marked as the local director's if any of its words are.
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
    """Store words that no section's document has, so that Studio can start from them; returns their key."""
    key = f"{video_prefix(account_id, video_id)}prompts-{prompt.scene_index:03d}-made-{digest_of(prompt)}.json"
    return save(objects, key, PromptList(prompts=(prompt,)))


def with_own_words(objects: ObjectStore, account_id: str, video_id: str, scene: TimelineScene) -> TimelineScene:
    """A scene whose words stand under its own number, not under that of the scene that it shows."""
    if scene.words_scene is None:
        return scene
    index = scene.identity
    prompt = prompt_of(objects, scene.prompts_key, scene.words_id).model_copy(update={"scene_index": index})
    shots = load(objects, scene.shots_key, ShotList).shots
    shot = next(one for one in shots if one.scene_index == scene.words_id).model_copy(update={"scene_index": index})
    own = f"{video_prefix(account_id, video_id)}shots-{index:03d}-own-{digest_of(shot)}.json"
    return scene.model_copy(
        update={
            "words_scene": None,
            "prompts_key": keep_words(objects, account_id, video_id, prompt),
            "shots_key": save(objects, own, ShotList(shots=(shot,))),
        }
    )
