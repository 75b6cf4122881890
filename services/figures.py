"""Operators' figures: what SQL and Temporal know becomes gauges, and the metrics of all processes become one page."""

import asyncio
import re
import time
from collections.abc import Iterable

import httpx
import structlog
from pydantic import Field
from sqlalchemy.exc import SQLAlchemyError

from gateways.telemetry.neighbours import forget, neighbours
from models import measures
from models.base import Model
from models.measures import replace
from models.queues import QUEUES
from models.spending import MICRO_USD
from services.app import App
from services.failures import AWAY
from stores.figures import Figures
from temporal.figures import backlogs, parked_runs

log = structlog.get_logger()

EVERY_S = 15.0
SCRAPE_PATIENCE_S = 3.0
_AWAY: tuple[type[Exception], ...] = (*AWAY, SQLAlchemyError)


class Figure(Model):
    """One series of a metric."""

    labels: str = Field(examples=["stage=image-generation,reason=ProviderUnavailable"])
    value: float = Field(examples=[2.0])


class FigureGroup(Model):
    """One metric with its series, added up over processes; of a histogram, count and sum."""

    name: str = Field(examples=["echonos_parked_runs"])
    help: str = Field(examples=["Runs that wait for a person"])
    figures: tuple[Figure, ...]


async def keep_figures(app: App) -> None:
    """Refresh the gauges of SQL and Temporal until cancelled. What is away keeps its last value."""
    while True:
        try:
            await collect_figures(app)
        except _AWAY as error:
            log.warning("figures are away", failure=type(error).__name__)
        await asyncio.sleep(EVERY_S)


async def collect_figures(app: App) -> None:
    """Set the gauges of SQL and Temporal once.

    Raises:
        EchonosError, RPCError, RuntimeError, SQLAlchemyError: One of them is away.
    """
    found = await asyncio.to_thread(lambda: Figures(app.stores.database).read())
    replace(measures.UNDER_WAY, {(): found.under_way_micro_usd / MICRO_USD})
    replace(measures.PERMITS, {("used",): found.permits_used, ("wanted",): found.permits_wanted})
    replace(measures.HELD, {(): found.held_credits})
    replace(measures.OLDEST_HOLD, {(): found.oldest_hold_s})
    count, age_s = await backlogs(app.client, QUEUES.values())
    replace(measures.BACKLOG, count)
    replace(measures.BACKLOG_AGE, age_s)
    replace(measures.PARKED, await parked_runs(app.client))
    replace(measures.FIGURES_AGE, {(): time.time()})


async def figures_of_all(app: App) -> tuple[list[FigureGroup], list[str]]:
    """The metrics of this process and its neighbours.

    Returns:
        Our own metrics, and the addresses that do not answer.
    """
    settings = app.settings.telemetry
    own = [] if app.telemetry is None or app.telemetry.server is None else [app.telemetry.server.url]
    addresses = list(dict.fromkeys([*own, *settings.peers, *await asyncio.to_thread(neighbours, settings.folder)]))
    gone: list[str] = []
    async with httpx.AsyncClient(timeout=SCRAPE_PATIENCE_S, trust_env=False) as http:
        texts = await asyncio.gather(*(_scraped(http, address, gone) for address in addresses))
    silent = [address for address, text in zip(addresses, texts, strict=True) if text is None]
    await asyncio.to_thread(forget, settings.folder, gone)
    return _grouped(text for text in texts if text is not None), silent


async def _scraped(http: httpx.AsyncClient, address: str, gone: list[str]) -> str | None:
    """The metrics at an address; None: no answer. `gone` gets the address where nothing listens any more."""
    try:
        answer = await http.get(address)
    except httpx.ConnectError:
        gone.append(address)  # a busy process is late, and is asked again next time
        return None
    except (httpx.HTTPError, httpx.InvalidURL):
        return None
    return answer.text if answer.is_success else None


_NAMES = r"echonos_\w+|temporal_workflow_task_execution_failed\w*|temporal_worker_task_slots_\w+"
"""Our own metrics, and the few of Temporal's core that say whether workers go on."""

_SHOWN = re.compile(rf"({_NAMES})(\{{[^}}]*\}})? (\S+)")
_HELP = re.compile(rf"# HELP ({_NAMES}) (.*)")
_GAUGES = frozenset(one.name for one in measures.MEASURES if one.kind is measures.Kind.GAUGE)
_INNER = ("_bucket", "_created")


def _grouped(texts: Iterable[str]) -> list[FigureGroup]:
    """Counters add up; of a gauge, which several processes read from the same source, the largest counts."""
    values: dict[str, dict[str, float]] = {}
    told: dict[str, str] = {}
    for text in texts:
        for line in text.splitlines():
            if found := _HELP.fullmatch(line):
                told[found[1]] = found[2]
            elif (found := _SHOWN.fullmatch(line)) and not found[1].endswith(_INNER):
                series = values.setdefault(found[1], {})
                labels, value = (found[2] or "")[1:-1].replace('"', ""), float(found[3])
                known = series.get(labels, 0.0)
                series[labels] = max(known, value) if found[1] in _GAUGES else known + value
    return [
        FigureGroup(
            name=name,
            help=next((told[known] for known in told if name.startswith(known)), ""),
            figures=tuple(Figure(labels=labels, value=value) for labels, value in sorted(series.items())),
        )
        for name, series in sorted(values.items())
    ]
