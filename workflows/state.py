"""The state of a run in one serializable model, with the bookkeeping behind `progress`.

It holds keys and small facts only, so that continue-as-new can carry it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel

from models.credits import Balance
from models.ids import regenerate_workflow_id
from models.paid_media import SpendingPlan
from models.progress import (
    BoardProgress,
    FailureNote,
    OperationProgress,
    OperationStage,
    Progress,
    RunStatus,
    SceneStatus,
    StageName,
    StageProgress,
    StageStatus,
)
from models.stages import STAGES
from models.studio import StudioKind
from models.takes import Take
from workflows.time_left import expected_finish_at, share_done

USUAL_STAGES = tuple(name for name in StageName if not STAGES[name].optional)
"""The stages of a run without a storyboard."""


class StageState(BaseModel):
    """One stage, mutable."""

    name: StageName
    status: StageStatus = StageStatus.PENDING
    done: int = 0
    total: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    sentence: str = ""
    waits_for: str = ""


class OperationState(BaseModel):
    """A Studio operation that the run must finish."""

    operation_id: str
    kind: StudioKind
    scene_index: int | None = None
    stage: OperationStage = OperationStage.QUEUED


class FilmedScene(BaseModel):
    """A scene of a storyboard whose clip is made."""

    segment: str
    words_key: str = ""
    marks: tuple[str, ...] = ()
    footage: Take | None = None
    """The bought clip, for scenes that show it again."""


class BoardState(BaseModel):
    """The storyboard of a run; the board itself is in the Vault."""

    revision: int = 0
    board_key: str = ""
    analysis_key: str = ""
    scene_ids: tuple[int, ...] = ()
    approved: tuple[int, ...] = ()
    filmed: dict[int, FilmedScene] = {}
    clips_planned: int = 0
    spending: SpendingPlan | None = None
    repainted_micro_usd: int = 0
    answered_at: datetime
    answer_by: datetime | None = None
    warned: bool = False
    open: bool = False

    def with_repaints(self) -> SpendingPlan | None:
        """The cost limit, moved by what repaints have cost: the artist has paid for them, or was given them."""
        plan = self.spending
        if plan is None or not plan.estimate_micro_usd:
            return plan
        moved = plan.estimate_micro_usd + round(self.repainted_micro_usd / plan.park_at)
        return plan.model_copy(update={"estimate_micro_usd": moved})

    @property
    def waits(self) -> bool:
        """Whether the artist is to decide on something."""
        return self.open and len(self.approved) < len(self.scene_ids)


class RunState(BaseModel):
    """The whole state of a run."""

    video_id: str
    status: RunStatus = RunStatus.RUNNING
    sentence: str = "Getting ready."
    started_at: datetime
    updated_at: datetime
    stages: list[StageState]
    scenes: list[SceneStatus] = []
    lengths: list[int] = []
    """Of the scenes, in frames, where filming takes time by them."""
    admitted_amount: int | None = None
    balance: Balance | None = None
    version: int = 0
    timeline_key: str | None = None
    credits_charged: int = 0
    failure: FailureNote | None = None
    scene_count: int = 0
    operations: list[OperationState] = []
    closing: bool = False
    board: BoardState | None = None

    @classmethod
    def new(cls, video_id: str, now: datetime, names: Iterable[StageName] = USUAL_STAGES) -> "RunState":
        """The state of a new run."""
        stages = [StageState(name=name, total=1) for name in names]
        return cls(video_id=video_id, started_at=now, updated_at=now, stages=stages)

    def carried(self) -> dict[str, Any]:
        """The state to carry into the run that continues this one."""
        return self.model_dump(mode="json")

    def stage(self, name: StageName) -> StageState:
        """One stage by name."""
        return next(stage for stage in self.stages if stage.name is name)

    def begin(self, name: StageName, now: datetime, sentence: str, total: int | None = None) -> None:
        """Start a stage; a repeated call only updates sentence and total."""
        stage = self.stage(name)
        if stage.status is StageStatus.PENDING:
            stage.status, stage.started_at = StageStatus.RUNNING, now
        if total is not None:
            stage.total = total
        if stage.status is not StageStatus.WAITING:
            stage.sentence = sentence
        if self.status is RunStatus.RUNNING:
            self.sentence = sentence
        self.updated_at = now

    def advance(self, name: StageName, now: datetime, count: int, sentence: str) -> timedelta | None:
        """Count `count` more finished pieces of a stage; returns how long a stage took that this finished."""
        stage = self.stage(name)
        stage.done += count
        if stage.status is not StageStatus.WAITING:
            stage.sentence = sentence
        self.updated_at = now
        if stage.done < stage.total:
            return None
        was_done = stage.status is StageStatus.DONE
        stage.status, stage.finished_at = StageStatus.DONE, now
        return None if was_done or stage.started_at is None else now - stage.started_at

    def wait(self, name: StageName, now: datetime, reason: str, kind: str = "") -> None:
        """Park a stage, for a failure of a kind."""
        stage = self.stage(name)
        stage.waits_for = kind
        stage.status, stage.sentence, stage.started_at = StageStatus.WAITING, reason, stage.started_at or now
        self.status, self.sentence, self.updated_at = RunStatus.NEEDS_ATTENTION, reason, now

    def resume(self, name: StageName, now: datetime) -> None:
        """Continue a parked stage."""
        stage = self.stage(name)
        if stage.status is StageStatus.WAITING:
            stage.status, stage.sentence = StageStatus.RUNNING, "Trying again."
        if all(s.status is not StageStatus.WAITING for s in self.stages):
            self.status, self.sentence = RunStatus.RUNNING, "Working."
            self.await_artist()
            self.rest()
        self.updated_at = now

    def await_artist(self) -> None:
        """With a storyboard: wait for its artist, or go on once everything is approved; a parked run stays parked."""
        board = self.board
        if board is None or self.version or self.status is RunStatus.NEEDS_ATTENTION:
            return
        total, approved = len(board.scene_ids), len(board.approved)
        self.stage(StageName.STORYBOARD).total, self.stage(StageName.STORYBOARD).done = total, approved
        if board.waits:
            self.status = RunStatus.WAITING_FOR_ARTIST
            self.sentence = f"Waiting for you: {approved} of {total} scenes are approved."
            if board.warned and board.answer_by is not None:
                self.sentence = f"Waiting for you until {board.answer_by:%d %B, %H:%M} UTC; then the video is stopped."
        else:
            self.status, self.sentence = RunStatus.RUNNING, "Filming the scenes."

    def rest(self) -> None:
        """After version 1 a run is never `running`: its video is ready, even while more is being made."""
        if self.version:
            self.status, self.sentence = RunStatus.DRAFT_READY, "The draft is ready."
        if self.version > 1:
            self.sentence = f"Version {self.version} is ready."

    def reopen(self, version: int, timeline_key: str, credits_charged: int) -> None:
        """Mark all stages as done: an earlier run made the video."""
        for stage in self.stages:
            stage.status, stage.done = StageStatus.DONE, stage.total
        self.version, self.credits_charged = version, credits_charged
        self.timeline_key = timeline_key or self.timeline_key
        self.rest()

    def end(self, status: RunStatus, now: datetime, note: FailureNote | None, sentence: str) -> None:
        """End the run without a draft, and mark its open stages."""
        for stage in self.stages:
            if stage.status in (StageStatus.RUNNING, StageStatus.WAITING):
                stage.status, stage.finished_at, stage.sentence = StageStatus.FAILED, now, sentence
        self.status, self.sentence, self.failure, self.updated_at = status, sentence, note, now

    @property
    def active_stage(self) -> StageName | None:
        """The last stage of the chain that is at work."""
        busy = (StageStatus.RUNNING, StageStatus.WAITING)
        return next((stage.name for stage in reversed(self.stages) if stage.status in busy), None)

    @property
    def fraction_done(self) -> float:
        """The fraction done, 0…1, from each stage's usual share of the time."""
        if self.version:
            return 1.0
        return min(0.99, share_done(self.stages))

    def progress(self) -> Progress:
        """The answer to the `progress` query."""
        running = self.status is RunStatus.RUNNING
        return Progress(
            video_id=self.video_id,
            status=self.status,
            sentence=self.sentence,
            stages=tuple(StageProgress(**stage.model_dump()) for stage in self.stages),
            scenes=tuple(self.scenes),
            fraction_done=round(self.fraction_done, 4),
            started_at=self.started_at,
            updated_at=self.updated_at,
            # The pace of a run that has waited for its artist says nothing.
            expected_finish_at=self._expected_finish_at() if running and self.board is None else None,
            version=self.version,
            timeline_key=self.timeline_key,
            credits_charged=self.credits_charged,
            failure=self.failure,
            operations=tuple(self._operation(one) for one in self.operations),
            board=self._board(),
        )

    def _board(self) -> BoardProgress | None:
        board = self.board
        if board is None:
            return None
        return BoardProgress(
            revision=board.revision,
            scenes=len(board.scene_ids),
            scene_ids=board.scene_ids,
            approved=len(board.approved),
            filmed=sum(one in board.filmed for one in board.approved),
            open=board.open and self.failure is None,
            answer_by=board.answer_by if board.waits else None,
            warned=board.warned,
        )

    def _expected_finish_at(self) -> datetime | None:
        return expected_finish_at(self.stages, self.updated_at, self.scenes, self.lengths)

    def _operation(self, one: OperationState) -> OperationProgress:
        made = one.kind.charged_as is not None
        workflow_id = regenerate_workflow_id(self.video_id, one.operation_id) if made else ""
        return OperationProgress(**one.model_dump(), workflow_id=workflow_id)

    def details(self) -> str:
        """The run as a short Markdown page for the Temporal UI."""
        rows = [f"| {s.name} | {s.status} | {s.done}/{s.total} | {s.sentence} |" for s in self.stages]
        page = [f"**{self.status}**: {self.sentence}", "", "| stage | status | done | |", "| --- | --- | --- | --- |"]
        if self.status is RunStatus.NEEDS_ATTENTION:
            rows += [
                "",
                "Once the cause is gone, send the Update `retry_stage` with the input "
                '`{"reason": "why"}` (More Actions → Send an Update). The Update `abandon`, with the same input, '
                "gives up with a refund.",
            ]
        return "\n".join(page + rows)
