"""Holds: reserve the price of an operation, then capture or release it, each at most once."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, insert, select, update

from models.credits import (
    Balance,
    HoldInfo,
    HoldReceipt,
    HoldRequest,
    HoldState,
    Operation,
    Quote,
    Settlement,
    SettleRequest,
    Unit,
)
from models.failures import InsufficientCredits, InvalidInput
from models.ids import digest_of
from models.prices import PRICES
from stores import schema
from stores.lots import Portion
from stores.postings import HELD, AccountPostings, Posting

# Built once, see `stores.postings`.
_FIND_HOLD = select(schema.holds).where(
    schema.holds.c.operation_key == bindparam("operation_key"), schema.holds.c.account_id == bindparam("account_id")
)
_WRITE_HOLD = insert(schema.holds)
_END_HOLD = (
    update(schema.holds)
    .where(schema.holds.c.hold_id == bindparam("id"))
    .values(state=bindparam("now_state"), captured=bindparam("now_captured"), ended_at=bindparam("now"))
)
# The hold and what it reserved, one row per grant, in spending order.
_FIND_HOLD_WITH_PORTIONS = (
    _FIND_HOLD.add_columns(schema.entries.c.grant_id, schema.entries.c.unit, schema.entries.c.amount)
    .outerjoin(schema.journal, (schema.journal.c.hold_id == schema.holds.c.hold_id) & (schema.journal.c.kind == "hold"))
    .outerjoin(
        schema.entries,
        (schema.entries.c.transaction_id == schema.journal.c.transaction_id) & (schema.entries.c.book == HELD),
    )
    .order_by(schema.entries.c.entry_id)
)


def place_hold(postings: AccountPostings, request: HoldRequest) -> HoldReceipt:
    """The work of `Ledger.hold`, on open postings."""
    key = f"hold/{request.operation_key}"
    if known := postings.first_answer(key, request, HoldReceipt):
        return known
    if postings.receivable:
        raise InsufficientCredits(
            f"{postings.receivable} credits are owed after a refund; the next purchase settles them, then try again."
        )
    quote = quote_for(postings, request.operation, request.free_because)
    quote.check(request.quoted)
    if quote.balance_after < 0:
        raise InsufficientCredits(
            f"This costs {quote.price} credits and {quote.balance_before} are available; top up to go on."
        )
    if quote.free_units:
        postings.hold(Unit.FREE_IMAGE, quote.free_units)
    if quote.price:
        postings.hold(Unit.CREDIT, quote.price)
    hold_id = "hold-" + digest_of(request.operation_key)
    receipt = HoldReceipt(
        hold_id=hold_id,
        operation_key=request.operation_key,
        amount=quote.price,
        free_units=quote.free_units,
        balance=postings.balance(),
    )
    reason = request.reason or quote.reason
    postings.post(Posting("hold", key, "system", reason, request.model_dump_json(), receipt.model_dump_json(), hold_id))
    postings.connection.execute(
        _WRITE_HOLD,
        {
            "hold_id": hold_id,
            "operation_key": request.operation_key,
            "account_id": request.account_id,
            "operation": request.operation.value,
            "credits": quote.price,
            "free_units": quote.free_units,
            "state": HoldState.HELD.value,
            "captured": 0,
            "held_at": postings.now,
        },
    )
    return receipt


def end_hold(postings: AccountPostings, request: SettleRequest, credits: int | None) -> Settlement:
    """Capture `credits` of a hold (None: all, free units too), release the rest; an ended hold stays as it ended."""
    connection = postings.connection
    asked = {"operation_key": request.operation_key, "account_id": request.account_id}
    rows = connection.execute(_FIND_HOLD_WITH_PORTIONS, asked).all()
    if not rows:
        return Settlement(outcome="nothing", credits=0, balance=postings.balance())
    hold = HoldInfo.model_validate(dict(rows[0]._mapping))
    if hold.state is not HoldState.HELD:
        return _settlement(hold, postings.balance())
    if credits is not None and credits > hold.credits:
        raise InvalidInput(f"{hold.credits} credits are held, {credits} cannot be taken.", code="bad_amount")
    held = [Portion(row.grant_id, Unit(row.unit), row.amount) for row in rows if row.grant_id]
    taken, back = _split(held, credits)
    postings.capture(taken)
    postings.release(back, hold.hold_id)
    state = HoldState.RELEASED if credits == 0 else HoldState.CAPTURED
    postings.collect()
    captured = sum(p.amount for p in taken if p.unit is Unit.CREDIT)
    hold = hold.model_copy(update={"state": state, "captured": captured, "ended_at": postings.now})
    settlement = _settlement(hold, postings.balance())
    kind = "capture" if state is HoldState.CAPTURED else "release"
    key = f"end/{request.operation_key}"
    postings.post(
        Posting(
            kind, key, "system", request.reason, request.model_dump_json(), settlement.model_dump_json(), hold.hold_id
        )
    )
    ending = {"id": hold.hold_id, "now_state": state.value, "now_captured": captured, "now": postings.now}
    connection.execute(_END_HOLD, ending)
    return settlement


def find_hold(connection: Connection, account_id: str, operation_key: str) -> HoldInfo | None:
    """The account's hold under a key."""
    asked = {"operation_key": operation_key, "account_id": account_id}
    row = connection.execute(_FIND_HOLD, asked).first()
    return HoldInfo.model_validate(dict(row._mapping)) if row else None


def quote_for(postings: AccountPostings, operation: Operation, free_because: str) -> Quote:
    """The current price of an operation: what `place_hold` would hold."""
    available = postings.balance().available
    price, free_units, reason = PRICES[operation], 0, ""
    if free_because:
        price, reason = 0, free_because
    elif operation is Operation.REGENERATE_IMAGE and postings.spendable(Unit.FREE_IMAGE):
        price, free_units, reason = 0, 1, "one of your free image regenerations"
    return Quote(
        operation=operation,
        price=price,
        free_units=free_units,
        balance_before=available,
        balance_after=available - price,
        reason=reason,
    )


def _split(portions: Sequence[Portion], credits: int | None) -> tuple[list[Portion], list[Portion]]:
    """Portions to capture and to release. Free units are captured with any credits: the work was delivered."""
    taken: list[Portion] = []
    back: list[Portion] = []
    left = credits
    for portion in portions:
        if left is None or (portion.unit is Unit.FREE_IMAGE and credits):
            part = portion.amount
        elif portion.unit is Unit.FREE_IMAGE:
            part = 0
        else:
            part = min(left, portion.amount)
            left -= part
        if part:
            taken.append(Portion(portion.grant_id, portion.unit, part))
        if part < portion.amount:
            back.append(Portion(portion.grant_id, portion.unit, portion.amount - part))
    return taken, back


def _settlement(hold: HoldInfo, balance: Balance) -> Settlement:
    credits = hold.captured if hold.state is HoldState.CAPTURED else hold.credits
    return Settlement(outcome=hold.state.value, credits=credits, balance=balance, free_units=hold.free_units)
