"""Thin, retry-safe steps, one file a stage. They know models and ports, never engines or stores."""
