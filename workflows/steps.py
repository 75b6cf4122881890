"""Running one step: through its stage's gate, with its policy, and again if only its worker was lost."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError, ChildWorkflowError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from models.base import Model
    from models.generation import Limits
    from models.progress import FailureNote, StageName
    from models.search_attributes import SEARCH_ATTRIBUTES, SearchAttribute
    from models.stages import slug_of
    from workflows.failure_policy import Verdict, note_on, verdict_on
    from workflows.flow import heed_cancellation
    from workflows.gates import Gates
    from workflows.metrics import count_parking, measure_stage
    from workflows.policies import LOST_WORKER_ROUNDS, Policies, Policy
    from workflows.state import RunState

A = TypeVar("A", bound=Model)
R = TypeVar("R", bound=Model)

_STATE = SEARCH_ATTRIBUTES[SearchAttribute.STATE]
_STAGE = SEARCH_ATTRIBUTES[SearchAttribute.STAGE]
_PROVIDER = SEARCH_ATTRIBUTES[SearchAttribute.PROVIDER]


class Steps:
    """The steps of one run, and the state that is published about them."""

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
        """Run an activity until it succeeds, ends the run, or is cancelled.

        Raises:
            ActivityError: The failure is definite, or the run is cancelled.
        """
        return await self.attempt(stage, lambda: policy.run(method, argument, summary))

    async def do_anew(
        self, stage: StageName, method: Callable[[Any, A], R], argument: Callable[[], A], policy: Policy, summary: str
    ) -> R:
        """As `do`, with an argument built for each attempt, because a run's cost limit grows with each retry.

        Raises:
            ActivityError: The failure is definite, or the run is cancelled.
        """
        return await self.attempt(stage, lambda: policy.run(method, argument(), summary))

    async def attempt(self, stage: StageName, work: Callable[[], Awaitable[R]]) -> R:
        """Do `work` until it succeeds; park the run if its failure may pass.

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
                    self._park(stage, note_on(error))

    def begin(self, stage: StageName, sentence: str, total: int | None = None) -> None:
        """Start a stage."""
        self.state.begin(stage, workflow.now(), sentence, total)
        self.publish()

    def say(self, sentence: str) -> None:
        """Say what the run does while no stage is at work."""
        self.state.sentence, self.state.updated_at = sentence, workflow.now()
        self.publish()

    def advance(self, stage: StageName, sentence: str, count: int = 1) -> None:
        """Count `count` more finished pieces of a stage."""
        took = self.state.advance(stage, workflow.now(), count, sentence)
        if took is not None:
            measure_stage(stage, took)
        self.publish()

    def retry(self) -> None:
        """Open all gates."""
        for stage in self.gates.open_all():
            self.state.resume(stage, workflow.now())
        self.publish()

    def publish(self) -> None:
        """Show the state in the Temporal UI; search attributes only on a change, which costs an event."""
        workflow.set_current_details(self.state.details())
        stage = self.state.active_stage
        shown = (self.state.status.value, slug_of(stage) if stage else "")
        if shown != self._shown:
            self._shown = shown
            workflow.upsert_search_attributes([_STATE.value_set(shown[0]), _STAGE.value_set(shown[1])])

    def show_provider(self, name: str) -> None:
        """Let support find the runs that depend on a provider."""
        workflow.upsert_search_attributes([_PROVIDER.value_set(name)])

    def _park(self, stage: StageName, note: FailureNote) -> None:
        if self.gates.close(stage, note.sentence):
            self.state.wait(stage, workflow.now(), note.sentence, note.type)
            count_parking(stage, note.type)
            self.publish()


class Unparked(Steps):
    """Steps that fail instead of parking their run: what fails is one artist's wish, and the run goes on without it."""

    async def attempt(self, stage: StageName, work: Callable[[], Awaitable[R]]) -> R:
        """Do `work`, and again only if its worker was lost.

        Raises:
            ActivityError, ChildWorkflowError: It failed, or the run is cancelled.
        """
        for _ in range(LOST_WORKER_ROUNDS):
            heed_cancellation()
            try:
                return await work()
            except (ActivityError, ChildWorkflowError) as error:
                heed_cancellation()
                if verdict_on(error) is not Verdict.LOST or is_cancelled_exception(error):
                    raise
        return await work()
