"""`docs/providers.md` says what the tables in the code say."""

from pathlib import Path

from models.claude_models import CLAUDE_MODELS, ClaudeModel

DOCUMENT = Path(__file__).parents[1] / "docs" / "providers.md"


def usd(price: float) -> str:
    """Dollars with two decimals, or as many as they have."""
    return f"${price:.2f}" if round(price, 2) == round(price, 6) else f"${round(price, 6):g}"


def line(row: ClaudeModel) -> str:
    price = row.price
    columns = []
    for short, long, factor in (
        (price.input_usd, price.long_input_usd, 1.0),
        (price.output_usd, price.long_output_usd, 1.0),
        (price.input_usd, price.long_input_usd, price.cache_write_factor),
        (price.input_usd, price.long_input_usd, price.cache_read_factor),
    ):
        more = f"; {usd(long * factor)} above {price.long_from_tokens:,}" if price.long_from_tokens else ""
        columns.append(usd(short * factor) + more)
    refused = ", ".join(f"`{one}`" for one in row.thinking_refused)
    columns += [f"{row.least_cached_tokens:,}", f"{row.most_output_tokens:,}", row.thinks, refused]
    columns += ["yes" if row.takes_effort else "no", row.seen_on]
    return f"| `{row.model}` | {' | '.join(columns)} |"


def test_the_table_of_claude_models_is_the_codes() -> None:
    text = DOCUMENT.read_text()
    table = text[text.index("<!-- claude -->") : text.index("<!-- /claude -->")]
    assert table.strip().splitlines()[3:] == [line(row) for row in CLAUDE_MODELS.values()]
