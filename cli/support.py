"""What support sees and does."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from cli.output import Output
from cli.session import Session, open_session
from cli.spending import spending_lines, spending_of
from cli.watching import watch
from models.access import Profile, SecurityEvent
from models.credits import GrantRequest, GrantSource, Operation
from models.failures import InvalidInput
from models.paid_media import Job
from models.progress import Progress, RunStatus, StageName
from models.routing import SearchAttribute, generate_operation_key, late_operation_key, video_id_of
from models.spending import MICRO_USD
from models.studio import StudioOperation
from models.support import DONE, Action, RunLine, SupportAction
from stores.access import open_access
from workflows import support_clients
from workflows.clients import StartRefused, generation
from workflows.resets import FIRST_STEPS, reset_generation
from workflows.support_clients import account_of, in_state, keyword_of, known_run, runs_in


async def show_runs(state: RunStatus, output: Output) -> None:
    """List runs in a state."""
    async with open_session(output) as session:
        lines = await runs_in(session.client, state)
    rows = [
        f"{line.video_id}  {line.started_at:%m-%d %H:%M}  {line.stage:<20} {line.summary}{_because(line)}"
        for line in lines
    ]
    output.answer({"runs": [line.model_dump(mode="json") for line in lines]}, rows or [f"No run is {state.value}."])


async def show(name: str, output: Output, actor: str) -> None:
    """Show one run or one account; that support looked is written down for the account.

    Args:
        name: A video's id, or an account's.
        output: Where it is printed.
        actor: Who looks.
    """
    async with open_session(output) as session:
        is_account = session.stores.account_data.is_known(name)
    await (show_account(name, output, actor) if is_account else show_run(name, output, actor))


async def show_account(account_id: str, output: Output, actor: str) -> None:
    """Show one account: its person's state, its credits, what happened to its safety, and its audit."""
    async with open_session(output) as session:
        stores, access = session.stores, open_access(session.stores.database)
        access.events.note_reads([account_id], "account", actor)
        profile = access.profiles.find(account_id) or Profile(account_id=account_id)
        balance, factor = stores.ledger.balance(account_id), access.factors.state(account_id)
        sessions, tokens = access.sessions.list(account_id), access.tokens.list(account_id)
        events, actions = access.events.of(account_id), stores.support.of(account_id, refused=True)
    lines = [
        f"{account_id}: {'verified' if profile.verified else 'not verified'}, {balance.available} credits available, "
        f"{balance.held} held",
        f"  {len(sessions)} sessions, {len(tokens)} API tokens, "
        f"{'a second factor' if factor.enabled else 'no second factor'}"
        f"{', ' + ', '.join(sorted(profile.roles)) if profile.roles else ''}",
        *(f"  {_event_line(event)}" for event in events),
        *_action_lines(actions),
    ]
    answer = {
        "account": account_id,
        "verified": profile.verified,
        "roles": sorted(profile.roles),
        "balance": balance.model_dump(mode="json"),
        "second_factor": factor.model_dump(mode="json"),
        "sessions": [one.model_dump(mode="json") for one in sessions],
        "tokens": [one.model_dump(mode="json") for one in tokens],
        "events": [event.model_dump(mode="json") for event in events],
        "actions": [action.model_dump(mode="json") for action in actions],
    }
    output.answer(answer, lines)


def _event_line(event: SecurityEvent) -> str:
    by, told = f" by {event.actor}" if event.actor else "", f": {event.detail}" if event.detail else ""
    return f"{event.at:%Y-%m-%d %H:%M} {event.kind.value.replace('_', ' ')}{by}{told}"


def _action_lines(actions: Sequence[SupportAction]) -> list[str]:
    tails = ("" if action.outcome == DONE else f" · {action.outcome}" for action in actions)
    return [
        f"  {one.at:%Y-%m-%d %H:%M} {one.actor}: {one.action.value} · {one.reason}{tail}"
        for one, tail in zip(actions, tails, strict=True)
    ]


