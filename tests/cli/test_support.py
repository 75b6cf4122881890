"""What support reads and does, on a real run in an instant world: each sentence says what is the case."""

import asyncio
import dataclasses
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from rich.console import Console

from bootstrap import Application
from cli.commands import accounts, support
from cli.commands.upkeep import replay
from cli.commands.videos import timeline
from cli.output import Output
from cli.session import Session
from cli.stack import StackState
from engines.providers.fal import FalClient, choose
from models.failures import InvalidInput, ProviderUnavailable
from models.ids import regenerate_workflow_id
from models.payments import StrayPayment
from models.progress import RunStatus
from models.studio import DRAFT_TAKE, StudioKind
from settings import Settings
from stores.purchases import Purchases
from tests.fakes.desk import finished_video
from tests.fakes.fal_server import KEY, FalServer
from tests.fakes.world import World, stores, world

__all__ = ["stores", "world"]


@pytest.fixture
def output(world: World, s3: Settings, monkeypatch: pytest.MonkeyPatch) -> Output:
    """Output to read; commands find the world instead of a stack."""
    stack = StackState(local=True, home=s3.home, temporal_address="", temporal_namespace="default")

    @asynccontextmanager
    async def session(output: Output) -> AsyncIterator[Session]:
        yield Session(Application(s3, world.client, world.stores), stack, output, world.account_id)

    monkeypatch.setattr(Session, "open", session)
    output = Output(as_json=False)
    output.console = Console(file=io.StringIO(), width=200)
    return output


def said(output: Output) -> str:
    assert isinstance(output.console.file, io.StringIO)
    text = output.console.file.getvalue()
    output.console.file.truncate(0)
    output.console.file.seek(0)
    return text


async def until_listed(state: RunStatus, video_id: str, output: Output) -> str:
    """The list, once the server's visibility has caught up."""
    while video_id not in (listed := await listing(state, output)):
        pass
    return listed


async def listing(state: RunStatus, output: Output) -> str:
    await support.list_runs("kim", state, output=output)
    return said(output)


async def test_a_parked_run_is_listed_retried_given_up_and_done_again(
    world: World, output: Output, tmp_path: Path
) -> None:
    def away(_count: int) -> None:
        raise ProviderUnavailable("The painter is away.")

    world.faults.plans["paint"] = away
    handle, _ = await world.start(world.request(world.add_song(tmp_path)))
    video_id = handle.id.removeprefix("generate-")
    await world.until(handle, lambda p: p.status is RunStatus.NEEDS_ATTENTION)

    listed = await until_listed(RunStatus.NEEDS_ATTENTION, video_id, output)
    (line,) = [line for line in listed.splitlines() if video_id in line]
    assert "image-generation" in line
    assert line.endswith("Song · film-noir: The painter is away.")
    with pytest.raises(InvalidInput, match=r"is not finished yet: The painter is away\."):
        await timeline(video_id, output=output)

    await support.retry("kim", everything=True, reason="it may be back", output=output)
    assert "1 runs try again." in said(output)
    await world.until(handle, lambda p: p.status is RunStatus.NEEDS_ATTENTION)
    await support.abandon(video_id, "It stays away.", "kim", output=output)
    assert "The account has 250 credits." in said(output)
    with pytest.raises(InvalidInput, match=r"was never finished: It stays away\."):
        await timeline(video_id, output=output)
    with pytest.raises(InvalidInput, match=r"There is no such video in your Vault\."):
        await timeline("video-unknown", output=output)

    del world.faults.plans["paint"]
    await support.reset(video_id, "image-generation", "the painter is back", "kim", output=output)
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    await support.show(video_id, "kim", output=output)
    assert "draft_ready, 200 credits captured" in said(output), "paid anew, after the refund of the abandonment"
    await support.refund(video_id, "it took so long", "kim", output=output)
    assert "200 credits given back" in said(output)
    with pytest.raises(InvalidInput, match="was given back before"):
        await support.refund(video_id, "and once more", "kim", output=output)
    actions = [(action.action.value, action.actor, action.reason) for action in world.stores.support.of(video_id)]
    assert actions == [
        ("retry", "kim", "it may be back"),
        ("abandon", "kim", "It stays away."),
        ("reset", "kim", "the painter is back (to image-generation)"),
        ("refund", "kim", "it took so long"),
    ]
    assert world.balance().available == 250


