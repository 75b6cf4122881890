"""What a run has paid to providers, in lines for people."""

from collections.abc import Iterable

from models.paid_media import Job, SpendingPlan
from models.spending import MICRO_USD, Spending, SpendingReport, report_on


def estimate_line(plan: SpendingPlan) -> str:
    """What a video will cost at its provider; before its song is analysed only the budget is known."""
    usd = f"${plan.estimate_micro_usd / MICRO_USD:.2f}"
    if not plan.made:
        return f"Pictures and clips will cost at most about {usd} at their provider."
    share = f"{plan.reprise_share:.0%} of the scenes show an earlier take again"
    return f"Pictures and clips will cost about {usd} at their provider; {share}."


def spending_of(spendings: Iterable[Spending], jobs: Iterable[Job]) -> SpendingReport:
    """What a run has paid, and may still pay for jobs that have not ended."""
    under_way = sum(job.price_micro_usd * job.charges for job in jobs if job.ended_at is None)
    return report_on(spendings, under_way)


def spending_lines(report: SpendingReport) -> list[str]:
    """The sum, then one line per stage and model; nothing where nothing was paid for."""
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
