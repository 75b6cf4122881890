"""What a run has paid to providers, in lines for people."""

from models.spending import MICRO_USD, SpendingReport


def spending_lines(report: SpendingReport) -> list[str]:
    """The sum, then one line per stage and model; nothing where nothing was paid for."""
    if not report.calls:
        return []
    unknown = f", {report.unpriced_calls} of them without a known price" if report.unpriced_calls else ""
    lines = [f"Paid to providers: ${report.cost_usd:.4f} for {report.calls} calls{unknown}"]
    for line in report.lines:
        read = line.cache_read_tokens + line.cache_write_tokens + line.input_tokens
        tokens = f"  {read} tokens in ({line.cache_read_tokens} cached), {line.output_tokens} out" if read else ""
        cost = f"${line.cost_micro_usd / MICRO_USD:.4f}"
        lines.append(f"  {line.stage.value:<20} {line.calls:4} × {line.model}  {cost}{tokens}")
    return lines
