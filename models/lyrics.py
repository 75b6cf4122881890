"""Lyrics files: LRC, by line or by word, and SRT. Pure functions from text to lines."""

import re
from itertools import pairwise

from pydantic import Field

from models.base import Model
from models.failures import InvalidInput

MOST_BYTES = 256_000
MOST_LINES = 2_000
MOST_CHARS = 200
LAST_LINE_S = 6.0
"""How long a line stays that no other one follows."""

_MINUTES = r"(\d{1,3}):([0-5]?\d)(?:[.:](\d{1,3}))?"
_TAG = re.compile(rf"\[{_MINUTES}\]")
_WORD_TAG = re.compile(rf"<{_MINUTES}>")
_INFO = re.compile(r"\[(?P<name>[A-Za-z#]\w*)\s*:(?P<value>.*)\]\s*")
_SRT_TIMES = re.compile(
    r"(\d{1,2}):([0-5]?\d):([0-5]?\d)[,.](\d{1,3})\s*-->\s*(\d{1,2}):([0-5]?\d):([0-5]?\d)[,.](\d{1,3})(?:\s.*)?"
)
_MARKUP = re.compile(r"</?[biu]>|</?font[^>]*>|\{\\[^}]*\}", re.IGNORECASE)


class LyricWord(Model):
    """A word and its start time."""

    start_s: float = Field(ge=0)
    text: str


class LyricLine(Model):
    """One line on the screen. `words` is empty if only the line's time is known."""

    number: int = Field(ge=1, description="its line in the file, from 1")
    start_s: float = Field(ge=0)
    end_s: float = Field(ge=0)
    text: str
    words: tuple[LyricWord, ...] = ()


class Lyrics(Model):
    """Lines in the order they are sung; none overlaps the next."""

    lines: tuple[LyricLine, ...]


def read_lyrics(data: bytes) -> Lyrics:
    """Read an LRC or SRT file; the content decides which it is.

    Args:
        data: The file.

    Returns:
        Its lines.

    Raises:
        InvalidInput: It is neither, or malformed; the sentence names the line.
    """
    if len(data) > MOST_BYTES:
        raise InvalidInput(f"The lyrics have {len(data):,} bytes and we take up to {MOST_BYTES:,}.", "lyrics_too_big")
    rows = _decoded(data).splitlines()
    if len(rows) > MOST_LINES * 4:
        raise InvalidInput(f"The lyrics have {len(rows):,} rows: more than a song can hold.", "lyrics_too_big")
    is_srt = any("-->" in row for row in rows)
    lines = _read_srt(rows) if is_srt else _read_lrc(rows)
    if not lines:
        raise InvalidInput(
            "No timed line was found: lyrics are an LRC file (“[00:12.50] words”) or an SRT file.", "no_lyrics"
        )
    for line in lines:
        if len(line.text) > MOST_CHARS:
            raise _wrong(line.number, f"has {len(line.text)} characters, at most {MOST_CHARS} fit on the screen")
    return Lyrics(lines=tuple(lines))


def check_against_song(lyrics: Lyrics, duration_s: float) -> None:
    """Refuse lyrics that belong to a longer song.

    Raises:
        InvalidInput: A line begins after the song has ended.
    """
    for line in lyrics.lines:
        if line.start_s >= duration_s:
            raise _wrong(line.number, f"begins at {_clock(line.start_s)}, after the song's end at {_clock(duration_s)}")


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        number = data.count(b"\n", 0, error.start) + 1
        raise _wrong(number, "is not UTF-8 text: save the file as UTF-8") from error
    if "\x00" in text:
        raise _wrong(text.count("\n", 0, text.index("\x00")) + 1, "holds a null character: this is not a text file")
    return text


def _read_lrc(rows: list[str]) -> list[LyricLine]:
    found: list[LyricLine] = []
    offset_s = 0.0
    for number, raw in enumerate(rows, 1):
        row = raw.strip()
        info = _INFO.fullmatch(row)
        if info is not None and not _TAG.match(row):
            if info["name"].lower() == "offset":
                offset_s = _offset(info["value"], number)
            continue
        if not row:
            continue
        tags, rest = [], row
        while match := _TAG.match(rest):
            tags.append(_seconds(match))
            rest = rest[match.end() :].lstrip()
        if not tags:
            raise _wrong(number, "has no time: a line begins like “[01:23.45] words”")
        if _TAG.search(rest) or re.match(r"\[\d", rest):
            raise _wrong(number, "has a time in square brackets that is malformed or not at its beginning")
        text, words = _words(rest, number)
        # Repeated lines carry one tag for each time they are sung; words' times belong to the first.
        for place, tag in enumerate(tags):
            found.append(LyricLine(number=number, start_s=tag, end_s=tag, text=text, words=words if not place else ()))
    return _timed(found, offset_s)


