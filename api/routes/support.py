"""Support, by role: list, retry and abandon runs. Everything is written into the audit."""

from datetime import datetime
from typing import Annotated

from fastapi import Path, Query
from pydantic import Field

from api import admission
from api.deps import Backend, BackendOf, Caller, Supporter
from api.docs import errors
from api.routes.accounts import Said
from api.shapes import Page
from models.base import Model
from models.progress import RunStatus
from models.support import RunLine
from services import support
from services.figures import FigureGroup, figures_of_all

router = admission.router("support", prefix="/support")

MOST_RUNS = 200
_RUN = errors(401, 403, 404, 409)
RunId = Annotated[str, Path(max_length=80, description="the run's video")]


class Why(Model):
    """The reason, for the audit."""

    reason: str = Field(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$")


class RunShape(RunLine):
    """One run, with a link into Temporal's own page where one exists."""

    temporal_url: str | None = None
    started_at: datetime


@router.get("/runs", summary="Runs in a state", responses=errors(401, 403, 404))
async def runs(
    caller: Supporter, backend: BackendOf, state: Annotated[RunStatus, Query()] = RunStatus.NEEDS_ATTENTION
) -> Page[RunShape]:
    """Oldest first."""
    lines = await support.list_runs(backend, _actor(caller), state, MOST_RUNS)
    return Page(items=tuple(RunShape(**line.model_dump(), temporal_url=_deep(backend, line)) for line in lines))


class Figures(Model):
    """The metrics of all processes, added up."""

    groups: tuple[FigureGroup, ...]
    silent: tuple[str, ...] = Field(examples=[()], description="metrics addresses that do not answer")


@router.get("/figures", summary="Operators' figures", responses=errors(401, 403, 404))
async def figures(caller: Supporter, backend: BackendOf) -> Figures:
    """Empty where metrics are off."""
    groups, silent = await figures_of_all(backend)
    return Figures(groups=tuple(groups), silent=tuple(silent))


@router.post("/runs/{video_id}/retry", summary="Let a parked run try again", responses=_RUN)
async def retry(video_id: RunId, body: Why, caller: Supporter, backend: BackendOf) -> Said:
    """Use it once the cause is fixed."""
    progress = await support.retry(backend, _actor(caller), video_id, body.reason)
    return Said(sentence=progress.sentence)


@router.post("/runs/{video_id}/abandonment", summary="Give a run up, with a refund", responses=_RUN)
async def abandon(video_id: RunId, body: Why, caller: Supporter, backend: BackendOf) -> Said:
    """Answers when the credits are back."""
    progress, _ = await support.abandon(backend, _actor(caller), video_id, body.reason)
    return Said(sentence=progress.sentence)


@router.post("/runs/{video_id}/unpause", summary="Let a paused run go on", responses=_RUN)
async def unpause(video_id: RunId, body: Why, caller: Supporter, backend: BackendOf) -> Said:
    """Runs are paused in Temporal's own page; what else of the video is paused goes on, too, and its song's analysis.

    Takes a song's or a workflow's id as well.
    """
    unpaused = await support.unpause(backend, _actor(caller), video_id, body.reason)
    return Said(sentence=f"It goes on: {', '.join(unpaused)}.")


def _actor(caller: Caller) -> str:
    return caller.profile.email or caller.account_id


def _deep(backend: Backend, line: RunLine) -> str | None:
    ui, namespace = backend.settings.temporal_ui_url, backend.settings.temporal_namespace
    return f"{ui}/namespaces/{namespace}/workflows/{line.workflow_id}" if ui else None
