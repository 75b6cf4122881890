"""What moves in a still, and its depth: the painter writes it into the PNG, the animator moves it."""

import json
from typing import Literal

from pydantic import Field

from models.base import Model
from models.png_notes import note_in, with_note

STIRRING_BYTES = 65_536
"""The first bytes of a still; they contain the note on what moves."""

_KEYWORD = b"stirring"


class Stir(Model):
    """One movement. Lengths are in widths of the still, x to the right, y down from its upper left corner.

    A point moves by its weight: 1 on the line from (x, y) to (end_x, end_y) and within `radius` of it, falling to 0 at
    twice that distance. `swing`, `rock` and `turn` rotate about (x, y), by `amount` degrees, or turn on and on; `bob`
    lifts, growing with the height above (x, y); `blow` waves along the line; `slide` moves steadily to the right, to
    the left if negative; `ripple` waves the rows below y, as water does. `press` flattens what is within `radius` of
    the line towards it, by the share `amount`, as wings beat and lips move; `blink` does so for a moment in each cycle.
    """

    kind: Literal["swing", "rock", "turn", "bob", "blow", "slide", "ripple", "press", "blink"]
    x: float
    y: float
    end_x: float
    end_y: float
    radius: float = Field(gt=0)
    amount: float
    rate: float = Field(default=0.5, description="cycles a beat")
    phase: float = Field(default=0.0, description="of a cycle")
    steady: bool = Field(default=False, description="`rate` counts seconds, not beats, and loudness does not matter")


class Piece(Model):
    """A part of a still that is cut out of it and moves over it as a whole: a shin, a wing, a car.

    A cycle's samples are at equal steps, as differences from the still. A piece does what its parent does, and then
    its own: it turns about (x, y) by `turns`, is lifted by `lifts`, its height over (x, y) is multiplied by `flats`, it
    moves by `speed`, and by `grow` it comes nearer from (x, y), or goes away to it.
    """

    x: float
    y: float
    end_x: float = Field(description="the line from (x, y) to here, `radius` wide on both sides, is all the piece's")
    end_y: float
    radius: float = Field(default=0.0, ge=0, description="0: the piece is only what is seen of it")
    parent: int = Field(default=-1, description="the piece on which it hangs, counted from 0; -1: on none")
    turns: tuple[float, ...] = Field(default=(), description="degrees clockwise")
    lifts: tuple[float, ...] = Field(default=(), description="widths upwards")
    flats: tuple[float, ...] = Field(default=(), description="factors; below 0 upside down")
    speed: float = Field(default=0.0, description="widths a second to the right; the middle of the scene is the still")
    grow: float = Field(default=0.0, description="the logarithm of its scale a second")
    period: float = Field(default=0.0, description="widths after which it repeats itself beyond the still's edge")
    rate: float = Field(default=0.5, description="cycles a beat")
    phase: float = Field(default=0.0, description="of a cycle")
    steady: bool = Field(default=False, description="`rate` counts seconds, not beats")


class Cutting(Model):
    """Which cells of a still belong to which of its pieces, and what is before them.

    Attributes:
        x, y: The upper left corner of the cells, in widths of the still.
        cell: The side of a cell.
        columns: Cells in a row.
        labels: A byte a cell, row by row, deflated and in base64: 1 and up is a piece, counted in the order in which
            they are painted; `STILL` and up is what does not move, painted after that many pieces.
        pieces: In the order in which they are painted.
    """

    x: float
    y: float
    cell: float = Field(gt=0)
    columns: int = Field(ge=1)
    labels: str
    pieces: tuple[Piece, ...]


STILL = 128
"""The label of what does not move and is behind every piece."""


class Stirring(Model):
    """Everything that moves in a still.

    Attributes:
        depth: Rows of hex digits, 0 at the lens to f at the sky, covering the picture; empty if unknown.
        cutting: What is cut out of it; None if nothing is.
    """

    stirs: tuple[Stir, ...] = ()
    depth: tuple[str, ...] = ()
    cutting: Cutting | None = None


def with_stirring(png: bytes, stirring: Stirring) -> bytes:
    """A PNG that says what moves in it, in a text chunk of its own."""
    text = json.dumps(stirring.model_dump(mode="json", exclude_defaults=True), separators=(",", ":"))
    return with_note(png, _KEYWORD, text.encode("ascii"))


def stirring_in(beginning: bytes) -> Stirring | None:
    """What a picture's first `STIRRING_BYTES` say that moves in it; None if they say nothing."""
    return note_in(beginning, _KEYWORD, Stirring)
