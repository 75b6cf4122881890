"""Versions of the workers: make one current, and check whether one may be retired."""

from models.failures import RunFailed
from services.app import App
from temporal.deployments import VersionUse, make_current, move_runs, use_of


async def deploy(app: App, version: str, patience_s: float) -> None:
    """Make a version the current one; see `make_current`."""
    await make_current(app.client, version, patience_s)


async def drain(app: App, version: str, move: bool, patience_s: float) -> None:
    """Make sure that no run needs a version any more.

    Args:
        version: A worker's `ECHONOS_BUILD_ID`, or `unversioned`.
        move: Move open runs to the current version first.
        patience_s: The longest wait for them.

    Raises:
        RunFailed: The version is current, or a run is open on it; the sentence says what to do.
    """
    use = await use_of(app.client, version)
    if move and not use.is_current and use.upgrading:
        use = await move_runs(app.client, version, patience_s)
    if not use.is_free:
        raise RunFailed(_still_needed(version, use, moved=move))


def _still_needed(version: str, use: VersionUse, *, moved: bool) -> str:
    if use.is_current:
        return f"Version {version} is the current one; deploy another one first."
    if use.pinned:
        return f"{use.pinned} open runs can only end on version {version}; let its workers serve until then."
    if moved:
        return (
            f"{use.upgrading} open runs have not left version {version} yet; check that workers of the current version "
            "run, and try again."
        )
    return (
        f"{use.upgrading} open runs are still on version {version} and leave it with their next step; "
        f"`starter.py drain {version} --move` moves them now."
    )
