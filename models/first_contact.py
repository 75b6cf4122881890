"""What a first contact with a service has shown, line by line."""

from models.base import Model


class Seen(Model):
    """One thing that was looked at."""

    part: str
    differs: bool
    sentence: str


class ToBuy(Model):
    """One thing that is about to be bought, and what it costs at most."""

    what: str
    most_usd: float
