"""The live view of a run on a terminal, and its plain lines elsewhere."""

import math
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from rich.console import Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from cli.output import Output
from models.progress import Progress, SceneStatus, StageProgress, StageStatus
from models.standstill import StandstillCause

_MARKS = {
    StageStatus.PENDING: ("·", "dim"),
    StageStatus.RUNNING: ("▸", "cyan"),
    StageStatus.DONE: ("✓", "green"),
    StageStatus.FAILED: ("✗", "red"),
    StageStatus.WAITING: ("‖", "yellow"),
}
_SCENES = {SceneStatus.PENDING: ("·", "dim"), SceneStatus.STILL: ("▪", "yellow"), SceneStatus.CLIP: ("■", "cyan")}
_REFRESHES_PER_S = 8
_QUARTERS = 4


async def show(updates: AsyncIterator[Progress], output: Output) -> Progress:
    """Show a run until it settles; returns its last progress."""
    last: Progress | None = None
    if output.live:
        with Live(console=output.console, refresh_per_second=_REFRESHES_PER_S) as live:
            async for last in updates:
                live.update(_view(last))
    else:
        said: set[str] = set()
        stands: StandstillCause | None = None
        async for last in updates:
            cause = last.standstill.cause if last.standstill is not None else None
            if last.standstill is not None and cause is not stands:
                output.say(last.standstill.sentence)
            stands = cause
            for line in _lines(last):
                if line not in said:
                    said.add(line)
                    output.say(line)
    if last is None:
        raise RuntimeError("a watch always yields at least once")
    return last


def _view(progress: Progress) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    for stage in progress.stages:
        mark, style = _MARKS[stage.status]
        table.add_row(
            Text(mark, style), Text(stage.name, style), _count(stage), Text(_took(stage), "dim"), _note(stage)
        )
    strip = Text.assemble(*(_SCENES[scene] for scene in progress.scenes))
    bar = Table.grid(padding=(0, 2))
    bar.add_row(ProgressBar(total=1.0, completed=progress.fraction_done, width=40), Text(_left(progress), "dim"))
    stands = [] if progress.standstill is None else [Text(progress.standstill.sentence, "yellow")]
    return Group(table, Text(""), strip, bar, *stands)


def _lines(progress: Progress) -> list[str]:
    lines = []
    for stage in progress.stages:
        if stage.status is StageStatus.PENDING:
            continue
        mark, _ = _MARKS[stage.status]
        count = f" ({stage.done})" if stage.status is StageStatus.DONE and stage.total > 1 else ""
        tail = f" in {_took(stage)}" if stage.finished_at else ""
        reason = f": {stage.sentence}" if stage.status in (StageStatus.WAITING, StageStatus.FAILED) else ""
        # Stages of many pieces take minutes: between their first line and their last, one for each quarter.
        quarter = stage.done * _QUARTERS // stage.total if stage.status is StageStatus.RUNNING and stage.total else 0
        if quarter:
            count = f" ({math.ceil(quarter * stage.total / _QUARTERS)} of {stage.total})"
        lines.append(f"{mark} {stage.name} {stage.status}{count}{tail}{reason}")
    return lines


def _count(stage: StageProgress) -> Text:
    return Text(f"{stage.done}/{stage.total}" if stage.total > 1 else "", "dim", justify="right")


def _took(stage: StageProgress) -> str:
    if stage.started_at is None:
        return ""
    seconds = ((stage.finished_at or datetime.now(UTC)) - stage.started_at).total_seconds()
    return f"{seconds:.1f} s"


def _note(stage: StageProgress) -> Text:
    if stage.attempt is not None:
        return Text(f"attempt {stage.attempt} · {stage.last_failure}", "yellow")
    return Text("" if stage.status is StageStatus.DONE else stage.sentence, "dim")


def _left(progress: Progress) -> str:
    if progress.expected_finish_at is None:
        return progress.sentence
    seconds = max(0.0, (progress.expected_finish_at - datetime.now(UTC)).total_seconds())
    return f"{progress.fraction_done:.0%} · about {seconds:.0f} s left"
