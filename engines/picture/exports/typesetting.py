"""Words on a picture: balanced lines, one typeface, and a shadow that keeps them readable on any background."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, combinations, pairwise

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from engines.picture.exports.faces import face_for, font_of
from engines.picture.exports.typefaces import Face

_MOST_LINES = 3
_LINE_HEIGHT = 1.22


@dataclass(frozen=True)
class SetWord:
    """A placed word: `x` and `baseline` in pixels of its block."""

    text: str
    font: ImageFont.FreeTypeFont
    x: float
    baseline: float
    width: float


@dataclass(frozen=True)
class Block:
    """Words set in lines. `words` keeps the spoken order, in any reading direction."""

    words: tuple[SetWord, ...]
    width: int
    height: int
    size_px: int


def set_words(words: Sequence[str], face: Face, width: int, size_px: int, most_lines: int = _MOST_LINES) -> Block:
    """Set words in as few balanced lines as possible; the type shrinks before a fourth line is used.

    Args:
        words: The words to set.
        face: The typeface; a word with letters that it lacks gets another one.
        width: The greatest width of the block, in pixels.
        size_px: The nominal size.
        most_lines: The most lines.

    Returns:
        The block, each line centred.
    """
    size = max(4, round(size_px * face.scale))
    while True:
        measured = [_measured(word, face, size) for word in words]
        space = font_of(face, size).getlength(" ") or size / 4
        for count in range(1, min(most_lines, len(words)) + 1):
            lines = _balanced([m[2] for m in measured], space, count)
            if max(_length(measured, line, space) for line in lines) <= width:
                return _placed(measured, lines, space, width, size)
        if size <= 4:
            return _placed(measured, lines, space, width, size)
        size = max(4, int(size * 0.94))


def draw_block(block: Block, pad: int, colour: tuple[int, int, int]) -> NDArray[np.uint8]:
    """Draw a block.

    Args:
        block: The block to draw.
        pad: Margin in pixels, for the shadow.
        colour: RGB of the letters.

    Returns:
        uint8, (height + 2 pad, width + 2 pad, 4), RGBA, not premultiplied: letters over a soft dark shadow.
    """
    size = (block.width + 2 * pad, block.height + 2 * pad)
    mask = Image.new("L", size, 0)
    draw = ImageDraw.Draw(mask)
    for word in block.words:
        draw.text((pad + word.x, pad + word.baseline), word.text, fill=255, font=word.font, anchor="ls")
    letters = np.asarray(mask, np.float32) / 255
    reach = max(1.0, block.size_px * 0.16)
    near = cv2.GaussianBlur(letters, (0, 0), max(0.6, reach * 0.35))
    far = cv2.GaussianBlur(letters, (0, 0), reach)
    shadow = np.clip(near * 0.9 + far * 1.25, 0, 1) * 0.72
    alpha = letters + shadow * (1 - letters)
    share = np.divide(letters, alpha, out=np.zeros_like(letters), where=alpha > 1e-3)
    picture = np.empty((*alpha.shape, 4), np.uint8)
    picture[..., :3] = np.round(share[..., None] * np.asarray(colour, np.float32))
    picture[..., 3] = np.round(alpha * 255)
    return picture


def box_of(word: SetWord, pad: int) -> tuple[int, int, int, int]:
    """The part of a drawn block that shows a word and its shadow: left, top, right, bottom."""
    ascent, descent = word.font.getmetrics()
    gap = max(1, round(word.font.size * 0.11))
    return (
        max(0, int(pad + word.x - gap)),
        max(0, int(pad + word.baseline - ascent - gap)),
        int(pad + word.x + word.width + gap),
        int(pad + word.baseline + descent + gap),
    )


def _measured(word: str, face: Face, size: int) -> tuple[str, ImageFont.FreeTypeFont, float]:
    chosen = face_for(word, face)
    shown = word.upper() if chosen.upper else word
    font = font_of(chosen, size if chosen == face else max(4, round(size * chosen.scale / face.scale)))
    return shown, font, font.getlength(shown)


def _length(measured: Sequence[tuple[str, ImageFont.FreeTypeFont, float]], line: range, space: float) -> float:
    return sum(measured[i][2] for i in line) + space * (len(line) - 1)


def _balanced(widths: Sequence[float], space: float, count: int) -> list[range]:
    """The breaks that make the widest line as narrow as can be."""
    upto = [0.0, *accumulate(width + space for width in widths)]

    def widest(breaks: tuple[int, ...]) -> float:
        return max(upto[after] - upto[before] for before, after in pairwise((0, *breaks, len(widths))))

    best = min(combinations(range(1, len(widths)), count - 1), key=widest)
    return [range(before, after) for before, after in pairwise((0, *best, len(widths)))]


def _placed(
    measured: Sequence[tuple[str, ImageFont.FreeTypeFont, float]],
    lines: Sequence[range],
    space: float,
    width: int,
    size: int,
) -> Block:
    rows = round(size * _LINE_HEIGHT)
    backwards = _reads_from_the_right("".join(word for word, _, _ in measured))
    words: dict[int, SetWord] = {}
    for number, line in enumerate(lines):
        x = (width - _length(measured, line, space)) / 2
        for index in reversed(line) if backwards else line:
            text, font, length = measured[index]
            words[index] = SetWord(text, font, x, size + number * rows, length)
            x += length + space
    return Block(tuple(words[i] for i in sorted(words)), width, rows * len(lines) + size // 4, size)


def _reads_from_the_right(text: str) -> bool:
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False
