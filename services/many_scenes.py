"""Several scenes made again with one change: each an ordinary operation, accepted or refused together."""

import asyncio
from dataclasses import dataclass

from models.brief import PROMPT_MAX_CHARS
from models.credits import Quote
from models.failures import Conflict, EchonosError, InvalidInput, NotFound, ProviderUnavailable, StartRefused
from models.ids import digest_of
from models.many_scenes import CHANGE_MAX_CHARS, MOST_SCENES, ManyScenes, added, occurs, replaced
from models.prices import PRICES
from models.studio import AcceptedOperation, SceneEdit, StudioKind, StudioOrder
from models.timeline import Timeline, TimelineScene
from services.app import App
from services.media import find_timeline
from services.quotes import check_balance
from services.studio import open_operations, order_operation, quote_operation, withdraw_operation
from temporal.calls import input_refused


@dataclass(frozen=True)
class Batch:
    """Orders with their prices, in the order of the scenes.

    Attributes:
        orders: One a scene; each names its price.
        total: The sum of those that are not placed yet.
        is_begun: Whether an earlier request with the same id has placed some.
    """

    orders: tuple[StudioOrder, ...]
    total: Quote
    is_begun: bool = False


def plan_scenes(app: App, account_id: str, video_id: str, wish: ManyScenes, operation_id: str = "quote") -> Batch:
    """The orders that a change means, and what they cost together; nothing is held.

    Args:
        operation_id: The ids of the scenes' operations come from it: a repetition finds its first answers.

    Raises:
        NotFound: There is no such video, version or scene.
        Conflict: A scene is being worked on.
        InvalidInput: The change is none, is unclear, or changes nothing in a scene.
    """
    timeline = find_timeline(app, account_id, video_id, wish.version)
    scenes, change = _scenes(timeline, wish), _change(timeline, wish)
    ids = {scene.index: digest_of(operation_id, str(scene.identity)) for scene in scenes}
    busy = {
        one.order.scene
        for one in open_operations(app, account_id, video_id)
        if one.order.operation_id not in ids.values()
    }
    if worked_on := [scene.index for scene in scenes if scene.identity in busy]:
        raise Conflict(f"{_named(worked_on)} being worked on: wait, or leave it out.", "scene_busy")
    orders = [
        StudioOrder(
            account_id=account_id,
            video_id=video_id,
            operation_id=ids[scene.index],
            kind=wish.kind,
            scene_index=scene.index,
            scene_id=scene.identity,
            edit=_edit(timeline, scene, wish, change),
        )
        for scene in scenes
    ]
    known = {one.order.operation_id: one.order for one in app.stores.operations.of_video(account_id, video_id)}
    known = {order.operation_id: known[order.operation_id] for order in orders if order.operation_id in known}
    return _priced(app, orders, known)


async def order_scenes(
    app: App, account_id: str, video_id: str, wish: ManyScenes, operation_id: str
) -> list[AcceptedOperation]:
    """Make scenes again; answers once the credits of all of them are held.

    Where one is refused, those that were accepted before are withdrawn: their credits come back. An outage refuses
    none: the same operation id goes on where it was interrupted.

    Raises:
        InsufficientCredits: The balance is below the sum; nothing was started.
        Conflict: A scene is being worked on, or the sum has changed.
        NotFound, InvalidInput: As `plan_scenes`.
        StartRefused: Too many operations are under way.
        ProviderUnavailable: No worker or server answers.
    """
    batch = await asyncio.to_thread(plan_scenes, app, account_id, video_id, wish, operation_id)
    if not batch.is_begun:
        _check_sum(batch.total, wish.quoted)
    check_balance(batch.total)
    tickets: list[AcceptedOperation] = []
    for order in batch.orders:
        try:
            tickets.append(await order_operation(app, order, wish.version))
        except ProviderUnavailable:
            raise
        except (EchonosError, StartRefused):
            await asyncio.gather(
                *(withdraw_operation(app, account_id, video_id, one.operation_id) for one in tickets),
                return_exceptions=True,
            )
            raise
    return tickets


def _check_sum(total: Quote, shown: int | None) -> None:
    try:
        total.check(shown)
    except InvalidInput as error:
        raise input_refused(error.message, error.code) from error


