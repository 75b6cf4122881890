"""Ordering a video: the checks before a run, the order, the start."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from pydantic import Field
from temporalio.client import WorkflowUpdateRPCTimeoutOrCancelledError

from models import disk
from models.base import Model
from models.brief import Brief
from models.credits import Balance, Operation, Quote
from models.failures import InsufficientCredits, InvalidInput, RunPaused, StartRefused
from models.generation import GenerateRequest
from models.ids import generate_operation_key, video_id_for
from models.orders import Order
from models.prices import PRICES
from models.profiles import NEWEST_REVISION, ProfileName
from models.song import SongRef
from services import quotes
from services.app import App
from services.characters import find_character, named_character
from services.failures import missing_is
from services.songs import find_song
from services.videos import stored_video
from stores.database import utc_now
from temporal.generation import start_generation
from temporal.run_progress import NO_WORKER

PATIENCE = timedelta(seconds=10)
"""How long a start waits for a worker to hold the credits before it reports that the order waits."""


class VideoWish(Model):
    """The order of a video. `quoted`: the shown price in credits; None: no price was shown."""

    song_id: str
    brief: Brief
    profile: ProfileName | None = Field(default=None, description="None: this installation's profile")
    still_model: str = ""
    clip_model: str = ""
    storyboard: bool = Field(default=False, description="wait for the artist before clips are ordered")
    quoted: int | None = None


class Accepted(Model):
    """A run has started; its credits are held."""

    video_id: str
    credits: int = Field(description="held until the draft is stored, given back if it cannot be")
    balance: Balance
    sentence: str
    waits_for_worker: bool = Field(default=False, description="the credits are held as soon as a machine is free")


def wish_like(app: App, account_id: str, video_id: str) -> VideoWish:
    """An order like a stored video: its song, and its brief with another seed.

    Raises:
        NotFound: The account has no such video, or no version of it is stored yet.
        InvalidInput: `no_brief`: the video was made before briefs were kept.
    """
    video = stored_video(app, account_id, video_id)
    brief = app.stores.vault.brief(account_id, video_id)
    # The same seed would make the same video again.
    return VideoWish(song_id=video.song_id, brief=brief.model_copy(update={"seed": (brief.seed + 1) % 2**32}))


def named_characters(app: App, account_id: str, names: Sequence[str]) -> tuple[str, ...]:
    """The ids of named characters, each once, in order. Raises `InvalidInput`: the account has no such character."""
    ids = (named_character(app, account_id, name).character_id for name in names)
    return tuple(dict.fromkeys(ids))


def quote_order(app: App, account_id: str, wish: VideoWish) -> Quote:
    """Check an order and return its price.

    Raises:
        NotFound: Song or character are not in the Vault.
        InvalidInput: A model is not available, or too many generations were stopped lately.
    """
    _check_parts(app, account_id, wish)
    app.stores.ledger.check_order(account_id)
    return quotes.quote(
        app,
        account_id,
        Operation.GENERATE,
        song_id=wish.song_id,
        still_model=wish.still_model,
        clip_model=wish.clip_model,
        profile=wish.profile,
    )


async def order_video(
    app: App, account_id: str, wish: VideoWish, operation_id: str, patience: timedelta | None = None
) -> Accepted:
    """Order a video and start its run; the same operation is one order.

    Args:
        operation_id: From the idempotency key.
        patience: The longest wait for a worker; None: `PATIENCE`.

    Raises:
        NotFound: Song or character are not in the Vault.
        InsufficientCredits: The balance is below the price; nothing was started.
        InvalidInput: The price has changed, or a model is not available.
        StartRefused: The operation was run before, or is another account's.
        RunPaused: It was run before, and is paused.
    """
    order = await asyncio.to_thread(_place, app, account_id, wish, operation_id)
    request = GenerateRequest(
        **order.model_dump(exclude={"ordered_at", "brief"}),
        brief=order.brief,
        profile_revision=NEWEST_REVISION,
        limits=app.settings.run_limits(),
        quoted=wish.quoted,
    )
    ledger, sentence, waits = app.stores.ledger, "The run has started.", False
    try:
        held = (await asyncio.to_thread(ledger.balance, account_id)).held
        ahead = held // PRICES[Operation.GENERATE]
        admission = await start_generation(app.client, request, operation_id, patience or PATIENCE, ahead)
        credits, balance = admission.amount, admission.balance
    except WorkflowUpdateRPCTimeoutOrCancelledError:
        waits = True
        credits, sentence = (await asyncio.to_thread(ledger.quote, account_id, Operation.GENERATE)).price, NO_WORKER
        balance = await asyncio.to_thread(ledger.balance, account_id)
    except RunPaused:
        raise  # it was ordered before, and goes on
    except (InsufficientCredits, InvalidInput, StartRefused):
        await asyncio.to_thread(_withdraw, app, account_id, order.video_id)
        raise
    return Accepted(
        video_id=order.video_id, credits=credits, balance=balance, sentence=sentence, waits_for_worker=waits
    )


def _place(app: App, account_id: str, wish: VideoWish, operation_id: str) -> Order:
    stores, video_id = app.stores, video_id_for(account_id, operation_id)
    song = _check_parts(app, account_id, wish)
    disk.check()
    # A repeated start finds its own hold, which has lowered the balance already.
    if stores.ledger.find_hold(account_id, generate_operation_key(video_id)) is None:
        stores.ledger.check_order(account_id)
        quote = stores.ledger.quote(account_id, Operation.GENERATE)
        quote.check(wish.quoted)
        quotes.check_balance(quote)
    order = Order(
        video_id=video_id,
        account_id=account_id,
        song_id=song.song_id,
        song_title=song.title,
        brief=wish.brief,
        profile=wish.profile or app.settings.profile,
        still_model=wish.still_model,
        clip_model=wish.clip_model,
        storyboard=wish.storyboard,
        ordered_at=utc_now(),
    )
    with missing_is(StartRefused("This operation belongs to another account.")):
        return stores.orders.add(order)  # before the start, so that it is listed from its first moment


def _withdraw(app: App, account_id: str, video_id: str) -> None:
    """Delete a refused order; one whose run held credits before stays listed with its outcome."""
    if app.stores.ledger.find_hold(account_id, generate_operation_key(video_id)) is None:
        app.stores.orders.withdraw(account_id, video_id)


def _check_parts(app: App, account_id: str, wish: VideoWish) -> SongRef:
    quotes.check_models(app.settings, wish.still_model, wish.clip_model)
    song = find_song(app, account_id, wish.song_id)
    for character_id in wish.brief.character_ids:
        find_character(app, account_id, character_id)
    return song
