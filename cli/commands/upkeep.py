"""`replay`, `deploy`, `drain` and `ledger`: is this code good for those runs, and are the books right?"""

import asyncio
import getpass
from typing import Annotated

import typer

from cli.commands.reasons import in_words
from cli.output import Output

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]

ledger = typer.Typer(help="The books.", no_args_is_help=True)


def replay(
    source: Annotated[str, typer.Argument(metavar="ID|FILE", help="A video's or workflow's id, or a history file.")],
    as_json: AsJson = False,
) -> None:
    """Replay a history against this code; exit code 4 when the code has diverged from it."""
    from cli.upkeep import replay_history

    asyncio.run(replay_history(source, Output(as_json)))


def deploy(
    version: Annotated[str, typer.Argument(help="A worker's ECHONOS_BUILD_ID; `unversioned`: workers without one.")],
    patience_s: Annotated[float, typer.Option("--wait", min=0, help="How long its workers may take, in s.")] = 60,
    as_json: AsJson = False,
) -> None:
    """Make a version of the workers the current one, and wait until it is."""
    from cli.deployments import deploy_version

    asyncio.run(deploy_version(version, patience_s, Output(as_json)))


def drain(
    version: Annotated[str, typer.Argument(help="The version that is to be retired.")],
    move: Annotated[bool, typer.Option("--move", help="Have open runs go on with the current version now.")] = False,
    patience_s: Annotated[float, typer.Option("--wait", min=0, help="How long they may take, in s.")] = 60,
    as_json: AsJson = False,
) -> None:
    """May a version's workers be stopped for good? Exit code 4 while it is current or a run is open on it."""
    from cli.deployments import drain_version

    asyncio.run(drain_version(version, move, patience_s, Output(as_json)))


@ledger.command()
def verify(as_json: AsJson = False) -> None:
    """Recompute all balances from the entries; exit code 4 when they differ."""
    from cli.upkeep import verify_ledger

    asyncio.run(verify_ledger(Output(as_json)))


@ledger.command()
def rebuild(
    reason: Annotated[str, typer.Option(help="Why; kept in the audit.", callback=in_words)],
    actor: Annotated[str, typer.Option("--as", help="Who acts; kept in the audit.", default_factory=getpass.getuser)],
    as_json: AsJson = False,
) -> None:
    """Put right what is kept beside the entries; entries are never changed. Exit code 4 when they are wrong."""
    from cli.upkeep import rebuild_ledger

    asyncio.run(rebuild_ledger(reason, actor, Output(as_json)))
