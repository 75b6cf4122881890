"""The engines of a process."""

from typing import Literal

from models.base import Model


class Composition(Model):
    """Who directs, paints and animates: a provider whose key is set, or the local engine."""

    director: Literal["anthropic", "local"] = "local"
    painter: Literal["fal", "local"] = "local"
    animator: Literal["fal", "local"] = "local"

    def difference(self, wanted: "Composition") -> str:
        """Where another one differs, in words."""
        pairs = [(name, getattr(self, name), getattr(wanted, name)) for name in type(self).model_fields]
        return ", ".join(f"{name} {used} instead of {other}" for name, used, other in pairs if used != other)
