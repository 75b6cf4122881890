"""Analysing songs: first, again after the product has improved, and the state of an analysis."""

import asyncio
from pathlib import Path

from pydantic import Field
from temporalio.client import WorkflowExecutionStatus, WorkflowFailureError, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from models.base import Model
from models.failures import Conflict
from models.generation import AnalyzeRequest, Limits, SongReady
from models.ids import analyze_workflow_id
from models.progress import FailureNote
from models.song import SongAnalysis, SongRef
from services.app import App
from services.songs import find_song
from temporal.analysis import start_analysis
from temporal.reading import describe, pause_of
from workflows.analyze_song import AnalyzeSong
from workflows.failure_policy import note_on

_COPY_BYTES_PER_S = 180_000
"""For lossy songs, whose 24 bits are mostly noise; `bench.intake` prints the figure."""

CORRECTED = "corrected"
_CORRECTED = (
    "You have corrected this song's beats or sections, and listening again would drop that. Ask for it by force where "
    "you want it anyway."
)
NOTHING_NEW = "nothing_new"
_NOTHING_NEW = (
    "This song was heard as songs are heard today: listening again would find the same. Ask for it by force where you "
    "want it anyway."
)


async def hear_song(
    app: App, account_id: str, song_id: str, limits: Limits | None = None
) -> WorkflowHandle[AnalyzeSong, SongReady]:
    """Analyse a song without a complete analysis; an existing one is returned, a running one is joined.

    Raises:
        NotFound: The account has no such song.
    """
    await asyncio.to_thread(find_song, app, account_id, song_id)
    return await start_analysis(app.client, _request(account_id, song_id, 1, limits))


async def hear_again(
    app: App, account_id: str, song_id: str, *, force: bool = False, limits: Limits | None = None
) -> WorkflowHandle[AnalyzeSong, SongReady]:
    """Make a new revision of a song's analysis; the song changes once it is complete, and its videos never.

    A running analysis is joined, and a song without one gets its first.

    Args:
        force: Even if the result would be the same, or the artist's corrections are dropped.

    Raises:
        NotFound: The account has no such song.
        Conflict: `NOTHING_NEW`: its analysis is current. `CORRECTED`: the artist has corrected it.
    """
    song = await asyncio.to_thread(find_song, app, account_id, song_id)
    if not song.analysed:
        return await hear_song(app, account_id, song_id, limits)
    if song.corrected and not force:
        raise Conflict(_CORRECTED, CORRECTED, "again")
    if not (force or song.renewable):
        raise Conflict(_NOTHING_NEW, NOTHING_NEW, "again")
    return await start_analysis(app.client, _request(account_id, song_id, next_revision(song), limits))


class Hearing(Model):
    """The state of a song's analysis."""

    running: bool
    paused: bool = Field(default=False, description="support has paused it; it goes on from where it stands")
    failure: FailureNote | None = Field(default=None, description="why the last one failed; null: it did not")


async def look_at_hearing(app: App, account_id: str, song_id: str) -> Hearing:
    """Whether an analysis of a song runs or is paused, and if not, why the last one failed, unless too long ago.

    Raises:
        NotFound: The account has no such song.
    """
    await asyncio.to_thread(find_song, app, account_id, song_id)
    handle: WorkflowHandle[AnalyzeSong, SongReady] = app.client.get_workflow_handle(
        analyze_workflow_id(song_id), result_type=SongReady
    )
    try:
        description = await describe(app.client, handle.id)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return Hearing(running=False)
        raise
    if description.status is WorkflowExecutionStatus.RUNNING:
        return Hearing(running=True, paused=pause_of(description) is not None)
    if description.status is WorkflowExecutionStatus.COMPLETED:
        return Hearing(running=False)
    try:
        await handle.result(follow_runs=False)
    except WorkflowFailureError as error:
        return Hearing(running=False, failure=note_on(error.cause))
    return Hearing(running=False)


def draw_plot(analysis: SongAnalysis, path: Path, title: str) -> None:
    """Plot an analysis into a .png or .svg file."""
    from engines.music.plot import draw_analysis  # late: the plotting library takes a second to load

    draw_analysis(analysis, path, title)


def next_revision(song: SongRef) -> int:
    """The revision of another analysis; simultaneous requests get the same."""
    return song.analysis_revision + 1


def copy_estimate_bytes(song: SongRef) -> int:
    """The bytes that another analysis adds to an account: about a working copy, where the song has none."""
    return 0 if song.copy_bytes else round(song.duration_s * _COPY_BYTES_PER_S)


def _request(account_id: str, song_id: str, revision: int, limits: Limits | None) -> AnalyzeRequest:
    return AnalyzeRequest(account_id=account_id, song_id=song_id, revision=revision, limits=limits or Limits())
