"""Phones' HDR and wide colours in standard range, as one table of colours.

A table is all that it takes, because the mapping depends on a pixel's own colour only: HLG and PQ become light, light
above 83 cd/m² is compressed (ITU-R BT.2390-11, 5.4.1, on the largest of red, green and blue, so that hues stay), its
primaries become BT.709's, colours that BT.709 lacks lose saturation until it has them, and light becomes a signal for
BT.1886 displays.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PQ, HLG = 16, 18
"""Transfer characteristics (ITU-T H.273, table 3)."""

BT2020_PRIMARIES, P3_PRIMARIES = 9, 12
"""Colour primaries (ITU-T H.273, table 2)."""

TABLE_POINTS = 33
WHITE_NITS = 203.0
"""Diffuse white in HDR (ITU-R BT.2408), and the white of the result."""

PEAK_NITS = 1_000.0
_GAMMA = 2.4

Light = NDArray[np.float64]
"""float64, (n, 3), red, green, blue."""

_BT2020_TO_709 = np.array(
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]], np.float64
)
"""ITU-R BT.2087, annex 2."""

_P3_TO_709 = np.array([[1.2249, -0.2247, 0.0], [-0.0420, 1.0419, 0.0], [-0.0197, -0.0786, 1.0979]], np.float64)
_LUMA = np.array([0.2126, 0.7152, 0.0722])
_LUMA_2020 = np.array([0.2627, 0.6780, 0.0593])


def needs_table(transfer: int, primaries: int) -> bool:
    """Whether frames with these characteristics need a table."""
    return is_hdr(transfer) or primaries in (BT2020_PRIMARIES, P3_PRIMARIES)


def is_hdr(transfer: int) -> bool:
    """Whether a transfer characteristic is one of HDR."""
    return transfer in (PQ, HLG)


def write_table(path: Path, transfer: int, primaries: int) -> None:
    """Write a table in the format .cube, from signals of these characteristics to BT.709's, all full range."""
    steps = np.linspace(0, 1, TABLE_POINTS)
    blue, green, red = np.meshgrid(steps, steps, steps, indexing="ij")
    signals = np.stack([red.ravel(), green.ravel(), blue.ravel()], axis=1)  # red changes fastest
    with path.open("w") as file:
        file.write(f"LUT_3D_SIZE {TABLE_POINTS}\n")
        np.savetxt(file, standard(signals, transfer, primaries), fmt="%.6f")


def standard(signals: Light, transfer: int, primaries: int) -> Light:
    """Signals in BT.709, 0…1.

    Args:
        signals: R'G'B', 0…1.
        transfer: ITU-T H.273's number; other ones than PQ and HLG are taken for standard range.
        primaries: ITU-T H.273's number; HDR without one has BT.2020's.
    """
    if transfer == PQ:
        light = _compressed(_from_pq(signals))
    elif transfer == HLG:
        light = _compressed(_from_hlg(signals))
    else:
        light = np.power(signals, _GAMMA)
    matrix = _P3_TO_709 if primaries == P3_PRIMARIES else _BT2020_TO_709
    return np.power(_within(light @ matrix.T), 1 / _GAMMA)


def _from_pq(signals: Light) -> Light:
    """SMPTE ST 2084: cd/m²."""
    m1, m2, c1, c2, c3 = 1305 / 8192, 2523 / 32, 107 / 128, 2413 / 128, 2392 / 128
    power = np.power(signals, 1 / m2)
    nits: Light = 10_000 * np.power(np.maximum(power - c1, 0) / (c2 - c3 * power), 1 / m1)
    return nits


def _to_pq(nits: Light) -> Light:
    m1, m2, c1, c2, c3 = 1305 / 8192, 2523 / 32, 107 / 128, 2413 / 128, 2392 / 128
    power = np.power(nits / 10_000, m1)
    return np.power((c1 + c2 * power) / (1 + c3 * power), m2)


def _from_hlg(signals: Light) -> Light:
    """ITU-R BT.2100, for a display of 1,000 cd/m²: cd/m²."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(signals <= 0.5, signals**2 / 3, (np.exp((signals - c) / a) + b) / 12)
    nits: Light = PEAK_NITS * scene * np.power(scene @ _LUMA_2020, 0.2)[:, None]
    return nits


def _compressed(nits: Light) -> Light:
    """Light of HDR as a share of white, 0…1."""
    largest = np.minimum(nits.max(axis=1), PEAK_NITS)
    peak, white = _to_pq(np.array(PEAK_NITS)), _to_pq(np.array(WHITE_NITS))
    most = white / peak
    knee = 1.5 * most - 0.5
    level = _to_pq(largest) / peak
    t = np.clip((level - knee) / (1 - knee), 0, 1)
    bent = (2 * t**3 - 3 * t**2 + 1) * knee + (t**3 - 2 * t**2 + t) * (1 - knee) + (3 * t**2 - 2 * t**3) * most
    after = _from_pq(np.where(level < knee, level, bent) * peak)
    scale = np.divide(after, largest, out=np.zeros_like(largest), where=largest > 0)
    share: Light = np.minimum(nits, PEAK_NITS) * scale[:, None] / WHITE_NITS
    return share


def _within(light: Light) -> Light:
    """Colours outside of 0…1 lose saturation until they are inside; their luminance stays."""
    luma = np.clip(light @ _LUMA, 0, 1)[:, None]
    away = light - luma
    with np.errstate(divide="ignore", invalid="ignore"):
        room = np.where(away > 0, (1 - luma) / away, np.where(away < 0, -luma / away, np.inf))
    within: Light = np.clip(luma + away * np.minimum(room.min(axis=1, keepdims=True), 1), 0, 1)
    return within
