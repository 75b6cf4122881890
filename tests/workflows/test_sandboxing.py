"""The sandbox stays on, and its short cut holds only as long as our converter knows no contexts."""

from datetime import datetime
from uuid import uuid4

from temporalio import workflow
from temporalio.client import Client
from temporalio.converter import WorkflowSerializationContext
from temporalio.worker import Worker

from models.wire import DATA_CONVERTER
from workflows.sandboxing import ContextFreeRunner


@workflow.defn
class LooksAtTheClock:
    @workflow.run
    async def run(self) -> str:
        try:
            return str(datetime.now())
        except workflow.NondeterminismError as error:
            return type(error).__name__


async def test_a_workflow_cannot_look_at_the_clock(temporal: Client) -> None:
    queue = uuid4().hex
    async with Worker(temporal, task_queue=queue, workflows=[LooksAtTheClock], workflow_runner=ContextFreeRunner()):
        answer = await temporal.execute_workflow(LooksAtTheClock.run, id=queue, task_queue=queue)
    assert answer == "RestrictedWorkflowAccessError"


def test_our_converter_is_the_same_in_every_context() -> None:
    context = WorkflowSerializationContext(namespace="default", workflow_id="generate-1")
    changed, same = DATA_CONVERTER.with_context(context), DATA_CONVERTER
    assert type(changed.payload_converter) is type(same.payload_converter)
    assert changed is same
    assert (same.payload_codec, same.external_storage) == (None, None)
