"""Other words for a scene of a storyboard: the artist's own, or the director's for other people and places.

Side effects: documents in the object store; the director's cost on the run's bill. Idempotency: keys derived from the
words.
"""

from activities.imagery import prompt_of
from activities.ports.stores import ObjectStore
from activities.retakes import Retakes
from activities.steps import save
from activities.wording import keep_words, with_own_words
from models.board_edits import Appear, Reword
from models.boarding import of_its_own, with_stale_still
from models.boards import BoardOrder
from models.ids import digest_of
from models.object_keys import video_prefix
from models.storyboard import ScenePrompt, Shot, ShotList, framing_named
from models.studio import SceneEdit, StudioKind, StudioOrder
from models.timeline import Timeline, TimelineScene


class BoardWords:
    """Rewords scenes."""

    def __init__(self, objects: ObjectStore, retakes: Retakes) -> None:
        self._objects = objects
        self._retakes = retakes

    def reworded(
        self, order: BoardOrder, timeline: Timeline, scene: TimelineScene, edit: Reword | Appear
    ) -> TimelineScene:
        """A scene with other words, or with other people; from now on it follows no other scene.

        `BoardRules` has checked the edit.
        """
        own = with_own_words(self._objects, order.account_id, order.video_id, scene)
        prompt = prompt_of(self._objects, own.prompts_key, own.identity)
        if isinstance(edit, Reword):
            return self._with_words(order, own, prompt, edit) or scene
        wish = SceneEdit(character_ids=edit.character_ids, location_id=edit.location_id, seed=prompt.seed)
        shot = self._retakes.shot(timeline, own, wish)
        asked = StudioOrder(
            account_id=order.account_id,
            video_id=order.video_id,
            operation_id=order.operation_id,
            kind=StudioKind.IMAGE,
            edit=wish,
        )
        worded = self._retakes.prompt(asked, timeline, own, shot)
        return self._changed(order, own, worded, shot)

    def _with_words(
        self, order: BoardOrder, own: TimelineScene, prompt: ScenePrompt, edit: Reword
    ) -> TimelineScene | None:
        changes: dict[str, object] = {}
        if edit.image is not None and edit.image != prompt.image_prompt:
            changes |= {"image_prompt": edit.image, "framing": framing_named(edit.image) or prompt.framing}
        if edit.motion is not None and edit.motion != prompt.motion_prompt:
            changes["motion_prompt"] = edit.motion
        if not changes:
            return None
        return self._changed(order, own, prompt.model_copy(update=changes), None, stale="image_prompt" in changes)

    def _changed(
        self, order: BoardOrder, own: TimelineScene, prompt: ScenePrompt, shot: Shot | None, stale: bool = True
    ) -> TimelineScene:
        account_id, video_id = order.account_id, order.video_id
        changes: dict[str, object] = {
            "prompt": prompt.image_prompt,
            "motion_prompt": prompt.motion_prompt,
            "camera_move": prompt.camera_move,
            "prompts_key": keep_words(self._objects, account_id, video_id, prompt),
            "marks": with_stale_still(own.marks) if stale else own.marks,
        }
        if shot is not None:
            key = f"{video_prefix(account_id, video_id)}board/shots-{own.identity:03d}-{digest_of(shot)}.json"
            changes |= {
                "shots_key": save(self._objects, key, ShotList(shots=(shot,))),
                "character_ids": shot.character_ids,
                "location_id": shot.location_id,
            }
        return of_its_own(own, **changes)