async def show_run(video_id: str, output: Output, actor: str = "") -> None:
    """Show one run with its credits, what it paid to providers, and its audit."""
    async with open_session(output) as session:
        progress, account_id = await _progress(session, video_id), await account_of(session.client, video_id)
        key = generate_operation_key(video_id)
        ledger = session.stores.ledger
        hold = ledger.find_hold(account_id, late_operation_key(key)) or ledger.find_hold(account_id, key)
        actions = session.stores.support.of(video_id, refused=True)
        session.stores.support.events.note_reads([account_id], f"run {video_id}", actor or "support")
        jobs = session.stores.jobs.of_video(video_id)
        spending = spending_of(session.stores.spending.of(video_id), jobs)
        operations = session.stores.operations.of_video(account_id, video_id)
    credits = f"{hold.credits} credits {hold.state.value}" if hold else "no credits held"
    lines = [f"{video_id} of {account_id}: {progress.status.value}, {credits}", progress.sentence]
    for stage in progress.stages:
        tail = f"  attempt {stage.attempt}: {stage.last_failure}" if stage.attempt else f"  {stage.sentence}"
        lines.append(f"  {stage.name:<20} {stage.status.value:<8} {stage.done}/{stage.total}{tail}")
    lines += _operation_lines(operations)
    lines += spending_lines(spending)
    lines += _doubtful_lines(jobs)
    lines += _failed_lines(jobs)
    lines += _action_lines(actions)
    answer = {
        "progress": progress.model_dump(mode="json"),
        "account": account_id,
        "hold": hold.model_dump(mode="json") if hold else None,
        "operations": [one.model_dump(mode="json", exclude={"take"}) for one in operations],
        "actions": [action.model_dump(mode="json") for action in actions],
        "spending": spending.model_dump(mode="json"),
        "possible_double_spends": sum(job.unknowns for job in jobs),
        "failed_jobs": [
            job.model_dump(
                mode="json",
                include={"job_key", "request_id", "model", "state", "failure", "said", "billing", "reason", "ended_at"},
            )
            for job in jobs
            if job.failure
        ],
    }
    output.answer(answer, lines)


def _operation_lines(operations: Sequence[StudioOperation]) -> list[str]:
    """What was done in Studio, by the ids under which it can be refunded."""
    return [
        f"  {one.order.operation_id}  {one.order.kind.value}"
        + ("" if one.order.scene_index is None else f" of scene {one.order.scene_index + 1}")
        + f": {one.state.value}, {'a free image' if one.free_units else f'{one.price} credits'}"
        for one in operations
    ]


def _because(line: RunLine) -> str:
    return f": {line.reason}" if line.reason else ""


def _doubtful_lines(jobs: Sequence[Job]) -> list[str]:
    """Jobs of which nobody knows whether they were bought, possibly twice."""
    return [
        f"  possible double spend: {job.job_key} at {job.provider}, {job.unknowns} × "
        f"${job.price_micro_usd / MICRO_USD:.2f}, now {job.state.value}"
        for job in jobs
        if job.unknowns
    ]


def _failed_lines(jobs: Sequence[Job]) -> list[str]:
    """Jobs that brought nothing, with the provider's own type of the error: what its support asks for."""
    return [
        f"  {job.state.value}: {job.job_key} at {job.provider} ({job.request_id or 'no id'}), {job.said or job.failure}"
        f"{f', billed: {job.billing}' if job.billing else ''} · {job.reason}"
        for job in jobs
        if job.failure
    ]


async def retry_run(video_id: str, reason: str, actor: str, output: Output) -> None:
    """Open the gates of a parked run."""
    async with open_session(output) as session:
        account_id = await account_of(session.client, video_id)
        with session.stores.support.attempt(actor, Action.RETRY, video_id, reason, account_id):
            progress = await support_clients.retry_run(session.client, video_id, reason)
    output.answer(progress, [f"It tries again: {progress.sentence}"])


