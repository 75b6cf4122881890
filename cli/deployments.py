"""Versions of the workers: deploying one, and retiring one."""

from cli.exits import RunFailed
from cli.output import Output
from cli.session import open_session
from workflows.deployments import VersionUse, make_current, move_runs, use_of


async def deploy_version(version: str, patience_s: float, output: Output) -> None:
    """Make a version the current one and wait until it is."""
    async with open_session(output) as session:
        await make_current(session.client, version, patience_s)
    output.answer({"current": version}, [f"Version {version} is the current one."])


async def drain_version(version: str, move: bool, patience_s: float, output: Output) -> None:
    """Say whether a version's workers may be stopped for good; with `move`, have open runs leave it first."""
    async with open_session(output) as session:
        use = await use_of(session.client, version)
        if move and not use.is_current and use.upgrading:
            use = await move_runs(session.client, version, patience_s)
    if not use.is_free:
        raise RunFailed(_still_needed(version, use, moved=move))
    output.answer({"version": version}, [f"No run needs version {version} any more: its workers can be stopped."])


def _still_needed(version: str, use: VersionUse, *, moved: bool) -> str:
    if use.is_current:
        return f"Version {version} is the current one; deploy another one first."
    if use.pinned:
        return f"{use.pinned} open runs can only end on version {version}; let its workers serve until then."
    if moved:
        return (
            f"{use.upgrading} open runs have not left version {version} yet; see that workers of the current version "
            "serve, and ask again."
        )
    return (
        f"{use.upgrading} open runs are still on version {version} and leave it with their next step; "
        f"`starter.py drain {version} --move` has them take it now."
    )
