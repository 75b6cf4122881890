"""`up`: the local stack in the foreground."""

from typing import Annotated

import typer

from cli.output import Output


def up(
    reload: Annotated[bool, typer.Option("--reload", help="Restart worker and page when the code changes.")] = False,
) -> None:
    """Start Temporal, S3, a worker and the page; Ctrl-C stops them in order."""
    from cli.stack import run_stack_forever
    from settings import Settings

    run_stack_forever(Settings(), say=Output(as_json=False).say, reload=reload)
