"""Edits of the timeline: orders, preview, undo and redo."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from activities.recutting import corrected_grid, grid_of
from models.bought_clips import with_beginnings
from models.cut_grid import clips_among
from models.edits import TimelineEdit, UseBeats
from models.failures import Conflict, InvalidInput, NotFound
from models.object_keys import video_prefix
from models.recutting import apply_edits
from models.studio import AcceptedOperation, RestoredBy, StudioKind, StudioOrder
from models.timeline import Timeline
from models.undoing import UndoState, undo_state
from services.app import App
from services.beats import beats_key
from services.media import find_timeline
from services.studio import find_operation, order_operation
from temporal.calls import input_refused


@dataclass(frozen=True)
class EditPreview:
    """A timeline as edits would leave it.

    Attributes:
        base: The version that is edited.
        timeline: The scenes afterwards, not stored.
        changed: The ids of the scenes that are encoded, at most: some segments may be stored.
        sentences: What each edit does, in words.
    """

    base: Timeline
    timeline: Timeline
    changed: tuple[int, ...]
    sentences: tuple[str, ...]


async def edit_timeline(
    app: App, account_id: str, video_id: str, operation_id: str, edits: Sequence[TimelineEdit], base_version: int | None
) -> AcceptedOperation:
    """Make a version of edits of the newest one; free.

    Args:
        operation_id: The same operation id gets the first answer again.
        edits: In their order; they make one version.
        base_version: The newest version that the artist saw; None: any.

    Raises:
        NotFound: There is no such video or scene.
        Conflict: There is a newer version, another edit is being applied, a scene that would vanish is worked on, or
            the song's beats were corrected again.
        InvalidInput: An edit cannot be done; the sentence says why.
        StartRefused: Too many operations are under way.
        ProviderUnavailable: No worker or server answers.
    """
    order = StudioOrder(
        account_id=account_id,
        video_id=video_id,
        operation_id=operation_id,
        kind=StudioKind.EDIT,
        edits=tuple(edits),
        base_version=base_version,
        analysis_key=await asyncio.to_thread(_ordered_beats, app, account_id, video_id, operation_id, edits),
    )
    return await order_operation(app, order)


def preview_edits(
    app: App, account_id: str, video_id: str, edits: Sequence[TimelineEdit], base_version: int | None
) -> EditPreview:
    """Show what edits would do; nothing is changed. Bought clips count as long enough until an edit has measured them.

    Args:
        edits: In their order.
        base_version: The newest version that the artist saw; None: any.

    Raises:
        NotFound: There is no such video or scene.
        Conflict: There is a newer version, or the song's beats were corrected again.
        InvalidInput: An edit cannot be done; the sentence says why.
    """
    timeline, stores = find_timeline(app, account_id, video_id), app.stores
    order = StudioOrder(
        account_id=account_id,
        video_id=video_id,
        operation_id="preview",
        kind=StudioKind.EDIT,
        base_version=base_version,
    )
    footage = list(stores.objects.list_keys(f"{video_prefix(account_id, video_id)}footage/"))
    takes = stores.operations.takes(account_id, video_id)
    told: list[str] = []
    analysis_key = beats_key(app, timeline, account_id, edits)
    try:
        stores.operations.quote(order)
        corrected = corrected_grid(stores.objects, timeline, analysis_key)
        grid, clip_of = grid_of(stores.objects, timeline), clips_among(footage, timeline)
        edited = apply_edits(timeline, edits, grid, takes, clip_of, told, corrected)
    except InvalidInput as error:
        raise input_refused(error.message, error.code) from error
    changed = tuple(scene.identity for scene in edited.scenes if not scene.segment_key)
    return EditPreview(timeline, with_beginnings(edited, footage), changed, tuple(told))


def find_undo_state(app: App, account_id: str, video_id: str) -> UndoState:
    """Where undo and redo lead from the newest version."""
    return undo_state(app.stores.operations.of_video(account_id, video_id))


async def undo_or_redo(
    app: App, account_id: str, video_id: str, operation_id: str, way: RestoredBy, base_version: int | None = None
) -> AcceptedOperation:
    """Undo the last step, or redo the last one undone: a new version with the same bytes; free.

    Args:
        operation_id: The same operation id gets the first answer again.
        way: Undo or redo.
        base_version: The newest version that the artist saw; None: any.

    Raises:
        NotFound: The account has no such video.
        Conflict: There is nothing to undo or redo, there is a newer version, or another edit is being applied.
        StartRefused: Too many operations are under way.
        ProviderUnavailable: No worker or server answers.
    """
    order = await asyncio.to_thread(_restoration, app, account_id, video_id, operation_id, way, base_version)
    return await order_operation(app, order)


def _ordered_beats(app: App, account_id: str, video_id: str, operation_id: str, edits: Sequence[TimelineEdit]) -> str:
    """The analysis that an order's `UseBeats` stands for: for a repeated order the first one's."""
    if not any(isinstance(edit, UseBeats) for edit in edits):
        return ""
    try:
        return find_operation(app, account_id, video_id, operation_id).order.analysis_key
    except NotFound:
        return beats_key(app, find_timeline(app, account_id, video_id), account_id, edits)


def _restoration(
    app: App, account_id: str, video_id: str, operation_id: str, way: RestoredBy, base_version: int | None
) -> StudioOrder:
    newest = find_timeline(app, account_id, video_id).version
    try:
        return find_operation(app, account_id, video_id, operation_id).order
    except NotFound:
        found = find_undo_state(app, account_id, video_id)
    version = found.undo if way is RestoredBy.UNDO else found.redo
    if version is None:
        raise Conflict(f"There is nothing to {way.value}.", f"nothing_to_{way.value}")
    return StudioOrder(
        account_id=account_id,
        video_id=video_id,
        operation_id=operation_id,
        kind=StudioKind.RESTORE,
        version=version,
        base_version=newest if base_version is None else base_version,
        restored_by=way,
    )
