"""Support, by role: runs that need attention, and what helps them. Everything is written into the audit."""

from datetime import datetime
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
from models.progress import RunStatus
from models.routing import generate_workflow_id
from models.support import Action, RunLine
from workflows.support_clients import abandon_run, retry_run, runs_in

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
    return Page(items=tuple(RunShape(**line.model_dump(), temporal_url=_deep(backend, line)) for line in lines))


@router.post("/runs/{video_id}/retry", summary="Let a parked run try again", responses=_RUN)
async def retry(video_id: RunId, body: Why, caller: Supporter, backend: BackendOf) -> Said:
    """Once the cause is gone."""
    try:
        progress = await retry_run(backend.client, video_id, body.reason)
    except InvalidInput:
        raise not_found("There is no such run.") from None
    await _note(backend, caller, Action.RETRY, video_id, body.reason)
    return Said(sentence=progress.sentence)


@router.post("/runs/{video_id}/abandonment", summary="Give a run up, with a refund", responses=_RUN)
async def abandon(video_id: RunId, body: Why, caller: Supporter, backend: BackendOf) -> Said:
    """Answers when the credits are back."""
    try:
        progress = await abandon_run(backend.client, video_id, body.reason)
    except InvalidInput:
        raise not_found("There is no such run.") from None
    await _note(backend, caller, Action.ABANDON, video_id, body.reason)
    return Said(sentence=progress.sentence)


async def _note(backend: Backend, caller: Caller, action: Action, video_id: str, reason: str) -> None:
    actor = caller.profile.email or caller.account_id
    await run_in_threadpool(backend.stores.support.record, actor, action, video_id, reason)


def _deep(backend: Backend, line: RunLine) -> str | None:
    ui, namespace = backend.settings.temporal_ui_url, backend.settings.temporal_namespace
    return f"{ui}/namespaces/{namespace}/workflows/{generate_workflow_id(line.video_id)}" if ui else None