def _scenes(timeline: Timeline, wish: ManyScenes) -> list[TimelineScene]:
    count = len(timeline.scenes)
    wanted = sorted(set(wish.scenes))
    if not 1 <= len(wanted) <= MOST_SCENES:
        raise InvalidInput(f"Choose 1 to {MOST_SCENES} scenes at once.", "scenes", "scenes")
    if absent := [index for index in (*wanted, *([] if wish.like is None else [wish.like])) if not 0 <= index < count]:
        raise NotFound(f"There is no scene {absent[0] + 1}; the video has {count} scenes.", "no_scene", "scenes")
    return [timeline.scenes[index] for index in wanted if index != wish.like]


def _change(timeline: Timeline, wish: ManyScenes) -> str:
    """Which change is meant. Raises `InvalidInput`: none, or several."""
    given = [
        name
        for name, is_given in (("find", wish.find.strip()), ("add", wish.add.strip()), ("like", wish.like is not None))
        if is_given
    ]
    if len(given) != 1:
        raise InvalidInput(
            "Say one change: a word to replace, a sentence to add, or a scene to be like.", "change", "find"
        )
    if too_long := [name for name in ("find", "replace", "add") if len(getattr(wish, name)) > CHANGE_MAX_CHARS]:
        raise InvalidInput(f"A change has up to {CHANGE_MAX_CHARS} characters.", "change", too_long[0])
    if wish.like is not None and wish.kind is not StudioKind.IMAGE:
        raise InvalidInput(
            "Another scene's setting is for images: a new clip then moves the new image.", "like", "like"
        )
    if wish.like is not None and not set(wish.scenes) - {wish.like}:
        raise InvalidInput("Choose other scenes than the one that they shall be like.", "scenes", "scenes")
    if wish.like is not None and not timeline.scenes[wish.like].shots_key:
        raise InvalidInput(f"Scene {wish.like + 1} was never directed: it has no setting to take.", "like", "like")
    if given == ["find"]:
        without = [
            index for index in sorted(set(wish.scenes)) if not occurs(_words(timeline.scenes[index], wish), wish.find)
        ]
        if without:
            raise InvalidInput(
                f"{_named(without)} without “{wish.find.strip()}”: leave it out, or add a sentence.", "no_words", "find"
            )
    return given[0]


def _edit(timeline: Timeline, scene: TimelineScene, wish: ManyScenes, change: str) -> SceneEdit:
    if change == "like":
        return SceneEdit(like=timeline.scenes[wish.like or 0].identity)
    words = _words(scene, wish)
    prompt = replaced(words, wish.find, wish.replace) if change == "find" else added(words, wish.add)
    if not prompt.strip():
        raise InvalidInput(f"Scene {scene.index + 1} would have no words left.", "empty", "replace")
    if len(prompt) > PROMPT_MAX_CHARS:
        raise InvalidInput(
            f"The words of scene {scene.index + 1} would have more than {PROMPT_MAX_CHARS:,} characters.",
            "prompt_too_long",
            change,
        )
    return SceneEdit(prompt=prompt)


def _words(scene: TimelineScene, wish: ManyScenes) -> str:
    return scene.prompt if wish.kind is StudioKind.IMAGE else scene.motion_prompt


def _priced(app: App, orders: list[StudioOrder], known: dict[str, StudioOrder]) -> Batch:
    """Each order with its own price. A free image pays for one order, although each alone would be free.

    Those that an earlier request with the same id has placed keep the price that they were placed with.
    """
    balance = app.stores.ledger.balance(orders[0].account_id)
    left, priced, total = balance.free_images, [], 0
    for order in orders:
        if order.operation_id in known:
            priced.append(order.model_copy(update={"quoted": known[order.operation_id].quoted}))
            continue
        quote = quote_operation(app, order)
        assert quote is not None, "a regeneration has a price, even if it is 0"
        price = PRICES[quote.operation] if quote.free_units > left else quote.price
        left -= min(quote.free_units, left)
        priced.append(order.model_copy(update={"quoted": price}))
        total += price
    charged_as = orders[0].kind.charged_as
    assert charged_as is not None, "only images and clips are made again"
    sum_of_all = Quote(
        operation=charged_as,
        price=total,
        free_units=balance.free_images - left,
        balance_before=balance.available,
        balance_after=balance.available - total,
    )
    return Batch(tuple(priced), sum_of_all, bool(known))


def _named(indices: list[int]) -> str:
    """“Scene 3 is”, “Scenes 3 and 7 are”."""
    numbers = [str(index + 1) for index in indices]
    if len(numbers) == 1:
        return f"Scene {numbers[0]} is"
    return f"Scenes {', '.join(numbers[:-1])} and {numbers[-1]} are"
