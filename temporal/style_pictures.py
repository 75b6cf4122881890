"""Start the run that paints the style pictures."""

from temporalio.client import Client, WorkflowHandle

from models.queues import PAINT_STYLES_ID
from models.style_pictures import StylePictures, StylePicturesStep
from temporal.calls import joining
from workflows.paint_styles import PaintStyles


async def start_style_pictures(client: Client) -> WorkflowHandle[PaintStyles, StylePictures]:
    """Make sure that every style has its picture; joins a running start."""
    return await client.start_workflow(
        PaintStyles.run, StylePicturesStep(), **joining(PAINT_STYLES_ID, "Pictures of the styles", {})
    )
