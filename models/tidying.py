"""Removal of expired data."""

from models.base import Model


class TidyRequest(Model):
    """Input of `TidyUp`."""

    staged_hours: float = 24


class Tidied(Model):
    """How much was removed."""

    staged: int
    rows: int
