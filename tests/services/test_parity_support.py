"""Support over HTTP and on the command line: the same runs, the same outcome, the same refusals, the same audit."""

import asyncio
from collections.abc import Callable
from functools import partial

from cli.commands import support as commands
from models.access import SecurityEventKind
from models.progress import RunStatus
from models.support import Action
from tests.api.conftest import Api
from tests.api.test_support import RUNS, WHY, helper, parked
from tests.fakes.world import World
from tests.services.conftest import Terminal

REASON = WHY["reason"]


async def test_both_sides_list_retry_and_give_up_alike(
    api: Api, world: World, terminal_for: Callable[..., Terminal]
) -> None:
    artist, support = await api.sign_up(), await helper(api)
    terminal = terminal_for(artist.account_id)
    api.grant(artist.account_id, 200)
    runs = [await parked(world, artist, api.add_song(artist.account_id).song_id) for _ in range(2)]
    videos = [handle.id.removeprefix("generate-") for handle in runs]

    async with asyncio.timeout(200):  # the server's index of runs comes a moment later than the runs
        while True:
            over_http = (await support.http.get(RUNS)).json()["items"]
            typed = (await terminal.run(commands.list_runs, "kim"))["runs"]
            if {line["video_id"] for line in typed} >= set(videos) <= {line["video_id"] for line in over_http}:
                break
    assert [{**line, "temporal_url": None} for line in typed] == over_http
    looked = [(one.kind, one.actor) for one in api.backend.access.events.of(artist.account_id) if one.actor]
    assert {(SecurityEventKind.SUPPORT_READ, actor) for actor in (support.email, "kim")} <= set(looked)

    retried = await support.http.post(f"{RUNS}/{videos[0]}/retry", json=WHY)
    assert retried.status_code == 200, retried.text
    await terminal.run(partial(commands.retry, support.email, videos[1], reason=REASON))
    for handle in runs:
        await world.until(handle, lambda p: p.status is RunStatus.NEEDS_ATTENTION)

    given_up = await support.http.post(f"{RUNS}/{videos[0]}/abandonment", json=WHY)
    assert given_up.status_code == 200, given_up.text
    typed = await terminal.run(commands.abandon, videos[1], REASON, support.email)
    assert typed["progress"]["sentence"] == given_up.json()["sentence"]
    assert typed["balance"]["available"] == api.balance(artist.account_id) == 450

    for video_id in videos:
        audit = [(one.actor, one.action, one.reason, one.outcome) for one in world.stores.support.of(video_id)]
        wanted = (Action.RETRY, Action.ABANDON)
        assert audit == [(support.email, action, REASON, "done") for action in wanted]


async def test_both_sides_refuse_alike(api: Api, world: World, terminal_for: Callable[..., Terminal]) -> None:
    artist, support = await api.sign_up(), await helper(api)
    terminal = terminal_for(artist.account_id)
    handle = await parked(world, artist, api.add_song(artist.account_id).song_id)
    del world.faults.plans["paint"]
    video_id = handle.id.removeprefix("generate-")
    assert (await support.http.post(f"{RUNS}/{video_id}/retry", json=WHY)).status_code == 200
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)

    for name, action, command in (
        ("video-unknown", "retry", commands.retry),
        ("video-unknown", "abandonment", commands.abandon),
        (video_id, "retry", commands.retry),
        (video_id, "abandonment", commands.abandon),
    ):
        refused = (await support.http.post(f"{RUNS}/{name}/{action}", json=WHY)).json()
        _, sentence = await terminal.refusal(partial(command, video_id=name, reason=REASON, actor=support.email))
        assert (refused["status"], refused["detail"]) == (404 if name != video_id else 409, sentence), (name, action)
    outcomes = [one.outcome for one in world.stores.support.of(video_id, refused=True)][1:]
    assert len(outcomes) == 4
    assert len(set(outcomes)) == 2, "both sides write the same outcome"
