"""Start the analysis of a song, or join a running one."""

from temporalio.client import Client, WorkflowHandle

from models.generation import AnalyzeRequest, SongReady
from models.ids import analyze_workflow_id
from models.search_attributes import SearchAttribute
from temporal.calls import joining
from workflows.analyze_song import AnalyzeSong


async def start_analysis(client: Client, request: AnalyzeRequest) -> WorkflowHandle[AnalyzeSong, SongReady]:
    """Start the analysis of a song, or join the running one."""
    attributes = {SearchAttribute.ACCOUNT: request.account_id, SearchAttribute.SONG: request.song_id}
    return await client.start_workflow(
        AnalyzeSong.run,
        request,
        **joining(analyze_workflow_id(request.song_id), "Analysis of a song", attributes),
    )
