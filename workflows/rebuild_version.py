"""`RebuildVersion`: joins again, on demand, the MP4 of a version whose file was tidied away.

Promise: the same bytes as when it was delivered, under the same key. It is free, and there is nothing to undo. A second
start joins the running one.
"""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.versions import VersionActivities
    from models.generation import DocumentRef
    from models.studio import VersionStep
    from workflows.policies import Policies
    from workflows.versioning import PINNED


@workflow.defn(name="RebuildVersion", versioning_behavior=PINNED)
class RebuildVersion:
    """One version, joined again."""

    @workflow.run
    async def run(self, asked: VersionStep) -> DocumentRef:
        """Join it; returns the MP4's key."""
        policy = Policies(asked.limits, asked.account_id, urgent=True).assemble
        return await policy.run(VersionActivities.rebuild_version, asked, f"version {asked.version}")
