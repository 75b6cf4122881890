"""Preview the director's expansion of a short brief."""

import asyncio

from temporalio.client import Client, WorkflowFailureError

from models.brief import Brief, EnhanceRequest
from models.failures import ProviderUnavailable
from models.ids import preview_id
from models.search_attributes import SearchAttribute
from temporal.calls import joining
from workflows.enhance_brief import EnhanceBrief
from workflows.policies import ENHANCE_RUN_TIMEOUT

ENHANCE_PATIENCE_S = 35.0


async def enhance_brief(client: Client, request: EnhanceRequest) -> Brief:
    """Expand a short brief. Concurrent requests for the same brief share one run.

    Raises:
        ProviderUnavailable: No worker answers in time.
    """
    attributes = {SearchAttribute.ACCOUNT: request.account_id}
    try:
        async with asyncio.timeout(ENHANCE_PATIENCE_S):
            return await client.execute_workflow(
                EnhanceBrief.run,
                request,
                execution_timeout=ENHANCE_RUN_TIMEOUT,
                **joining(preview_id(request), "Preview of an enhanced prompt", attributes, urgent=True),
            )
    except (TimeoutError, WorkflowFailureError) as error:
        raise ProviderUnavailable("The director does not answer now.") from error
