"""`doctor`: which engines are in use, whether every part that is configured can be reached, and what is missing."""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.service import RPCError

from cli.media import open_media
from cli.output import Output
from cli.stack import StackState, connect, ensure_stack, settings_for
from cli.stack.plan import READY_FILE
from models.base import Model
from models.composition import Composition
from models.failures import EchonosError, InvalidInput, NoServer, ProviderUnavailable
from models.known_fixes import missing_fixes, python_sentence
from models.routing import QUEUE, RENDER_QUEUE
from settings import Settings
from stores.database import migrate, open_database
from stores.objects import S3Objects

if TYPE_CHECKING:
    from engines.providers.fal.adapters import Choice

_PROBE = b"reached"
POLL_PATIENCE_S = 10.0


class Finding(Model):
    """One line of the report. `part` is stable, for programs."""

    part: str
    works: bool
    sentence: str


async def examine(settings: Settings, output: Output, prices: bool = False) -> bool:
    """Examine everything that is configured, and report it.

    Args:
        settings: The process's.
        output: Where the report goes.
        prices: Compare the table of models with fal's price list, too.

    Returns:
        Whether all of it works.
    """
    findings = await _stack(settings, output)
    findings += [*_python(settings), _director(settings), *await _media(settings)]
    if settings.anthropic_api_key is not None:
        findings.append(await _tried("anthropic", lambda: _outside(_anthropic(settings))))
    if settings.fal_key is not None:
        findings.append(await _tried("fal", lambda: _outside(_fal(settings))))
    if prices:
        findings += await _prices(settings)
    healthy = all(finding.works for finding in findings)
    answer = {
        "healthy": healthy,
        "python": python_sentence(sys.version_info[:3]),
        "in_use": settings.composition().model_dump(),
        "findings": [finding.model_dump() for finding in findings],
    }
    lines = [f"{'ok' if one.works else 'NO':<3} {one.part:<12} {one.sentence}" for one in findings]
    remarks = [] if any(one.part == "python" for one in findings) else [f"    {'python':<12} {answer['python']}"]
    output.answer(answer, [*lines, *remarks, "Everything works." if healthy else "Something does not work."])
    return healthy


async def _stack(settings: Settings, output: Output) -> list[Finding]:
    """Temporal, worker, object store and database: the local stack's, or those that the settings name."""
    try:
        with ensure_stack(settings, say=output.say) as stack:
            here = settings_for(stack, settings)
            return [
                await _tried("temporal", lambda: _temporal(here)),
                await _tried("worker", lambda: _worker(here, stack)),
                await _tried("object store", lambda: asyncio.to_thread(_object_store, here)),
                await _tried("database", lambda: asyncio.to_thread(_database, here)),
            ]
    except NoServer as error:
        return [Finding(part="stack", works=False, sentence=error.message)]


async def _tried(part: str, check: Callable[[], Awaitable[str]]) -> Finding:
    try:
        return Finding(part=part, works=True, sentence=await check())
    except EchonosError as error:
        return Finding(part=part, works=False, sentence=error.message)


async def _temporal(settings: Settings) -> str:
    client = await connect(settings)
    return f"{client.service_client.config.target_host}, namespace {client.namespace}."


async def _worker(settings: Settings, stack: StackState) -> str:
    """Whether somebody polls both queues, and with the engines that these settings ask for."""
    client = await connect(settings)
    for queue in (QUEUE, RENDER_QUEUE):
        if not await _polled(client, queue):
            raise ProviderUnavailable(f"No worker serves the queue {queue}: start worker.py.")
    wanted, used = settings.composition(), composition_of(stack.home / READY_FILE) if stack.local else None
    if used is not None and used != wanted:
        told = difference(used, wanted)
        raise InvalidInput(f"The running worker has the {told}: restart it with the same keys as here.", "worker")
    return "It serves both queues."


async def _polled(client: Client, queue: str) -> bool:
    request = DescribeTaskQueueRequest(
        namespace=client.namespace,
        task_queue=TaskQueue(name=queue),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
    )
    try:
        async with asyncio.timeout(POLL_PATIENCE_S):
            # A worker that has just started is known to the server a moment later.
            while not (await client.workflow_service.describe_task_queue(request)).pollers:
                await asyncio.sleep(0.1)
    except TimeoutError:
        return False
    except RPCError as error:
        raise ProviderUnavailable(f"Temporal does not tell who serves {queue}: {error.message}") from error
    return True


def composition_of(path: Path) -> Composition | None:
    """What the running worker wrote when it began to serve."""
    try:
        return Composition.from_bytes(path.read_bytes())
    except (OSError, ValueError):
        return None


