"""The state of a picture while it is painted."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from engines.providers.local.painter.canvas import Canvas
from engines.providers.local.painter.manifest import Manifest
from engines.providers.local.painter.mood import Mood
from engines.providers.local.painter.noise import Rng, rng_for
from engines.providers.local.painter.reading import Subject
from models.subjects import SubjectRows

if TYPE_CHECKING:
    from engines.providers.local.painter.looks import PaintedLook
    from engines.providers.local.painter.rigging import Rig

_GROUND = 0.06
"""The least share of the lower part of a picture that is one of its grounds."""


@dataclass
class Scene:
    """A picture in progress.

    Attributes:
        canvas: The painting surface.
        mood: Its light.
        subject: Its contents.
        horizon: The lower end of the sky, in widths from the top.
        zoom: Size of far things: 1 in a wide shot, more with a longer lens.
        look: Its finish.
        focal_depth: The depth at which the lens is sharp.
        outdoors: Whether weather falls on it.
        manifest: Numbers what is painted.
        rig: Says what moves.
        focus: The point of interest: x and y in widths.
        shown: Its subject's rows, as far as painted.
        afloat: Its people are on the water: places leave out the shore in the foreground.
        across: What drives through a street crosses it: the street runs from side to side.
        lane: Where the wheels of what crosses the picture are, in widths from the top.
        rails: Where a place's own rails are, in widths from the top; 0 without.
        shore: Where firm ground begins, in widths from the top.
        aisle: The middle of what is free between walls or stalls, and half of its width at the lower edge, both in
            widths; None in the open.
        waters: The canvas's numbers of water.
        bodies: The canvas's numbers of people, with what they wear and hold.
        water: Top and bottom of the water, in widths from the top; None without.
        grounds: The canvas's numbers of what one stands on, once they were asked for.
    """

    canvas: Canvas
    mood: Mood
    subject: Subject
    look: "PaintedLook"
    horizon: float
    zoom: float
    focus: tuple[float, float]
    focal_depth: float
    outdoors: bool
    manifest: Manifest
    rig: "Rig"
    shown: list[SubjectRows] = field(default_factory=list)
    afloat: bool = False
    across: bool = False
    lane: float = 0.0
    rails: float = 0.0
    shore: float = 0.0
    aisle: tuple[float, float] | None = None
    waters: set[int] = field(default_factory=set)
    bodies: set[int] = field(default_factory=set)
    water: tuple[float, float] | None = None
    grounds: set[int] = field(default_factory=set)

    def show(self, top: float, bottom: float, head_top: float, head_bottom: float) -> None:
        """Record the subject's rows, in widths from the top."""
        rows = (row / self.tall for row in (top, bottom, head_top, head_bottom))
        self.shown.append(SubjectRows(**dict(zip(SubjectRows.model_fields, rows, strict=True))))

    def firm(self, x: float, half: float, foot: float) -> float:
        """The share of a foot that has the place's ground under it, 0…1.

        Args:
            x: The foot's middle, in widths.
            half: Half of its width.
            foot: Its height in the picture, in widths from the top.
        """
        canvas = self.canvas
        if not self.grounds:
            low = canvas.ident[round(0.82 * canvas.height) :: 3, ::3]
            found, counts = np.unique(low, return_counts=True)
            self.grounds.update(int(one) for one in found[counts > _GROUND * low.size])
        row = int(np.clip(foot * canvas.width, 0, canvas.height - 1))
        at = np.clip(np.linspace(x - 0.8 * half, x + 0.8 * half, 9), 0, 1) * (canvas.width - 1)
        return float(np.isin(canvas.ident[row, at.astype(int)], list(self.grounds)).mean())

    def rng(self, *names: object) -> Rng:
        """A random generator for one part of the picture, independent of the other parts."""
        return rng_for(self.subject.key, *names)

    @property
    def tall(self) -> float:
        """The picture's height in widths."""
        return self.canvas.tall
