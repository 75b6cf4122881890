"""A still for each scene.

Side effects: one PNG in the object store. Idempotency: its key comes from the prompt, the size and the painter's
method. Render queue.
"""

from activities.finished import finished_size
from activities.ports.engines import Painter
from activities.ports.stores import ObjectStore
from activities.steps import load, pulse, scratch, step
from models.generation import StillStep
from models.ids import digest_of
from models.object_keys import still_key, video_prefix
from models.profiles import PROFILES
from models.storyboard import PromptList, ScenePrompt
from models.takes import StillRequest, Take


class ImageryActivities:
    """Steps that make stills."""

    def __init__(self, objects: ObjectStore, painter: Painter) -> None:
        self._objects = objects
        self._painter = painter

    @step
    def paint_still(self, still: StillStep) -> Take:
        """Paint the still of one scene, unless it is stored."""
        prompt = prompt_of(self._objects, still.prompts_key, still.scene_index)
        profile = PROFILES[still.profile]
        request = StillRequest(prompt=prompt, width=profile.width, height=profile.height)
        digest = digest_of(request, self._painter.method)
        key = still_key(still.account_id, still.video_id, still.scene_index, digest)
        size_bytes = finished_size(self._objects, key, video_prefix(still.account_id, still.video_id))
        if size_bytes is None:
            with scratch() as folder:
                references = []
                for number, reference_key in enumerate(prompt.reference_keys):
                    references.append(folder / f"reference-{number}")
                    self._objects.get_file(reference_key, references[-1])
                out = folder / "still.png"
                self._painter.paint(request, references, out, pulse)
                self._objects.put_file(key, out, "image/png")
                size_bytes = out.stat().st_size
        return Take(scene_index=still.scene_index, digest=digest, size_bytes=size_bytes)


def prompt_of(objects: ObjectStore, prompts_key: str, scene_index: int) -> ScenePrompt:
    """One scene's prompt from its section's document; a reprise takes the words of the picture that it shows."""
    prompts = load(objects, prompts_key, PromptList).prompts
    prompt = next(prompt for prompt in prompts if prompt.scene_index == scene_index)
    if prompt.shown_scene is None:
        return prompt
    return prompt.over(prompt_of(objects, prompt.shown_prompts_key, prompt.shown_scene))
