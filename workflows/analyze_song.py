"""`AnalyzeSong`: hears a song at upload, and again when its artist asks for it.

Promise: afterwards the Vault knows the song's analysis and its soundtrack, at least of the revision that is asked for.
A song from before there were working copies gets one first; then analysis and soundtrack are made side by side, under
keys of their revision. Only then does the song change, in one transaction: until there, and after a failure, it is
exactly as it was, and videos keep what they were made with. Starting it again for the same song joins the running one
or finds the finished work; nothing is undone on failure, because the objects are useful on their own and nothing was
charged.
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
        policies = Policies(request.limits)
        song = SongStep(account_id=request.account_id, song_id=request.song_id, revision=request.revision)
        known = await workflow.execute_activity_method(
            AnalysisActivities.look_up_song, song, summary="song in the Vault", **policies.light.options()
        )
        if known.ready and known.revision >= request.revision:
            return known
        copy_bytes = 0
        if not known.copied and workflow.patched("working-copy-first"):
            copy = await workflow.execute_activity_method(
                AnalysisActivities.copy_song, song, summary="working copy", **policies.analyze.options()
            )
            copy_bytes = copy.size_bytes
        analysis, soundtrack = await all_or_none(
            [
                workflow.execute_activity_method(
                    AnalysisActivities.analyze_song, song, summary="hear the song", **policies.analyze.options()
                ),
                workflow.execute_activity_method(
                    AnalysisActivities.encode_soundtrack, song, summary="soundtrack", **policies.analyze.options()
                ),
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
        return await workflow.execute_activity_method(
            AnalysisActivities.record_analysis, made, summary="record analysis", **policies.light.options()
        )
