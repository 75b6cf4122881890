"""Support's views and actions. Each leaves an entry in the audit.

The entry of an action is written before it, and updated with the outcome; a view is recorded for the accounts whose
data it shows. An action without a reason is refused (`InvalidInput`).
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import uuid4

from models.access import Profile
from models.credits import Balance, GrantReceipt, Operation
from models.failures import InvalidInput, StartRefused
from models.ids import generate_operation_key, late_operation_key, video_id_of
from models.progress import Progress, RunStatus, StageName
from models.spending import spending_of
from models.stages import STAGES
from models.support import AccountReport, Action, RunLine, RunReport, in_words
from services.app import App
from services.credits import give
from services.progress import Look, RunView
from stores.support import refused_because
from temporal import support_runs
from temporal.resets import reset_generation

PATIENCE = timedelta(seconds=2.5)
"""How long support waits for a run's own answer: the server's facts are there at once."""


@asynccontextmanager
async def audited(
    app: App, actor: str, action: Action, subject: str, reason: str, account_id: str, detail: str = ""
) -> AsyncIterator[None]:
    """The audit's entry around an asynchronous action; see `SupportLog.attempt`."""
    log = app.stores.support
    number = await asyncio.to_thread(log.begin, actor, action, subject, reason, account_id, detail=detail)
    try:
        yield
    except BaseException as error:
        await asyncio.to_thread(log.finish, number, refused_because(error))
        raise
    await asyncio.to_thread(log.finish, number)


async def list_runs(app: App, actor: str, state: RunStatus, most: int = 1_000) -> list[RunLine]:
    """The runs in a state, oldest first."""
    lines = await support_runs.runs_in(app.client, state, most)
    note = app.access.events.note_reads
    await asyncio.to_thread(note, [line.account for line in lines], f"runs {state.value}", actor)
    return lines


async def look_at_run(app: App, actor: str, video_id: str) -> RunReport:
    """One run with its credits, what it paid to providers, and its audit. Raises `NotFound`: there is no such run."""
    account_id = await support_runs.account_of(app.client, video_id)
    seen = await RunView(app, account_id, video_id, PATIENCE).look()
    return await asyncio.to_thread(_run_report, app, actor, account_id, seen)


def _run_report(app: App, actor: str, account_id: str, seen: Look) -> RunReport:
    stores, progress = app.stores, seen.progress
    video_id = progress.video_id
    key = generate_operation_key(video_id)
    stores.support.events.note_reads([account_id], f"run {video_id}", actor)
    jobs = stores.jobs.of_video(video_id)
    return RunReport(
        account=account_id,
        progress=progress,
        steps=seen.steps,
        hold=stores.ledger.find_hold(account_id, late_operation_key(key)) or stores.ledger.find_hold(account_id, key),
        operations=stores.operations.of_video(account_id, video_id),
        actions=stores.support.of(video_id, refused=True),
        jobs=jobs,
        spending=spending_of(stores.spending.of(video_id), jobs),
    )


def is_account(app: App, name: str) -> bool:
    """Whether an id is that of an account."""
    return app.stores.account_data.is_known(name)


def look_at_account(app: App, actor: str, account_id: str) -> AccountReport:
    """One account with its credits, sessions and tokens, security events, and audit.

    Raises:
        InvalidInput: There is no such account.
    """
    access, balance = app.access, app.stores.ledger.balance(account_id)
    access.events.note_reads([account_id], "account", actor)
    profile = access.profiles.find(account_id) or Profile(account_id=account_id)
    return AccountReport(
        account=account_id,
        verified=profile.verified,
        roles=sorted(profile.roles),
        balance=balance,
        second_factor=access.factors.state(account_id),
        sessions=access.sessions.list(account_id),
        tokens=access.tokens.list(account_id),
        shares=access.shares.of_account(account_id),
        events=access.events.of(account_id),
        actions=app.stores.support.of(account_id, refused=True),
    )


async def retry(app: App, actor: str, video_id: str, reason: str) -> Progress:
    """Retry a parked run.

    Raises:
        NotFound: There is no such run, or it has ended.
        StartRefused: Nothing waits in it.
    """
    account_id = await support_runs.account_of(app.client, video_id)
    async with audited(app, actor, Action.RETRY, video_id, reason, account_id):
        return await support_runs.retry_run(app.client, video_id, reason)


