"""How the page says things: clock times, dates, sizes and amounts, for people."""

from datetime import UTC, datetime

from models.progress import StageName

_MEGABYTE = 1_000_000

STAGE_WORDS: dict[StageName, str] = {
    StageName.ANALYSIS: "Listening to the song",
    StageName.VISION: "Finding the idea",
    StageName.CASTING: "Choosing who appears",
    StageName.PLANNING: "Cutting the song into scenes",
    StageName.SHOTS: "Setting up the shots",
    StageName.PROMPTS: "Writing the scenes",
    StageName.STILLS: "Painting the stills",
    StageName.CLIPS: "Filming the clips",
    StageName.ASSEMBLY: "Cutting it to the beat",
}
"""What each stage does, in an artist's words."""


def clock(seconds: float) -> str:
    """`3:07`, or `1:03:07` for an hour and more."""
    whole = max(0, round(seconds))
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def megabytes(size_bytes: int) -> str:
    """`12.3 MB`, as file managers and the upload limit count."""
    return f"{size_bytes / _MEGABYTE:.1f} MB"


def day(moment: datetime) -> str:
    """`23 Nov 2026`."""
    return f"{moment.day} {moment:%b %Y}"


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
