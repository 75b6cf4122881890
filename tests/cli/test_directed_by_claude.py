"""The whole product with a key: a stack whose worker asks Claude, from the song to the timeline and the bill."""

import asyncio
import json

import pytest

from cli.commands.doctor import examine
from cli.commands.support import show
from cli.output import Output
from cli.stack import settings_for
from cli.stack.plan import READY_FILE
from models.composition import Composition
from models.progress import RunStatus
from services.diagnosis import composition_of
from services.songs import CheckedSong
from settings import Settings
from tests.fakes.anthropic_server import KEY, AnthropicServer, anthropic_server
from tests.fakes.live import LiveStack, live, short_song, stack_settings
from workflows.generate_video import GenerateVideo

__all__ = ["anthropic_server", "live", "short_song", "stack_settings"]

PATIENCE_S = 200.0


@pytest.fixture(scope="session")
def demo_song(short_song: CheckedSong) -> CheckedSong:
    """The stack's song: a short one, because nothing here depends on its length."""
    return short_song


@pytest.fixture
def with_a_key(anthropic_server: AnthropicServer, monkeypatch: pytest.MonkeyPatch) -> AnthropicServer:
    """The environment of whatever is started afterwards."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    monkeypatch.setenv("ANTHROPIC_BASE_URL", anthropic_server.url)
    return anthropic_server


async def test_a_video_directed_by_claude(
    with_a_key: AnthropicServer,
    live: LiveStack,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert composition_of(live.base.home / READY_FILE) == Composition(director="anthropic")
    handle, request = await live.start()
    async with asyncio.timeout(PATIENCE_S):
        while (progress := await handle.query(GenerateVideo.progress)).status is RunStatus.RUNNING:
            await asyncio.sleep(0.2)
    assert progress.status is RunStatus.DRAFT_READY, progress
    timeline = live.stores.vault.timeline(live.account_id, request.video_id, 1)
    assert not any(scene.marks for scene in timeline.scenes)
    assert "walks past the window" in timeline.scenes[0].prompt
    assert live.stores.objects.size(timeline.video_key)

    # With settings that name the stack's servers one by one.
    there = settings_for(live.state, live.base)
    options = there.store_options()
    monkeypatch.setenv("ECHONOS_ENVIRONMENT", "development")
    monkeypatch.setenv("ECHONOS_TEMPORAL_ADDRESS", there.temporal_address or "")
    for name in ("database_url", "s3_endpoint", "s3_access_key", "s3_secret_key"):
        monkeypatch.setenv(f"ECHONOS_{name.upper()}", options[name] or "")
    capsys.readouterr()
    await show(request.video_id, "kim", output=Output(as_json=True))
    spending = json.loads(capsys.readouterr().out)["spending"]
    assert spending["calls"] == len(with_a_key.asked) > 5
    assert spending["cost_micro_usd"] == live.stores.spending.total_micro_usd(request.video_id) > 0
    assert {line["stage"] for line in spending["lines"]} == {
        "creative vision", "casting", "shot specification", "prompt engineering"
    }  # fmt: skip
    assert any(line["cache_read_tokens"] for line in spending["lines"])
    await show(request.video_id, "kim", output=Output(as_json=False))
    assert f"for {len(with_a_key.asked)} calls" in capsys.readouterr().out

    assert await examine(Settings(), Output(as_json=True))
    told = json.loads(capsys.readouterr().out)
    assert told["in_use"] == Composition(director="anthropic").model_dump()
