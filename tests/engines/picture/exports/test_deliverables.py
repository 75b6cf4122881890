"""docs/deliverables.md is true: its table and its rules, held against files that are made here."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from engines.picture.assemble import join
from engines.picture.encode import Bt709Converter, SegmentWriter
from engines.picture.exports.frames import profile_of as piece_profile
from engines.picture.exports.making import make_export
from engines.picture.exports.windows import CANVAS_S, TEASER_S, plan_export
from engines.picture.mp4.boxes import find_moov
from engines.picture.mp4.tracks import Longs, Track, read_track
from engines.picture.soundtrack import RATE_HZ, encode
from models.exports import ExportPlan
from models.lyrics import read_lyrics
from models.profiles import PROFILES, Profile, ProfileName
from models.vault import ExportKind
from tests.engines.picture.exports.conftest import MadeVideo

FULL = PROFILES[ProfileName.FULL]
DOCUMENT = Path(__file__).parents[4] / "docs" / "deliverables.md"
MOVING = [kind for kind in ExportKind if kind is not ExportKind.POSTER]
HIGH = 100
LEVEL_MBIT_S = {"4.0": 25}
"""High profile: 1.25 times ITU-T H.264, table A-1."""

SHORTEST_FRAMES = 21


def rows() -> dict[str, dict[str, str]]:
    """The table of what we deliver, by piece."""
    lines = DOCUMENT.read_text().partition("## What we deliver")[2].splitlines()
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    head = table[0]
    return {row[0]: dict(zip(head, row, strict=True)) for row in table[2:] if len(row) == len(head)}


@pytest.fixture(scope="session")
def delivered(video: MadeVideo, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One file of each kind, of a small video."""
    folder = tmp_path_factory.mktemp("delivered")
    files = {"version": folder / "version.mp4"}
    tiny, timeline = PROFILES[ProfileName.TINY], video.timeline
    join([str(s) for s in video.segments], str(video.soundtrack), tiny, timeline.frame_count, str(files["version"]))
    lyrics = read_lyrics(b"[00:01.00]First light\n[00:03.00]\n")
    for kind in MOVING:
        plan = plan_export(kind, video.basis)
        files[kind.value] = folder / f"{kind}.mp4"
        make_export(plan, video.sources(plan.scenes, lyrics=lyrics), str(files[kind.value]))
    files["segment"] = video.segments[0]
    return files


def outer_boxes(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while head := file.read(16):
            size, kind = int.from_bytes(head[:4], "big"), head[4:8]
            size = int.from_bytes(head[8:16], "big") if size == 1 else size
            yield kind
            file.seek(size - len(head), 1)


def track_of(path: Path, handler: bytes) -> Track:
    track = read_track(path, handler)
    assert track is not None
    return track


def profile_and_level(track: Track) -> tuple[int, str]:
    at = track.description.index(b"avcC") + 4
    return track.description[at + 1], f"{track.description[at + 3] / 10:.1f}"


def test_the_index_stands_before_the_media(delivered: dict[str, Path]) -> None:
    for name, path in delivered.items():
        boxes = list(outer_boxes(path))
        assert boxes[0] == b"ftyp", name
        assert boxes.index(b"moov") < boxes.index(b"mdat"), name


def test_the_picture_is_what_the_page_says(delivered: dict[str, Path]) -> None:
    tiny = PROFILES[ProfileName.TINY]
    for name, path in delivered.items():
        track = track_of(path, b"vide")  # a track whose frames are shown in another order is refused
        assert profile_and_level(track)[0] == HIGH, name
        assert set(track.durations.tolist()) == {int(track.timescale / tiny.fps)}, name
        assert track.keys[0] == 0, name
        assert np.diff(np.append(track.keys, len(track.sizes))).max() <= 2 * tiny.fps, name
        assert track.skipped == 0, name
        with av.open(str(path)) as container:
            context = container.streams.video[0].codec_context
            assert (context.pix_fmt, context.colorspace) == ("yuv420p", 1), name


def test_the_sound_is_what_the_page_says(delivered: dict[str, Path]) -> None:
    for name, path in delivered.items():
        with path.open("rb") as file:
            handlers = [trak.at(b"mdia", b"hdlr")[8:12] for trak in find_moov(file)[1].children if trak.kind == b"trak"]
        if name in ("canvas", "segment"):
            assert handlers == [b"vide"], name
            continue
        assert handlers == [b"vide", b"soun"], name
        sound, picture = track_of(path, b"soun"), track_of(path, b"vide")
        entry = sound.description[8:]
        assert (entry[4:8], int.from_bytes(entry[24:26], "big"), sound.timescale) == (b"mp4a", 2, RATE_HZ), name
        heard = Fraction(int(sound.durations.sum()) - sound.skipped, RATE_HZ)
        assert heard <= Fraction(int(picture.durations.sum()), picture.timescale), name
        assert sound.skipped == 1024, name


def test_players_that_ignore_edit_lists_are_late_by_less_than_a_frame(delivered: dict[str, Path]) -> None:
    def samples(**options: str) -> NDArray[np.float32]:
        with av.open(str(delivered["version"]), options=options) as container:
            return np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)]).astype(np.float32)

    honoured, ignored = samples(), samples(ignore_editlist="1")
    assert (
        np.abs(ignored[1024:][: len(honoured) - 2048] - honoured[: len(ignored) - 1024][: len(honoured) - 2048]).max()
        < 1e-6
    )
    assert Fraction(1024, RATE_HZ) < 1 / FULL.fps


