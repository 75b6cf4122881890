"""What a picture shows: each subject has a number while it is painted, and counts by its visible share."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from engines.providers.local.painter.canvas import Canvas

CROWD = "crowd"
"""The name of people beyond the cast, whether or not the words mention them."""


@dataclass
class Manifest:
    """Numbers the subjects of one picture by their refs in the reading."""

    canvas: Canvas
    _refs: list[str] = field(default_factory=list)

    @contextmanager
    def naming(self, ref: str) -> Iterator[None]:
        """Paint a subject: everything painted meanwhile belongs to it, even inside another subject.

        Args:
            ref: Its name in the reading; empty for what the words do not mention.
        """
        if ref not in self._refs:
            self._refs.append(ref)
        before, self.canvas.label = self.canvas.label, self._refs.index(ref) + 1
        try:
            yield
        finally:
            self.canvas.label = before

    def shares(self) -> dict[str, float]:
        """The unhidden share of the picture, 0…1, of each ref."""
        counts = np.bincount(self.canvas.named.ravel(), minlength=len(self._refs) + 1)
        total = self.canvas.named.size
        return {ref: float(count) / total for ref, count in zip(self._refs, counts[1:], strict=False) if ref}
