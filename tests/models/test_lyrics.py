"""Lyrics: well-formed files are read as intended, and a malformed one is refused with its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.failures import InvalidInput
from models.lyrics import LAST_LINE_S, MOST_BYTES, check_against_song, read_lyrics


def lrc_time(time_cs: int) -> str:
    return f"{time_cs // 6000:02}:{time_cs // 100 % 60:02}.{time_cs % 100:02}"


WORD = st.text(st.characters(categories=("Ll", "Lu", "Lo")), min_size=1, max_size=8)
TIMES = st.lists(st.integers(0, 60_000), min_size=1, max_size=12, unique=True).map(sorted)


@given(TIMES, st.data())
def test_lrc_lines_come_back_in_order_each_until_the_next(times: list[int], data: st.DataObject) -> None:
    texts = [" ".join(data.draw(st.lists(WORD, min_size=1, max_size=5))) for _ in times]
    rows = [f"[{lrc_time(time)}]{text}" for time, text in zip(times, texts, strict=True)]
    shuffled = data.draw(st.permutations(rows))
    lines = read_lyrics("\r\n".join(["[ti:Song]", "", *shuffled]).encode()).lines
    assert [line.text for line in lines] == texts
    assert [line.start_s for line in lines] == pytest.approx([time / 100 for time in times])
    ends = [*(time / 100 for time in times[1:]), times[-1] / 100 + LAST_LINE_S]
    assert [line.end_s for line in lines] == pytest.approx(ends)


@given(TIMES, st.data())
def test_enhanced_lrc_gives_each_word_its_time(times: list[int], data: st.DataObject) -> None:
    words = [data.draw(WORD) for _ in times]
    row = " ".join(f"<{lrc_time(time)}> {word}" for time, word in zip(times, words, strict=True))
    (line,) = read_lyrics(f"[{lrc_time(times[0])}]{row}".encode()).lines
    assert [word.text for word in line.words] == words
    assert [word.start_s for word in line.words] == pytest.approx([time / 100 for time in times])
    assert line.text == " ".join(words)


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_anything_is_read_or_refused_with_a_sentence(data: bytes) -> None:
    try:
        lyrics = read_lyrics(data)
    except InvalidInput as refused:
        assert refused.message.endswith(".")  # noqa: PT017 - either outcome is right
        return
    assert all(line.end_s > line.start_s and line.text for line in lyrics.lines)
    assert list(lyrics.lines) == sorted(lyrics.lines, key=lambda line: line.start_s)


def test_an_empty_line_clears_the_screen_and_an_offset_moves_everything() -> None:
    first, second = read_lyrics(b"[offset:500]\n[00:10.00]One\n[00:12.00]\n[00:20.5]Two\n").lines
    assert (first.start_s, first.end_s, second.start_s) == (9.5, 11.5, 20.0)


def test_a_refrain_is_written_once() -> None:
    lines = read_lyrics(b"[00:10.00][00:30.00]Again\n[00:20.00]Verse\n").lines
    assert [(line.text, line.start_s, line.number) for line in lines] == [
        ("Again", 10, 1),
        ("Verse", 20, 2),
        ("Again", 30, 1),
    ]


def test_srt_in_any_coding_with_markup() -> None:
    text = "1\n00:00:01,500 --> 00:00:04,000\n<i>Привет,</i>\nполночь\n\n2\n00:00:03,000 --> 00:00:06,000\nTwo\n"
    for data in (text.encode("utf-8-sig"), text.encode("utf-16")):
        first, second = read_lyrics(data).lines
        assert (first.text, first.start_s, first.end_s) == ("Привет, полночь", 1.5, 3.0), "no two lines at once"
        assert (second.text, second.end_s) == ("Two", 6.0)


@pytest.mark.parametrize(
    ("text", "number", "what"),
    [
        ("[00:01.00]One\nTwo", 2, "no time"),
        ("[00:01.00]One\n\n[00:99.00]Two", 3, "no time"),
        ("[00:01.00]One\n[00:02.00]Two [00:03.00]Three", 2, "malformed or not at its beginning"),
        ("[00:01.00]<00:01.00>One <00:0x>two", 1, "word's time that is malformed"),
        ("[00:01.00]<00:02.00>One <00:01.00>two", 1, "back in time"),
        ("[00:01.00]Oh <00:02.00>one", 1, "before the first word's time"),
        ("[offset:soon]\n[00:01.00]One", 1, "offset"),
        ("1\n00:00:01,000 --> 00:00:02,000\nOne\n\n2\n00:00:03 --> 00:00:04,000\nTwo", 6, "should be a time"),
        ("1\n00:00:02,000 --> 00:00:01,000\nOne", 2, "ends before it begins"),
        ("1\n00:00:05,000 --> 00:00:06,000\nA\n\n2\n00:00:01,000 --> 00:00:02,000\nB", 6, "put the lines in order"),
        ("[00:01.00]One\n[00:02.00]" + "a" * 201, 2, "201 characters"),
    ],
)
def test_what_is_malformed_is_named_by_its_line(text: str, number: int, what: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_lyrics(text.encode())
    assert refused.value.message.startswith(f"Line {number} of the lyrics")
    assert what in refused.value.message


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "No timed line"),
        (b"[ti:Song]\n[ar:Me]", "No timed line"),
        (b"[00:01.00]ok\n[00:02.00]\xff\xfe", "Line 2 .* not UTF-8"),
        (b"[00:01.00]a\x00b", "null character"),
        (b"a" * (MOST_BYTES + 1), "bytes"),
    ],
)
def test_what_is_no_lyrics_file_is_refused(data: bytes, what: str) -> None:
    with pytest.raises(InvalidInput, match=what):
        read_lyrics(data)


def test_lyrics_of_a_longer_song_are_refused() -> None:
    lyrics = read_lyrics(b"[00:10.00]One\n[01:40.00]Two")
    check_against_song(lyrics, 101)
    with pytest.raises(InvalidInput, match=r"Line 2 .* begins at 1:40, after the song's end at 1:30"):
        check_against_song(lyrics, 90)
