"""`live-smoke`: a smoke test of the paid services."""

from typing import Annotated

import typer

from cli.exits import Exit
from cli.output import Output
from settings import Settings


async def live_smoke(
    most_usd: Annotated[float, typer.Option(min=0, help="Refuse when it could cost more, in dollars.")] = 1.0,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before buying.")] = False,
    every_model: Annotated[
        bool, typer.Option("--every-model", help="Send a malformed request to each clip model, not to the bought one.")
    ] = False,
    *,
    output: Output,
) -> None:
    """Buy one of each with your keys and report differences from our tables; exit code 4 where there are any."""
    if not await smoke(Settings(), most_usd, yes, output, every_model):
        raise typer.Exit(Exit.RUN_FAILED)


async def smoke(settings: Settings, most_usd: float, yes: bool, output: Output, every_model: bool = False) -> bool:
    """Show the purchases, ask, buy, compare, report.

    Args:
        settings: The settings with the keys of the services to test.
        most_usd: The limit of the whole cost.
        yes: Do not ask.
        output: The command's output.
        every_model: Send a malformed request to each clip model of the table.

    Returns:
        Whether the services match our tables.

    Raises:
        InvalidInput: No key is set, Stripe's is one for real money, it would cost too much, or a person said no.
    """
    from services import live_smoke

    shopping = live_smoke.plan(settings, most_usd, every_model)
    at_most = sum(one.most_usd for one in shopping)
    for wanted in shopping:
        output.say(f"up to ${wanted.most_usd:.3f}  {wanted.what}")
    output.say(f"up to ${at_most:.2f}  in all")
    output.ask("Buy this?", yes, "Nothing was bought.")
    seen = []
    async for one in live_smoke.look(settings, every_model):
        output.say(f"{'DIFFERS' if one.differs else 'ok':<8}{one.part:<18}{one.sentence}")
        seen.append(one)
    differs = [one for one in seen if one.differs]
    lines = [f"{one.part}: {one.sentence}" for one in differs] or ["Everything is as our tables say."]
    answer = {"as_in_tables": not differs, "most_usd": at_most, "seen": [one.model_dump() for one in seen]}
    output.answer(answer, lines)
    return not differs
