"""Without a terminal: a line for everything that belongs into a log."""

import io
from collections.abc import AsyncIterator

from rich.console import Console

from cli.live import show
from cli.output import Output
from models.progress import Progress, StageName, StageProgress, StageStatus


async def test_long_stages_say_how_far_they_are() -> None:
    async def updates() -> AsyncIterator[Progress]:
        for done in (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10):
            status = StageStatus.DONE if done == 10 else StageStatus.RUNNING
            stage = StageProgress(name=StageName.STILLS, status=status, done=done, total=10)
            yield Progress(video_id="v", stages=(stage,))

    output = Output(as_json=False)
    output.console = Console(file=io.StringIO())
    await show(updates(), output)
    assert isinstance(output.console.file, io.StringIO)
    assert output.console.file.getvalue().splitlines() == [
        "▸ image generation running",
        "▸ image generation running (3 of 10)",
        "▸ image generation running (5 of 10)",
        "▸ image generation running (8 of 10)",
        "✓ image generation done (10)",
    ]
