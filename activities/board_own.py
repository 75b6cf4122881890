"""Own pictures and clips on a storyboard: put into a scene, and cut once the scene is approved.

Side effects: a still, the clip's copy, segments and words in the object store; a row in SQL. Idempotency: an order's
id; keys derived from content. Render queue.
"""

from activities.board_revisions import BoardRevisions, still_of
from activities.own_takes import OwnTakes
from activities.steps import step
from models.boarding import approved_refusal, show_still
from models.boards import BoardAnswer, BoardKind, BoardOrder, CutOwnStep
from models.failures import InvalidInput, NotStored
from models.takes import Take


class BoardOwnActivities:
    """Steps on scenes of storyboards that show the artist's own.

    Args:
        revisions: The revisions of storyboards.
        own_takes: Makes stills and segments of own pictures and clips.
    """

    def __init__(self, revisions: BoardRevisions, own_takes: OwnTakes) -> None:
        self._revisions = revisions
        self._own_takes = own_takes

    @step
    def place_own(self, order: BoardOrder) -> BoardAnswer:
        """Show an own picture or clip in a scene of the newest revision."""
        revisions = self._revisions
        if known := revisions.known(order):
            return revisions.known_answer(order, known)
        board = revisions.newest(order)
        scene = board.timeline.find(-1 if order.scene_id is None else order.scene_id)
        if scene is None or order.own is None:
            raise InvalidInput("This scene is not on the storyboard any more: load it again.", code="no_scene")
        if scene.identity in board.approved:
            raise approved_refusal(scene)
        take = self._own_takes.placed(order.account_id, order.operation_id, order.own, board.timeline, scene)
        shown = show_still(board, take, still_of(revisions.worded(order.account_id, board.timeline, scene)))
        return revisions.answer(order.account_id, revisions.store(order, BoardKind.OWN, board, shown), shown, ())

    @step
    def cut_own(self, cut: CutOwnStep) -> Take:
        """The segment of an approved scene that shows an own picture or clip."""
        timeline = self._revisions.at(cut.board_key).timeline
        scene = timeline.find(cut.scene_id)
        if scene is None:
            raise NotStored(f"scene {cut.scene_id} of {cut.board_key}")
        return self._own_takes.segment(cut.account_id, timeline, scene)
