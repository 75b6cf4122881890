"""Removing what nobody needs any more: uploads that were never completed, rows that have expired.

Side effects: staged objects and expired rows go. Idempotency: what is gone is gone. Main queue.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from activities.ports import Staging, Sweeper
from activities.steps import step
from models.account_data import TAKEOUT_KEPT
from models.routing import STAGED, TAKEOUTS, UPLOAD_FORMS
from models.tidying import Tidied, TidyRequest


class TidyingActivities:
    """The step that tidies up."""

    def __init__(self, staging: Staging, sweepers: Sequence[Sweeper]) -> None:
        self._staging = staging
        self._sweepers = sweepers

    @step
    def tidy_up(self, request: TidyRequest) -> Tidied:
        """Remove staged uploads older than the request says, old ZIPs of accounts, and rows that have expired."""
        since = datetime.now(UTC) - timedelta(hours=request.staged_hours)
        staged = self._staging.delete_older(STAGED, since)
        self._staging.delete_older(UPLOAD_FORMS, since)
        staged += self._staging.delete_older(TAKEOUTS, datetime.now(UTC) - TAKEOUT_KEPT)
        return Tidied(staged=staged, rows=sum(sweeper.sweep() for sweeper in self._sweepers))
