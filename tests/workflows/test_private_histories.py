"""With codec keys, the Temporal server holds no word of an artist; a reader with the keys finds every one."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from google.protobuf.message import Message
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.query.v1 import WorkflowQuery
from temporalio.api.workflowservice.v1 import (
    DescribeWorkflowExecutionRequest,
    ListWorkflowExecutionsRequest,
    QueryWorkflowRequest,
)
from temporalio.client import WorkflowHistory

from models.brief import Brief, EnhanceRequest
from models.exports import ExportRequest
from models.failures import ContentRefused, ProviderUnavailable
from models.lyrics import read_lyrics
from models.progress import RunStatus
from models.search_attributes import SearchAttribute
from models.stages import STAGES
from models.studio import SceneEdit, StudioKind
from models.styles import STYLES
from models.support import RunLine
from models.vault import ExportKind
from models.wire import DATA_CONVERTER
from services import support
from services.progress import RunView
from services.replaying import replay
from settings import Settings
from stores.opening import Stores
from temporal.brief_previews import enhance_brief
from temporal.connection import connect
from temporal.exports import start_export
from temporal.resets import task_before
from tests.fakes.desk import Desk
from tests.fakes.engines import Faults
from tests.fakes.private import codec_of, keyed, new_key, payloads_in
from tests.fakes.world import QUICK, World

PROMPT, TITLE, EDIT, LYRIC, ARTIST, SHORT, REFUSED, AWAY, REASON = WORDS = (
    "zanzibar",
    "quokka",
    "müßiggang",
    "marmalade",
    "blackbird",
    "obsidian",
    "thunderhead",
    "velveteen",
    "saffron",
)
"""One for each place that takes an artist's, a provider's or a supporter's text."""

KEY = new_key()
METADATA_QUERY = "__temporal_workflow_metadata"
"""Asked by Temporal's own pages: the current details are in its answer."""

TYPES = {"GenerateVideo", "AnalyzeSong", "RegenerateScene", "ExportVideo", "EnhanceBrief"}
PATIENCE_S = 200.0

VALUES = {
    SearchAttribute.STYLE: {style.slug for style in STYLES},
    SearchAttribute.STAGE: {"", *(row.slug for row in STAGES.values())},
    SearchAttribute.STATE: {state.value for state in RunStatus},
    SearchAttribute.PROVIDER: {"local"},
}


class Kept(NamedTuple):
    """What the server has of one run, as it lies there."""

    history: WorkflowHistory
    messages: list[Message]

    def text(self) -> bytes:
        """All of it, with base64 undone: payloads' data are bytes in these messages."""
        return b"\n".join(message.SerializeToString() for message in (*self.history.events, *self.messages)).lower()


@pytest.fixture
async def private(temporal_address: str, stores: Stores) -> AsyncIterator[World]:
    """A world whose client and workers have a codec key."""
    settings = keyed(Settings(temporal_address=temporal_address), KEY)
    world = World(await connect(settings), stores, Faults())
    await world.work()
    yield world
    await world.end()


async def test_the_server_holds_no_word_of_the_artist_and_keys_open_all(private: World, tmp_path: Path) -> None:
    began = datetime.now(UTC)
    await story(private, tmp_path)
    plain = Settings(temporal_address=private.client.service_client.config.target_host)
    async with asyncio.timeout(PATIENCE_S):  # the server's index of runs comes a moment later than the runs
        while not types_of(kept := await everything_since(began, plain)) >= TYPES:
            await asyncio.sleep(0.05)

    leaks = {word: one.history.workflow_id for word in WORDS for one in kept if word.encode() in one.text()}
    assert leaks == {}

    codec = codec_of(KEY)
    opened = dict.fromkeys(WORDS, False)
    for one in kept:
        for message in (*one.history.events, *one.messages):
            for payload in payloads_in(message):
                text = codec.opened(payload).data.lower()
                opened = {word: found or word.encode() in text for word, found in opened.items()}
    assert [word for word, found in opened.items() if not found] == [], "the test would not see these"

    for one in kept:
        assert await replay(one.history, keyed(Settings(), KEY)) == len(one.history.events)
    with pytest.raises(ProviderUnavailable, match="ECHONOS_CODEC_KEYS"):
        await DATA_CONVERTER.decode(list(payloads_in(kept[0].history.events[0])))


