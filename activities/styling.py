"""The pictures on the wall of styles.

Side effects: one PNG per preset in the object store. Idempotency: its key comes from the painted content. Render queue.
"""

from activities.ports.engines import Painter
from activities.ports.stores import ObjectStore
from activities.steps import pulse, scratch, step
from models.style_pictures import StylePictures, StylePicturesStep, style_picture_key, style_still
from models.styles import STYLES


class StylingActivities:
    """The step that paints the preview picture of every style."""

    def __init__(self, objects: ObjectStore, painter: Painter) -> None:
        self._objects = objects
        self._painter = painter

    @step
    def paint_styles(self, _wall: StylePicturesStep) -> StylePictures:
        """Paint the missing pictures; a retry continues where the last attempt stopped."""
        painted = 0
        for style in STYLES:
            key = style_picture_key(style)
            if self._objects.size(key) is not None:
                continue
            with scratch() as folder:
                out = folder / "style.png"
                self._painter.paint(style_still(style), [], out, pulse)
                self._objects.put_file(key, out, "image/png")
            painted += 1
        return StylePictures(painted=painted)
