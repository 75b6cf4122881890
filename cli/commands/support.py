"""`support …`: find parked runs, and help them. Every action leaves an audit entry."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import quote

import typer

from cli.options import Actor, Reason, command
from cli.output import Output
from cli.session import Session
from models.access import SecurityEvent
from models.progress import RunStatus
from models.queues import HOUSEKEEPING
from models.spending import MICRO_USD
from models.stages import STAGES, stage_of_slug
from models.standstill import PendingStep
from models.support import DONE, SupportAction

HOUSEKEEPING_LEFT_OUT = f"WorkflowType NOT IN ({', '.join(map(repr, HOUSEKEEPING))})"
"""Housekeeping runs every minute: the list would hold little else."""

support = typer.Typer(help="Find parked runs, and help them.", no_args_is_help=True)


def saved_views(ui_url: str | None, namespace: str) -> dict[str, str]:
    """Links to lists of runs in the Temporal UI, by name; its page saves them under “Saved views”."""
    if ui_url is None:
        return {}
    runs = "WorkflowType IN ('GenerateVideo', 'RegenerateScene')"
    queries = {
        "Parked": f"{runs} AND EchonosState = 'needs_attention' AND CloseTime IS NULL",
        "Paused": "TemporalPauseInfo IS NOT NULL AND CloseTime IS NULL",
        "Of an account": "EchonosAccount = 'ACCOUNT'",
        "In a stage": f"{runs} AND EchonosStage = 'image-generation' AND CloseTime IS NULL",
        "Without housekeeping": HOUSEKEEPING_LEFT_OUT,
    }
    pages = f"{ui_url}/namespaces/{namespace}/workflows"
    return {name: f"{pages}?query={quote(query)}" for name, query in queries.items()}


def _slug(text: str) -> str:
    slugs = [row.slug for row in STAGES.values()]
    if text not in slugs:
        raise typer.BadParameter(f"{text} is no stage; stages are {', '.join(slugs)}.")
    return text


VideoId = Annotated[str, typer.Argument(help="The video's id.")]
Stage = Annotated[
    str,
    typer.Option(
        help="The stage to do again, with all that follow: " + ", ".join(row.slug for row in STAGES.values()) + ".",
        parser=_slug,
    ),
]


@command(support, "list")
async def list_runs(
    actor: Actor,
    state: Annotated[RunStatus, typer.Option(help="Only runs in this state.")] = RunStatus.NEEDS_ATTENTION,
    *,
    output: Output,
) -> None:
    """Runs in a state, oldest first."""
    from services.support import list_runs

    async with Session.open(output) as session:
        lines = await list_runs(session.app, actor, state)
    rows = [
        f"{line.video_id}  {line.started_at:%m-%d %H:%M}  {line.stage:<20} {line.summary}"
        + (f": {line.reason}" if line.reason else "")
        for line in lines
    ]
    views = saved_views(session.stack.temporal_ui_url or session.app.settings.temporal_ui_url, session.namespace)
    told = [f"{name}: {url}" for name, url in views.items()]
    answer = {"runs": [line.model_dump(mode="json") for line in lines], "views": views}
    output.answer(answer, [*(rows or [f"No run is in state {state.value}."]), *told])


@command(support)
async def show(
    name: Annotated[str, typer.Argument(metavar="VIDEO|ACCOUNT", help="A video's id, or an account's.")],
    actor: Actor,
    *,
    output: Output,
) -> None:
    """One run (stages, pending steps, credits, audit), or one account with its security events."""
    from services.support import is_account

    async with Session.open(output) as session:
        await (_show_account if is_account(session.app, name) else _show_run)(session, name, actor)


async def _show_account(session: Session, account_id: str, actor: str) -> None:
    from services.support import look_at_account

    seen = look_at_account(session.app, actor, account_id)
    lines = [
        f"{account_id}: {'verified' if seen.verified else 'not verified'}, {seen.balance.available} credits available, "
        f"{seen.balance.held} held",
        f"  {len(seen.sessions)} sessions, {len(seen.tokens)} API tokens, "
        f"{'a second factor' if seen.second_factor.enabled else 'no second factor'}"
        f"{', ' + ', '.join(seen.roles) if seen.roles else ''}",
        *(
            f"  {one.share_id} shows {one.video_id}, version {one.version}, until {one.expires_at:%Y-%m-%d}"
            for one in seen.shares
        ),
        *(f"  {_event_line(event)}" for event in seen.events),
        *_action_lines(seen.actions),
    ]
    session.output.answer(seen, lines)


def _event_line(event: SecurityEvent) -> str:
    by, told = f" by {event.actor}" if event.actor else "", f": {event.detail}" if event.detail else ""
    return f"{event.at:%Y-%m-%d %H:%M} {event.kind.value.replace('_', ' ')}{by}{told}"


def _action_lines(actions: Sequence[SupportAction]) -> list[str]:
    return [
        f"  {one.at:%Y-%m-%d %H:%M} {one.actor}: {one.action.value} · {one.reason}"
        + ("" if one.outcome == DONE else f" · {one.outcome}")
        for one in actions
    ]


def _step_line(step: PendingStep) -> str:
    told = [f"  step {step.step}: {step.state}, attempt {step.attempt}"]
    if step.worker:
        told.append(f"on {step.worker}")
    if step.heartbeat_at is not None:
        told.append(f"last heartbeat {step.heartbeat_at:%H:%M:%S}")
    if step.next_attempt_at is not None:
        told.append(f"again at {step.next_attempt_at:%H:%M:%S}")
    return ", ".join(told) + (f": {step.last_failure}" if step.last_failure else "")


async def _show_run(session: Session, video_id: str, actor: str) -> None:
    from cli.quotes import spending_lines
    from services.support import look_at_run

    seen = await look_at_run(session.app, actor, video_id)
    progress, hold = seen.progress, seen.hold
    credits = f"{hold.credits} credits {hold.state.value}" if hold else "no credits held"
    lines = [f"{video_id} of {seen.account}: {progress.status.value}, {credits}", progress.sentence]
    if progress.standstill is not None:
        lines.append(progress.standstill.sentence)
    for stage in progress.stages:
        tail = f"  attempt {stage.attempt}: {stage.last_failure}" if stage.attempt else f"  {stage.sentence}"
        lines.append(f"  {stage.name:<20} {stage.status.value:<8} {stage.done}/{stage.total}{tail}")
    lines += [_step_line(step) for step in seen.steps]
    lines += [
        f"  {one.order.operation_id}  {one.order.kind.value}"
        + ("" if one.order.scene_index is None else f" of scene {one.order.scene_index + 1}")
        + f": {one.state.value}, {'a free image' if one.free_units else f'{one.price} credits'}"
        for one in seen.operations
    ]
    lines += spending_lines(seen.spending)
    lines += [
        f"  possible double spend: {job.job_key} at {job.provider}, {job.unknowns} × "
        f"${job.price_micro_usd / MICRO_USD:.2f}, now {job.state.value}"
        for job in seen.jobs
        if job.unknowns
    ]
    failed = [job for job in seen.jobs if job.failure]
    # `said` is the provider's own error type, which its support asks for.
    lines += [
        f"  {job.state.value}: {job.job_key} at {job.provider} ({job.request_id or 'no id'}), {job.said or job.failure}"
        f"{f', billed: {job.billing}' if job.billing else ''} · {job.reason}"
        for job in failed
    ]
    told = {"job_key", "request_id", "model", "state", "failure", "said", "billing", "reason", "ended_at"}
    answer = seen.model_dump(mode="json", exclude={"jobs": True, "operations": {"__all__": {"take"}}}) | {
        "possible_double_spends": sum(job.unknowns for job in seen.jobs),
        "failed_jobs": [job.model_dump(mode="json", include=told) for job in failed],
    }
    session.output.answer(answer, lines + _action_lines(seen.actions))


@command(support)
async def retry(
    actor: Actor,
    video_id: VideoId = "",
    everything: Annotated[bool, typer.Option("--all", help="All parked runs: after a provider was away.")] = False,
    *,
    reason: Reason,
    output: Output,
) -> None:
    """Let a parked run, or all of them, try again."""
    from services import support

    if everything == bool(video_id):
        raise typer.BadParameter("name a video, or say --all.")
    if not everything:
        async with Session.open(output) as session:
            progress = await support.retry(session.app, actor, video_id, reason)
        output.answer(progress, [f"It tries again: {progress.sentence}"])
        return
    async with Session.open(output) as session:
        retried, others = await support.retry_all(session.app, actor, reason)
    lines = [f"{len(retried)} runs try again."]
    if others:
        lines.append(f"No longer parked: {', '.join(others)}.")
    output.answer({"retried": retried, "no_longer_parked": others}, lines)


@command(support)
async def abandon(video_id: VideoId, reason: Reason, actor: Actor, *, output: Output) -> None:
    """Give up a run before its draft, or Studio operations that wait; the credits go back."""
    from services import support

    async with Session.open(output) as session:
        progress, balance = await support.abandon(session.app, actor, video_id, reason)
    answer = {"progress": progress.model_dump(mode="json"), "balance": balance.model_dump()}
    output.answer(answer, [progress.sentence, f"The account has {balance.available} credits."])


@command(support)
async def unpause(
    name: Annotated[str, typer.Argument(metavar="ID", help="A video's id, a song's, or that of any workflow.")],
    reason: Reason,
    actor: Actor,
    *,
    output: Output,
) -> None:
    """Let a run go on that was paused in Temporal, with all that is paused of its video and song."""
    from services import support

    async with Session.open(output) as session:
        unpaused = await support.unpause(session.app, actor, name, reason)
    output.answer({"id": name, "unpaused": unpaused}, ["It goes on.", *(f"  {one}" for one in unpaused)])


@command(support)
async def reset(video_id: VideoId, to: Stage, reason: Reason, actor: Actor, *, output: Output) -> None:
    """Repeat a run from a stage on; charges are not repeated."""
    from services import support

    async with Session.open(output) as session:
        run_id = await support.reset(session.app, actor, video_id, stage_of_slug(to), reason)
    output.answer({"video_id": video_id, "run_id": run_id, "stage": to}, [f"Runs again from {to}."])


@command(support)
async def refund(
    name: Annotated[
        str, typer.Argument(metavar="ID", help="The id of a video, a Studio operation, or their workflow.")
    ],
    reason: Reason,
    actor: Actor,
    *,
    output: Output,
) -> None:
    """Refund a delivered video or Studio operation; once for each."""
    from services import support

    async with Session.open(output) as session:
        receipt, is_credits = support.refund(session.app, actor, name, reason)
    given = f"{receipt.amount} credits" if is_credits else "A free image"
    output.answer(receipt, [f"{given} given back; the account has {receipt.balance.available} credits."])