async def retry_all(reason: str, actor: str, output: Output) -> None:
    """Open the gates of all parked runs."""
    retried, others = [], []
    async with open_session(output) as session:
        runs = session.client.list_workflows(in_state(RunStatus.NEEDS_ATTENTION))
        # A video whose Studio operations wait is listed once for each, and retried for all of them.
        owners = {
            keyword_of(run, SearchAttribute.VIDEO): keyword_of(run, SearchAttribute.ACCOUNT) async for run in runs
        }
        for video_id, account_id in owners.items():
            try:
                with session.stores.support.attempt(actor, Action.RETRY, video_id, reason, account_id):
                    await support_clients.retry_run(session.client, video_id, reason)
            except (StartRefused, InvalidInput):  # it went on or ended since it was listed
                others.append(video_id)
            else:
                retried.append(video_id)
    lines = [f"{len(retried)} runs try again."]
    if others:
        lines.append(f"No longer parked: {', '.join(others)}.")
    output.answer({"retried": retried, "no_longer_parked": others}, lines)


async def abandon_run(video_id: str, reason: str, actor: str, output: Output) -> None:
    """Give a run up; answers when its credits are back."""
    async with open_session(output) as session:
        account_id = await account_of(session.client, video_id)
        with session.stores.support.attempt(actor, Action.ABANDON, video_id, reason, account_id):
            progress = await support_clients.abandon_run(session.client, video_id, reason)
        balance = session.stores.ledger.balance(account_id)
    answer: dict[str, Any] = {"progress": progress.model_dump(mode="json"), "balance": balance.model_dump()}
    output.answer(answer, [progress.sentence, f"The account has {balance.available} credits."])


async def reset_run(video_id: str, stage: StageName, reason: str, actor: str, output: Output) -> None:
    """Do a run again from a stage on, and watch it."""
    async with open_session(output) as session:
        account_id, why = await account_of(session.client, video_id), f"{reason} (to {stage.slug})"
        with session.stores.support.attempt(actor, Action.RESET, video_id, why, account_id):
            run_id = await known_run(reset_generation(session.client, video_id, FIRST_STEPS[stage], reason), video_id)
    output.answer({"video_id": video_id, "run_id": run_id, "stage": stage.slug}, [f"Runs again from {stage.slug}."])


async def refund_charge(name: str, reason: str, actor: str, output: Output) -> None:
    """Give back what a delivered video, or a delivered Studio operation, cost."""
    async with open_session(output) as session:
        ledger, log = session.stores.ledger, session.stores.support
        charge = ledger.find_charge(name)
        video_id, what = video_id_of(charge.operation_key), reason
        if charge.operation is not Operation.GENERATE:
            what += f" ({charge.operation.value} {charge.operation_key.rpartition('/')[2]})"
        # The refund may be an earlier one's first answer; then its entry is there, also where the command broke off.
        with log.attempt(actor, Action.REFUND, video_id, what, charge.account_id, once=True):
            receipt = ledger.refund(charge.account_id, charge.operation_key, reason, actor)
    given = f"{receipt.amount} credits" if charge.credits else "A free image"
    output.answer(receipt, [f"{given} given back; the account has {receipt.balance.available} credits."])


async def grant_to_account(account_id: str, amount: int, reason: str, actor: str, output: Output) -> None:
    """Give credits to an account."""
    async with open_session(output) as session:
        request = GrantRequest(
            account_id=account_id,
            key=f"support-{uuid4().hex}",
            amount=amount,
            source=GrantSource.GOODWILL,
            reason=reason,
            actor=actor,
        )
        why = f"{reason} ({amount} credits)"
        with session.stores.support.attempt(actor, Action.GRANT, account_id, why, account_id):
            receipt = session.stores.ledger.grant(request)
    output.answer(receipt, [f"{amount} credits granted; the account has {receipt.balance.available}."])


async def _progress(session: Session, video_id: str) -> Progress:
    return await anext(watch(generation(session.client, video_id)))
