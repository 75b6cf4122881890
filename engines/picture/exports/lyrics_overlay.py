"""Lyrics over a video: each line while it is sung, each word from its own time if known."""

import numpy as np
from numpy.typing import NDArray

from engines.picture.exports.faces import check_showable, face_of
from engines.picture.exports.frames import Overlay, Planes
from engines.picture.exports.typesetting import Block, box_of, draw_block, set_words
from engines.picture.exports.windows import even
from models.exports import ExportPlan, ExportSources
from models.failures import MediaCorrupt
from models.lyrics import LyricLine

SAFE_SIDE = 0.10
"""Margin at left and right, as a share of the width: apps put buttons there."""

SAFE_BOTTOM = 0.235
"""Margin at the bottom, as a share of the height: captions and a player's bar are there."""

TYPE_SIZE = 0.084
"""Share of the width: 90 of 1080 pixels, which a phone shows as large as a headline."""

_FADE_S = 0.16
_WAITING = 0.5
"""Visibility of a word before it is sung."""

_SWELL_S = 0.14


class Singer:
    """Lays the lyrics over frames, in time."""

    def __init__(self, plan: ExportPlan, sources: ExportSources) -> None:
        if sources.lyrics is None:
            raise MediaCorrupt("the lyrics are missing")
        for line in sources.lyrics.lines:
            check_showable(line.text, f"Line {line.number} of the lyrics")
        self._plan, self._sources = plan, sources
        self._lines = sources.lyrics.lines
        self._at = 0
        self._shown: _ShownLine | None = None

    def __call__(self, _index: int, number: int, planes: Planes) -> Planes:
        """Lay the line sung at a frame over it; see `moving.Change`."""
        time_s = float(number / self._sources.timeline.fps)
        while self._at < len(self._lines) and self._lines[self._at].end_s <= time_s:
            self._at, self._shown = self._at + 1, None
        if self._at < len(self._lines) and self._lines[self._at].start_s <= time_s:
            line = self._lines[self._at]
            if self._shown is None:
                self._shown = _ShownLine(line, self._plan, self._sources.style)
            self._shown.lay(planes, time_s)
        return planes


class _ShownLine:
    """One line, drawn once."""

    def __init__(self, line: LyricLine, plan: ExportPlan, style: str) -> None:
        self._line = line
        said = [word.text for word in line.words] or line.text.split()
        room = int(plan.width * (1 - 2 * SAFE_SIDE))
        block = set_words(said, face_of(style), room, round(plan.width * TYPE_SIZE))
        pad = even(block.size_px * 0.6)
        picture = _even(draw_block(block, pad, (255, 255, 255)))
        left = even((plan.width - picture.shape[1]) / 2)
        top = even(plan.height * (1 - SAFE_BOTTOM) - block.height - pad)
        self._top, self._left = max(0, top), max(0, left)
        self._whole = Overlay(picture[:, : plan.width - self._left], self._left, self._top)
        self._words = self._apart(block, pad, picture) if line.words else []

    def _apart(self, block: Block, pad: int, picture: NDArray[np.uint8]) -> list[tuple[float, Overlay]]:
        """Each word's own part of the line."""
        parts = []
        for word, timed in zip(block.words, self._line.words, strict=True):
            left, top, right, bottom = (even(edge) for edge in box_of(word, pad))
            part = _even(picture[top:bottom, left:right])
            parts.append((timed.start_s, Overlay(part, self._left + left, self._top + top)))
        return parts

    def lay(self, planes: Planes, time_s: float) -> None:
        """Lay the line over a frame at a moment of the song."""
        age_s, left_s = time_s - self._line.start_s, self._line.end_s - time_s
        strength = float(np.clip(min(age_s / _FADE_S + 0.25, left_s / _FADE_S), 0.0, 1.0))
        if not self._words:
            self._whole.lay(planes, strength)
            return
        for start_s, word in self._words:
            sung = float(np.clip((time_s - start_s) / _SWELL_S + 0.3, 0.0, 1.0)) if time_s >= start_s else 0.0
            word.lay(planes, strength * (_WAITING + (1 - _WAITING) * sung))


def _even(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Cut to even sides."""
    return np.ascontiguousarray(picture[: picture.shape[0] // 2 * 2, : picture.shape[1] // 2 * 2])
