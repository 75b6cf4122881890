"""Prices as commands show them before anything is started, and a run's payments to providers."""

from cli.output import Output
from models.credits import Balance, Quote
from models.paid_media import SpendingPlan
from models.spending import MICRO_USD, SpendingReport
from services.quotes import check_balance


def show_quote(quote: Quote, output: Output) -> None:
    """Show a price, and the credits that are left or missing afterwards.

    Raises:
        InsufficientCredits: The balance is below the price.
    """
    why = f" ({quote.reason})" if quote.reason else ""
    missing = quote.price - quote.balance_before
    after = f"{missing} are missing" if missing > 0 else f"afterwards {quote.balance_after}"
    output.say(f"This costs {quote.price} credits{why}. Balance: {quote.balance_before}, {after}.")
    if missing > 0:
        output.say("`starter.py grant CREDITS --reason TEXT` adds some to the local account.")
    check_balance(quote)


def balance_in_words(balance: Balance) -> list[str]:
    """A balance in lines."""
    lines = [f"{balance.available} credits available, {balance.held} held."]
    if balance.free_images:
        lines.append(f"{balance.free_images} free image regenerations.")
    if balance.receivable:
        lines.append(f"{balance.receivable} credits are owed after a refund; the next credits settle them.")
    return lines


def estimate_line(plan: SpendingPlan) -> str:
    """A video's estimated cost at its provider; before its song is analysed, the budget."""
    usd = f"${plan.estimate_micro_usd / MICRO_USD:.2f}"
    if not plan.made:
        return f"Pictures and clips will cost at most about {usd} at their provider."
    share = f"{plan.reprise_share:.0%} of the scenes show an earlier take again"
    return f"Pictures and clips will cost about {usd} at their provider; {share}."


def spending_lines(report: SpendingReport) -> list[str]:
    """The sum, then one line per stage and model; empty without payments."""
    if not report.calls and not report.possible_micro_usd:
        return []
    unknown = f", {report.unpriced_calls} of them without a known price" if report.unpriced_calls else ""
    assumed = f", {report.assumed_calls} of them at the dearest price, as theirs is not known" * bool(
        report.assumed_calls
    )
    certain, possible = report.certain_micro_usd / MICRO_USD, report.possible_micro_usd / MICRO_USD
    more = f", and possibly ${possible:.4f} more" if possible else ""
    lines = [f"Paid to providers: ${certain:.4f} certain{more}, for {report.calls} calls{unknown}{assumed}"]
    for line in report.lines:
        read = line.cache_read_tokens + line.cache_write_tokens + line.input_tokens
        tokens = f"  {read} tokens in ({line.cache_read_tokens} cached), {line.output_tokens} out" if read else ""
        cost = f"${line.cost_micro_usd / MICRO_USD:.4f}"
        if line.possible_micro_usd:
            cost += f" (${line.possible_micro_usd / MICRO_USD:.4f} of it possibly)"
        lines.append(f"  {line.stage.value:<20} {line.calls:4} × {line.model}  {cost}{tokens}")
    return lines
