"""Seeded randomness: generators, fractal noise, rough outlines."""

import hashlib
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Rng = np.random.Generator


def floats(array: NDArray[Any]) -> Floats:
    """The same numbers as float32; not copied if they are float32 already."""
    return np.asarray(array, np.float32)


def scaled(picture: NDArray[Any], width: int, height: int, how: int = cv2.INTER_LINEAR) -> Floats:
    """A picture or field in another size, as float32; `how` is OpenCV's interpolation."""
    return floats(cv2.resize(picture, (width, height), interpolation=how))


def rng_for(*parts: object) -> Rng:
    """A generator that depends only on `parts`, the same on every machine.

    Args:
        *parts: Anything with a stable `str`.

    Returns:
        A fresh generator.
    """
    digest = hashlib.blake2b("|".join(map(str, parts)).encode(), digest_size=8).digest()
    return np.random.default_rng(int.from_bytes(digest, "little"))


def fbm(rng: Rng, height: int, width: int, cells: float = 4.0, octaves: int = 4, stretch: float = 1.0) -> Floats:
    """Fractal value noise: octaves of bicubic-scaled random grids, each at half the strength of the one before.

    Source: fractional Brownian motion after Mandelbrot and Van Ness (1968), on value noise.

    Args:
        rng: Source of the grids.
        height: Rows.
        width: Columns.
        cells: Grid cells across the width in the first octave.
        octaves: The number of grids to sum.
        stretch: Cells are this much wider than high.

    Returns:
        float32, (height, width), 0…1 with mean near 0.5.
    """
    total = np.zeros((height, width), np.float32)
    weight, summed = 1.0, 0.0
    for octave in range(octaves):
        columns = max(2, round(cells * 2**octave) + 1)
        rows = max(2, round(cells * 2**octave * stretch * height / width) + 1)
        grid = rng.random((rows, columns), np.float32)
        if rows < height * 2 and columns < width * 2:
            total += scaled(grid, width, height, cv2.INTER_CUBIC) * np.float32(weight)
            summed += weight
        weight *= 0.5
    return floats(np.clip((total / max(summed, 1e-6) - 0.5) * 1.35 + 0.5, 0, 1))


def rough_line(rng: Rng, count: int, cells: float = 4.0, octaves: int = 5, roughness: float = 0.5) -> Floats:
    """A one-dimensional fractal outline, such as a ridge against the sky.

    Args:
        rng: Source of the outline.
        count: The number of samples.
        cells: Bumps in the coarsest octave.
        octaves: The number of octaves to sum.
        roughness: Strength of each octave relative to the one before.

    Returns:
        float32, (count,), 0…1.
    """
    x = np.linspace(0, 1, count)
    total = np.zeros(count)
    weight = 1.0
    for octave in range(octaves):
        knots = max(2, round(cells * 2**octave) + 2)
        total += weight * np.interp(x * (knots - 1), np.arange(knots), rng.random(knots))
        weight *= roughness
    spread = float(total.max() - total.min())
    return floats((total - total.min()) / max(spread, 1e-6))
