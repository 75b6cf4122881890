"""What runs measure of themselves, by the SDK's meter: a replay measures nothing again, and no event is written."""

from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.measures import GENERATIONS, PARKINGS, STAGE_SECONDS, failure_label
    from models.progress import RunStatus, StageName
    from models.stages import slug_of


def count_generation(outcome: RunStatus) -> None:
    """Count a draft that was delivered, failed or was cancelled."""
    workflow.metric_meter().create_counter(GENERATIONS, "Drafts by outcome").add(1, {"outcome": outcome.value})


def measure_stage(stage: StageName, took: timedelta) -> None:
    """Record how long a run's stage took, waiting for people included."""
    meter = workflow.metric_meter().create_histogram_timedelta(STAGE_SECONDS, "Stages of runs", "duration")
    meter.record(took, {"stage": slug_of(stage)})


def count_parking(stage: StageName, reason: str) -> None:
    """Count a run that begins to wait for a person."""
    counter = workflow.metric_meter().create_counter(PARKINGS, "Runs that began to wait for a person")
    counter.add(1, {"stage": slug_of(stage), "reason": failure_label(reason)})
