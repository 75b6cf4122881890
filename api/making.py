"""Ordering a video: everything that can be checked before a run starts, the order, the start."""

from datetime import timedelta
from functools import partial
from typing import Annotated

from fastapi.concurrency import run_in_threadpool
from pydantic import Field
from temporalio.client import WorkflowUpdateRPCTimeoutOrCancelledError

from api.deps import Backend, Caller
from api.pricing import check_run_models
from api.problems import Problem, not_found
from api.shapes import WHOLE, ModelName, QuotedPrice, StyleSlug
from models.base import Model
from models.brief import MOST_CHARACTERS, PROMPT_MAX_CHARS, AspectRatio, Brief
from models.credits import Balance, Operation
from models.failures import InsufficientCredits, InvalidInput, NotStored
from models.generation import GenerateRequest
from models.orders import Order
from models.profiles import NEWEST_REVISION, ProfileName
from models.routing import generate_operation_key, video_id_for
from models.styles import STYLES
from stores.database import utc_now
from workflows.clients import StartRefused, start_generation
from workflows.looking import NO_WORKER

PATIENCE = timedelta(seconds=10)
"""How long a start waits for a worker to hold the credits before it answers that the work waits."""


class Wish(Model):
    """A video that is wanted."""

    song_id: str = Field(min_length=1, max_length=80, examples=["song-0123456789abcdef0123"])
    style: StyleSlug = STYLES[0].slug
    prompt: str = Field(default="", max_length=PROMPT_MAX_CHARS, examples=["A cyberpunk style android cyborg..."])
    enhance: bool = Field(default=False, strict=True, description="expand a short prompt into a richer direction")
    character_ids: tuple[str, ...] = Field(default=(), max_length=MOST_CHARACTERS)
    aspect: AspectRatio = "9:16"
    profile: ProfileName | None = Field(default=None, description="null: what this installation makes")
    seed: Annotated[int, WHOLE] = Field(
        default=0, strict=True, ge=0, lt=2**32, description="another seed, another video of the same brief"
    )
    still_model: ModelName = ""
    clip_model: ModelName = ""
    quoted: QuotedPrice = None


class Accepted(Model):
    """A run has started; its credits are held."""

    video_id: str
    credits: int = Field(description="held until the draft is stored, given back if it cannot be")
    balance: Balance
    sentence: str


async def order_video(backend: Backend, caller: Caller, wish: Wish, operation_id: str) -> Accepted:
    """Order a video and start its run; the same operation is one order.

    Args:
        backend: Of this process.
        caller: Who wants it.
        wish: What is wanted.
        operation_id: From the idempotency key.

    Returns:
        The accepted order.

    Raises:
        Problem: 404, song or character are not in the Vault.
        InsufficientCredits: The balance is below the price; nothing was started.
        InvalidInput: The price is another one than was shown, or a model cannot be bought from.
        StartRefused: The operation was run before.
    """
    order = await run_in_threadpool(partial(_check, backend, caller.account_id, wish, operation_id))
    request = GenerateRequest(
        account_id=order.account_id,
        video_id=order.video_id,
        song_id=order.song_id,
        song_title=order.song_title,
        brief=order.brief,
        profile=order.profile,
        profile_revision=NEWEST_REVISION,
        still_model=order.still_model,
        clip_model=order.clip_model,
        limits=backend.settings.run_limits(),
        quoted=wish.quoted,
    )
    sentence = "The run has started."
    try:
        admission = await start_generation(backend.client, request, operation_id, PATIENCE)
        credits, balance = admission.amount, admission.balance
    except WorkflowUpdateRPCTimeoutOrCancelledError:
        quote = partial(backend.stores.ledger.quote, order.account_id, Operation.GENERATE)
        credits, sentence = (await run_in_threadpool(quote)).price, NO_WORKER
        balance = await run_in_threadpool(backend.stores.ledger.balance, order.account_id)
    except (InsufficientCredits, InvalidInput, StartRefused):
        await run_in_threadpool(backend.stores.orders.withdraw, order.account_id, order.video_id)
        raise
    return Accepted(video_id=order.video_id, credits=credits, balance=balance, sentence=sentence)


def _check(backend: Backend, account_id: str, wish: Wish, operation_id: str) -> Order:
    stores, video_id = backend.stores, video_id_for(account_id, operation_id)
    check_run_models(backend.settings, wish.still_model, wish.clip_model)
    try:
        song = stores.vault.song(account_id, wish.song_id)
    except NotStored:
        raise not_found("There is no such song in your Vault.") from None
    for character_id in wish.character_ids:
        try:
            stores.characters.get(account_id, character_id)
        except NotStored:
            raise not_found("There is no such character in your Vault.") from None
    # A repeated start meets its own hold, which has lowered the balance already.
    if stores.ledger.find_hold(account_id, generate_operation_key(video_id)) is None:
        stores.ledger.check_order(account_id)
        quote = stores.ledger.quote(account_id, Operation.GENERATE)
        quote.check(wish.quoted)
        if quote.balance_after < 0:
            raise InsufficientCredits(
                f"{quote.price} credits are needed and {quote.balance_before} are there: top up, then try again."
            )
    brief = Brief(
        prompt=wish.prompt.strip(),
        style=wish.style,
        enhance=wish.enhance,
        aspect=wish.aspect,
        character_ids=wish.character_ids,
        seed=wish.seed,
    )
    order = Order(
        video_id=video_id,
        account_id=account_id,
        song_id=song.song_id,
        song_title=song.title,
        brief=brief,
        profile=wish.profile or backend.settings.profile,
        still_model=wish.still_model,
        clip_model=wish.clip_model,
        ordered_at=utc_now(),
    )
    try:
        return stores.orders.add(order)
    except NotStored:
        raise Problem(409, "start_refused", "This operation belongs to somebody else.") from None
