"""The table of docs/providers.md, from the rows."""

from collections.abc import Iterator

from engines.providers.fal.rows import CLIP_ROWS, STILL_ROWS, Price, Row


def model_table() -> str:
    """The models as Markdown: one line each, then their fields."""
    lines = [
        "| model | lengths | prices | prompt | pictures | checked |",
        "| --- | --- | --- | --- | --- | --- |",
        *(_line(row) for row in (*STILL_ROWS, *CLIP_ROWS)),
        "",
        "| model | fields that it takes (**required**) | always sent |",
        "| --- | --- | --- |",
        *(_fields(row) for row in (*STILL_ROWS, *CLIP_ROWS)),
        "",
        *_sources(),
    ]
    return "\n".join(lines)


def _line(row: Row) -> str:
    lengths = "–"
    if row.durations_s:
        duration = row.fields["duration"]
        kind = "text" if duration.choices else "integer"
        several = (f"{row.durations_s[0]} to {row.durations_s[-1]} s", ", ".join(map(str, row.durations_s)) + " s")
        lengths = f"{several[len(row.durations_s) == 2]}, {kind}"
    picture = "–"
    if row.edits:
        picture = f"up to {row.fields[row.image_field].most:g} references, through `{row.edits}`"
    elif row.picture is not None:
        one = row.picture
        picture = (
            f"{one.least_px} to {one.most_px:,} px a side, {one.least_aspect:g} to {one.most_aspect:g} wide by high, "
            f"{one.most_bytes / 1e6:.0f} MB"
        )
    prices = "; ".join(_price(price) for price in row.prices)
    prompt = f"{row.prompt_chars:,} characters"
    return f"| `{row.endpoint}` | {lengths} | {prices} | {prompt} | {picture} | {row.checked} |"


def _price(price: Price) -> str:
    resolution = f" at {price.resolution}" if price.resolution else ""
    return f"{'at least ' if price.at_least else ''}${price.usd:.3f} per {price.unit}{resolution}"


def _fields(row: Row) -> str:
    named = [
        f"**`{name}`** ({field.in_words()})" if field.required else f"`{name}` ({field.in_words()})"
        for name, field in row.fields.items()
    ]
    always = ", ".join(f"`{name}` {str(value).lower()}" for name, value in row.fixed.items())
    return f"| `{row.endpoint}` | {', '.join(named)} | {always} |"


def _sources() -> Iterator[str]:
    for row in (*STILL_ROWS, *CLIP_ROWS):
        sources = ", ".join(f"<{one}>" if one.startswith("http") else one for one in row.sources)
        yield f"- `{row.endpoint}`: {sources}"


if __name__ == "__main__":
    print(model_table())  # for docs/providers.md
