"""Diagnosis: whether every configured part is reachable and works, and which engines are in use."""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
from temporalio.client import Client

from models.base import Model
from models.composition import Composition
from models.failures import EchonosError, InvalidInput, ProviderUnavailable
from models.loopback import is_loopback
from models.python_fixes import missing_fixes, python_sentence
from models.queues import QUEUES
from services import machine_checks, temporal_checks
from settings import Settings
from stores.database import revision_of
from stores.objects import S3Objects
from temporal.connection import connect

if TYPE_CHECKING:
    from activities.terms import BuyingTerms
    from engines.providers.fal.adapters import Choice

POLL_PATIENCE_S = 2.0
CONNECT_PATIENCE_S = 4.0
PART_PATIENCE_S = 30.0
"""For one part: a server that hangs must not keep the others from being reported."""


class Finding(Model):
    """One line of the report. `part` is stable, for programs."""

    part: str
    works: bool
    sentence: str


async def examine_servers(settings: Settings, used: Composition | None) -> list[Finding]:
    """Temporal with its namespace and workers, object store, database, and this machine.

    Args:
        used: The engines of the running worker, if known.
    """
    local = settings.s3_endpoint is not None and is_loopback(settings.s3_endpoint)
    try:
        async with asyncio.timeout(CONNECT_PATIENCE_S):
            client = await connect(settings)
        temporal = _of_temporal(client, settings, used)
    except (EchonosError, TimeoutError) as error:
        told = getattr(error, "message", "") or "The Temporal server does not answer in time."
        temporal = _away(told)
    return [
        *await temporal,
        await _tried("object store", lambda: asyncio.to_thread(_object_store, settings)),
        await _tried("database", lambda: asyncio.to_thread(_database, settings)),
        await _tried("clock", lambda: asyncio.to_thread(_clock, settings)),
        *await examine_machine(settings, local_store=local),
    ]


async def examine_machine(settings: Settings, *, local_store: bool) -> list[Finding]:
    """What needs no server: disk, proxies and keys.

    Args:
        settings: This process's settings.
        local_store: Whether objects are stored below the data folder.
    """
    return [
        await _tried("disk", lambda: asyncio.to_thread(machine_checks.disk, settings.home, local_store=local_store)),
        await _tried("proxies", lambda: asyncio.to_thread(machine_checks.proxies)),
        await _tried("keys", lambda: asyncio.to_thread(_keys, settings)),
    ]


async def _of_temporal(client: Client, settings: Settings, used: Composition | None) -> list[Finding]:
    where = f"{client.service_client.config.target_host}, namespace {client.namespace}."
    return [
        Finding(part="temporal", works=True, sentence=where),
        await _tried("worker", lambda: _worker(client, settings, used)),
        await _tried("search attributes", lambda: temporal_checks.attributes(client)),
        await _tried("schedules", lambda: temporal_checks.schedules(client)),
        await _tried("turns", lambda: temporal_checks.turns(client)),
    ]


async def _away(sentence: str) -> list[Finding]:
    return [Finding(part=part, works=False, sentence=sentence) for part in ("temporal", "worker")]


async def examine_engines(settings: Settings, open_terms: Callable[[], "BuyingTerms"]) -> list[Finding]:
    """Python, the engines in use, and the providers whose keys are set; nothing is bought.

    Args:
        open_terms: Returns the terms on which pictures are bought.
    """
    findings = [*_python(settings), _director(settings), *await _media(settings)]
    if settings.anthropic_api_key is not None:
        findings.append(await _tried("anthropic", lambda: _outside(_anthropic(settings))))
    if settings.fal_key is not None:
        findings.append(await _tried("fal", lambda: _outside(_fal(settings, open_terms))))
    return findings


