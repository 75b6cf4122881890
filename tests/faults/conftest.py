"""A whole local stack with the real engines."""

from tests.fakes.live import chance, demo_song, live, stack_settings

__all__ = ["chance", "demo_song", "live", "stack_settings"]
