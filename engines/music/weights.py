"""Weights of the two logistic models behind the structure, fitted by `bench/music.py --fit`."""

import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_PATH = Path(__file__).with_name("weights.json")


@dataclass(frozen=True)
class Logistic:
    """A logistic regression on raw measures.

    Attributes:
        names: The measures, in order.
        coefficients: One per measure.
        intercept: Log odds where every measure is 0.
    """

    names: tuple[str, ...]
    coefficients: tuple[float, ...]
    intercept: float

    def log_odds(self, measures: Floats) -> Floats:
        """(n,), from measures (n, len(names))."""
        odds: Floats = measures @ np.array(self.coefficients) + self.intercept
        return odds


@dataclass(frozen=True)
class Weights:
    """What speaks for a boundary, and what for two sections being the same music."""

    boundary: Logistic
    same_music: Logistic

    def save(self) -> None:
        """Keep these weights as the ones that the engine uses."""
        _PATH.write_text(json.dumps(asdict(self), indent=1) + "\n")


@cache
def fitted_weights() -> Weights:
    """The weights that came with the engine."""
    stored = json.loads(_PATH.read_text())

    def model(name: str) -> Logistic:
        entry = stored[name]
        return Logistic(tuple(entry["names"]), tuple(entry["coefficients"]), entry["intercept"])

    return Weights(model("boundary"), model("same_music"))
