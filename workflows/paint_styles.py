"""`PaintStyles`: paints the preview picture of every style.

Promise: afterwards every style has a picture in the object store. Every web backend starts it when it comes up; a
second start joins the first, and finished pictures are kept. Nothing is undone on failure: for a missing picture the
page shows the style's colours.
"""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.styling import StylingActivities
    from models.style_pictures import StylePictures, StylePicturesStep
    from workflows.policies import Policies


@workflow.defn(name="PaintStyles")
class PaintStyles:
    """The pictures of the presets."""

    @workflow.run
    async def run(self, wall: StylePicturesStep) -> StylePictures:
        """Paint the missing pictures, at a lower priority than everything that an artist waits for."""
        policy = Policies(wall.limits).decorate
        return await policy.run(StylingActivities.paint_styles, wall, "pictures of the styles")
