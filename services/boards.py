"""Storyboards: show one, edit it, undo and redo, make a still anew, approve scenes."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from activities.board_rules import BoardRules
from activities.ports.engines import RunPlanner
from activities.recutting import grid_of
from models.board_edits import Appear, BoardEdit, Reword
from models.boarding import of_its_own, with_stale_still
from models.boards import Board, BoardAnswer, BoardOrder, RepaintTicket, StoredStep, moved
from models.cancellations import StopTerms
from models.credits import HoldState, Quote
from models.cut_grid import Grid
from models.failures import Conflict, InvalidInput, NotFound
from models.footage import OwnShot
from models.ids import generate_operation_key
from models.object_keys import video_prefix
from models.studio import RestoredBy
from models.timeline import TimelineScene
from models.treatment import Treatment
from models.undoing import UndoState, board_undo_state
from services.app import App
from services.failures import missing_is
from services.videos import check_owned
from temporal import boards
from temporal.calls import input_refused


@dataclass(frozen=True)
class BoardView:
    """A storyboard as its artist sees it.

    Attributes:
        board: The newest revision.
        grid: Where cuts may lie.
        treatment: Who may appear, and where.
        painting: Scenes whose still is being made anew, by id.
        quotes: What making a still anew costs now, by scene id.
        terms: The credits that a stop would keep now.
        is_open: Whether there is something left to decide.
        undoing: The revisions that undo and redo show again.
    """

    board: Board
    grid: Grid
    treatment: Treatment
    painting: frozenset[int]
    quotes: Mapping[int, Quote]
    terms: StopTerms
    is_open: bool
    undoing: UndoState


def find_board(app: App, account_id: str, video_id: str) -> BoardView:
    """The newest revision of a video's storyboard; needs no worker.

    Raises:
        NotFound: The account has no such video, or it has no storyboard (`no_board`).
    """
    _, board = _newest(app, account_id, video_id)
    stores, timeline, key = app.stores, board.timeline, generate_operation_key(video_id)
    painting = stores.boards.painting(account_id, video_id)
    ids = tuple(scene.identity for scene in timeline.scenes)
    return BoardView(
        board=board,
        grid=grid_of(stores.objects, timeline),
        treatment=Treatment.from_bytes(stores.objects.get_bytes(timeline.treatment_key)),
        painting=frozenset(one.scene_id for one in painting if one.scene_id is not None),
        quotes=stores.boards.quote(account_id, video_id, ids),
        terms=stores.ledger.stop_terms(account_id, key),
        is_open=_stands(app, account_id, video_id) and len(board.approved) < len(ids),
        undoing=board_undo_state(stores.boards.steps(account_id, video_id)),
    )


def find_board_still(app: App, account_id: str, video_id: str, name: str) -> str:
    """The object key of a still of a storyboard.

    Args:
        name: The last part of its key.

    Raises:
        NotFound: The account has no such video, or its storyboard has no such still.
    """
    _, board = _newest(app, account_id, video_id)
    keys = {take.still_key for take in board.takes} | {scene.still_key for scene in board.timeline.scenes}
    key = f"{video_prefix(account_id, video_id)}stills/{name}"
    if key not in keys:
        raise NotFound("There is no such still on this storyboard.")
    return key


async def edit_board(
    app: App, account_id: str, video_id: str, operation_id: str, edits: Sequence[BoardEdit], revision: int
) -> BoardAnswer:
    """Edit a storyboard; free.

    Args:
        operation_id: The same operation id gets the first answer again.
        edits: In their order; they make one revision.
        revision: The newest one that the artist saw.

    Raises:
        NotFound: There is no such video, storyboard or scene.
        Conflict: There is a newer revision, a scene is approved or being painted, or the board is closed.
        InvalidInput: An edit cannot be done; the sentence says why.
        ProviderUnavailable: No worker or server answers.
    """
    await asyncio.to_thread(_newest, app, account_id, video_id)
    order = BoardOrder(
        account_id=account_id, video_id=video_id, operation_id=operation_id, revision=revision, edits=tuple(edits)
    )
    return await boards.edit_board(app.client, order)


async def restore_board(
    app: App, account_id: str, video_id: str, operation_id: str, way: RestoredBy, revision: int
) -> BoardAnswer:
    """Undo the last step of a storyboard, or redo the last one undone; free. Stills and approvals stay.

    Args:
        operation_id: The same operation id gets the first answer again.
        way: Undo or redo.
        revision: The newest one that the artist saw.

    Raises:
        Conflict: There is nothing to undo or redo, or it would change an approved scene; others as `edit_board`.
    """
    await asyncio.to_thread(_newest, app, account_id, video_id)
    order = BoardOrder(
        account_id=account_id, video_id=video_id, operation_id=operation_id, revision=revision, restored_by=way
    )
    return await boards.restore_board(app.client, order)


def preview_board(app: App, account_id: str, video_id: str, edits: Sequence[BoardEdit], revision: int) -> Board:
    """Show what edits would do; nothing is changed. Words that a director would write are not known here.

    Raises:
        As `edit_board`, but for a worker or server that does not answer.
    """
    row, board = _newest(app, account_id, video_id)
    if not _stands(app, account_id, video_id):
        raise Conflict("No storyboard waits here: its video is made, or its run has ended.", "no_board_open")
    try:
        if row.revision != revision:
            raise moved(row.revision or 0)
        return _rules(app).edited(account_id, board, edits, _reworded, board.max_scenes or app.settings.max_scenes)
    except InvalidInput as error:
        raise input_refused(error.message, error.code) from error


async def approve_board(
    app: App,
    account_id: str,
    video_id: str,
    operation_id: str,
    revision: int,
    *,
    everything: bool = False,
    sections: Sequence[int] = (),
    scenes: Sequence[int] = (),
) -> BoardAnswer:
    """Approve scenes: they are filmed as they are, while others can still be edited.

    Args:
        operation_id: The same operation id gets the first answer again.
        revision: The newest one that the artist saw.
        everything: All scenes.
        sections: All scenes of these sections, by index.
        scenes: These scenes, by id.

    Raises:
        As `edit_board`.
    """
    await asyncio.to_thread(_newest, app, account_id, video_id)
    order = BoardOrder(
        account_id=account_id,
        video_id=video_id,
        operation_id=operation_id,
        revision=revision,
        everything=everything,
        sections=tuple(sections),
        scenes=tuple(scenes),
    )
    return await boards.approve_board(app.client, order)


async def repaint_still(
    app: App,
    account_id: str,
    video_id: str,
    operation_id: str,
    revision: int,
    scene_id: int,
    prompt: str | None = None,
    quoted: int | None = None,
) -> RepaintTicket:
    """Make a scene's still anew: once free for each scene, then at Studio's price; answers once it is held.

    Args:
        operation_id: The same operation id gets the first answer again.
        revision: The newest one that the artist saw.
        scene_id: The scene.
        prompt: Other words; None: the scene's.
        quoted: The price that was shown; None: none was.

    Raises:
        InsufficientCredits: The balance is below the price; nothing was started.
        Others as `edit_board`.
    """
    await asyncio.to_thread(_newest, app, account_id, video_id)
    order = BoardOrder(
        account_id=account_id,
        video_id=video_id,
        operation_id=operation_id,
        revision=revision,
        scene_id=scene_id,
        prompt=prompt,
        quoted=quoted,
    )
    return await boards.repaint_still(app.client, order)


async def place_own(
    app: App, account_id: str, video_id: str, operation_id: str, revision: int, scene_id: int, own: OwnShot
) -> BoardAnswer:
    """Show an own picture or clip in a scene; free. No clip is ordered for it.

    Args:
        operation_id: The same operation id gets the first answer again.
        revision: The newest one that the artist saw.
        scene_id: The scene.
        own: What is shown, and how.

    Raises:
        As `edit_board`; `NotFound` also where the account has no such picture or clip.
    """
    await asyncio.to_thread(_newest, app, account_id, video_id)
    order = BoardOrder(
        account_id=account_id,
        video_id=video_id,
        operation_id=operation_id,
        revision=revision,
        scene_id=scene_id,
        own=own,
    )
    return await boards.place_own(app.client, order)


def find_board_step(app: App, account_id: str, video_id: str, operation_id: str) -> StoredStep:
    """What an order came to. Raises `NotFound`: the account has no such order on this storyboard."""
    check_owned(app, account_id, video_id)
    found = app.stores.boards.find(account_id, video_id, operation_id)
    if found is None:
        raise NotFound("There is no such operation on this storyboard.")
    return found


def _newest(app: App, account_id: str, video_id: str) -> tuple[StoredStep, Board]:
    check_owned(app, account_id, video_id)
    with missing_is(NotFound("This video has no storyboard.", "no_board")):
        row = app.stores.boards.head(account_id, video_id)
        return row, Board.from_bytes(app.stores.objects.get_bytes(row.board_key))


def _stands(app: App, account_id: str, video_id: str) -> bool:
    """Whether a video's run has not ended: its credits are held, and it was not stopped."""
    ledger, key = app.stores.ledger, generate_operation_key(video_id)
    hold = ledger.find_hold(account_id, key)
    return hold is not None and hold.state is HoldState.HELD and not ledger.is_stopped(key)


