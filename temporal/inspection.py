"""What a Temporal namespace must have for us: search attributes, schedules, and workers that poll its queues."""

from collections.abc import Mapping
from dataclasses import dataclass

from temporalio.api.enums.v1 import IndexedValueType, TaskQueueType
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from models.search_attributes import SearchAttribute
from temporal.schedules import schedules
from temporal.standstill import QueueFacts, look_at_queue

_KEYWORD = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD


@dataclass(frozen=True)
class ScheduleFacts:
    """A schedule, as the server knows it.

    Attributes:
        exists: Whether it was ever created.
        paused: The reason for which it is paused; None: it runs.
        missed: How many of its runs were missed because the server was away for too long.
    """

    exists: bool
    paused: str | None = None
    missed: int = 0


async def wrong_attributes(client: Client) -> list[SearchAttribute]:
    """The search attributes that the namespace lacks, or knows with another type.

    Raises:
        RPCError: The server does not answer, or does not say.
    """
    request = ListSearchAttributesRequest(namespace=client.namespace)
    known: Mapping[str, int] = (await client.operator_service.list_search_attributes(request)).custom_attributes
    return [name for name in SearchAttribute if known.get(name.value) != _KEYWORD]


def registering(client: Client, missing: list[SearchAttribute]) -> str:
    """The command that registers search attributes; `tcld` is Temporal Cloud's own."""
    names = " ".join(f"--name {name.value} --type Keyword" for name in missing)
    return f"temporal operator search-attribute create --namespace {client.namespace} {names}"


async def schedule_facts(client: Client) -> dict[str, ScheduleFacts]:
    """Our schedules, by their ids. Raises `RPCError`: the server does not answer."""
    return {name: await _schedule(client, name) for name in schedules()}


async def queue_facts(client: Client, queue: str) -> QueueFacts:
    """The workers that poll a queue for steps. Raises `RPCError`: the server does not answer."""
    return await look_at_queue(client, queue, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY)


async def _schedule(client: Client, name: str) -> ScheduleFacts:
    try:
        described = await client.get_schedule_handle(name).describe()
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return ScheduleFacts(exists=False)
    state = described.schedule.state
    reason = (state.note or "without a reason") if state.paused else None
    return ScheduleFacts(True, reason, described.info.num_actions_missed_catchup_window)
