"""One trace from a request through updates, workflows, children and activities, safe for replays.

The SDK's interceptor makes a workflow's spans at first execution only, and carries the context in headers: to
activities, children and the run that continues as new. In it an update belongs to the trace that started the run.
Studio's operations come from later requests: here an update, and all that its handler starts, belongs to its own
request's trace, with a link to the run's.
"""

from typing import Any

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from temporalio.contrib.opentelemetry import TracingInterceptor, TracingWorkflowInboundInterceptor
from temporalio.contrib.opentelemetry._context import attached_context
from temporalio.worker import HandleUpdateInput, WorkflowInterceptorClassInput


class RunTracing(TracingInterceptor):
    """For clients and workers."""

    def __init__(self, provider: TracerProvider) -> None:
        super().__init__(provider.get_tracer("echonos.temporal"))

    def workflow_interceptor_class(
        self, input: WorkflowInterceptorClassInput
    ) -> type[TracingWorkflowInboundInterceptor]:
        """See base class."""
        super().workflow_interceptor_class(input)
        return _ByRequest


class _ByRequest(TracingWorkflowInboundInterceptor):
    async def handle_update_handler(self, input: HandleUpdateInput) -> Any:
        given = input.headers.get(self.header_key)
        if given is None:
            return await super().handle_update_handler(input)
        request: dict[str, str] = self.payload_converter.from_payloads([given])[0]
        with attached_context(self._set_on_context(self.text_map_propagator.extract(request))):
            self._completed_span(
                f"HandleUpdate:{input.update}",
                link_context_carrier=self._load_workflow_context_carrier(),
                kind=trace.SpanKind.SERVER,
            )
            return await self.next.handle_update_handler(input)
