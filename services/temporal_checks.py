"""Diagnosis of a Temporal namespace: workers by queue and version, search attributes, schedules."""

import asyncio
from collections.abc import Sequence

from temporalio.client import Client
from temporalio.service import RPCError

from models.failures import Misconfigured, ProviderUnavailable
from models.queues import QUEUES
from temporal.inspection import queue_facts, registering, schedule_facts, wrong_attributes
from temporal.standstill import Poller, QueueFacts
from temporal.turns import serves_in_turn


async def workers(client: Client, queues: Sequence[str], patience_s: float) -> str:
    """The live workers of each queue, in a sentence.

    Args:
        client: The client.
        queues: The queues that must be served.
        patience_s: How long they may take: the server learns of a new worker a moment after its start.

    Raises:
        ProviderUnavailable: A queue has no worker that answers, or none of the version that its tasks go to.
    """
    found = await asyncio.gather(*(_served(client, queue, patience_s) for queue in queues))
    for queue, facts in zip(queues, found, strict=True):
        _check(queue, facts)
    stopped = {poller.identity: poller for facts in found for poller in facts.pollers if poller.stopped}
    told = "; ".join(f"{queue}: {_told(facts.pollers)}" for queue, facts in zip(queues, found, strict=True))
    ill = "".join(f" {one.told}, is stopped by a signal: wake or end it." for one in stopped.values())
    return f"{told}.{ill}"


async def attributes(client: Client) -> str:
    """Whether the namespace knows our search attributes, in a sentence.

    Raises:
        Misconfigured: One is missing; the sentence has the command that registers it.
        ProviderUnavailable: The server does not say.
    """
    try:
        wrong = await wrong_attributes(client)
    except RPCError as error:
        raise ProviderUnavailable(f"Temporal does not list its search attributes: {error.message}") from error
    if wrong:
        raise Misconfigured(
            f"Missing, or no Keyword: {', '.join(wrong)}. Workflow tasks fail until they are registered: "
            f"`{registering(client, wrong)}` (in Temporal Cloud: the namespace's page, or `tcld namespace "
            "search-attributes add`)."
        )
    return "All are registered."


async def schedules(client: Client) -> str:
    """Whether our schedules run, in a sentence.

    Raises:
        Misconfigured: One is missing, or paused; the sentence says what to do.
        ProviderUnavailable: The server does not say.
    """
    try:
        found = await schedule_facts(client)
    except RPCError as error:
        raise ProviderUnavailable(f"Temporal does not list its schedules: {error.message}") from error
    missing = [name for name, facts in found.items() if not facts.exists]
    if missing:
        raise Misconfigured(f"Missing: {', '.join(missing)}. Each worker that starts creates them.")
    paused = {name: facts.paused for name, facts in found.items() if facts.paused is not None}
    if paused:
        told = ", ".join(f"{name} ({reason})" for name, reason in paused.items())
        again = "; ".join(f"temporal schedule toggle --unpause --schedule-id {name}" for name in paused)
        raise Misconfigured(f"Paused: {told}. `{again}` lets them run again: the books are settled by them.")
    late = [f"{name} missed {facts.missed} of its runs" for name, facts in found.items() if facts.missed]
    return f"{', '.join(found)} run{'; ' + ', '.join(late) if late else ''}."


async def turns(client: Client) -> str:
    """Whether the server serves accounts in turn, in a sentence. Some tiny workflows try it, and are deleted.

    Raises:
        Misconfigured: It does not; the sentence says what to switch on.
        ProviderUnavailable: The server does not say.
    """
    try:
        if await serves_in_turn(client):
            return "Accounts are served in turn."
    except RPCError as error:
        raise ProviderUnavailable(f"Temporal does not say whether accounts take turns: {error.message}") from error
    raise Misconfigured(
        "A small account's work waits behind all of a big one's: fairness keys are ignored. Switch on "
        "`matching.enableFairness` in the server's dynamic configuration (deploy/temporal/dynamic-config.yaml), or "
        "Task Queue Fairness in the namespace's settings in Temporal Cloud."
    )


async def _served(client: Client, queue: str, patience_s: float) -> QueueFacts:
    try:
        facts = await queue_facts(client, queue)
        try:
            async with asyncio.timeout(patience_s):
                while not facts.pollers:
                    await asyncio.sleep(0.1)
                    facts = await queue_facts(client, queue)
        except TimeoutError:
            pass
    except RPCError as error:
        raise ProviderUnavailable(f"Temporal does not say which workers serve {queue}: {error.message}") from error
    return facts


def _check(queue: str, facts: QueueFacts) -> None:
    answering = [poller for poller in facts.pollers if not poller.stopped]
    if not facts.pollers:
        last = f" The last one was {facts.lost[0].told}." if facts.lost else ""
        work = next((work for work, name in QUEUES.items() if name == queue), "")
        raise ProviderUnavailable(
            f"No worker serves the queue {queue}: start worker.py, or `worker.py --queues {work}`.{last}"
        )
    if not answering:
        raise ProviderUnavailable(
            f"The only worker of the queue {queue}, {facts.pollers[0].told}, is stopped by a signal: wake it "
            f"(`kill -CONT {facts.pollers[0].identity.partition('@')[0]}`), or end it and start another."
        )
    if not any(poller.version == facts.current for poller in answering):
        served = next((poller.version for poller in answering if poller.version), "unversioned")
        wanted = f"version {facts.current}" if facts.current else "workers without a version"
        raise ProviderUnavailable(
            f"The tasks of {queue} go to {wanted}, and only {_told(answering)} poll: `starter.py deploy {served}` "
            "makes theirs the current one."
        )


def _told(pollers: Sequence[Poller]) -> str:
    return ", ".join(poller.told for poller in pollers)
