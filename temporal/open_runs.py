"""The open runs, according to the server: the port that activities use."""

from temporalio.client import Client, WorkflowExecutionDescription, WorkflowExecutionStatus

from models.search_attributes import SEARCH_ATTRIBUTES, SearchAttribute
from temporal.calls import server_answers, unless_unknown
from temporal.reading import describe


class OpenRuns:
    """The open runs, according to the server."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def is_open(self, workflow_id: str) -> bool:
        """Whether a run with this id is open now; False also if it never existed."""
        return await self._open(workflow_id) is not None

    async def cancel(self, workflow_id: str) -> None:
        """Cancel an open run; a closed or unknown one stays as it is."""
        with server_answers(), unless_unknown():
            await self._client.get_workflow_handle(workflow_id).cancel()

    async def song_of(self, workflow_id: str) -> str | None:
        """The song that an open run works with; None if the run is closed or unknown."""
        description = await self._open(workflow_id)
        key = SEARCH_ATTRIBUTES[SearchAttribute.SONG]
        return None if description is None else description.typed_search_attributes.get(key)

    async def _open(self, workflow_id: str) -> WorkflowExecutionDescription | None:
        with server_answers(), unless_unknown():
            description = await describe(self._client, workflow_id)
            return description if description.status is WorkflowExecutionStatus.RUNNING else None
        return None
