"""Which engines a process works with."""

from typing import Literal

from models.base import Model


class Composition(Model):
    """Who directs, paints and animates: a provider that there is a key for, or the local engine."""

    director: Literal["anthropic", "local"] = "local"
    painter: Literal["fal", "local"] = "local"
    animator: Literal["fal", "local"] = "local"
