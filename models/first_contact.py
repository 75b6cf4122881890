"""Findings of a first contact with a provider, line by line."""

from models.base import Model


class Seen(Model):
    """One finding."""

    part: str
    differs: bool
    sentence: str


class ToBuy(Model):
    """One purchase to make, and its highest price."""

    what: str
    most_usd: float
