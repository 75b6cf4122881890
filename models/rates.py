"""How often one may ask, as the `limits` library writes it."""

from models.base import Model


class Rates(Model):
    """Limits for everything that guesses, costs or fills. Those of strangers count per address."""

    log_in: str = "10/minute"
    log_in_per_account: str = "20/15minutes"
    sign_up: str = "20/hour"
    mail: str = "5/hour"
    upload: str = "60/hour"
    start: str = "60/hour"
