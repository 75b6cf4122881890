"""What every part of a picture shares while it is painted."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engines.providers.local.painter.canvas import Canvas
from engines.providers.local.painter.mood import Mood
from engines.providers.local.painter.noise import Rng, rng_for
from engines.providers.local.painter.reading import Subject
from models.subjects import SubjectRows

if TYPE_CHECKING:
    from engines.providers.local.painter.looks import Look


@dataclass
class Scene:
    """A picture on its way.

    Attributes:
        canvas: What is painted on.
        mood: Its light.
        subject: What it shows.
        horizon: Where the sky ends, in widths from the top.
        zoom: How large far things are: 1 in a wide shot, more with a longer lens.
        look: How it will be finished.
        focal_depth: The depth at which the lens is sharp.
        outdoors: Whether weather falls on it.
        focus: Where the eye shall go: x and y in widths.
        shown: Who or what it is about, as far as it is painted already.
    """

    canvas: Canvas
    mood: Mood
    subject: Subject
    look: "Look"
    horizon: float
    zoom: float
    focus: tuple[float, float]
    focal_depth: float
    outdoors: bool
    shown: list[SubjectRows] = field(default_factory=list)

    def show(self, top: float, bottom: float, head_top: float, head_bottom: float) -> None:
        """Remember what the picture is about: rows in widths from the top."""
        rows = (row / self.tall for row in (top, bottom, head_top, head_bottom))
        self.shown.append(SubjectRows(**dict(zip(SubjectRows.model_fields, rows, strict=True))))

    def rng(self, *names: object) -> Rng:
        """Chance for one part of the picture, untouched by what other parts draw."""
        return rng_for(self.subject.key, *names)

    @property
    def tall(self) -> float:
        """The picture's height in widths."""
        return self.canvas.tall