def _rules(app: App) -> BoardRules:
    """What the run's own steps obey, too."""
    objects, book, settings = app.stores.objects, app.stores.boards, app.settings
    if settings.fal_key is None:
        return BoardRules(objects, book)
    # Late: the provider's client takes a third of a second to import, needed only with a key.
    from engines.estimating import SpendingEstimator

    estimator = SpendingEstimator.of(*settings.media_choice())

    def planner_for(still_model: str, clip_model: str) -> RunPlanner:
        return estimator.other(still_model, clip_model).planner

    planner = estimator.planner
    return BoardRules(objects, book, planner.prompt_limits, planner_for, planner)


def _reworded(scene: TimelineScene, edit: Reword | Appear) -> TimelineScene:
    """A scene with the words of an edit; where those are stored is the run's matter."""
    if isinstance(edit, Reword):
        prompt = scene.prompt if edit.image is None else edit.image
        motion = scene.motion_prompt if edit.motion is None else edit.motion
        if (prompt, motion) == (scene.prompt, scene.motion_prompt):
            return scene
        marks = scene.marks if prompt == scene.prompt else with_stale_still(scene.marks)
        return of_its_own(scene, prompt=prompt, motion_prompt=motion, marks=marks)
    changes: dict[str, object] = {"marks": with_stale_still(scene.marks)}
    if edit.character_ids is not None:
        changes["character_ids"] = edit.character_ids
    if edit.location_id is not None:
        changes["location_id"] = edit.location_id
    return of_its_own(scene, **changes)
