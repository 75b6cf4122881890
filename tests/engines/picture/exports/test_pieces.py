"""Each piece is made of a real, small video and measured in its file."""

from collections.abc import Sequence
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from PIL import Image

from engines.picture.encode import Bt709Converter, SegmentWriter
from engines.picture.exports import loops
from engines.picture.exports.faces import check_showable
from engines.picture.exports.frames import Planes, frame_of, planes_of
from engines.picture.exports.loops import seam_of
from engines.picture.exports.making import LocalExportMaker, make_export
from engines.picture.exports.windows import plan_export
from engines.picture.probe import decoded_frames
from models.exports import ExportBasis, ExportFacts, ExportSources
from models.failures import InvalidInput, MediaCorrupt
from models.lyrics import Lyrics, read_lyrics
from models.profiles import PROFILES, ProfileName
from models.storyboard import Framing
from models.vault import ExportKind
from tests.engines.picture.exports.conftest import FPS, MadeVideo, made_analysis, made_timeline

LRC = b"[00:01.00]First light\n[00:03.00]<00:03.00>One <00:04.00>two\n[00:06.00]\n"


def make(video: MadeVideo, kind: str, out: Path, lyrics: Lyrics | None = None) -> ExportFacts:
    plan = plan_export(ExportKind(kind), video.basis)
    return make_export(plan, video.sources(plan.scenes, plan.stills, lyrics=lyrics), str(out))


def streams_of(path: Path) -> tuple[int, int]:
    with av.open(str(path)) as container:
        return len(container.streams.video), len(container.streams.audio)


def frames_in(path: Path) -> list[np.ndarray]:
    return [frame.to_ndarray(format="gray") for frame in decoded_frames(path)]


def test_a_canvas_is_silent_and_loops_without_a_seam(video: MadeVideo, tmp_path: Path) -> None:
    out = tmp_path / "canvas.mp4"
    facts = make(video, "canvas", out)
    assert (facts.width, facts.height) == (720, 1280)
    assert 3 <= facts.duration_s <= 8
    assert streams_of(out) == (1, 0)
    seam, limit = seam_of(planes_of(frame)[0] for frame in decoded_frames(out))
    assert seam <= limit


def test_a_canvas_of_short_shots_goes_there_and_back(video: MadeVideo, tmp_path: Path) -> None:
    plan = plan_export(ExportKind.CANVAS, video.basis)
    scene = video.timeline.scenes[3]
    back = plan.model_copy(
        update={
            "scenes": (3,),
            "start_frame": scene.start_frame,
            "end_frame": scene.end_frame,
            "there_and_back": True,
            "overlap_frames": 0,
        }
    )
    facts = make_export(back, video.sources((3,)), str(tmp_path / "canvas.mp4"))
    assert 3 <= facts.duration_s <= 8


def grainy(frame: int, height: int = 480, width: int = 270, strength: float = 6.0) -> np.ndarray:
    """A calm slope under film grain that is another one in each frame."""
    rng = np.random.default_rng(frame)
    grain = cv2.GaussianBlur(rng.standard_normal((height, width)), (0, 0), 1.65)
    slope = np.linspace(40, 160, height)[:, None]
    return np.asarray(np.clip(slope + grain * strength / grain.std(), 0, 255), np.uint8)


@pytest.mark.parametrize("strength", [0.0, 3.0, 6.0, 12.0])
def test_grain_is_no_seam(strength: float) -> None:
    """A key frame has a little more grain than what follows it: at full size it stood out of forty neighbours."""
    for first in range(0, 400, 40):
        frames = [
            grainy(first, strength=strength * 1.05),
            *(grainy(first + i, strength=strength) for i in range(1, 40)),
        ]
        seam, limit = seam_of(frames)
        assert seam <= limit, first


@pytest.mark.parametrize("strength", [0.0, 3.0, 6.0])
@pytest.mark.parametrize("shift", [4, 40])
def test_a_jump_is_a_seam_under_grain_too(strength: float, shift: int) -> None:
    frames = [grainy(i, strength=strength) for i in range(40)]
    frames[20:] = [
        np.clip(frame.astype(int) + shift * (i / 19), 0, 255).astype(np.uint8) for i, frame in enumerate(frames[20:])
    ]
    seam, limit = seam_of(frames)
    assert seam > limit


