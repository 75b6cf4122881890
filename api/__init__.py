"""The web backend."""
