"""The world of orchestration tests."""

from tests.fakes.world import stores, world

__all__ = ["stores", "world"]
