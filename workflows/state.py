"""The state of a run in one serializable model, with the bookkeeping behind `progress`.

It holds keys and small facts only, so that continue-as-new can carry it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel

from models.credits import Balance
from models.progress import (
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
from models.routing import regenerate_workflow_id
from models.studio import StudioKind

_WEIGHTS: dict[StageName, float] = {
    StageName.ANALYSIS: 0.10,
    StageName.VISION: 0.02,
    StageName.CASTING: 0.01,
    StageName.PLANNING: 0.01,
    StageName.SHOTS: 0.02,
    StageName.PROMPTS: 0.02,
    StageName.STILLS: 0.25,
    StageName.CLIPS: 0.53,
    StageName.ASSEMBLY: 0.04,
}
"""Shares of a typical run's time; only the estimate of the time left depends on them."""

_ESTIMATE_FROM = 0.05
"""Below this fraction an estimate would be a guess."""


class StageState(BaseModel):
    """One stage, mutable."""

    name: StageName
    status: StageStatus = StageStatus.PENDING
    done: int = 0
    total: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    sentence: str = ""


class OperationState(BaseModel):
    """A Studio operation that the run has to see to."""

    operation_id: str
    kind: StudioKind
    scene_index: int | None = None
    stage: OperationStage = OperationStage.QUEUED


class RunState(BaseModel):
    """Everything a run knows."""

    video_id: str
    status: RunStatus = RunStatus.RUNNING
    sentence: str = "Getting ready."
    started_at: datetime
    updated_at: datetime
    stages: list[StageState]
    scenes: list[SceneStatus] = []
    admitted_amount: int | None = None
    balance: Balance | None = None
    version: int = 0
    timeline_key: str | None = None
    credits_charged: int = 0
    failure: FailureNote | None = None
    scene_count: int = 0
    operations: list[OperationState] = []
    closing: bool = False

    @classmethod
    def new(cls, video_id: str, now: datetime, names: Iterable[StageName] = StageName) -> "RunState":
        """The state of a run that begins."""
        stages = [StageState(name=name, total=1) for name in names]
        return cls(video_id=video_id, started_at=now, updated_at=now, stages=stages)

    def carried(self) -> dict[str, Any]:
        """The state for the run that continues this one."""
        return self.model_dump(mode="json")

    def stage(self, name: StageName) -> StageState:
        """One stage by name."""
        return next(stage for stage in self.stages if stage.name is name)

    def begin(self, name: StageName, now: datetime, sentence: str, total: int | None = None) -> None:
        """A stage starts; calling it again only updates sentence and total."""
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

    def advance(self, name: StageName, now: datetime, count: int, sentence: str) -> None:
        """`count` more pieces of a stage are done; with the last one the stage is."""
        stage = self.stage(name)
        stage.done += count
        if stage.status is not StageStatus.WAITING:
            stage.sentence = sentence
        if stage.done >= stage.total:
            stage.status, stage.finished_at = StageStatus.DONE, now
        self.updated_at = now

    def wait(self, name: StageName, now: datetime, reason: str) -> None:
        """A stage is parked."""
        stage = self.stage(name)
        stage.status, stage.sentence, stage.started_at = StageStatus.WAITING, reason, stage.started_at or now
        self.status, self.sentence, self.updated_at = RunStatus.NEEDS_ATTENTION, reason, now

    def resume(self, name: StageName, now: datetime) -> None:
        """A parked stage goes on."""
        stage = self.stage(name)
        if stage.status is StageStatus.WAITING:
            stage.status, stage.sentence = StageStatus.RUNNING, "Trying again."
        if all(s.status is not StageStatus.WAITING for s in self.stages):
            self.status, self.sentence = RunStatus.RUNNING, "Working."
            self.rest()
        self.updated_at = now

    def rest(self) -> None:
        """After version 1 a run is never `running`: its video is there, whatever is being made."""
        if self.version:
            self.status, self.sentence = RunStatus.DRAFT_READY, "The draft is ready."
        if self.version > 1:
            self.sentence = f"Version {self.version} is ready."

    def reopen(self, version: int, timeline_key: str, credits_charged: int) -> None:
        """The video was made by an earlier run: all stages are done."""
        for stage in self.stages:
            stage.status, stage.done = StageStatus.DONE, stage.total
        self.version, self.credits_charged = version, credits_charged
        self.timeline_key = timeline_key or self.timeline_key
        self.rest()

    def end(self, status: RunStatus, now: datetime, note: FailureNote | None, sentence: str) -> None:
        """The run ends without a draft: open stages say so."""
        for stage in self.stages:
            if stage.status in (StageStatus.RUNNING, StageStatus.WAITING):
                stage.status, stage.finished_at, stage.sentence = StageStatus.FAILED, now, sentence
        self.status, self.sentence, self.failure, self.updated_at = status, sentence, note, now

    @property
    def active_stage(self) -> StageName | None:
        """The stage nearest the end of the chain that is at work."""
        busy = (StageStatus.RUNNING, StageStatus.WAITING)
        return next((stage.name for stage in reversed(self.stages) if stage.status in busy), None)

    @property
    def fraction_done(self) -> float:
        """0…1, by the stages' usual shares of the time."""
        if self.version:
            return 1.0
        done = sum(_WEIGHTS[s.name] * min(1.0, s.done / max(1, s.total)) for s in self.stages)
        return min(0.99, done / sum(_WEIGHTS[s.name] for s in self.stages))

    def progress(self) -> Progress:
        """The answer for watchers."""
        done = self.fraction_done
        finish = None
        if self.status is RunStatus.RUNNING and _ESTIMATE_FROM <= done < 1:
            elapsed_s = (self.updated_at - self.started_at).total_seconds()
            finish = self.updated_at + timedelta(seconds=elapsed_s * (1 - done) / done)
        return Progress(
            video_id=self.video_id,
            status=self.status,
            sentence=self.sentence,
            stages=tuple(StageProgress(**stage.model_dump()) for stage in self.stages),
            scenes=tuple(self.scenes),
            fraction_done=round(done, 4),
            started_at=self.started_at,
            updated_at=self.updated_at,
            expected_finish_at=finish,
            version=self.version,
            timeline_key=self.timeline_key,
            credits_charged=self.credits_charged,
            failure=self.failure,
            operations=tuple(self._operation(one) for one in self.operations),
        )

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
                "Support can send `retry_stage` once the cause is gone, or `abandon` to give up with a refund.",
            ]
        return "\n".join(page + rows)
