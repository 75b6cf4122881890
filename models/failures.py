"""Our own failures. Engines and stores raise them; activities turn them into `ApplicationError`s.

The class name is the `type` of the `ApplicationError`, so the names are part of recorded histories and must stay.
"""

from typing import ClassVar

PAUSED = "Support has paused this video for a moment; it goes on from here afterwards, and nothing is lost."
"""What the artist reads of a paused run: support's names and reasons are none of theirs."""


class EchonosError(Exception):
    """A failure with a sentence for people.

    Args:
        message: What is wrong and, if possible, what to do.
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
    """A store has nothing under that name. The caller turns it into a sentence for the artist."""


class InvalidInput(EchonosError):
    """The request is unusable.

    Args:
        message: As for every failure.
        code: Stable, for programs: `too_short`, `not_audio`, …
        field: The part of the request that is wrong; None: the whole request.
    """

    def __init__(self, message: str, code: str = "invalid", field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.field = field


class NotFound(InvalidInput):
    """The thing does not exist or belongs to another account; the same answer in both cases hides its existence."""

    def __init__(self, message: str, code: str = "not_found", field: str | None = None) -> None:
        super().__init__(message, code, field)


class Conflict(InvalidInput):
    """The request is valid, but the thing's current state does not allow it."""


class RunPaused(Conflict):
    """A run is paused: until it is unpaused it answers nothing, and does nothing."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or PAUSED, code="paused")


class NotAllowed(InvalidInput):
    """The account may not do that, or has not shown enough to do it."""


class NotSignedIn(InvalidInput):
    """What was shown to sign in is wrong, or not enough."""


class InsufficientCredits(EchonosError):
    """The balance is below the price."""


class ContentRefused(EchonosError):
    """A provider's policy refused the prompt; it must change.

    Args:
        message: As for every failure.
        said: The provider's own refusal type, for support.
        billing: Whether the refused job is on the bill, as `models.paid_media.Billing`.
    """

    def __init__(self, message: str, said: str = "", billing: str = "possible") -> None:
        super().__init__(message)
        self.said = said
        self.billing = billing


class RateLimited(EchonosError):
    """Too many requests; `delay_s` is the provider's own delay, if it gave one."""

    retryable = True

    def __init__(self, message: str, delay_s: float | None = None) -> None:
        super().__init__(message)
        self.delay_s = delay_s


class ProviderUnavailable(EchonosError):
    """A service that we depend on is away: 5xx, time-out, network. `delay_s` as for `RateLimited`."""

    retryable = True

    def __init__(self, message: str, delay_s: float | None = None) -> None:
        super().__init__(message)
        self.delay_s = delay_s


class OutcomeUnknown(EchonosError):
    """A paid job may or may not have been accepted."""


class MediaCorrupt(EchonosError):
    """A result does not probe as requested."""

    retryable = True


class JobFailed(EchonosError):
    """A paid job ended without a result; another one may be bought under a new key.

    Args:
        message: As for every failure.
        said: The provider's own error type, for support.
        billing: Whether the failed job is on the bill, as `models.paid_media.Billing`.
        remedy: The change for the next purchase, as `models.paid_media.Remedy`.
    """

    def __init__(self, message: str, said: str = "", billing: str = "possible", remedy: str = "") -> None:
        super().__init__(message)
        self.said = said
        self.billing = billing
        self.remedy = remedy


class SpendingExceeded(EchonosError):
    """A run has cost more than planned; it waits for a person."""


class WorkerStopping(EchonosError):
    """The worker shuts down; another one resumes."""

    retryable = True


class JobCrashed(EchonosError):
    """A child process died or exceeded its limits; its work is repeated.

    Args:
        message: The crash, in words.
        again: Whether the same input would fail in the same way at once: the child raised an error of its own.
        limit: Whether it exceeded a limit of memory or time; a less busy machine may not.
        code: The limit, for programs.
    """

    retryable = True

    def __init__(self, message: str, *, again: bool = False, limit: bool = False, code: str = "") -> None:
        super().__init__(message)
        self.again = again
        self.limit = limit
        self.code = code


class DiskFull(ProviderUnavailable, JobCrashed):
    """A disk has no space left; everything goes on once there is some. In a child process it ends the job."""

    def __init__(
        self, message: str = "The disk is full: nothing is lost, and work goes on once there is room."
    ) -> None:
        super().__init__(message)


class StartRefused(EchonosError):
    """The run could not start; nothing is held, nothing is open."""


class RunFailed(EchonosError):
    """A run failed, was cancelled, or waits for a person."""


class Misconfigured(EchonosError):
    """Our own settings (keys, bucket, price ids) are wrong: a retry does not help, a correction does."""


class NoServer(EchonosError):
    """No Temporal server answers, and none could be started."""


class Cancelled(EchonosError):
    """The caller cancelled the work."""


class TopUpNeeded(EchonosError):
    """A finished video waits for credits; the run parks until there are enough."""


class VersionMoved(EchonosError):
    """Another version was stored first; join again on top of it."""

    retryable = True


class LedgerMismatch(EchonosError):
    """Balances do not follow from entries; support must investigate."""