def difference(used: Composition, wanted: Composition) -> str:
    """Where two compositions differ, in words."""
    pairs = [(name, getattr(used, name), getattr(wanted, name)) for name in Composition.model_fields]
    return ", ".join(f"{name} {used} instead of {wanted}" for name, used, wanted in pairs if used != wanted)


def _object_store(settings: Settings) -> str:
    options = settings.store_options()
    objects = S3Objects(
        options["s3_endpoint"],
        options["s3_region"],
        options["s3_access_key"],
        options["s3_secret_key"],
        options["s3_bucket"],
    )
    key = "doctor/probe"
    objects.put_bytes(key, _PROBE, "text/plain")
    if objects.get_bytes(key) != _PROBE:
        raise ProviderUnavailable("The object store gives back something else than was stored.")
    objects.delete_prefix(key)
    return f"Writes and reads in bucket {settings.s3_bucket} at {settings.s3_endpoint or 'AWS'}."


def _database(settings: Settings) -> str:
    migrate(settings.database_url)
    database = open_database(settings.database_url)
    try:
        with database.read() as connection:
            revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        return f"{database.engine.dialect.name}, at revision {revision}."
    finally:
        database.close()


def _python(settings: Settings) -> list[Finding]:
    """A finding where people come in; on a machine of one's own an older Python is a remark."""
    if settings.environment != "production" or not settings.public_url.startswith("https:"):
        return []
    release = sys.version_info[:3]
    return [Finding(part="python", works=not missing_fixes(release), sentence=python_sentence(release))]


def _director(settings: Settings) -> Finding:
    if settings.anthropic_api_key is None:
        sentence = "The local one; with ANTHROPIC_API_KEY Claude would direct."
    else:
        sentence = f"Anthropic: {', '.join(settings.directing.models())}."
    return Finding(part="director", works=True, sentence=sentence)


async def _media(settings: Settings) -> list[Finding]:
    if settings.fal_key is None:
        sentences = {"painter": "The local one; with FAL_KEY fal would paint.", "animator": "The local one."}
        return [Finding(part=part, works=True, sentence=sentence) for part, sentence in sentences.items()]

    async def painter() -> str:
        return f"fal: {_choice(settings).still.endpoint}."

    async def animator() -> str:
        return f"fal: {_choice(settings).clip.endpoint}."

    return [await _tried("painter", painter), await _tried("animator", animator)]


async def _outside(reached: Awaitable[str]) -> str:
    try:
        return await reached
    except ProviderUnavailable as error:
        told = f"{error.message} Is this machine's network up? Runs would wait and try again."
        raise ProviderUnavailable(told) from error


async def _anthropic(settings: Settings) -> str:
    # Late: each SDK takes a while to import, and most installations have no key.
    from engines.providers.anthropic.reach import reach

    assert settings.anthropic_api_key is not None
    key, models = settings.anthropic_api_key.get_secret_value(), settings.directing.models()
    try:
        await asyncio.to_thread(reach, key, settings.anthropic_base_url, models)
    except ProviderUnavailable as error:
        raise ProviderUnavailable(f"{settings.anthropic_base_url}: {error.message}") from error
    return f"{settings.anthropic_base_url} takes the key and knows every model."


async def _fal(settings: Settings) -> str:
    from engines.providers.fal import FalShop
    from engines.providers.fal.reach import reach

    assert settings.fal_key is not None
    choice = _choice(settings)
    logging.getLogger("fal_client").setLevel(logging.ERROR)  # what it tells of its tries, the finding says in words
    await reach(FalShop(settings.fal_key.get_secret_value(), choice), choice.still.endpoint)
    terms = open_media(settings).terms
    ends = "calls back when a job has ended" if terms.webhook_url else "is asked (ECHONOS_PUBLIC_URL is local)"
    pictures = "are fetched by link" if terms.share_url else "travel in the request (the object store is local)"
    return f"The queue takes the key; nothing was bought. It {ends}; pictures {pictures}."


async def _prices(settings: Settings) -> list[Finding]:
    """Each price of the table beside fal's own list."""
    if settings.fal_key is None:
        return [Finding(part="prices", works=True, sentence="Without FAL_KEY there is no list to compare with.")]
    from engines.providers.fal.pricing import compare_prices, listed_prices, table_endpoints

    try:
        listed = await listed_prices(settings.fal_key.get_secret_value(), table_endpoints())
    except EchonosError as error:
        return [Finding(part="prices", works=False, sentence=error.message)]
    return [Finding(part="prices", works=not one.differs, sentence=one.sentence) for one in compare_prices(listed)]


def _choice(settings: Settings) -> "Choice":
    from engines.providers.fal import choose

    return choose(settings.fal_tier, settings.fal_still_endpoint, settings.fal_clip_endpoint)
