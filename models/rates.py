"""Rate limits, in the notation of the `limits` library."""

from pydantic import Field

from models.base import Model


class Rates(Model):
    """Limits on everything that guesses, costs or fills. Those of strangers count per client address.

    E-mails to one address: all strangers together get `mail_strangers` for each reason (sign-up, reset), one of them
    `mail`. The address's verified owner, recognised by a known device, gets `mail_owner` besides, which strangers
    cannot use up. A reset link works as long as those windows last, so whenever strangers have used them up, the
    mailbox holds links that work.
    """

    log_in: str = Field(default="10/minute", description="attempts by one client")
    log_in_per_account: str = Field(
        default="20/15minutes", description="of one client, or known device, at one address"
    )
    log_in_strangers: str = Field(default="200/hour", description="of all unknown clients together at one address")
    code: str = Field(default="10/15minutes", description="second factor codes of one client or known device")
    code_strangers: str = Field(default="30/hour", description="of all unknown clients together at one account")
    sign_up: str = "20/hour"
    mail: str = "3/12hours"
    mail_strangers: str = "6/12hours"
    mail_owner: str = "8/day"
    notices: str = Field(default="12/day", description="e-mails to one address about changes of its account")
    upload: str = "60/hour"
    start: str = "60/hour"
    export: str = "60/hour"
    restore: str = "120/hour"
    choose: str = "600/hour"
    change: str = "600/hour"
    quote: str = "1200/hour"
    analyse: str = "20/hour"
    checking: str = "900/hour"
    """How long checks of an account's files may take, in seconds."""
    takeout: str = "3/day"
    share: str = "60/hour"
    shared: str = Field(default="600/10minutes", description="requests of one client for shared videos")
    shared_link: str = Field(default="20000/hour", description="of all clients together through one share link")
    typing: str = Field(default="600/minute", description="unsent words that pages keep")