@pytest.mark.parametrize("name", ["version", *(kind.value for kind in MOVING)])
def test_the_table_names_the_settings_of_the_full_profile(video: MadeVideo, name: str) -> None:
    row = rows()[name]
    profile, plan = FULL, None
    if name != "version":
        full = video.timeline.model_copy(
            update={"profile": ProfileName.FULL, "width": FULL.width, "height": FULL.height}
        )
        plan = plan_export(ExportKind(name), video.basis.model_copy(update={"timeline": full}))
        profile = piece_profile(plan, video.sources(()).model_copy(update={"timeline": full}))
    assert row["Size"] == f"{profile.width}×{profile.height}"
    assert row["Frames/s"] == str(profile.fps)
    assert row["Length"] == length_of(plan)
    assert row["Sound"] == ("none" if name == "canvas" else "AAC-LC")
    average, second = float(row["Mbit/s, average"]), float(row["Mbit, any second"])
    assert profile.most_kbit_s / 1000 <= average
    joins = 1 if name == "version" else 0  # two borders with half a buffer each
    assert (profile.most_kbit_s + profile.buffer_kbit * (1 + joins)) / 1000 <= second <= LEVEL_MBIT_S[row["Level"]]


def length_of(plan: ExportPlan | None) -> str:
    bounds = {ExportKind.CANVAS: CANVAS_S, ExportKind.TEASER: TEASER_S}
    if plan is None or plan.kind not in bounds:
        return "the song's"
    return "{:.0f} to {:.0f} s".format(*bounds[plan.kind])


def noise(profile: Profile, count: int, out: Path, seed: int) -> None:
    """Worse than any film grain: each frame is another one."""
    rng, converter = np.random.default_rng(seed), Bt709Converter()
    tile = rng.integers(0, 256, (profile.height + 64, profile.width + 64, 3), np.uint8)
    with SegmentWriter(out, profile) as writer:
        for _ in range(count):
            top, left = rng.integers(0, 64, 2)
            view = tile[top : top + profile.height, left : left + profile.width]
            writer.write(converter.to_yuv(np.ascontiguousarray(view)))


def most_in_a_second(sizes: Longs, fps: Fraction) -> float:
    return float(np.convolve(sizes, np.ones(int(fps)), "valid").max()) * 8 / 1e6


def test_the_rate_holds_across_joins_at_full_size(tmp_path: Path) -> None:
    """Two of the shortest shots and a longer one, of noise, as often as it takes for every border to be met."""
    segments, row = [], rows()["version"]
    for index, count in enumerate((SHORTEST_FRAMES, 40)):
        segments.append(tmp_path / f"{index}.mp4")
        noise(FULL, count, segments[-1], index)
    order = [segments[i] for i in (0, 0, 1, 0, 1, 1, 0, 0)]
    count = sum(len(track_of(path, b"vide").sizes) for path in order)
    with av.open(str(tmp_path / "song.wav"), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=RATE_HZ, layout="stereo")
        silence = av.AudioFrame.from_ndarray(
            np.zeros((1, 2 * int(count / FULL.fps * RATE_HZ)), np.int16), format="s16", layout="stereo"
        )
        silence.sample_rate = RATE_HZ
        container.mux(stream.encode(silence))
    encode(str(tmp_path / "song.wav"), str(tmp_path / "song.m4a"))
    out = tmp_path / "version.mp4"
    join([str(path) for path in order], str(tmp_path / "song.m4a"), FULL, count, str(out))
    track = track_of(out, b"vide")
    assert profile_and_level(track) == (HIGH, row["Level"])
    assert most_in_a_second(track.sizes, FULL.fps) <= float(row["Mbit, any second"])
    average = float(track.sizes.sum()) * 8 / 1e6 / float(len(track.sizes) / FULL.fps)
    assert average <= float(row["Mbit/s, average"])
    assert (average + 0.192) * 180 / 8 < 300, "three minutes in MB"


def test_a_canvas_holds_its_rate_at_full_size(tmp_path: Path, video: MadeVideo) -> None:
    full = video.timeline.model_copy(update={"profile": ProfileName.FULL, "width": FULL.width, "height": FULL.height})
    plan = plan_export(ExportKind.CANVAS, video.basis.model_copy(update={"timeline": full}))
    profile = piece_profile(plan, video.sources(()).model_copy(update={"timeline": full}))
    noise(profile, 40, tmp_path / "canvas.mp4", 7)
    track = track_of(tmp_path / "canvas.mp4", b"vide")
    assert most_in_a_second(track.sizes, FULL.fps) <= float(rows()["canvas"]["Mbit, any second"])
    assert profile_and_level(track)[1] == rows()["canvas"]["Level"]
