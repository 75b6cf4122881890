"""`PaintStyles`: the wall of styles gets its pictures.

Promise: afterwards every preset has a picture in the object store. Started by every web backend that comes up; a
second start joins the first, and finished pictures are found, not painted again. Nothing is undone on failure: a
missing picture is shown as the preset's colours.
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
        """Paint what is missing, after everything that an artist waits for."""
        policy = Policies(wall.limits).decorate
        return await workflow.execute_activity_method(
            StylingActivities.paint_styles, wall, summary="pictures of the styles", **policy.options()
        )
