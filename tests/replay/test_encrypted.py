"""Recorded histories replay as they would have been recorded with codec keys, and half and half."""

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory

from services.replaying import replay
from settings import Settings
from tests.fakes.private import codec_of, keyed, new_key, sealed_history
from tests.replay.test_replay import load

HISTORIES = Path(__file__).parent / "histories"
KEY = new_key()
NAMES = (
    "success",
    "bought",
    "analysis",
    "failed",
    "deleted",
    "exported",
    "studio-continued",
    "regenerated-image",
    "rebuilt",
)
"""One of each kind of run."""


@pytest.mark.parametrize("name", NAMES)
async def test_an_encrypted_history_replays(name: str) -> None:
    history = load(HISTORIES / f"{name}.json")
    sealed = sealed_history(history, codec_of(KEY))
    assert await replay(sealed, keyed(Settings(), KEY)) == len(history.events)


async def test_a_run_from_before_the_keys_goes_on_with_them() -> None:
    history = load(HISTORIES / "success.json")
    sealed, half = sealed_history(history, codec_of(KEY)), len(history.events) // 2
    mixed = WorkflowHistory(history.workflow_id, [*history.events[:half], *sealed.events[half:]])
    assert await replay(mixed, keyed(Settings(), KEY)) == len(history.events)
