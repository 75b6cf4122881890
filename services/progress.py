"""The progress of a video's run: read once, or follow until the run settles."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

from temporalio.client import WorkflowExecutionDescription, WorkflowExecutionStatus, WorkflowQueryFailedError
from temporalio.service import RPCError, RPCStatusCode

from models.credits import HoldState
from models.failures import PAUSED, NoServer, NotFound, NotStored, RunPaused
from models.ids import generate_operation_key, generate_workflow_id
from models.progress import CLOSED, Progress, RunStatus
from models.standstill import PAUSES, PendingStep
from services.app import App
from services.videos import no_video
from temporal.generation import generation
from temporal.reading import describe
from temporal.run_progress import ask, merged, pause_behind, told_by_server, with_facts_of
from temporal.standstill import pending_steps, why_it_stands
from temporal.studio import progress_from_vault

DESCRIBE_EVERY_S = 2.0
QUERY_PATIENCE = timedelta(seconds=4)
DESCRIBE_PATIENCE = timedelta(seconds=3)
POLL_S = 0.4
SILENCE_S = 90.0
"""How long `follow` waits for a silent server or worker."""

_AWAY = "The Temporal server does not answer."


@dataclass(frozen=True)
class Look:
    """The observed state of a run.

    Attributes:
        progress: The progress.
        silent: Whether the server reported it, because the run did not answer; `progress.standstill` says why.
        steps: The steps that have not ended, where the server reported it.
    """

    progress: Progress
    silent: bool = False
    steps: tuple[PendingStep, ...] = ()


class RunView:
    """A video's run, for repeated queries.

    Args:
        account_id: The account; its Vault answers for an expired run.
        patience: The longest wait for the run's own answer.
    """

    def __init__(self, app: App, account_id: str, video_id: str, patience: timedelta = QUERY_PATIENCE) -> None:
        self.video_id = video_id
        self._app = app
        self._account_id = account_id
        self._patience = patience
        self._handle = generation(app.client, video_id)
        self._described = 0.0
        self._known: Progress | None = None

    async def look(self) -> Look:
        """The run's current state; where no worker answers, the state that the server knows.

        Raises:
            NotFound: No run of this video was started.
            NoServer: The Temporal server does not answer.
        """
        try:
            progress = await ask(self._handle, self._patience)
        except (WorkflowQueryFailedError, RunPaused):
            return await self._without_worker()
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return await asyncio.to_thread(self._without_run)
            return await self._without_worker()
        except RuntimeError as error:  # the first connection fails with one
            raise NoServer(_AWAY) from error
        steps: tuple[PendingStep, ...] = ()
        if progress.status not in CLOSED and time.monotonic() - self._described > DESCRIBE_EVERY_S:
            progress, steps = await self._described_too(progress)
        elif self._known is not None:
            progress = with_facts_of(self._known, progress)
        self._known = progress
        return Look(progress, steps=steps)

    async def _described_too(self, progress: Progress) -> tuple[Progress, tuple[PendingStep, ...]]:
        try:
            description = await self._describe()
            if description.status is not WorkflowExecutionStatus.RUNNING:
                # It may have ended by itself after its answer, and has another one then.
                progress = await ask(self._handle, QUERY_PATIENCE)
            progress = merged(progress, description)
            if progress.standstill is None and progress.status not in CLOSED:
                behind = await pause_behind(self._app.client, description)
                progress = progress.model_copy(update={"standstill": behind})
        except (RPCError, RunPaused, WorkflowQueryFailedError):
            return progress, ()
        self._described = time.monotonic()
        return progress, pending_steps(description)

    async def _without_worker(self) -> Look:
        try:
            description = await self._describe()
        except (RPCError, RuntimeError) as error:
            if isinstance(error, RPCError) and error.status is RPCStatusCode.NOT_FOUND:
                return await asyncio.to_thread(self._without_run)
            raise NoServer(_AWAY) from error
        told, steps = told_by_server(self.video_id, description), pending_steps(description)
        if told.status in CLOSED:
            return Look(told, steps=steps)
        standstill = await why_it_stands(self._app.client, description)
        sentence = PAUSED if standstill.cause in PAUSES else told.sentence
        if told.status is RunStatus.DRAFT_READY:
            told = await asyncio.to_thread(self._from_books, told)
        # The last known stages stay: the search attributes know only the newest stage.
        known = (self._known or told).model_copy(update={"sentence": sentence, "standstill": standstill})
        return Look(known, silent=True, steps=steps)

    async def _describe(self) -> WorkflowExecutionDescription:
        return await describe(self._app.client, self._handle.id, patience=DESCRIBE_PATIENCE)

    def _from_books(self, told: Progress) -> Progress:
        """A ready draft's version and price: the Vault and the ledger need no worker."""
        stores, account_id = self._app.stores, self._account_id
        try:
            version = stores.vault.timeline(account_id, self.video_id).version
        except NotStored:
            return told
        hold = stores.ledger.find_hold(account_id, generate_operation_key(self.video_id))
        charged = hold.credits if hold is not None and hold.state is HoldState.CAPTURED else 0
        return told.model_copy(update={"version": version, "credits_charged": charged, "fraction_done": 1.0})

    def _without_run(self) -> Look:
        stores, account_id, video_id = self._app.stores, self._account_id, self.video_id
        try:
            return Look(progress_from_vault(stores.vault.timeline(account_id, video_id)))
        except NotStored:
            pass
        if not stores.orders.of(account_id, [video_id]):
            raise no_video()
        raise NotFound(
            "This video was ordered, but its run did not start: nothing is charged. Order it again.",
            code="not_started",
        )


async def follow(
    app: App,
    account_id: str,
    video_id: str,
    *,
    until_closed: bool = False,
    until_parked: bool = False,
    until_board: bool = False,
) -> AsyncIterator[Progress]:
    """Yield a run's progress until a draft is ready (unless `until_closed`) or the run has ended.

    Where the run does not answer, its last known progress is yielded, with the reason as its `standstill`.

    Args:
        until_closed: Go on after the draft is ready.
        until_parked: Stop where the run is parked, paused or waits for its artist: a script cannot help it.
        until_board: Stop where its storyboard waits for its artist.

    Raises:
        NotFound: No run of this video was started.
        NoServer: Server or worker stayed silent for too long.
    """
    run, heard = RunView(app, account_id, video_id), time.monotonic()
    while True:
        silent: NoServer | None = None
        try:
            seen = await run.look()
        except NoServer as error:
            silent = error
        else:
            progress, standstill = seen.progress, seen.progress.standstill
            yield progress
            is_paused = standstill is not None and standstill.cause in PAUSES
            is_stored = not seen.silent or progress.version > 0
            ready = progress.status is RunStatus.DRAFT_READY and not until_closed and is_stored
            parked = until_parked and (progress.status is RunStatus.NEEDS_ATTENTION or is_paused)
            waits = (until_board or until_parked) and progress.status is RunStatus.WAITING_FOR_ARTIST
            if ready or parked or waits or progress.status in CLOSED:
                return
            # A paused run waits for a person, however long that takes.
            silent = NoServer(standstill.sentence) if seen.silent and standstill is not None and not is_paused else None
        if silent is None:
            heard = time.monotonic()
        elif time.monotonic() - heard > SILENCE_S:
            raise silent
        await asyncio.sleep(POLL_S)


async def run_id_of(app: App, video_id: str) -> str | None:
    """The id that the Temporal server gave to a video's newest run."""
    return (await describe(app.client, generate_workflow_id(video_id))).run_id
