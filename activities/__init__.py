"""Thin, retry-safe steps, one file per stage. They import models and ports, never engines or stores."""
