"""Two processes of the web backend act as one, also when one dies and restarts."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from api.deps import CSRF_HEADER
from cli.stack.parts import api_part, wait_until_healthy
from cli.stack.plan import StackPlan
from cli.stack.processes import Child, last_lines
from models.progress import RunStatus
from settings import Settings
from stores.access import open_access
from tests.api.conftest import PASSWORD
from tests.api.test_watching import events
from tests.fakes.world import World

START_S = 120.0
LOG_INS = 3
EMAIL, PROMPT = "very.private@example.org", "a very private fox"


class Process:
    """`python -m api` on a port of its own.

    Args:
        plan: Where its servers are; its `api` port is the process's.
        log: What it writes.
    """

    def __init__(self, plan: StackPlan, log: Path) -> None:
        part = api_part(plan)
        self._part = replace(part, env=part.env | {"ECHONOS_RATES__LOG_IN": f"{LOG_INS}/hour"})
        self._log = log
        self._child: Child | None = None
        self.url = plan.url("api")

    def begin(self) -> None:
        """Start it; others may start meanwhile."""
        self._child = Child(self._part.command, env=self._part.env, cwd=self._part.cwd, log=self._log)

    def wait(self) -> None:
        """Until it answers."""
        assert self._child is not None
        problem = wait_until_healthy(self._part, self._child, give_up=lambda: False, timeout_s=START_S)
        assert problem is None, "\n".join([str(problem), *last_lines(self._log, 10)])

    def kill(self) -> None:
        """Kill it."""
        if self._child is not None:
            self._child.stop(0)

    def client(self, *same: httpx.AsyncClient, **headers: str) -> httpx.AsyncClient:
        """A client of this process, with the cookies of another client."""
        known = same[0] if same else None
        sent = headers | ({CSRF_HEADER: known.headers[CSRF_HEADER]} if known else {})
        return httpx.AsyncClient(
            base_url=f"{self.url}/api/v1", cookies=known.cookies if known else None, headers=sent, timeout=60
        )


@pytest.fixture
def pair(
    server_plan: StackPlan, temporal_address: str, s3: Settings, database_url: str, tmp_path: Path
) -> Iterator[tuple[Process, Process]]:
    """Two processes on the same servers."""
    first = server_plan.description.api.port
    plans = [
        replace(server_plan, home=tmp_path, database_url=database_url, ports=server_plan.ports | {"api": first + n})
        for n in range(2)
    ]
    one, two = (Process(plan, tmp_path / f"api-{n}.log") for n, plan in enumerate(plans))
    with ExitStack() as running:
        for process in (one, two):
            running.callback(process.kill)
            process.begin()
        for process in (one, two):
            process.wait()
        yield one, two


def a_song(world: World, account_id: str, folder: Path) -> str:
    """A song in an account's Vault."""
    world.account_id = account_id
    return world.add_song(folder)


async def balance(http: httpx.AsyncClient) -> int:
    """What may be spent."""
    return int((await http.get("/balance")).json()["available"])


async def test_two_processes_are_one(pair: tuple[Process, Process], world: World, tmp_path: Path) -> None:
    one, two = pair
    async with one.client() as at_one:
        answer = await at_one.post("/accounts", json={"email": EMAIL, "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        at_one.headers[CSRF_HEADER] = answer.json()["csrf_token"]
        async with two.client(at_one) as at_two:
            account_id = (await at_two.get("/session")).json()["account_id"]
            order = {"song_id": a_song(world, account_id, tmp_path), "prompt": PROMPT, "profile": "tiny"}
            key = {"Idempotency-Key": "k"}
            starts = [http.post("/videos", json=order, headers=key) for http in (at_one, at_two) * 2]
            answers = await asyncio.gather(*starts)
            assert {answer.status_code for answer in answers} == {202}, [answer.text for answer in answers]
            assert len({answer.text for answer in answers}) == 1
            assert [await balance(http) for http in (at_one, at_two)] == [50, 50], "held once"
            url = f"/videos/{answers[0].json()['video_id']}"
            drafted = await _drafted(at_one, url)

            one.kill()
            assert (await at_two.get(url)).status_code == 200, "the other one answers for both"
            one.begin()
            one.wait()
            again = await at_one.post("/videos", json=order, headers=key)
            assert (again.text, again.headers["idempotency-replayed"]) == (answers[0].text, "true")
            assert [await balance(http) for http in (at_one, at_two)] == [50, 50], "charged once"

            await _streams_go_on(at_one, at_two, url, drafted)
            assert open_access(world.stores.database).profiles.verify(account_id)  # tokens want a confirmed address
            await _revoked_tokens_are_worth_nothing(pair, at_one)
            await _log_ins_are_counted_together(at_one, at_two)
            assert (await at_one.delete("/session")).status_code == 204
            assert (await at_two.get("/session")).status_code == 401
    _nothing_private(tmp_path)


async def _drafted(http: httpx.AsyncClient, url: str) -> str:
    """Watch a run until there is a draft; the last event's id."""
    async with http.stream("GET", f"{url}/events") as response:
        async for mark, shown in events(response):
            if shown["status"] == RunStatus.DRAFT_READY:
                assert shown["credits_charged"] == 200
                return mark
    raise AssertionError("the stream ended before there was a draft")


async def _streams_go_on(at_one: httpx.AsyncClient, at_two: httpx.AsyncClient, url: str, drafted: str) -> None:
    """The ids of one process's events are good at the other."""
    async with asyncio.timeout(200):
        while (await at_two.get(f"{url}/progress")).headers["etag"] != f'"{drafted}"':
            await asyncio.sleep(0.2)
    async with at_two.stream("GET", f"{url}/events", headers={"Last-Event-ID": drafted}) as response:
        closing = await at_one.post(f"{url}/closing")
        assert closing.status_code == 200, closing.text
        told = [(mark, shown["status"]) async for mark, shown in events(response)]
    assert drafted not in [mark for mark, _ in told], "what was seen is not told again"
    assert told[-1][1] == RunStatus.CLOSED
    async with asyncio.timeout(200):  # what both tell last is the same
        while (await at_one.get(f"{url}/events", headers={"Last-Event-ID": told[-1][0]})).status_code != 204:
            await asyncio.sleep(0.2)


async def _revoked_tokens_are_worth_nothing(pair: tuple[Process, Process], owner: httpx.AsyncClient) -> None:
    """Made at one process, used at both, revoked at the first."""
    made = (await owner.post("/tokens", json={"name": "machine", "scopes": ["read"]})).json()
    bearer = {"Authorization": f"Bearer {made['secret']}"}
    async with pair[0].client(**bearer) as one, pair[1].client(**bearer) as two:
        assert [(await http.get("/songs")).status_code for http in (one, two)] == [200, 200]
        assert (await owner.delete(f"/tokens/{made['token_id']}")).status_code == 204
        assert [(await http.get("/songs")).status_code for http in (one, two)] == [401, 401]


async def _log_ins_are_counted_together(at_one: httpx.AsyncClient, at_two: httpx.AsyncClient) -> None:
    guess = {"email": "stranger@example.org", "password": "not this one"}
    tried = [(await http.post("/session", json=guess)).status_code for http in (at_one, at_two) * 2]
    assert tried == [401] * LOG_INS + [429]


def _nothing_private(folder: Path) -> None:
    """The processes' logs identify no person."""
    lines = "".join(path.read_text() for path in folder.glob("api-*.log"))
    assert '"route": "/videos/{video_id}/events"' in lines
    for private in ("private", PASSWORD, "127.0.0.1"):
        assert private not in lines
