"""What support sees and does."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from cli.output import Output
from cli.session import Session, open_session
from cli.spending import spending_lines, spending_of
from cli.watching import watch
from models.credits import GrantRequest, GrantSource, Operation
from models.failures import InvalidInput
from models.paid_media import Job
from models.progress import Progress, RunStatus, StageName
from models.routing import SearchAttribute, generate_operation_key, late_operation_key, video_id_of
from models.spending import MICRO_USD
from models.studio import StudioOperation
from models.support import Action, RunLine
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


async def show_run(video_id: str, output: Output) -> None:
    """Show one run with its credits, what it paid to providers, and its audit."""
    async with open_session(output) as session:
        progress, account_id = await _progress(session, video_id), await account_of(session.client, video_id)
        key = generate_operation_key(video_id)
        ledger = session.stores.ledger
        hold = ledger.find_hold(account_id, late_operation_key(key)) or ledger.find_hold(account_id, key)
        actions = session.stores.support.of(video_id)
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
    lines += [f"  {a.at:%Y-%m-%d %H:%M} {a.actor}: {a.action.value} · {a.reason}" for a in actions]
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
        progress = await support_clients.retry_run(session.client, video_id, reason)
        session.stores.support.record(actor, Action.RETRY, video_id, reason)
    output.answer(progress, [f"It tries again: {progress.sentence}"])


async def retry_all(reason: str, actor: str, output: Output) -> None:
    """Open the gates of all parked runs."""
    retried, others = [], []
    async with open_session(output) as session:
        runs = session.client.list_workflows(in_state(RunStatus.NEEDS_ATTENTION))
        # A video whose Studio operations wait is listed once for each, and retried for all of them.
        for video_id in dict.fromkeys([keyword_of(run, SearchAttribute.VIDEO) async for run in runs]):
            try:
                await support_clients.retry_run(session.client, video_id, reason)
            except (StartRefused, InvalidInput):  # it went on or ended since it was listed
                others.append(video_id)
            else:
                session.stores.support.record(actor, Action.RETRY, video_id, reason)
                retried.append(video_id)
    lines = [f"{len(retried)} runs try again."]
    if others:
        lines.append(f"No longer parked: {', '.join(others)}.")
    output.answer({"retried": retried, "no_longer_parked": others}, lines)


async def abandon_run(video_id: str, reason: str, actor: str, output: Output) -> None:
    """Give a run up; answers when its credits are back."""
    async with open_session(output) as session:
        progress = await support_clients.abandon_run(session.client, video_id, reason)
        session.stores.support.record(actor, Action.ABANDON, video_id, reason)
        balance = session.stores.ledger.balance(await account_of(session.client, video_id))
    answer: dict[str, Any] = {"progress": progress.model_dump(mode="json"), "balance": balance.model_dump()}
    output.answer(answer, [progress.sentence, f"The account has {balance.available} credits."])


async def reset_run(video_id: str, stage: StageName, reason: str, actor: str, output: Output) -> None:
    """Do a run again from a stage on, and watch it."""
    async with open_session(output) as session:
        run_id = await known_run(reset_generation(session.client, video_id, FIRST_STEPS[stage], reason), video_id)
        session.stores.support.record(actor, Action.RESET, video_id, f"{reason} (to {stage.slug})")
    output.answer({"video_id": video_id, "run_id": run_id, "stage": stage.slug}, [f"Runs again from {stage.slug}."])


async def refund_charge(name: str, reason: str, actor: str, output: Output) -> None:
    """Give back what a delivered video, or a delivered Studio operation, cost."""
    async with open_session(output) as session:
        ledger, log = session.stores.ledger, session.stores.support
        charge = ledger.find_charge(name)
        receipt = ledger.refund(charge.account_id, charge.operation_key, reason, actor)
        video_id, what = video_id_of(charge.operation_key), reason
        if charge.operation is not Operation.GENERATE:
            what += f" ({charge.operation.value} {charge.operation_key.rpartition('/')[2]})"
        # The refund may be an earlier one's first answer; then its entry is there, unless the command broke off.
        if (actor, Action.REFUND, what) not in [(one.actor, one.action, one.reason) for one in log.of(video_id)]:
            log.record(actor, Action.REFUND, video_id, what)
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
        receipt = session.stores.ledger.grant(request)
        session.stores.support.record(actor, Action.GRANT, account_id, f"{reason} ({amount} credits)")
    output.answer(receipt, [f"{amount} credits granted; the account has {receipt.balance.available}."])


async def _progress(session: Session, video_id: str) -> Progress:
    return await anext(watch(generation(session.client, video_id)))
