"""How a run does one step: through its stage's gate, with its policy, and again when only the worker was lost."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar, cast

from temporalio import workflow
from temporalio.common import SearchAttributeKey
from temporalio.exceptions import ActivityError, ChildWorkflowError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from models.base import Model
    from models.generation import Limits
    from models.progress import StageName
    from models.routing import SearchAttribute
    from workflows.flow import heed_cancellation
    from workflows.gates import Gates
    from workflows.policies import LOST_WORKER_ROUNDS, Policies, Policy
    from workflows.state import RunState
    from workflows.verdicts import Verdict, note_on, verdict_on

A = TypeVar("A", bound=Model)
R = TypeVar("R", bound=Model)

_STATE = SearchAttributeKey.for_keyword(SearchAttribute.STATE)
_STAGE = SearchAttributeKey.for_keyword(SearchAttribute.STAGE)
_PROVIDER = SearchAttributeKey.for_keyword(SearchAttribute.PROVIDER)


class Steps:
    """The steps of one run, and what is published of them."""

    def __init__(self, state: RunState, limits: Limits, account_id: str = "", urgent: bool = False) -> None:
        self.state = state
        self.gates = Gates()
        self.policies = Policies(limits, account_id, urgent)
        self._shown: tuple[str, str] | None = None

    async def do(
        self,
        stage: StageName,
        method: Callable[[Any, A], R] | Callable[[Any, A], Coroutine[Any, Any, R]],
        argument: A,
        policy: Policy,
        summary: str,
    ) -> R:
        """Run an activity until it succeeds, ends the run, or is withdrawn.

        Raises:
            ActivityError: The failure is definite, or the run is cancelled.
        """
        # The SDK's overloads tell synchronous methods from others, which a union cannot.
        step = cast(Callable[[Any, A], R], method)
        return await self.attempt(
            stage, lambda: workflow.execute_activity_method(step, argument, summary=summary, **policy.options())
        )

    async def do_anew(
        self, stage: StageName, method: Callable[[Any, A], R], argument: Callable[[], A], policy: Policy, summary: str
    ) -> R:
        """As `do`, with an argument that is made for each attempt: what a run may cost grows with each retry.

        Raises:
            ActivityError: The failure is definite, or the run is cancelled.
        """
        return await self.attempt(
            stage, lambda: workflow.execute_activity_method(method, argument(), summary=summary, **policy.options())
        )

    async def attempt(self, stage: StageName, work: Callable[[], Awaitable[R]]) -> R:
        """Do `work` until it succeeds; park the run where its failure may pass.

        Raises:
            ActivityError, ChildWorkflowError: The failure is definite, or the run is cancelled.
        """
        lost = 0
        while True:
            heed_cancellation()
            await self.gates.passage(stage)
            openings = self.gates.openings
            try:
                done = await work()
                heed_cancellation()
                return done
            except (ActivityError, ChildWorkflowError) as error:
                heed_cancellation()
                verdict = verdict_on(error)
                if verdict is Verdict.DEFINITE or is_cancelled_exception(error):
                    raise
                if verdict is Verdict.LOST and lost < LOST_WORKER_ROUNDS:
                    lost += 1
                    continue
                lost = 0
                if openings == self.gates.openings:
                    self._park(stage, note_on(error).sentence)

    def begin(self, stage: StageName, sentence: str, total: int | None = None) -> None:
        """A stage starts."""
        self.state.begin(stage, workflow.now(), sentence, total)
        self.publish()

    def advance(self, stage: StageName, sentence: str, count: int = 1) -> None:
        """`count` more pieces of a stage are done."""
        self.state.advance(stage, workflow.now(), count, sentence)
        self.publish()

    def retry(self) -> None:
        """Open all gates."""
        for stage in self.gates.open_all():
            self.state.resume(stage, workflow.now())
        self.publish()

    def publish(self) -> None:
        """Show the state in the Temporal UI; search attributes only when they change, as each costs an event."""
        workflow.set_current_details(self.state.details())
        stage = self.state.active_stage
        shown = (self.state.status.value, stage.slug if stage else "")
        if shown != self._shown:
            self._shown = shown
            workflow.upsert_search_attributes([_STATE.value_set(shown[0]), _STAGE.value_set(shown[1])])

    def show_provider(self, name: str) -> None:
        """Let support find the runs that depend on a provider."""
        workflow.upsert_search_attributes([_PROVIDER.value_set(name)])

    def _park(self, stage: StageName, reason: str) -> None:
        if self.gates.close(stage, reason):
            self.state.wait(stage, workflow.now(), reason)
            self.publish()
