"""What every activity reports: its log lines say what they belong to, and its attempts are measured."""

import logging
from time import monotonic
from typing import Any

import structlog
from temporalio import activity, client
from temporalio.exceptions import ApplicationError, CancelledError
from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    PrometheusConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from models.failures import WorkerStopping
from models.ids import video_of_workflow
from models.measures import ERRORS, SCENES, STEPS, failure_label, report
from models.stages import stages_of

log = structlog.get_logger()

SCENE_STEPS = frozenset({"animate_still", "move_over_still", "conform_clip"})
"""Each success is one scene's segment."""

NO_STAGE = "none"
DONE = "done"


class StepObserver(client.Interceptor, Interceptor):
    """Binds what log lines of an activity belong to, and measures its attempts."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        """See base class."""
        return _Observed(next)


class _Observed(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        info = activity.info()
        stage = next((row.slug for row in stages_of(info.activity_type)), NO_STAGE)
        about = input.args[0] if input.args else None
        video = getattr(about, "video_id", None) or video_of_workflow(info.workflow_id or "")
        # An activity's task has a context of its own, so nothing needs to be unbound.
        known = {"account": getattr(about, "account_id", None), "video": video}
        structlog.contextvars.bind_contextvars(
            **{name: value for name, value in known.items() if value},
            stage=stage,
            step=info.activity_type,
            attempt=info.attempt,
        )
        began, outcome = monotonic(), "failed"
        try:
            result = await self.next.execute_activity(input)
            outcome = DONE
        except CancelledError:
            outcome = "cancelled"
            raise
        except Exception as error:
            label = failure_label(_type_of(error))
            if label == WorkerStopping.__name__:
                outcome = "cancelled"  # another worker goes on: no failure of the work
                raise
            report(ERRORS, where="step", type=label)
            log.warning("step failed", failure=label, took_s=round(monotonic() - began, 3))
            raise
        finally:
            report(STEPS, monotonic() - began, step=info.activity_type, stage=stage, outcome=outcome)
        if info.activity_type in SCENE_STEPS:
            report(SCENES, step=info.activity_type)
        return result


def _type_of(error: Exception) -> str:
    return (error.type if isinstance(error, ApplicationError) else None) or type(error).__name__


def core_runtime(address: str | None) -> Runtime:
    """A runtime whose core logs messages only, and serves its metrics for Prometheus.

    The core's own log lines repeat the texts of failures in their fields.

    Args:
        address: host:port for the metrics; None: none.
    """
    forwarding = LogForwardingConfig(
        logger=logging.getLogger("temporalio.core"),
        append_target_to_name=False,
        prepend_target_on_message=False,
        append_log_fields_to_message=False,
    )
    serving = None
    if address is not None:
        serving = PrometheusConfig(
            bind_address=address, counters_total_suffix=True, unit_suffix=True, durations_as_seconds=True
        )
    filtered = TelemetryFilter(core_level="WARN", other_level="ERROR")
    logs = LoggingConfig(filter=filtered, forwarding=forwarding)
    return Runtime(telemetry=TelemetryConfig(logging=logs, metrics=serving))
