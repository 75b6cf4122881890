"""`AnalyzeSong`: analyses a song at upload, and again on request.

Promise: afterwards the Vault has the song's analysis and its soundtrack, at least of the requested revision. A song
from before working copies existed gets one first; then analysis and soundtrack are made side by side, under keys of
their revision. The song's row changes last, in one transaction: before that, and after a failure, the song stays as it
was, and videos keep what they were made with. A second start for the same song joins the running one or finds the
finished work. Nothing is undone on failure: the objects are useful on their own, and nothing was charged.
"""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.analysis import AnalysisActivities
    from models.generation import AnalyzeRequest, RecordStep, SongReady, SongStep
    from workflows.flow import all_or_none
    from workflows.policies import Policies
    from workflows.versioning import PINNED


@workflow.defn(name="AnalyzeSong", versioning_behavior=PINNED)
class AnalyzeSong:
    """The analysis of one song."""

    @workflow.run
    async def run(self, request: AnalyzeRequest) -> SongReady:
        """Look the song up, make what is missing, record it."""
        policies = Policies(request.limits, request.account_id)
        song = SongStep(account_id=request.account_id, song_id=request.song_id, revision=request.revision)
        known = await policies.light.run(AnalysisActivities.look_up_song, song, "song in the Vault")
        if known.ready and known.revision >= request.revision:
            return known
        copy_bytes = 0
        if not known.copied and workflow.patched("working-copy-first"):
            copy = await policies.analyze.run(AnalysisActivities.copy_song, song, "working copy")
            copy_bytes = copy.size_bytes
        analysis, soundtrack = await all_or_none(
            [
                policies.analyze.run(AnalysisActivities.analyze_song, song, "hear the song"),
                policies.analyze.run(AnalysisActivities.encode_soundtrack, song, "soundtrack"),
            ]
        )
        made = RecordStep(
            account_id=request.account_id,
            song_id=request.song_id,
            analysis_key=analysis.key,
            soundtrack_key=soundtrack.key,
            revision=request.revision,
            copy_bytes=copy_bytes,
        )
        return await policies.light.run(AnalysisActivities.record_analysis, made, "record analysis")
