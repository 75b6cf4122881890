"""Whether an operation can be done now: checked in the transaction that records it."""

from sqlalchemy import Connection, func, select

from models.failures import InvalidInput
from models.footage import refuse_unfit
from models.ids import studio_operation_key
from models.profiles import profile_of
from models.studio import DRAFT_TAKE, StudioKind, StudioOrder, StudioState
from models.timeline import FREE_RETRY, Timeline, TimelineScene
from stores import schema
from stores.footage import find_footage
from stores.operation_rows import FREE_RETRY_USED, OPEN, ROW, find_operation, operation_in, operations_of
from stores.versions import read_timeline


def checked(connection: Connection, order: StudioOrder) -> tuple[Timeline, bool]:
    """The newest version, and whether the operation is a scene's free retry.

    Raises:
        InvalidInput: It cannot be done; the code says why.
    """
    timeline = read_timeline(connection, order.account_id, order.video_id)
    if timeline is None:
        raise InvalidInput(f"There is no finished video {order.video_id} in the Vault.", code="no_video")
    if order.base_version is not None and order.base_version != timeline.version and not order.kind.is_on_scene:
        raise InvalidInput(
            f"Version {timeline.version} is the newest by now, and this was ordered for version {order.base_version}: "
            "look at it, then try again.",
            "version_moved",
        )
    if order.kind is StudioKind.RESTORE:
        if not 1 <= (order.version or 0) <= timeline.version:
            raise InvalidInput(f"There is no version {order.version}; the newest is {timeline.version}.", "no_version")
        return timeline, False
    if order.kind is StudioKind.EDIT:
        return timeline, False
    scene = scene_of(timeline, order)
    if order.kind is StudioKind.CHOOSE:
        _refuse_unknown_take(connection, order, scene)
        return timeline, False
    if order.kind is StudioKind.OWN:
        _refuse_unfit_footage(connection, order, timeline, scene)
        return timeline, False
    used = select(func.count()).select_from(schema.operations).where(ROW.video_id == order.video_id)
    spent = connection.scalar(used.where(ROW.scene_index == scene.identity, *FREE_RETRY_USED))
    return timeline, FREE_RETRY in scene.marks and not spent


def scene_of(timeline: Timeline, order: StudioOrder) -> TimelineScene:
    """The scene of an order in a version; its id counts where it has one.

    Raises:
        InvalidInput: The version has no such scene.
    """
    index, count = order.scene_index, len(timeline.scenes)
    if order.scene_id is not None:
        scene = timeline.find(order.scene_id)
        if scene is None:
            raise InvalidInput(
                "This scene is not in the newest version: it was merged, or a version without it is shown again.",
                code="no_scene",
            )
        return scene
    if index is None or not 0 <= index < count:
        number = "that" if index is None else index + 1
        raise InvalidInput(f"There is no scene {number}; the video has {count} scenes.", code="no_scene")
    return timeline.scenes[index]


def _refuse_unknown_take(connection: Connection, order: StudioOrder, scene: TimelineScene) -> None:
    ids = {scene.identity} | ({scene.shows_scene} if scene.shows_scene is not None else set())
    if order.take_id == DRAFT_TAKE and min(ids) < _drafted(connection, order):
        return
    made = find_operation(connection, order.account_id, studio_operation_key(order.video_id, order.take_id))
    paid = made is not None and made.state is StudioState.DELIVERED
    if made is None or not paid or made.take is None or made.take.scene_index not in ids:
        raise InvalidInput(f"Scene {scene.index + 1} has no take {order.take_id!r}; `timeline` lists them.", "no_take")


def _refuse_unfit_footage(connection: Connection, order: StudioOrder, timeline: Timeline, scene: TimelineScene) -> None:
    shot = order.own
    footage = None if shot is None else find_footage(connection, order.account_id, shot.footage_id)
    if shot is None or footage is None:
        raise InvalidInput("There is no such picture or clip in your Vault: upload it first.", "no_footage")
    profile = profile_of(timeline.profile, timeline.profile_revision)
    refuse_unfit(footage, shot, profile, scene.frame_count, scene.index + 1)


def _drafted(connection: Connection, order: StudioOrder) -> int:
    """The number of scenes in version 1: later ones have no take of the draft."""
    draft = read_timeline(connection, order.account_id, order.video_id, 1)
    return len(draft.scenes) if draft is not None else 0


def refuse_if_busy(connection: Connection, order: StudioOrder, newest: Timeline, gone: frozenset[int]) -> None:
    """Refuse an order that another one is in the way of.

    Args:
        connection: An open transaction.
        order: The order, with its scene's id.
        newest: The newest version.
        gone: The scenes that an edit removes, by id.

    Raises:
        InvalidInput: `scene_busy`.
    """
    query = operations_of(order.account_id).where(ROW.video_id == order.video_id, ROW.state.in_(OPEN))
    under_way = [one for one in map(operation_in, connection.execute(query)) if one.is_open]
    if order.kind.is_on_scene:
        if any(one.order.scene == order.scene for one in under_way if one.order.kind.is_on_scene):
            raise InvalidInput(
                f"Scene {(order.scene_index or 0) + 1} is being worked on; wait for its new version.", "scene_busy"
            )
        return
    if order.base_version is not None and any(not one.order.kind.is_on_scene for one in under_way):
        raise InvalidInput("Another edit is being applied; wait for its version.", code="scene_busy")
    if order.kind is StudioKind.RESTORE:
        shown = read_timeline(connection, order.account_id, order.video_id, order.version)
        gone = _ids(newest) - _ids(shown or newest)
    busy = next((one for one in under_way if one.order.scene in gone), None)
    if busy is not None:
        known = newest.find(busy.order.scene or 0)
        place = (busy.order.scene_index or 0) if known is None else known.index
        raise InvalidInput(
            f"Scene {place + 1} is being worked on and would vanish; wait for its new version.",
            code="scene_busy",
        )


def _ids(timeline: Timeline) -> frozenset[int]:
    return frozenset(scene.identity for scene in timeline.scenes)
