"""Task queues, schedules and the deployment: names that workers and callers share."""

from enum import StrEnum


class Work(StrEnum):
    """A kind of work; each has a task queue, and a worker process serves some or all of them."""

    ORCHESTRATE = "orchestrate"
    """Workflows, and steps on SQL and the object store."""

    PROVIDE = "provide"
    """Directing, planning and buying: steps that mostly wait for a provider."""

    RENDER = "render"
    """Pictures, clips, joins and exports: a core each."""

    ANALYSE = "analyse"
    """Working copies, analyses and soundtracks of songs: a core each."""


# The first three names are older than the kinds: open runs and their scheduled steps are on them.
QUEUE = "echonos"
RENDER_QUEUE = "echonos-render"
PROVIDER_QUEUE = "echonos-provider"
ANALYSIS_QUEUE = "echonos-analyse"

QUEUES = {
    Work.ORCHESTRATE: QUEUE,
    Work.PROVIDE: PROVIDER_QUEUE,
    Work.RENDER: RENDER_QUEUE,
    Work.ANALYSE: ANALYSIS_QUEUE,
}


DEPLOYMENT = "echonos"
"""The worker deployment; it groups the versions that worker versioning distinguishes."""


RECONCILE_SCHEDULE = "reconcile-credits"


VERIFY_SCHEDULE = "verify-ledger"


TIDY_SCHEDULE = "tidy-up"


PAINT_STYLES_ID = "paint-styles"


JOBS_SCHEDULE = "reconcile-jobs"


HOUSEKEEPING = ("ReconcileCredits", "ReconcileJobs", "VerifyLedger", "TidyUp")
"""Types of the workflows that schedules start."""
