"""Tidying up: what nobody needs any more."""

from models.base import Model


class TidyRequest(Model):
    """Input of `TidyUp`."""

    staged_hours: float = 24


class Tidied(Model):
    """How much went."""

    staged: int
    rows: int
