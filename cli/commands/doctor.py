"""`doctor`: which engines are in use, and whether every part works."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cli.exits import Exit
from cli.output import Output
from models.failures import NoServer
from settings import Settings

if TYPE_CHECKING:
    from services.diagnosis import Finding


async def doctor(
    prices: Annotated[bool, typer.Option("--prices", help="Compare our prices with fal's list, too.")] = False,
    *,
    output: Output,
) -> None:
    """Engines in use, and whether every configured part is reachable; exit code 4 when one is not."""
    if not await examine(Settings(), output, prices):
        raise typer.Exit(Exit.RUN_FAILED)


async def examine(settings: Settings, output: Output, prices: bool = False) -> bool:
    """Examine every configured part, and report it.

    Args:
        output: The command's output.
        prices: Compare the table of models with fal's price list, too.

    Returns:
        Whether all of it works.
    """
    from bootstrap import open_media
    from models.python_fixes import python_sentence
    from services import diagnosis

    findings = await _servers(settings, output)
    findings += await diagnosis.examine_engines(settings, lambda: open_media(settings).terms)
    if prices:
        findings += await diagnosis.prices(settings)
    healthy = all(finding.works for finding in findings)
    answer = {
        "healthy": healthy,
        "python": python_sentence(sys.version_info[:3]),
        "in_use": settings.composition().model_dump(),
        "findings": [finding.model_dump() for finding in findings],
    }
    lines = [f"{'ok' if one.works else 'NO':<3} {one.part:<12} {one.sentence}" for one in findings]
    remarks = [] if any(one.part == "python" for one in findings) else [f"    {'python':<12} {answer['python']}"]
    output.answer(answer, [*lines, *remarks, "Everything works." if healthy else "Something does not work."])
    return healthy


async def _servers(settings: Settings, output: Output) -> "list[Finding]":
    from cli.stack import ensure_stack, settings_for
    from cli.stack.plan import READY_FILE
    from services import diagnosis

    try:
        with ensure_stack(settings, say=output.say) as stack:
            used = diagnosis.composition_of(stack.home / READY_FILE) if stack.local else None
            return await diagnosis.examine_servers(settings_for(stack, settings), used)
    except NoServer as error:
        failed = diagnosis.Finding(part="stack", works=False, sentence=error.message)
        return [failed, *await diagnosis.examine_machine(settings, local_store=True)]