async def test_a_studio_operation_is_listed_and_refunded_once(world: World, output: Output, tmp_path: Path) -> None:
    desk = await finished_video(world, tmp_path)
    world.grant(200)
    made = await desk.do(StudioKind.VIDEO, 2)
    chosen = await desk.do(StudioKind.CHOOSE, 2, take_id=DRAFT_TAKE)
    operation_id, video_id = made.order.operation_id, desk.video_id
    assert world.balance().available == 200
    await support.show(video_id, "kim", output=output)
    listed = said(output)
    assert f"{operation_id}  video of scene 3: delivered, 50 credits" in listed
    assert f"{chosen.order.operation_id}  choose of scene 3: delivered, 0 credits" in listed

    for name in (video_id, regenerate_workflow_id(video_id, operation_id)):
        await replay(name, output=output)
        assert "it fits" in said(output)
    with pytest.raises(InvalidInput, match="no run generate-video-unknown"):
        await replay("video-unknown", output=output)

    for name in (operation_id, regenerate_workflow_id(video_id, operation_id)):
        await support.refund(name, "the clip flickers", "kim", output=output)
        assert "50 credits given back; the account has 250 credits." in said(output)
    with pytest.raises(InvalidInput, match="was given back before"):
        await support.refund(operation_id, "and once more", "kim", output=output)
    with pytest.raises(InvalidInput, match="Nothing was ever charged"):
        await support.refund(chosen.order.operation_id, "a choice is free", "kim", output=output)
    (action,) = world.stores.support.of(video_id)
    assert (action.actor, action.action.value) == ("kim", "refund")
    assert action.reason == f"the clip flickers (regenerate_video {operation_id})"
    await support.refund(video_id, "and the video, too", "kim", output=output)
    assert world.balance().available == 450, "the generation is a charge of its own"
    assert world.stores.ledger.verify().differences == ()


@pytest.mark.parametrize("ending", ["terminated", "reset"])
async def test_what_ended_from_outside_waits_for_nobody(
    world: World, output: Output, tmp_path: Path, ending: str
) -> None:
    """It cannot say so any more: it keeps the state that it had shown."""

    def away(_count: int) -> None:
        raise ProviderUnavailable("The painter is away.")

    world.faults.plans["paint"] = away
    handle, _ = await world.start(world.request(world.add_song(tmp_path)))
    video_id = handle.id.removeprefix("generate-")
    await world.until(handle, lambda p: p.status is RunStatus.NEEDS_ATTENTION)
    await until_listed(RunStatus.NEEDS_ATTENTION, video_id, output)
    if ending == "terminated":
        await handle.terminate()
    else:
        del world.faults.plans["paint"]
        await support.reset(video_id, "image-generation", "it is back", "kim", output=output)
        await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    async with asyncio.timeout(200):
        while video_id in await listing(RunStatus.NEEDS_ATTENTION, output):
            await asyncio.sleep(0.1)


async def test_operations_of_one_video_are_retried_together(world: World, output: Output, tmp_path: Path) -> None:
    def away(_count: int) -> None:
        raise ProviderUnavailable("The painter is away.")

    desk = await finished_video(world, tmp_path)
    world.faults.plans["paint"] = away
    tickets = [await desk.order(StudioKind.IMAGE, scene) for scene in (0, 2)]
    async with asyncio.timeout(200):
        while (await listing(RunStatus.NEEDS_ATTENTION, output)).count(desk.video_id) < len(tickets):
            await asyncio.sleep(0.1)
    del world.faults.plans["paint"]
    await support.retry("kim", everything=True, reason="it is back", output=output)
    assert "1 runs try again." in said(output)
    assert {(await desk.ended(ticket)).version for ticket in tickets} == {2, 3}
    assert len(world.stores.support.of(desk.video_id)) == 1


async def test_payments_that_nothing_was_granted_for_are_shown_and_settled(world: World, output: Output) -> None:
    strays = Purchases(world.stores.database).strays
    for number in (1, 2):
        facts = {"offer_id": "top-up-250", "paid_cents": 900, "currency": "usd", "email": "eve@example.org"}
        strays.note(StrayPayment(payment_id=f"pi_{number}", reason="It costs $10.00.", **facts))
    await accounts.payments(output=output)
    listed = said(output)
    assert "pi_1  9.00 USD  Top-up of 250 credits  eve@example.org" in listed
    assert "It costs $10.00." in listed
    before = world.balance().available
    for _ in range(2):
        await accounts.assign("pi_1", world.account_id, "she showed the receipt", "kim", output=output)
    await accounts.dismiss("pi_2", "given back at Stripe", "kim", output=output)
    assert world.balance().available == before + 250
    said(output)
    await accounts.payments(output=output)
    assert said(output).strip() == "No payment waits."
    actions = [one.action.value for subject in (world.account_id, "pi_2") for one in world.stores.support.of(subject)]
    assert actions == ["grant", "dismiss"]


async def test_support_sees_both_sums_and_what_fal_said(
    world: World, output: Output, fal_server: FalServer, tmp_path: Path
) -> None:
    await world.rest()
    world.engines.scenes, world.engines.duration_s = 2, 16.0
    world.provider = FalClient(KEY, choose())
    world.terms = dataclasses.replace(world.terms, capacity=40, poll_s=0.02, most_poll_s=0.1)
    await world.work()
    fates = ["face_detection_error", "downstream_service_unavailable"]
    fal_server.behaviour.job = lambda _, arguments: fates.pop() if "image_url" in arguments and fates else "ok"
    handle, _ = await world.start(world.request(world.add_song(tmp_path)))
    video_id = handle.id.removeprefix("generate-")
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    for is_support in (True, False):
        await (support.show(video_id, "kim", output=output) if is_support else timeline(video_id, output=output))
        text = said(output)
        assert "$0.2560 certain, and possibly $0.1760 more, for 4 calls" in text
        if is_support:
            assert "face_detection_error 422, billed: possible" in text
            assert "downstream_service_unavailable 500, billed: free" in text
