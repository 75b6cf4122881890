"""The failures of the house. Engines and stores raise them; activities turn them into `ApplicationError`s.

The class name is the `type` of the `ApplicationError`, so names are part of recorded histories and stay.
"""

from typing import ClassVar


class EchonosError(Exception):
    """A failure with a sentence for the person who meets it.

    Args:
        message: What is wrong and, where somebody can do something, what to do.
    """

    retryable: ClassVar[bool] = False

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    @property
    def type(self) -> str:
        """The failure's name in histories and answers."""
        return type(self).__name__


class NotStored(KeyError):
    """A store has nothing under that name. Not for the artist as it is: who asked knows what it means."""


class InvalidInput(EchonosError):
    """The song or brief is unusable. `code` is stable, for programs: `too_short`, `not_audio`, …"""

    def __init__(self, message: str, code: str = "invalid") -> None:
        super().__init__(message)
        self.code = code


class InsufficientCredits(EchonosError):
    """The balance is below the price."""


class ContentRefused(EchonosError):
    """A provider's policy said no; the prompt must change.

    Args:
        message: As for every failure.
        said: The provider's own type of the refusal, for support.
        billing: Whether the refused job is on the bill, as `models.paid_media.Billing`.
    """

    def __init__(self, message: str, said: str = "", billing: str = "possible") -> None:
        super().__init__(message)
        self.said = said
        self.billing = billing


class RateLimited(EchonosError):
    """Slow down; `delay_s` is the provider's own wish where it gave one."""

    retryable = True

    def __init__(self, message: str, delay_s: float | None = None) -> None:
        super().__init__(message)
        self.delay_s = delay_s


class ProviderUnavailable(EchonosError):
    """A part that we depend on is away: 5xx, time-out, network. `delay_s` as for `RateLimited`."""

    retryable = True

    def __init__(self, message: str, delay_s: float | None = None) -> None:
        super().__init__(message)
        self.delay_s = delay_s


class OutcomeUnknown(EchonosError):
    """It is not known whether a paid job was accepted."""


class MediaCorrupt(EchonosError):
    """What was made does not probe as what was asked for."""

    retryable = True


class JobFailed(EchonosError):
    """A paid job came to an end without a result; another one may be bought under a new key.

    Args:
        message: As for every failure.
        said: The provider's own type of the error, for support.
        billing: Whether the failed job is on the bill, as `models.paid_media.Billing`.
        remedy: What the next purchase does differently, as `models.paid_media.Remedy`.
    """

    def __init__(self, message: str, said: str = "", billing: str = "possible", remedy: str = "") -> None:
        super().__init__(message)
        self.said = said
        self.billing = billing
        self.remedy = remedy


class SpendingExceeded(EchonosError):
    """A run has cost more than was planned for it; it waits for a person."""


class WorkerStopping(EchonosError):
    """The worker shuts down; another one resumes."""

    retryable = True


class JobCrashed(EchonosError):
    """A child process died or passed its limits; its work is done again.

    Args:
        message: What happened.
        again: Whether the same input would break off in the same way at once: it raised an error of its own.
        limit: Whether it passed a limit of memory or time, which a calmer machine may not.
        code: For programs: which limit, where that matters.
    """

    retryable = True

    def __init__(self, message: str, *, again: bool = False, limit: bool = False, code: str = "") -> None:
        super().__init__(message)
        self.again = again
        self.limit = limit
        self.code = code


class Misconfigured(EchonosError):
    """Our own settings are wrong (keys, bucket, price ids): trying again does not help, mending them does."""


class NoServer(EchonosError):
    """No Temporal server answers, and none could be started."""


class Cancelled(EchonosError):
    """Whoever asked for the work has withdrawn it."""


class TopUpNeeded(EchonosError):
    """A finished video waits for credits; the run parks until there are some."""


class VersionMoved(EchonosError):
    """Another version came first; join again on top of it."""

    retryable = True


class LedgerMismatch(EchonosError):
    """Balances do not follow from entries: somebody must look."""