async def _tried(part: str, check: Callable[[], Awaitable[str]]) -> Finding:
    try:
        async with asyncio.timeout(PART_PATIENCE_S):
            return Finding(part=part, works=True, sentence=await check())
    except TimeoutError:
        return Finding(part=part, works=False, sentence=f"Does not answer within {PART_PATIENCE_S:.0f} s.")
    except EchonosError as error:
        return Finding(part=part, works=False, sentence=error.message)


async def _worker(client: Client, settings: Settings, used: Composition | None) -> str:
    told = await temporal_checks.workers(client, tuple(QUEUES.values()), POLL_PATIENCE_S)
    wanted = settings.composition()
    if used is not None and used != wanted:
        difference = used.difference(wanted)
        raise InvalidInput(f"The running worker has the {difference}: restart it with the same keys as here.", "worker")
    return told


def composition_of(path: Path) -> Composition | None:
    """The engines that the running worker recorded at its start."""
    try:
        return Composition.from_bytes(path.read_bytes())
    except (OSError, ValueError):
        return None


def _object_store(settings: Settings) -> str:
    options = settings.store_options()
    objects = S3Objects(
        options["s3_endpoint"],
        options["s3_region"],
        options["s3_access_key"],
        options["s3_secret_key"],
        options["s3_bucket"],
    )
    if not objects.keeps("doctor/probe"):
        raise ProviderUnavailable("The object store returns other bytes than were stored.")
    return f"Writes and reads in bucket {settings.s3_bucket} at {settings.s3_endpoint or 'AWS'}."


def _database(settings: Settings) -> str:
    return revision_of(settings.database_url)


def _clock(settings: Settings) -> str:
    """The object store's clock: the one server that everything needs and that says its time."""
    url = settings.s3_endpoint or f"https://s3.{settings.s3_region}.amazonaws.com"
    try:
        answer = httpx.head(url, timeout=CONNECT_PATIENCE_S, trust_env=not is_loopback(url))
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, ImportError) as error:  # the last three: of a wrong proxy
        raise ProviderUnavailable(f"The object store at {url} does not answer, so no clock is compared.") from error
    try:
        other = parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError:
        return f"Not compared: the object store at {url} does not say its time."
    return machine_checks.clock(other if other.tzinfo else other.replace(tzinfo=UTC), "the object store")


def _keys(settings: Settings) -> str:
    # Providers and the object store judge their own keys.
    settings.model_copy(update=dict.fromkeys(("anthropic_api_key", "fal_key", "s3_secret_key"))).check_secrets()
    fields = ("anthropic_api_key", "fal_key", "stripe_api_key", "stripe_webhook_secret", "smtp_url", "s3_secret_key")
    known = [name for name in fields if getattr(settings, name) is not None]
    unpriced = [model for model in settings.directing.models() if model not in settings.token_prices]
    if settings.anthropic_api_key is not None and unpriced:
        raise InvalidInput(
            f"No price is known for {', '.join(unpriced)}: name it in ECHONOS_TOKEN_PRICES.", code="settings"
        )
    return f"Set: {', '.join(known) or 'none'}; no placeholder among them."


def _python(settings: Settings) -> list[Finding]:
    """An error in production; on a developer's machine an older Python is a remark."""
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


async def _fal(settings: Settings, open_terms: Callable[[], "BuyingTerms"]) -> str:
    from engines.providers.fal import FalClient
    from engines.providers.fal.reach import reach

    assert settings.fal_key is not None
    choice = _choice(settings)
    logging.getLogger("fal_client").setLevel(logging.ERROR)  # the finding reports its retries
    await reach(FalClient(settings.fal_key.get_secret_value(), choice), choice.still.endpoint)
    terms = open_terms()
    ends = "calls back when a job has ended" if terms.webhook_url else "is polled (ECHONOS_PUBLIC_URL is local)"
    pictures = "are fetched by link" if terms.share_url else "travel in the request (the object store is local)"
    return f"The queue takes the key; nothing was bought. It {ends}; pictures {pictures}."


async def prices(settings: Settings) -> list[Finding]:
    """Compare each price of our table with fal's own list."""
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