@pytest.mark.parametrize("broken", [{FPS}, {FPS, 2 * FPS}])
def test_a_loop_whose_seam_shows_is_mended_by_another_one(
    video: MadeVideo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: set[int]
) -> None:
    """By a longer dissolve where frames are left for it, at last by a shot that goes there and back."""
    dissolved, asked = loops._dissolved, []

    def dissolve(frames: Sequence[Planes], overlap: int, fps: float) -> list[Planes]:
        asked.append(overlap)
        return list(frames[:40]) if overlap in broken else dissolved(frames, overlap, fps)

    monkeypatch.setattr(loops, "_dissolved", dissolve)
    out = tmp_path / "canvas.mp4"
    facts = make(video, "canvas", out)
    assert asked == [FPS, 2 * FPS]
    assert 3 <= facts.duration_s <= 8
    seam, limit = seam_of(planes_of(frame)[0] for frame in decoded_frames(out))
    assert seam <= limit


@pytest.mark.parametrize("lengths_s", [(60.0,), (0.75,) * 80, (5.0,) * 12, (2.0, 0.75) * 20])
def test_a_canvas_is_always_found(lengths_s: tuple[float, ...], tmp_path: Path) -> None:
    """Also of one shot, of shots that are all short, and under heavy grain."""
    timeline = made_timeline(lengths_s, (0.9,) * len(lengths_s))
    basis = ExportBasis(
        timeline=timeline,
        analysis=made_analysis(),
        framings=(Framing.FULL,) * len(lengths_s),
        subjects=(None,) * len(lengths_s),
    )
    plan = plan_export(ExportKind.CANVAS, basis)
    profile, converter, segments = PROFILES[ProfileName.TINY], Bt709Converter(), []
    for index in plan.scenes:
        scene = timeline.scenes[index]
        segments.append(tmp_path / f"{index}.mp4")
        with SegmentWriter(segments[-1], profile) as writer:
            for number in range(scene.start_frame, scene.end_frame):
                luma = grainy(number, profile.height, profile.width, strength=9.0)
                writer.write(converter.to_yuv(np.stack([np.roll(luma, index * 40, 0)] * 3, -1)))
    sources = ExportSources(
        timeline=timeline, framings=basis.framings, subjects=basis.subjects, segments=tuple(segments)
    )
    facts = make_export(plan, sources, str(tmp_path / "canvas.mp4"))
    assert 3 <= facts.duration_s <= 8


def test_a_teaser_has_its_window_and_fades(video: MadeVideo, tmp_path: Path) -> None:
    out = tmp_path / "teaser.mp4"
    plan = plan_export(ExportKind.TEASER, video.basis)
    facts = make(video, "teaser", out)
    assert 15 <= facts.duration_s <= 20
    assert plan.start_frame % (2 * FPS) == plan.end_frame % (2 * FPS) == 0, "bars last two seconds"
    assert streams_of(out) == (1, 1)
    with av.open(str(out)) as container:
        samples = np.concatenate([f.to_ndarray()[0] for f in container.decode(container.streams.audio[0])])
    assert len(samples) / 48_000 == pytest.approx(facts.duration_s, abs=0.05)
    assert np.abs(samples[:480]).max() < 0.1 < np.abs(samples[24_000:48_000]).max()
    assert np.abs(samples[-1_000:]).max() < 0.05
    source = frames_in(video.segments[plan.scenes[1]])[0].astype(int)
    at = video.timeline.scenes[plan.scenes[1]].start_frame - plan.start_frame
    assert np.abs(frames_in(out)[at].astype(int) - source).mean() < 6, "the same frames at the same moments"


