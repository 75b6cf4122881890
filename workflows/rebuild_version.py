"""`RebuildVersion`: joins the MP4 of a version that is not kept as one, on demand.

Promise: the same bytes as when it was delivered, under the same key. It costs nothing and undoes nothing; started again
while it runs it is joined.
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
        policy = Policies(asked.limits).assemble
        return await workflow.execute_activity_method(
            VersionActivities.rebuild_version, asked, summary=f"version {asked.version}", **policy.options()
        )
