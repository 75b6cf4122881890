"""Removing expired data: uploads that were never completed, and expired rows.

Side effects: deletes staged objects and expired rows. Idempotency: a repeat finds nothing left. Orchestrate queue.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from activities.ports.purchases import Staging
from activities.ports.stores import Sweeper
from activities.steps import step
from models.account_data import TAKEOUT_KEPT
from models.object_keys import STAGED, TAKEOUTS, UPLOAD_FORMS
from models.tidying import Tidied, TidyRequest


class TidyingActivities:
    """The step that tidies up."""

    def __init__(self, staging: Staging, sweepers: Sequence[Sweeper]) -> None:
        self._staging = staging
        self._sweepers = sweepers

    @step
    def tidy_up(self, request: TidyRequest) -> Tidied:
        """Remove staged uploads older than requested, old account ZIPs, and expired rows."""
        since = datetime.now(UTC) - timedelta(hours=request.staged_hours)
        staged = self._staging.delete_older(STAGED, since)
        self._staging.delete_older(UPLOAD_FORMS, since)
        staged += self._staging.delete_older(TAKEOUTS, datetime.now(UTC) - TAKEOUT_KEPT)
        return Tidied(staged=staged, rows=sum(sweeper.sweep() for sweeper in self._sweepers))
