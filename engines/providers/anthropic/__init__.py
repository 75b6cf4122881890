"""The director that asks Claude, through Anthropic's own SDK."""

from engines.providers.anthropic.director import AnthropicDirector

__all__ = ["AnthropicDirector"]
