"""The painter's port: a request in, a PNG out, in a child process of its own."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.jobs import JobLimits, Pulse, no_pulse, run_job
from engines.providers.local.painter.compose import compose
from models.failures import InvalidInput, MediaCorrupt
from models.subjects import SubjectRows, with_subject
from models.takes import StillRequest

_LIMITS = JobLimits(memory_bytes=600_000_000, wall_s=120)
_MAX_SIDE = 4096


class LocalPainter:
    """Draws stills from their prompts; the same request gives the same bytes."""

    def paint(self, request: StillRequest, references: Sequence[Path], out: Path, pulse: Pulse = no_pulse) -> None:
        """Write a PNG of exactly the asked size, which says where its subject is.

        Args:
            request: What to paint, and how large.
            references: Reference pictures; figures are drawn from the prompt's `cast_seeds`, so they are not needed.
            out: The PNG's path.
            pulse: Called a few times a second; raises to stop the work.

        Raises:
            InvalidInput: The size is not one a picture can have.
            MediaCorrupt: The file could not be written.
        """
        run_job(_paint_file, request, str(out), limits=_LIMITS, pulse=pulse)


def draw(request: StillRequest) -> NDArray[np.uint8]:
    """A still, in this process.

    Args:
        request: What to paint, and how large.

    Returns:
        uint8, (height, width, 3), RGB.

    Raises:
        InvalidInput: The size is not one a picture can have.
    """
    return _drawn(request)[0]


def _drawn(request: StillRequest) -> tuple[NDArray[np.uint8], SubjectRows | None]:
    if not (16 <= request.width <= _MAX_SIDE and 16 <= request.height <= _MAX_SIDE):
        raise InvalidInput(
            f"A still of {request.width} × {request.height} cannot be painted; ask for 16 to {_MAX_SIDE}."
        )
    picture, subject = compose(request.prompt, request.width, request.height)
    return np.round(np.clip(picture, 0, 1) * 255).astype(np.uint8), subject


def _paint_file(request: StillRequest, out: str) -> None:
    picture, subject = _drawn(request)
    ok, data = cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_PNG_COMPRESSION, 2])
    if not ok:
        raise MediaCorrupt("The still could not be encoded.")
    png = data.tobytes()
    Path(out).write_bytes(png if subject is None else with_subject(png, subject))
