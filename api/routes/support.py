"""Support, by role: runs that need attention, and what helps them. Everything is written into the audit."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import Path, Query
from fastapi.concurrency import run_in_threadpool
from pydantic import Field

from api import admission
from api.deps import Backend, BackendOf, Caller, Supporter
from api.docs import errors
from api.problems import not_found
from api.routes.accounts import Said
from api.shapes import Page
from models.base import Model
from models.failures import InvalidInput
from models.progress import Progress, RunStatus
from models.routing import generate_workflow_id
from models.support import Action, RunLine
from stores.support import refused_because
from workflows.support_clients import abandon_run, account_of, retry_run, runs_in

router = admission.router("support", prefix="/support")

MOST_RUNS = 200
_RUN = errors(401, 403, 404, 409)
RunId = Annotated[str, Path(max_length=80, description="the run's video")]


class Why(Model):
    """A reason, for the audit."""

    reason: str = Field(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$")


class RunShape(RunLine):
    """One run, with a deep link into Temporal's own page where there is one."""

    temporal_url: str | None = None
    started_at: datetime


@router.get("/runs", summary="Runs in a state", responses=errors(401, 403, 404))
async def runs(
    caller: Supporter, backend: BackendOf, state: Annotated[RunStatus, Query()] = RunStatus.NEEDS_ATTENTION
) -> Page[RunShape]:
    """Oldest first."""
    lines = await runs_in(backend.client, state, MOST_RUNS)
    accounts = [line.account for line in lines]
    await run_in_threadpool(backend.access.events.note_reads, accounts, f"runs {state.value}", _actor(caller))
    return Page(items=tuple(RunShape(**line.model_dump(), temporal_url=_deep(backend, line)) for line in lines))


@router.post("/runs/{video_id}/retry", summary="Let a parked run try again", responses=_RUN)
async def retry(video_id: RunId, body: Why, caller: Supporter, backend: BackendOf) -> Said:
    """Once the cause is gone."""
    work = partial(retry_run, backend.client, video_id, body.reason)
    progress = await _audited(backend, caller, Action.RETRY, video_id, body.reason, work)
    return Said(sentence=progress.sentence)


@router.post("/runs/{video_id}/abandonment", summary="Give a run up, with a refund", responses=_RUN)
async def abandon(video_id: RunId, body: Why, caller: Supporter, backend: BackendOf) -> Said:
    """Answers when the credits are back."""
    work = partial(abandon_run, backend.client, video_id, body.reason)
    progress = await _audited(backend, caller, Action.ABANDON, video_id, body.reason, work)
    return Said(sentence=progress.sentence)


async def _audited(
    backend: Backend,
    caller: Caller,
    action: Action,
    video_id: str,
    reason: str,
    work: Callable[[], Awaitable[Progress]],
) -> Progress:
    """Do it, with an entry in the audit that is there before and says afterwards how it ended.

    Raises:
        Problem: 404, there is no such run.
    """
    log = backend.stores.support
    try:
        account_id = await account_of(backend.client, video_id)
        number = await run_in_threadpool(log.begin, _actor(caller), action, video_id, reason, account_id)
        try:
            progress = await work()
        except BaseException as error:
            await run_in_threadpool(log.finish, number, refused_because(error))
            raise
    except InvalidInput:
        raise not_found("There is no such run.") from None
    await run_in_threadpool(log.finish, number)
    return progress


def _actor(caller: Caller) -> str:
    return caller.profile.email or caller.account_id


def _deep(backend: Backend, line: RunLine) -> str | None:
    ui, namespace = backend.settings.temporal_ui_url, backend.settings.temporal_namespace
    return f"{ui}/namespaces/{namespace}/workflows/{generate_workflow_id(line.video_id)}" if ui else None
