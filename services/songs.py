"""Listening to songs: the first time, again when the product hears more than it did, and how far that is."""

import asyncio

from temporalio.client import Client, WorkflowExecutionStatus, WorkflowFailureError, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from models.failures import InvalidInput
from models.generation import AnalyzeRequest, Limits, SongReady
from models.progress import FailureNote
from models.routing import analyze_workflow_id
from models.song import SongRef
from stores.vault import Vault
from workflows.analyze_song import AnalyzeSong
from workflows.clients import start_analysis
from workflows.verdicts import note_on

_COPY_BYTES_PER_S = 180_000
"""Of lossy songs, whose 24 bits are mostly noise; `bench.intake` prints it."""

NOTHING_NEW = "nothing_new"
_NOTHING_NEW = (
    "This song was heard as songs are heard today: listening again would find the same. Ask for it by force where you "
    "want it anyway."
)


async def hear_song(
    client: Client, vault: Vault, account_id: str, song_id: str, limits: Limits | None = None
) -> WorkflowHandle[AnalyzeSong, SongReady]:
    """Listen to a song that was not heard to the end; one that was is found, one that is being heard is joined.

    Args:
        client: Connected.
        vault: The Vault.
        account_id: The account.
        song_id: The song.
        limits: For tests.

    Raises:
        NotStored: The account has no such song.
    """
    await asyncio.to_thread(vault.song, account_id, song_id)
    return await start_analysis(client, _request(account_id, song_id, 1, limits))


async def hear_again(
    client: Client, vault: Vault, account_id: str, song_id: str, *, force: bool = False, limits: Limits | None = None
) -> WorkflowHandle[AnalyzeSong, SongReady]:
    """Make a new revision of a song's analysis; the song changes once all of it is there, and its videos never.

    A song that is being listened to is joined, and one that was never heard to the end is heard for the first time.

    Args:
        client: Connected.
        vault: The Vault.
        account_id: The account.
        song_id: The song.
        force: Also where nothing new would be found.
        limits: For tests.

    Raises:
        NotStored: The account has no such song.
        InvalidInput: `NOTHING_NEW`: its analysis is of today's kind.
    """
    song = await asyncio.to_thread(vault.song, account_id, song_id)
    if not song.analysed:
        return await hear_song(client, vault, account_id, song_id, limits)
    if not (force or song.renewable):
        raise InvalidInput(_NOTHING_NEW, code=NOTHING_NEW)
    return await start_analysis(client, _request(account_id, song_id, next_revision(song), limits))


async def look_at_hearing(client: Client, song_id: str) -> tuple[bool, FailureNote | None]:
    """Whether a song is being listened to now, and if not, why the last time came to nothing.

    Args:
        client: Connected.
        song_id: A song whose account was checked.

    Returns:
        Whether it is under way, and the reason; None: it came to an end, or was too long ago.
    """
    handle: WorkflowHandle[AnalyzeSong, SongReady] = client.get_workflow_handle(
        analyze_workflow_id(song_id), result_type=SongReady
    )
    try:
        status = (await handle.describe()).status
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return False, None
        raise
    if status is WorkflowExecutionStatus.RUNNING:
        return True, None
    if status is WorkflowExecutionStatus.COMPLETED:
        return False, None
    try:
        await handle.result(follow_runs=False)
    except WorkflowFailureError as error:
        return False, note_on(error.cause)
    return False, None


def next_revision(song: SongRef) -> int:
    """The revision that listening again makes: two who ask at once ask for the same."""
    return song.analysis_revision + 1


def copy_estimate_bytes(song: SongRef) -> int:
    """What listening again adds to what an account keeps: about a working copy, where the song has none."""
    return 0 if song.copy_bytes else round(song.duration_s * _COPY_BYTES_PER_S)


def _request(account_id: str, song_id: str, revision: int, limits: Limits | None) -> AnalyzeRequest:
    return AnalyzeRequest(account_id=account_id, song_id=song_id, revision=revision, limits=limits or Limits())