def _words(rest: str, number: int) -> tuple[str, tuple[LyricWord, ...]]:
    """The text of a line, and the times of its words if it has any."""
    marks = list(_WORD_TAG.finditer(rest))
    if not marks:
        if re.search(r"<\d", rest):
            raise _wrong(number, "has a word's time that is malformed: it looks like “<01:23.45>”")
        return " ".join(rest.split()), ()
    if rest[: marks[0].start()].strip():
        raise _wrong(number, "has words before the first word's time")
    ends = [mark.start() for mark in marks[1:]] + [len(rest)]
    words: list[LyricWord] = []
    for mark, end in zip(marks, ends, strict=True):
        start_s = _seconds(mark)
        if words and start_s < words[-1].start_s:
            raise _wrong(number, f"goes back in time at <{mark[0][1:-1]}>")
        # Several words under one time begin together.
        words += [LyricWord(start_s=start_s, text=text) for text in rest[mark.end() : end].split()]
    if "<" in "".join(word.text for word in words) and re.search(r"<\d", rest[marks[-1].end() :]):
        raise _wrong(number, "has a word's time that is malformed: it looks like “<01:23.45>”")
    return " ".join(word.text for word in words), tuple(words)


def _timed(found: list[LyricLine], offset_s: float) -> list[LyricLine]:
    """Lines in order, each until the next begins; an empty line clears the screen."""
    found.sort(key=lambda line: (line.start_s, line.number))
    ends = [after.start_s for _, after in pairwise(found)] + ([found[-1].start_s + LAST_LINE_S] if found else [])
    # LRC: a positive offset shows every line sooner.
    return [
        line.model_copy(
            update={
                "start_s": max(0.0, line.start_s - offset_s),
                "end_s": max(0.0, end - offset_s),
                "words": tuple(
                    word.model_copy(update={"start_s": max(0.0, word.start_s - offset_s)}) for word in line.words
                ),
            }
        )
        for line, end in zip(found, ends, strict=True)
        if line.text and end > line.start_s
    ]


def _read_srt(rows: list[str]) -> list[LyricLine]:
    lines: list[LyricLine] = []
    at = 0
    while at < len(rows):
        if not rows[at].strip():
            at += 1
            continue
        if rows[at].strip().isdigit() and at + 1 < len(rows) and "-->" in rows[at + 1]:
            at += 1
        number = at + 1
        match = _SRT_TIMES.fullmatch(rows[at].strip())
        if match is None:
            raise _wrong(number, "should be a time like “00:01:02,500 --> 00:01:05,000”")
        start_s, end_s = _srt_seconds(match.groups()[:4]), _srt_seconds(match.groups()[4:])
        if end_s <= start_s:
            raise _wrong(number, "ends before it begins")
        if lines and start_s < lines[-1].start_s:
            raise _wrong(number, "begins before the line above it: put the lines in order")
        at += 1
        said = []
        while at < len(rows) and rows[at].strip():
            said.append(_MARKUP.sub("", rows[at]))
            at += 1
        text = " ".join(" ".join(said).split())
        if text:
            lines.append(LyricLine(number=number, start_s=start_s, end_s=end_s, text=text))
    return [
        line.model_copy(update={"end_s": min(line.end_s, after.start_s)}) if after is not None else line
        for line, after in zip(lines, [*lines[1:], None], strict=True)
        if after is None or after.start_s > line.start_s
    ]


def _seconds(match: re.Match[str]) -> float:
    minutes, seconds, fraction = match.groups()
    return int(minutes) * 60 + int(seconds) + (float(f"0.{fraction}") if fraction else 0.0)


def _srt_seconds(parts: tuple[str, ...]) -> float:
    hours, minutes, seconds, millis = parts
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{millis.zfill(3)}")


def _offset(value: str, number: int) -> float:
    try:
        return int(value.strip()) / 1000
    except ValueError as error:
        raise _wrong(number, "has an offset that is not a number of milliseconds") from error


def _clock(time_s: float) -> str:
    minutes, seconds = divmod(int(time_s), 60)
    return f"{minutes}:{seconds:02}"


def _wrong(number: int, what: str) -> InvalidInput:
    return InvalidInput(f"Line {number} of the lyrics {what}.", code="lyrics")