def types_of(kept: list[Kept]) -> set[str]:
    return {one.history.events[0].workflow_execution_started_event_attributes.workflow_type.name for one in kept}


async def story(world: World, folder: Path) -> None:
    """A run that waits for support; Studio, with and without success; an export; a preview of a brief."""
    request = world.request(world.add_song(folder, heard=False))
    brief = Brief(prompt=f"{PROMPT} at night", style="film-noir", enhance=True, seed=1)
    request = request.model_copy(update={"song_title": TITLE, "brief": brief})

    def be_away(_count: int) -> None:
        raise ProviderUnavailable(f"The painter is away, says {AWAY}.")

    def refuse(_count: int) -> None:
        raise ContentRefused(f"Not with {REFUSED}.")

    world.faults.plans["paint"] = be_away
    handle, _ = await world.start(request)
    await world.until(handle, lambda p: p.status is RunStatus.NEEDS_ATTENTION)
    line = await parked_line(world, request.video_id)
    assert line.summary == f"{TITLE} · film-noir"
    assert AWAY in line.reason
    assert task_before(await handle.fetch_history(), "paint_still", world.client.data_converter)
    del world.faults.plans["paint"]
    await support.retry(world.app, "ada@example.org", request.video_id, f"Because of {REASON}.")
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)

    desk = Desk(world, request.video_id, handle, QUICK)
    assert (await desk.do(StudioKind.IMAGE, 1, edit=SceneEdit(prompt=f"{EDIT} by the sea"))).version == 2
    world.faults.plans["paint"] = refuse
    assert (await desk.do(StudioKind.IMAGE, 2)).failure is not None
    del world.faults.plans["paint"]

    lyrics = read_lyrics(f"[00:01.00]{LYRIC} skies\n[00:05.00]again".encode())
    export = ExportRequest(
        account_id=world.account_id,
        video_id=request.video_id,
        version=1,
        kind=ExportKind.LYRICS,
        title=TITLE,
        artist=ARTIST,
        style="film-noir",
        lyrics=lyrics,
        limits=QUICK,
    )
    await (await start_export(world.client, export)).result()
    preview = EnhanceRequest(account_id=world.account_id, brief=Brief(prompt=SHORT, style="film-noir", seed=1))
    assert SHORT in (await enhance_brief(world.client, preview)).prompt
    assert (await RunView(world.app, world.account_id, request.video_id).look()).progress.version == 2


async def parked_line(world: World, video_id: str) -> RunLine:
    """A run's line in support's list, once the server's index has it."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            for line in await support.list_runs(world.app, "ada@example.org", RunStatus.NEEDS_ATTENTION):
                if line.video_id == video_id:
                    return line
            await asyncio.sleep(0.05)


async def everything_since(began: datetime, settings: Settings) -> list[Kept]:
    """Histories, descriptions, list entries and current details of all runs since then, read without keys."""
    client = await connect(settings)
    service, namespace = client.workflow_service, client.namespace
    query = f"StartTime >= '{began.isoformat()}'"
    listed = await service.list_workflow_executions(ListWorkflowExecutionsRequest(namespace=namespace, query=query))
    found = []
    for entry in listed.executions:
        run = WorkflowExecution(workflow_id=entry.execution.workflow_id, run_id=entry.execution.run_id)
        described = await service.describe_workflow_execution(
            DescribeWorkflowExecutionRequest(namespace=namespace, execution=run)
        )
        details = await service.query_workflow(
            QueryWorkflowRequest(namespace=namespace, execution=run, query=WorkflowQuery(query_type=METADATA_QUERY))
        )
        history = await client.get_workflow_handle(run.workflow_id, run_id=run.run_id).fetch_history()
        found.append(Kept(history, [entry, described, details]))
        for name in {*SearchAttribute} & {*entry.search_attributes.indexed_fields}:
            value = str(DATA_CONVERTER.payload_converter.from_payload(entry.search_attributes.indexed_fields[name]))
            known = VALUES.get(SearchAttribute(name))
            assert value.startswith(("account-", "song-", "video-")) if known is None else value in known, name
    return found
