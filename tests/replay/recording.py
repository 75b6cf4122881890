"""Keeps a scenario's history, without what differs from machine to machine (identities, stack traces with paths)."""

import json
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowHandle

FOLDER = Path(__file__).parent / "histories"
SCENES = 3


async def save(handle: WorkflowHandle[Any, Any], name: str) -> None:
    """Fetch, scrub and write one history; what was recorded once is never recorded anew."""
    path = FOLDER / f"{name}.json"
    if path.exists():
        return
    history = json.loads((await handle.fetch_history()).to_json())
    FOLDER.mkdir(exist_ok=True)
    path.write_text(json.dumps(scrubbed(history), separators=(",", ":")) + "\n")


def scrubbed(value: Any) -> Any:
    """The history without what names a machine."""
    if isinstance(value, dict):
        return {k: "worker" if k == "identity" else scrubbed(v) for k, v in value.items() if k != "stackTrace"}
    return [scrubbed(item) for item in value] if isinstance(value, list) else value


def fail(error: Exception) -> Any:
    def plan(_count: int) -> None:
        raise error

    return plan
