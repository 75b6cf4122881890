"""Times, dates, sizes and amounts as the page shows them."""

from datetime import UTC, datetime

_MEGABYTE = 1_000_000


def clock(seconds: float) -> str:
    """`3:07`, or `1:03:07` for an hour and more."""
    whole = max(0, round(seconds))
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def megabytes(size_bytes: int) -> str:
    """`12.3 MB`, as file managers and the upload limit count; `12 kB` where that would be none."""
    if size_bytes < _MEGABYTE // 10:
        return f"{round(size_bytes / 1_000) or 1} kB"
    return f"{size_bytes / _MEGABYTE:.1f} MB"


def day(moment: datetime) -> str:
    """`23 Nov 2026`."""
    return f"{moment.day} {moment:%b %Y}"


def minute(moment: datetime) -> str:
    """`23 Nov 2026, 18:05 UTC`."""
    return f"{day(moment)}, {moment.astimezone(UTC):%H:%M} UTC"


def machine_time(moment: datetime) -> str:
    """For `<time datetime>`: the page's modules show it in the reader's own zone."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def amount(number: int) -> str:
    """`1,250`."""
    return f"{number:,}"


def change(number: int) -> str:
    """`+250`, `−200`, with a real minus; `0` as it is."""
    return f"+{number:,}" if number > 0 else f"−{-number:,}" if number < 0 else "0"


def dollars(cents: int) -> str:
    """`$30`, or `$30.50`."""
    return f"${cents // 100:,}" if cents % 100 == 0 else f"${cents / 100:,.2f}"
