"""Studio over HTTP and on the command line: the same price, the same versions, the same refusals."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from cli.commands import studio
from models.progress import RunStatus
from models.studio import StudioKind, StudioOrder
from services.studio import find_operation, order_operation
from temporal.generation import generation
from tests.api.conftest import Api, Person
from tests.api.test_studio import ended, keyed
from tests.api.test_watching import order
from tests.fakes.world import World
from tests.services.conftest import Terminal

TerminalFor = Callable[..., Terminal]


@pytest.fixture
async def artist(api: Api, world: World) -> tuple[Person, str]:
    """An artist with a finished video."""
    person = await api.sign_up()
    video_id = await order(api, person)
    await world.until(generation(api.backend.client, video_id), lambda p: p.status is RunStatus.DRAFT_READY)
    return person, video_id


async def asked(person: Person, url: str, body: dict[str, Any], key: str) -> dict[str, Any]:
    return dict((await person.http.post(url, json=body, headers=keyed(key))).json())


def regenerate(video_id: str, scene: int, kind: studio.Kind) -> Callable[..., Any]:
    return partial(studio.regenerate, video_id, scene + 1, kind, seed=7, yes=True)


async def test_both_sides_make_a_scene_anew_and_go_back(
    api: Api, world: World, artist: tuple[Person, str], terminal_for: TerminalFor
) -> None:
    person, video_id = artist
    terminal = terminal_for(person.account_id)
    api.grant(person.account_id, 200)
    url = f"/api/v1/videos/{video_id}"
    ticket = await asked(person, f"{url}/scenes/2/regenerations", {"kind": "image", "seed": 7}, "one")
    over_http = await ended(person, url, ticket["operation_id"])
    typed = await terminal.run(regenerate(video_id, 3, studio.Kind.IMAGE))
    assert (over_http["price"], over_http["version"]) == (typed["credits_charged"], typed["version"] - 1) == (10, 2)
    assert typed["balance"] == api.balance(person.account_id)

    chosen = await asked(person, f"{url}/scenes/2/choices", {"take": "draft"}, "two")
    assert (await ended(person, url, chosen["operation_id"]))["version"] == 4
    typed = await terminal.run(partial(studio.choose, video_id, 4, "draft"))
    assert (typed["version"], typed["credits_charged"]) == (5, 0)
    told = [one["sentence"] for one in (await person.http.get(f"{url}/versions")).json()["items"]]
    shown = await terminal.run(partial(studio.versions, video_id))
    assert [one["change"] for one in shown["versions"]] == told
    assert told[1:] == [
        "Scene 3 with a new image",
        "Scene 4 with a new image",
        "Scene 3 with another take",
        "Scene 4 with another take",
    ]


async def test_both_sides_refuse_alike(
    api: Api, world: World, artist: tuple[Person, str], terminal_for: TerminalFor
) -> None:
    person, video_id = artist
    terminal = terminal_for(person.account_id)
    url = f"/api/v1/videos/{video_id}"
    versions = f"{url}/versions/9/restoration"
    back = partial(studio.choose, video_id, version=9)
    take = partial(studio.choose, video_id, 1, "nope")
    unknown = regenerate("video-0", 0, studio.Kind.IMAGE)
    new = {"kind": "image"}
    cases: list[tuple[str, dict[str, Any], Callable[..., Any], int]] = [
        (f"{url}/scenes/999/regenerations", new, regenerate(video_id, 999, studio.Kind.IMAGE), 404),
        (f"{url}/scenes/0/choices", {"take": "nope"}, take, 404),
        (versions, {}, back, 404),
        ("/api/v1/videos/video-0/scenes/0/regenerations", new, unknown, 404),
    ]
    for number, (address, body, command, status) in enumerate(cases):
        refused = await asked(person, address, body, f"refused-{number}")
        assert refused["status"] == status, refused
        assert await terminal.refusal(command) == (refused["code"], refused["detail"])
    api.grant(person.account_id, 10 - api.balance(person.account_id) % 10)
    while api.balance(person.account_id) >= 50:
        made = await asked(
            person, f"{url}/scenes/0/regenerations", {"kind": "video"}, str(api.balance(person.account_id))
        )
        await ended(person, url, made["operation_id"])
    refused = await asked(person, f"{url}/scenes/0/regenerations", {"kind": "video"}, "poor")
    assert (refused["status"], refused["code"]) == (402, "insufficient_credits")
    _, sentence = await terminal.refusal(regenerate(video_id, 0, studio.Kind.VIDEO))
    assert sentence == refused["detail"]


async def test_one_operation_id_is_one_operation(api: Api, world: World, artist: tuple[Person, str]) -> None:
    """Also where the balance is gone by the time that the order is repeated."""
    person, video_id = artist
    wish = StudioOrder(
        account_id=person.account_id,
        video_id=video_id,
        operation_id="again",
        kind=StudioKind.VIDEO,
        scene_index=1,
    )
    first = await order_operation(api.backend, wish)
    await ended(person, f"/api/v1/videos/{video_id}", "again")
    again = await order_operation(api.backend, wish)
    assert (again.operation_key, again.price) == (first.operation_key, first.price)
    assert find_operation(api.backend, person.account_id, video_id, "again").version == 2