@pytest.mark.parametrize("kind", ["square", "portrait", "wide"])
def test_a_reframe_keeps_the_subject_and_the_song(video: MadeVideo, tmp_path: Path, kind: str) -> None:
    out = tmp_path / "piece.mp4"
    facts = make(video, kind, out)
    assert facts.duration_s == video.timeline.frame_count / FPS
    assert streams_of(out) == (1, 1)
    for frame in frames_in(out)[::20]:
        rows = np.unravel_index(frame.argmax(), frame.shape)[0] / frame.shape[0]
        assert 0.1 < rows < 0.9, "the ball is in frame"


def test_a_lyric_video_shows_words_when_they_are_sung(video: MadeVideo, tmp_path: Path) -> None:
    out, plain = tmp_path / "lyrics.mp4", tmp_path / "portrait.mp4"
    make(video, "lyrics", out, read_lyrics(LRC))
    make(video, "lyrics", plain, read_lyrics(b"[00:19.00]Late"))
    difference = [
        np.abs(sung.astype(int) - bare).max(1) for sung, bare in zip(frames_in(out), frames_in(plain), strict=True)
    ]
    touched = [bool((rows > 60).any()) for rows in difference[: 18 * FPS]]
    assert not any(touched[:FPS])
    assert all(touched[FPS + 2 : 3 * FPS - 2])
    assert all(touched[3 * FPS + 2 : 6 * FPS - 2])
    assert not any(touched[6 * FPS + 1 :])
    rows = np.flatnonzero(difference[2 * FPS] > 60) / 160
    assert 0.5 < rows.min() < rows.max() < 0.8, "the safe area at the bottom stays free"
    brightness = [int(frame[100:125].astype(int).sum()) for frame in frames_in(out)]
    assert brightness[int(4.6 * FPS)] > brightness[int(3.6 * FPS)], "the second word lights up when it is sung"


def test_a_poster_is_a_still_with_its_title(video: MadeVideo, tmp_path: Path) -> None:
    out = tmp_path / "poster.png"
    facts = make(video, "poster", out)
    with Image.open(out) as poster:
        assert poster.size == (facts.width, facts.height) == (1080, 1620)
        title = np.asarray(poster.convert("L"))[1000:, :]
    assert (title > 250).sum() > 3_000


def test_letters_that_no_typeface_holds_are_refused_by_name(video: MadeVideo, tmp_path: Path) -> None:
    for text in ("Привет", "ضوء", "नई", "แสง", "שלום", "Ελλάδα", "Đặng", "don’t – stop…"):
        check_showable(text, "Line 1")
    with pytest.raises(InvalidInput, match=r"Line 3 of the lyrics has letters .*“漢”"):
        make(video, "lyrics", tmp_path / "out.mp4", read_lyrics("[00:01.00]ok\n\n[00:02.00]漢字".encode()))
    plan = plan_export(ExportKind.POSTER, video.basis)
    with pytest.raises(InvalidInput, match="The title has letters"):
        make_export(plan, video.sources((), plan.stills, title="漢字"), str(tmp_path / "poster.png"))


def test_a_damaged_segment_is_named_and_its_child_process_leaves(video: MadeVideo, tmp_path: Path) -> None:
    plan = plan_export(ExportKind.SQUARE, video.basis)
    sources = video.sources(plan.scenes)
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(b"not a video")
    segments = (bad, *sources.segments[1:])
    with pytest.raises(MediaCorrupt, match=r"bad\.mp4"):
        LocalExportMaker().make(plan, sources.model_copy(update={"segments": segments}), tmp_path / "out.mp4")
    assert not (tmp_path / "out.mp4").exists()


def test_a_segment_that_is_too_short_is_noticed(video: MadeVideo, tmp_path: Path) -> None:
    plan = plan_export(ExportKind.SQUARE, video.basis)
    sources = video.sources(plan.scenes)
    segments = (sources.segments[1], *sources.segments[1:])
    with pytest.raises(MediaCorrupt, match="scene 1 ends"):
        make_export(plan, sources.model_copy(update={"segments": segments}), str(tmp_path / "out.mp4"))


def test_planes_survive_the_way_to_the_encoder(video: MadeVideo) -> None:
    frame = next(iter(decoded_frames(video.segments[0])))
    planes = planes_of(frame)
    for before, after in zip(planes, planes_of(frame_of(planes)), strict=True):
        assert (before == after).all()
