"""The errors that a step's failures become."""

import dataclasses
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError as FutureCancelled
from datetime import timedelta

import pytest
from temporalio.exceptions import ApplicationError, CancelledError
from temporalio.testing import ActivityEnvironment

from activities.steps import step
from models.failures import Cancelled, InvalidInput, NotStored, RateLimited


def outcome_of(failure: Exception) -> BaseException:
    @step
    def fails() -> None:
        raise failure

    try:
        ActivityEnvironment().run(fails)
    except Exception as error:
        return error
    raise AssertionError("it did not fail")


@pytest.mark.parametrize(
    ("failure", "type_", "definite"),
    [
        (InvalidInput("The song is too short.", "too_short"), "InvalidInput", True),
        (RateLimited("slow down", 3.0), "RateLimited", False),
        (NotStored("videos/v/take.mp4"), "PieceMissing", True),
    ],
)
def test_failures_of_the_house_get_their_name_and_say_whether_to_try_again(
    failure: Exception, type_: str, definite: bool
) -> None:
    error = outcome_of(failure)
    assert isinstance(error, ApplicationError)
    assert (error.type, error.non_retryable) == (type_, definite)


def test_a_providers_own_delay_is_kept() -> None:
    error = outcome_of(RateLimited("slow down", 3.0))
    assert isinstance(error, ApplicationError)
    assert error.next_retry_delay is not None
    assert error.next_retry_delay.total_seconds() == 3


def test_a_withdrawn_step_is_cancelled() -> None:
    assert isinstance(outcome_of(Cancelled("the run was cancelled")), CancelledError)


def test_a_defect_stays_what_it_is() -> None:
    """A `KeyError` in our code is not a missing object: fixed code retries the step."""
    assert isinstance(outcome_of(KeyError("a slip")), KeyError)


PATIENCE_S = 200.0


def until_beaten(on_heartbeat: Callable[[], None]) -> None:
    """Run a step until its heartbeat in the background has come."""
    beaten = threading.Event()

    def beat(*details: object) -> None:
        beaten.set()
        on_heartbeat()

    @step
    def waits() -> None:
        assert beaten.wait(PATIENCE_S)

    environment = ActivityEnvironment()
    environment.info = dataclasses.replace(environment.info, heartbeat_timeout=timedelta(milliseconds=40))
    environment.on_heartbeat = beat
    environment.run(waits)


@pytest.mark.parametrize("failure", [RuntimeError("closed"), TimeoutError(), FutureCancelled()])
def test_a_heartbeat_that_no_event_loop_takes_ends_no_other_steps_heartbeats(failure: Exception) -> None:
    """As when a process was stopped for a while, or one of its workers ended."""

    def not_taken() -> None:
        raise failure

    until_beaten(not_taken)
    until_beaten(lambda: None)
