"""Versions of the workers: deploying one, and retiring one."""

from cli.exits import RunFailed
from cli.output import Output
from cli.session import open_session
from workflows.deployments import make_current, use_of


async def deploy_version(version: str, patience_s: float, output: Output) -> None:
    """Make a version the current one and wait until it is."""
    async with open_session(output) as session:
        await make_current(session.client, version, patience_s)
    output.answer({"current": version}, [f"Version {version} is the current one."])


async def drain_version(version: str, output: Output) -> None:
    """Say whether a version's workers may be stopped for good."""
    async with open_session(output) as session:
        use = await use_of(session.client, version)
    if use.is_current:
        raise RunFailed(f"Version {version} is the current one; deploy another one first.")
    if use.pinned:
        raise RunFailed(f"{use.pinned} open runs can only end on version {version}; let its workers serve until then.")
    lines = [f"No run needs version {version} any more: its workers can be stopped."]
    if use.upgrading:
        lines.append(f"{use.upgrading} open runs were last there and go on with the current version.")
    output.answer({"version": version, "pinned": use.pinned, "upgrading": use.upgrading}, lines)
