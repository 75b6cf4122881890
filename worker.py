"""The worker: settings become engines and stores, those become activities, and Temporal workers serve them.

Environment: `ECHONOS_*` (see settings.py); `ECHONOS_READY_FILE` names a file to create once both queues are polled.
"""

import asyncio
import logging
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Protocol

import structlog
from temporalio.client import Client

from activities.account_data import AccountDataActivities
from activities.analysis import AnalysisActivities
from activities.animation import AnimationActivities
from activities.assembly import AssemblyActivities
from activities.credits import CreditActivities
from activities.direction import DirectionActivities
from activities.exports import ExportActivities
from activities.footage import FootageActivities
from activities.imagery import ImageryActivities
from activities.ports import Director, PromptRewriter
from activities.purchases import PurchaseActivities
from activities.removal import RemovalActivities
from activities.rewriting import RewritingActivities
from activities.spending import charge, check_allowance
from activities.steps import pulse, scratch, sweep_scratch
from activities.storyboard import StoryboardActivities
from activities.studio import StudioActivities
from activities.styling import StylingActivities
from activities.tidying import TidyingActivities
from activities.versions import VersionActivities
from cli.media import open_media
from engines.intake.inspection import SourceCopier
from engines.music.analyst import MusicAnalyst
from engines.picture.assemble import SegmentAssembler
from engines.picture.conform import ClipConformer
from engines.picture.delivered import Inspector
from engines.picture.exports.making import LocalPieceMaker
from engines.picture.soundtrack import AacSoundtrackMaker
from engines.providers.local.animator import LocalAnimator
from engines.providers.local.director import LocalDirector
from engines.providers.local.painter.painter import LocalPainter
from models.composition import Composition
from models.directing_costs import DirectingCosts
from models.failures import EchonosError
from settings import Settings
from stores.access import open_access
from stores.nearby import Nearby
from stores.opening import Stores, open_stores
from temporal.executions import Executions
from workflows.clients import OpenRuns
from workflows.connecting import connect
from workflows.schedules import ensure_schedules
from workflows.serving import build_workers, steps_of

log = structlog.get_logger()

MOST_CAUSES = 5
"""Of an error that are told."""


class DirectorInUse(Director, PromptRewriter, Protocol):
    """Whoever directs also finds other words for what a provider refuses."""


def choose_director(settings: Settings) -> DirectorInUse:
    """The director that the settings have a key for, or the local one."""
    limits = open_media(settings).prompt_limits
    if settings.anthropic_api_key is None:
        return LocalDirector(limits)
    # Late: the SDK takes half a second to import, which those without a key need not wait for.
    from engines.providers.anthropic import AnthropicDirector

    return AnthropicDirector(
        settings.anthropic_api_key.get_secret_value(),
        settings.anthropic_base_url,
        settings.directing,
        settings.token_prices,
        limits,
        pulse,
        charge,
        check_allowance,
    )


def directing_costs(settings: Settings) -> DirectingCosts | None:
    """What questions cost, where the director is paid."""
    if settings.anthropic_api_key is None:
        return None
    return DirectingCosts(settings.directing, settings.token_prices, settings.spending.park_at)


def build_activities(
    settings: Settings, stores: Stores, client: Client, director: DirectorInUse
) -> list[Callable[..., Any]]:
    """All activities, with the engines behind their ports."""
    objects, vault = stores.objects, stores.vault
    runs, executions = OpenRuns(client), Executions(client)
    media, access = open_media(settings), open_access(stores.database)
    planner, limits = media.planner, media.prompt_limits if media.shop is not None else None
    costs = directing_costs(settings)
    rooms = [
        AnalysisActivities(
            objects, vault, MusicAnalyst(), AacSoundtrackMaker(), runs, SourceCopier(settings.max_song_s)
        ),
        DirectionActivities(objects, director, stores.spending, stores.characters, costs),
        StoryboardActivities(objects, planner, director, stores.spending, media.estimator, media.planners, costs),
        RewritingActivities(objects, director, stores.spending, media.planners),
        ImageryActivities(objects, LocalPainter()),
        StylingActivities(objects, LocalPainter()),
        AnimationActivities(objects, planner, LocalAnimator(), mover=LocalAnimator()),
        FootageActivities(objects, ClipConformer()),
        PurchaseActivities(objects, media.shop, stores.jobs, stores.permits, Inspector(), runs, media.terms),
        AssemblyActivities(objects, vault, SegmentAssembler()),
        ExportActivities(objects, vault, stores.catalogue, LocalPieceMaker()),
        RemovalActivities(objects, stores.removal, runs, executions),
        AccountDataActivities(objects, stores.account_data, executions, stores.ledger),
        StudioActivities(objects, vault, stores.operations, director, stores.spending, runs, limits, media.planners),
        VersionActivities(objects, vault, stores.operations, SegmentAssembler()),
        CreditActivities(stores.ledger, vault, runs),
        TidyingActivities(objects, access.sweepers),
    ]
    return [step for room in rooms for step in steps_of(room)]


def write_composition(path: Path, director: Director, pictures: Literal["fal", "local"] = "local") -> None:
    """Say, in one step, that this worker serves, and with which engines: `starter.py doctor` compares."""
    used = Composition(
        director="local" if isinstance(director, LocalDirector) else "anthropic", painter=pictures, animator=pictures
    )
    draft = path.with_suffix(".draft")
    draft.write_bytes(used.to_bytes())
    draft.replace(path)


async def serve(settings: Settings) -> None:
    """Serve both queues until SIGTERM or SIGINT.

    Raises:
        InvalidInput: A secret is a placeholder, and this is no developer's machine.
    """
    settings.check_secrets()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    sweep_scratch()
    async with AsyncExitStack() as serving:
        stores = open_stores(**settings.store_options(), nearby=Nearby(serving.enter_context(scratch())))
        client = await connect(settings)
        await ensure_schedules(client)
        director = choose_director(settings)
        activities = build_activities(settings, stores, client, director)
        workers = build_workers(client, activities, settings.render_slots)
        for worker in workers:
            await serving.enter_async_context(worker)
        if settings.ready_file is not None:
            write_composition(settings.ready_file, director, "fal" if settings.fal_key else "local")
        log.info(
            "worker serves",
            queues=[worker.task_queue for worker in workers],
            render_slots=settings.render_slots,
            build_id=settings.build_id,
        )
        await stop.wait()
    log.info("worker stopped")


class PlacesOnly(logging.Formatter):
    """Tells of an error its types and places, not its text: that may repeat prompts, addresses or secrets.

    The text stands in the run's history, for those who may look at runs.
    """

    def formatException(  # noqa: N802  # logging's name
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """One line an error, what was raised last first."""
        lines: list[str] = []
        error = ei[1]
        while error is not None and len(lines) < MOST_CAUSES:
            frames = traceback.extract_tb(error.__traceback__)[-3:]
            place = " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)
            lines.append(f"  {type(error).__name__} at {place or 'no place'}")
            error = error.__cause__ or error.__context__
        return "\n".join(lines)


def log_places_only() -> None:
    """What libraries log of errors goes to standard error without the errors' texts."""
    handler = logging.StreamHandler()
    handler.setFormatter(PlacesOnly("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


if __name__ == "__main__":
    log_places_only()
    try:
        asyncio.run(serve(Settings()))
    except EchonosError as error:
        sys.exit(error.message)
