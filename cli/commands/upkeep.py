"""`replay`, `deploy`, `drain` and `ledger`: check code against runs, and balances against the journal."""

from pathlib import Path
from typing import Annotated

import typer

from cli.options import Actor, Reason, command
from cli.output import Output
from cli.session import Session

ledger = typer.Typer(help="The books.", no_args_is_help=True)


async def replay(
    source: Annotated[str, typer.Argument(metavar="ID|FILE", help="A video's or workflow's id, or a history file.")],
    *,
    output: Output,
) -> None:
    """Replay a history against this code; exit code 4 when the code has diverged from it."""
    from services import replaying
    from settings import Settings

    if Path(source).is_file():
        history = replaying.read_history(Path(source))
    else:
        async with Session.open(output) as session:
            history = await replaying.fetch_history(session.app, source)
    events = await replaying.replay(history, Settings())
    output.answer({"source": source, "events": events, "diverged": False}, [f"{events} events replayed: it fits."])


async def deploy(
    version: Annotated[str, typer.Argument(help="A worker's ECHONOS_BUILD_ID; `unversioned`: workers without one.")],
    patience_s: Annotated[float, typer.Option("--wait", min=0, help="The longest wait for its workers, in s.")] = 60,
    *,
    output: Output,
) -> None:
    """Make a version of the workers the current one, and wait until it is."""
    from services import worker_versions

    async with Session.open(output) as session:
        await worker_versions.deploy(session.app, version, patience_s)
    output.answer({"current": version}, [f"Version {version} is the current one."])


async def drain(
    version: Annotated[str, typer.Argument(help="The version to retire.")],
    move: Annotated[bool, typer.Option("--move", help="Move open runs to the current version now.")] = False,
    patience_s: Annotated[float, typer.Option("--wait", min=0, help="The longest wait for them, in s.")] = 60,
    *,
    output: Output,
) -> None:
    """Check whether a version's workers may be stopped. Exit code 4 while it is current or a run is open on it."""
    from services import worker_versions

    async with Session.open(output) as session:
        await worker_versions.drain(session.app, version, move, patience_s)
    output.answer({"version": version}, [f"No run needs version {version} any more: its workers can be stopped."])


@command(ledger)
async def verify(*, output: Output) -> None:
    """Recompute all balances from the entries; exit code 4 when they differ."""
    from services import credits

    async with Session.open(output) as session:
        report = credits.verify(session.app)
    counted = f"{report.accounts} accounts, {report.transactions} transactions, {report.entries} entries"
    output.answer(report, [f"All balances agree with the entries: {counted}."])


@command(ledger)
async def rebuild(reason: Reason, actor: Actor, *, output: Output) -> None:
    """Recompute cached balances from the entries, which never change. Exit code 4 when the entries are wrong."""
    from services import credits

    async with Session.open(output) as session:
        before = credits.rebuild(session.app, actor, reason)
    found = [f"Was: {difference}" for difference in before.differences]
    output.answer({"put_right": list(before.differences)}, [*found, "Cached balances agree with the entries now."])
