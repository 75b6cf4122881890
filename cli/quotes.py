"""What a command says about a price before anything is started."""

from cli.output import Output
from models.credits import Balance, Quote
from models.failures import InsufficientCredits


def show_quote(quote: Quote, output: Output) -> None:
    """Say what something costs, and what is left afterwards or missing.

    Raises:
        InsufficientCredits: The balance is below the price.
    """
    why = f" ({quote.reason})" if quote.reason else ""
    missing = quote.price - quote.balance_before
    after = f"{missing} are missing" if missing > 0 else f"afterwards {quote.balance_after}"
    output.say(f"This costs {quote.price} credits{why}. Balance: {quote.balance_before}, {after}.")
    if missing > 0:
        raise InsufficientCredits(
            f"{quote.price} credits are needed and {quote.balance_before} are there; "
            "`starter.py grant CREDITS --reason TEXT` adds some to the local account."
        )


def balance_in_words(balance: Balance) -> list[str]:
    """What an account has, a line for each kind of thing."""
    lines = [f"{balance.available} credits available, {balance.held} held."]
    if balance.free_images:
        lines.append(f"{balance.free_images} free image regenerations.")
    if balance.receivable:
        lines.append(f"{balance.receivable} credits are owed after a refund; the next credits settle them.")
    return lines
