"""Revisions of storyboards: read, stored on top of the newest one, and told to the run.

Side effects: revisions in the object store; rows in SQL; words and plans of scenes that are to be filmed. Idempotency:
an order's id; keys derived from content.
"""

from collections.abc import Sequence

from activities.ports.stores import BoardBook, ObjectStore
from activities.retakes import Retakes
from activities.steps import load, save
from activities.wording import with_own_words
from models.boarding import clips_of, decided, followed, frames_needed
from models.boards import Board, BoardAnswer, BoardClip, BoardKind, BoardOrder, StoredStep, moved
from models.ids import digest_of
from models.object_keys import video_prefix
from models.studio import SceneTake
from models.timeline import Timeline, TimelineScene


class BoardRevisions:
    """The revisions of storyboards.

    Args:
        objects: The store of documents.
        boards: Rows of revisions and orders.
        retakes: Describes the places of scenes.
    """

    def __init__(self, objects: ObjectStore, boards: BoardBook, retakes: Retakes) -> None:
        self._objects = objects
        self._boards = boards
        self._retakes = retakes

    def known(self, order: BoardOrder) -> StoredStep | None:
        """The row of an order that was carried out before. Raises `InvalidInput`: its id is another order's."""
        return self._boards.find(order.account_id, order.video_id, order.operation_id, order.asked)

    def known_answer(self, order: BoardOrder, row: StoredStep) -> BoardAnswer:
        """The first answer again; the run films what it does not film yet."""
        board = self.at(row.board_key)
        return self.answer(order.account_id, row, board, board.approved if row.kind is BoardKind.APPROVE else ())

    def at(self, board_key: str) -> Board:
        """A stored revision."""
        return load(self._objects, board_key, Board)

    def worded(self, account_id: str, timeline: Timeline, scene: TimelineScene) -> TimelineScene:
        """A scene whose words stand under its own id."""
        return with_own_words(self._objects, account_id, timeline.video_id, scene)

    def newest(self, order: BoardOrder) -> Board:
        """The newest revision, which must be the one that the artist saw: storing checks that again.

        Raises:
            InvalidInput: `board_moved`.
        """
        head = self._boards.head(order.account_id, order.video_id)
        if order.revision != head.revision:
            raise moved(head.revision or 0)
        return self.at(head.board_key)

    def store(self, order: BoardOrder, kind: BoardKind, before: Board, after: Board) -> StoredStep:
        """Make a revision the newest one.

        Raises:
            InvalidInput: `board_moved` or `scene_busy`.
        """
        return self._boards.add(
            order.account_id,
            order.video_id,
            order.operation_id,
            kind,
            order.asked,
            after.revision,
            self.saved(order.account_id, after),
            decided(before, after),
        )

    def saved(self, account_id: str, board: Board) -> str:
        """Store a revision's document; returns its key."""
        prefix = video_prefix(account_id, board.timeline.video_id)
        return save(self._objects, f"{prefix}board/{board.revision:05d}-{digest_of(board)}.json", board)

    def answer(self, account_id: str, row: StoredStep, board: Board, wanted: Sequence[int]) -> BoardAnswer:
        """What the run needs to know of a revision.

        Args:
            account_id: The owning account.
            row: The order that made it.
            board: The revision.
            wanted: Ids of the scenes to film.
        """
        timeline = board.timeline
        filmed = [scene for scene in timeline.scenes if scene.identity in wanted]
        return BoardAnswer(
            operation_id=row.operation_id,
            revision=board.revision,
            board_key=row.board_key,
            analysis_key=timeline.analysis_key,
            scene_ids=tuple(scene.identity for scene in timeline.scenes),
            approved=board.approved,
            clips=tuple(self._clip(account_id, timeline, scene, row.board_key) for scene in filmed),
            clips_planned=len(clips_of(timeline)),
            repainted_micro_usd=self._boards.repainted_micro_usd(timeline.video_id),
        )

    def _clip(self, account_id: str, timeline: Timeline, scene: TimelineScene, board_key: str) -> BoardClip:
        shown, video_id = followed(timeline, scene), timeline.video_id
        own = with_own_words(self._objects, account_id, video_id, scene)
        place = self._retakes.place(timeline, scene)
        if place.reprise_of is None and shown is not None:
            place = place.model_copy(update={"reprise_of": shown.identity})
        stem = f"{video_prefix(account_id, video_id)}board/plan-{scene.identity:03d}-"
        plan_key = self._retakes.plan_key(timeline, place, f"{stem}{digest_of(place)}.json")
        film_plan_key = ""
        if shown is None and (needed := frames_needed(timeline, scene)) > scene.frame_count:
            longer = place.model_copy(update={"end_frame": place.start_frame + needed})
            film_plan_key = self._retakes.plan_key(timeline, longer, f"{stem}{digest_of(longer)}.json")
        return BoardClip(
            scene_id=scene.identity,
            plan_key=plan_key,
            film_plan_key=film_plan_key,
            prompts_key=own.prompts_key,
            still_scene=scene.still_scene,
            still=scene.still,
            footage_of=None if shown is None else shown.identity,
            first_frame=0 if shown is None else scene.in_frame,
            board_key=board_key if scene.footage_id else "",
        )


def still_of(scene: TimelineScene) -> SceneTake:
    """What a scene shows, as a take without a segment: how long it is counts for own clips only."""
    frames = scene.frame_count if scene.footage_id else 0
    return SceneTake.of(scene).model_copy(update={"frames": frames, "segment_key": ""})
