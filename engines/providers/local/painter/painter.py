"""The painter's port: a request in, a PNG out, in a child process."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.jobs import JobLimits, Pulse, no_pulse, run_job
from engines.providers.local.painter.compose import Composed, compose
from engines.providers.local.painter.people.measuring import Measured, measure
from models.failures import InvalidInput, MediaCorrupt
from models.in_picture import with_in_picture
from models.stirring import with_stirring
from models.subjects import with_subject
from models.takes import StillRequest

_LIMITS = JobLimits(memory_bytes=600_000_000, wall_s=120)
_MAX_SIDE = 4096
_PNG = [cv2.IMWRITE_PNG_COMPRESSION, 1, cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_HUFFMAN_ONLY]
"""Grain has no repeats to look for: without the search a file is written in two thirds of the time, and smaller."""


class LocalPainter:
    """Draws stills from their prompts; the same request gives the same bytes."""

    method = "LocalPainter 4"

    def paint(self, request: StillRequest, references: Sequence[Path], out: Path, pulse: Pulse = no_pulse) -> None:
        """Write a PNG of exactly the requested size, with a note about the position of its subject.

        Args:
            request: The picture to paint, and its size.
            references: Reference pictures of locked characters, in the order of the prompt's `reference_keys`.
            out: The PNG's path.
            pulse: Called a few times a second; raises to stop the work.

        Raises:
            InvalidInput: The size is impossible.
            MediaCorrupt: The file could not be written.
        """
        run_job(_paint_file, request, str(out), tuple(map(str, references)), limits=_LIMITS, pulse=pulse)


def draw(request: StillRequest) -> NDArray[np.uint8]:
    """A still, in this process.

    Args:
        request: The picture to paint, and its size.

    Returns:
        uint8, (height, width, 3), RGB.

    Raises:
        InvalidInput: The size is impossible.
    """
    return _drawn(request)[0]


def _drawn(request: StillRequest, references: Sequence[str] = ()) -> tuple[NDArray[np.uint8], Composed]:
    if not (16 <= request.width <= _MAX_SIDE and 16 <= request.height <= _MAX_SIDE):
        raise InvalidInput(
            f"A still of {request.width} × {request.height} cannot be painted; ask for 16 to {_MAX_SIDE}."
        )
    composed = compose(request.prompt, request.width, request.height, _measured(request, references))
    return np.round(np.clip(composed.light, 0, 1) * 255).astype(np.uint8), composed


def _measured(request: StillRequest, references: Sequence[str]) -> dict[int, Measured]:
    """What each locked character's first useful reference picture shows, by cast seed."""
    prompt, found = request.prompt, dict[int, Measured]()
    for key, path in zip(prompt.reference_keys, references, strict=False):
        # The keys of a video's references name the character.
        slot = next((i for i, one in enumerate(prompt.character_ids) if f"/{one}" in key), 0)
        if slot < len(prompt.cast_seeds) and not found.get(prompt.cast_seeds[slot], Measured()).skin:
            found[prompt.cast_seeds[slot]] = measure(Path(path))
    return found


def _paint_file(request: StillRequest, out: str, references: Sequence[str] = ()) -> None:
    picture, composed = _drawn(request, references)
    ok, data = cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), _PNG)
    if not ok:
        raise MediaCorrupt("The still could not be encoded.")
    png = data.tobytes()
    png = with_in_picture(with_stirring(png, composed.stirring), composed.note)
    Path(out).write_bytes(png if composed.subject is None else with_subject(png, composed.subject))