async def retry_all(app: App, actor: str, reason: str) -> tuple[list[str], list[str]]:
    """Retry all parked runs.

    Returns:
        The videos whose runs were retried, and those whose runs were no longer parked.
    """
    retried, others, reason = [], [], in_words(reason)
    for video_id, account_id in (await support_runs.parked(app.client)).items():
        try:
            async with audited(app, actor, Action.RETRY, video_id, reason, account_id):
                await support_runs.retry_run(app.client, video_id, reason)
        except (StartRefused, InvalidInput):  # it went on or ended since it was listed
            others.append(video_id)
        else:
            retried.append(video_id)
    return retried, others


async def abandon(app: App, actor: str, video_id: str, reason: str) -> tuple[Progress, Balance]:
    """Give up a run, or a video's Studio operations that wait for a person.

    Returns:
        The run's progress and the account's balance, once the credits are back.

    Raises:
        NotFound: There is no such run, or it has ended.
        StartRefused: It cannot be given up.
    """
    account_id = await support_runs.account_of(app.client, video_id)
    async with audited(app, actor, Action.ABANDON, video_id, reason, account_id):
        progress = await support_runs.abandon_run(app.client, video_id, reason)
    return progress, await asyncio.to_thread(app.stores.ledger.balance, account_id)


async def unpause(app: App, actor: str, name: str, reason: str) -> list[str]:
    """Let a paused run go on, with all that is paused of its video: steps, Studio operations, exports, the analysis.

    Args:
        name: A video's id, a song's, or that of any workflow.

    Returns:
        What was paused.

    Raises:
        NotFound: There is no such run, or it has ended.
        StartRefused: Nothing of it is paused.
    """
    what = await support_runs.named(app.client, name)
    async with audited(app, actor, Action.UNPAUSE, what.video_id or name, reason, what.account_id):
        under_way: list[str] = []
        if what.video_id:
            operations = await asyncio.to_thread(app.stores.operations.of_video, what.account_id, what.video_id)
            under_way = [one.order.operation_id for one in operations if one.is_open]
        return await support_runs.unpause_all_of(app.client, what, under_way, reason, actor)


async def reset(app: App, actor: str, video_id: str, stage: StageName, reason: str) -> str:
    """Repeat a run from a stage on; charges are not repeated.

    Raises:
        NotFound: There is no such run.
        InvalidInput: It never reached that stage, or was cancelled.
    """
    account_id, row = await support_runs.account_of(app.client, video_id), STAGES[stage]
    async with audited(app, actor, Action.RESET, video_id, reason, account_id, f"to {row.slug}"):
        work = reset_generation(app.client, video_id, row.first_step, reason)
        return await support_runs.known_run(work, video_id)


def refund(app: App, actor: str, name: str, reason: str) -> tuple[GrantReceipt, bool]:
    """Refund a delivered video or Studio operation, once for each.

    Args:
        name: The id of a video, an operation, or the workflow of either.

    Returns:
        The refund, and whether it is in credits; otherwise it is a free image.

    Raises:
        InvalidInput: Nothing was charged, or it was refunded before.
    """
    ledger, log = app.stores.ledger, app.stores.support
    charge = ledger.find_charge(name)
    what = ""
    if charge.operation is not Operation.GENERATE:
        what = f"{charge.operation.value} {charge.operation_key.rpartition('/')[2]}"
    # A repeated refund returns the first answer; its audit entry exists, even if that command crashed.
    video_id, account_id = video_id_of(charge.operation_key), charge.account_id
    with log.attempt(actor, Action.REFUND, video_id, reason, account_id, detail=what, once=True):
        return ledger.refund(charge.account_id, charge.operation_key, reason, actor), bool(charge.credits)


def grant(app: App, actor: str, account_id: str, amount: int, reason: str) -> GrantReceipt:
    """Give credits to an account. Raises `InvalidInput`: there is no such account."""
    log, what = app.stores.support, f"{amount} credits"
    with log.attempt(actor, Action.GRANT, account_id, reason, account_id, detail=what):
        return give(app, account_id, amount, reason, actor, f"support-{uuid4().hex}")
