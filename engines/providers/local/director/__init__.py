"""The rule-based director: brief, style and analysis become treatment, cast, shots and prompts."""

from engines.providers.local.director.director import LocalDirector

__all__ = ["LocalDirector"]
