"""What a step's failures become."""

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
    assert isinstance(outcome_of(Cancelled("nobody wants it")), CancelledError)


def test_a_defect_stays_what_it_is() -> None:
    """A slip with a dictionary is not a lost object: the step is tried again with mended code."""
    assert isinstance(outcome_of(KeyError("a slip")), KeyError)
