from collections.abc import Callable
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from engines.jobs import JobLimits, run_job
from engines.picture.assemble import join
from engines.picture.probe import check_picture
from engines.picture.soundtrack import encode
from engines.providers.local.animator import LocalAnimator
from engines.providers.local.animator.filming import film
from models.failures import MediaCorrupt
from models.profiles import PROFILES, ProfileName
from models.storyboard import CameraMove
from models.styles import STYLES
from models.takes import AnimationRequest, MusicCues

Make = Callable[..., AnimationRequest]
Thumbs = Callable[[Path], NDArray[np.float32]]

FROZEN_LEVELS = 0.15
CUT_LEVELS = 4.0
"""Cut detectors fire at a change of this size between thumbnails."""


def changes(frames: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(np.abs(np.diff(frames, axis=0)).mean((1, 2)), np.float32)


@pytest.mark.parametrize("frame_count", [1, 2, 3, 8, 17, 40])
def test_films_exactly_the_frames_asked_for(make_request: Make, still: Path, tmp_path: Path, frame_count: int) -> None:
    request = make_request(frame_count)
    film(request, str(still), str(tmp_path / "a.mp4"))
    check_picture(tmp_path / "a.mp4", request.profile, frame_count)
    with av.open(str(tmp_path / "a.mp4")) as container:
        assert not container.streams.audio
        assert sum(1 for _ in container.decode(video=0)) == frame_count


def test_the_same_request_gives_the_same_bytes(make_request: Make, still: Path, tmp_path: Path) -> None:
    request = make_request(image="a street in heavy rain, embers and fog", style="cyberpunk")
    for name in ("a.mp4", "b.mp4"):
        LocalAnimator().animate(request, still, tmp_path / name)
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


@pytest.mark.parametrize("other", [{"variation": 1}, {"variation": 2}, {"seed": 2}, {"move": CameraMove.PAN_LEFT}])
def test_another_variation_seed_or_move_is_another_film(
    make_request: Make, still: Path, thumbs: Thumbs, tmp_path: Path, other: dict[str, int]
) -> None:
    film(make_request(), str(still), str(tmp_path / "a.mp4"))
    film(make_request(**other), str(still), str(tmp_path / "b.mp4"))
    assert np.abs(thumbs(tmp_path / "a.mp4") - thumbs(tmp_path / "b.mp4")).mean() > 0.5


@pytest.mark.parametrize("move", list(CameraMove))
@pytest.mark.parametrize("energy", [0.0, 1.0])
def test_is_never_frozen_black_or_cut(
    make_request: Make, still: Path, thumbs: Thumbs, tmp_path: Path, move: CameraMove, energy: float
) -> None:
    film(make_request(48, energy, move), str(still), str(tmp_path / "a.mp4"))
    frames = thumbs(tmp_path / "a.mp4")
    assert changes(frames).min() > FROZEN_LEVELS
    assert frames.mean((1, 2)).min() > 20
    # At 8 frames a second a frame brings three times the motion that it brings at 24.
    assert changes(frames).max() < 3 * CUT_LEVELS


@pytest.mark.parametrize("style", [style.slug for style in STYLES])
def test_every_preset_can_be_filmed(
    make_request: Make, still: Path, thumbs: Thumbs, tmp_path: Path, style: str
) -> None:
    film(make_request(8, style=style), str(still), str(tmp_path / "a.mp4"))
    assert changes(thumbs(tmp_path / "a.mp4")).min() > FROZEN_LEVELS


def test_beats_are_no_cuts_at_preview(make_request: Make, still: Path, thumbs: Thumbs, tmp_path: Path) -> None:
    film(make_request(30, 1.0, profile=ProfileName.PREVIEW, bpm=140), str(still), str(tmp_path / "a.mp4"))
    assert changes(thumbs(tmp_path / "a.mp4")).max() < CUT_LEVELS


def test_busy_pictures_are_shaken_less(make_request: Make, thumbs: Thumbs, tmp_path: Path) -> None:
    """In a picture full of contrasts, a pulse adds little change to that of the move."""
    blocks = np.random.default_rng(2).integers(0, 255, (48, 27, 3), np.uint8)
    cv2.imwrite(str(tmp_path / "busy.png"), cv2.resize(blocks, (540, 960), interpolation=cv2.INTER_NEAREST))
    request = make_request(30, 1.0, style="cyberpunk", profile=ProfileName.PREVIEW, bpm=140)
    film(request, str(tmp_path / "busy.png"), str(tmp_path / "a.mp4"))
    change = changes(thumbs(tmp_path / "a.mp4"))
    assert change.max() < 1.7 * np.median(change)


def test_loud_scenes_answer_to_beats_and_calm_ones_do_not(
    make_request: Make, still: Path, thumbs: Thumbs, tmp_path: Path
) -> None:
    def beats_matter(energy: float) -> float:
        request = make_request(32, energy)
        film(request, str(still), str(tmp_path / "with.mp4"))
        silent = request.model_copy(update={"cues": MusicCues(energy=request.cues.energy)})
        film(silent, str(still), str(tmp_path / "without.mp4"))
        return float(np.abs(thumbs(tmp_path / "with.mp4") - thumbs(tmp_path / "without.mp4")).mean())

    assert beats_matter(1.0) > 1.0
    assert beats_matter(0.1) < 0.05


def test_a_downbeat_lights_the_picture_up(make_request: Make, still: Path, thumbs: Thumbs, tmp_path: Path) -> None:
    request = make_request(32, 1.0, bpm=60)
    film(request, str(still), str(tmp_path / "a.mp4"))
    bright = thumbs(tmp_path / "a.mp4").mean((1, 2))
    # At 60 beats a minute and 8 frames a second a beat falls on every eighth frame.
    assert np.mean(bright[[0, 8, 16, 24]]) > np.mean(bright[[5, 13, 21, 29]]) + 0.5


@pytest.mark.parametrize("size", [(540, 960), (1080, 1920), (300, 200), (64, 64)])
def test_takes_stills_of_any_size(make_request: Make, still: Path, tmp_path: Path, size: tuple[int, int]) -> None:
    picture = cv2.imread(str(still))
    assert picture is not None
    cv2.imwrite(str(tmp_path / "other.png"), cv2.resize(picture, size))
    film(make_request(3), str(tmp_path / "other.png"), str(tmp_path / "a.mp4"))
    check_picture(tmp_path / "a.mp4", PROFILES[ProfileName.TINY], 3)


def test_a_still_that_is_no_picture_is_corrupt(make_request: Make, tmp_path: Path) -> None:
    (tmp_path / "still.png").write_bytes(b"no picture")
    with pytest.raises(MediaCorrupt, match="not a picture"):
        LocalAnimator().animate(make_request(3), tmp_path / "still.png", tmp_path / "a.mp4")


def test_segments_of_different_stills_and_moves_join(make_request: Make, still: Path, tmp_path: Path) -> None:
    import soundfile

    segments = []
    for index, (move, frame_count) in enumerate(zip(list(CameraMove)[:3], (5, 16, 19), strict=True)):
        segments.append(str(tmp_path / f"{index}.mp4"))
        film(make_request(frame_count, move=move, seed=index), str(still), segments[-1])
    soundfile.write(tmp_path / "song.wav", np.random.default_rng(0).normal(0, 0.1, 5 * 48_000), 48_000)
    encode(str(tmp_path / "song.wav"), str(tmp_path / "song.m4a"))
    profile = PROFILES[ProfileName.TINY]
    join(segments, str(tmp_path / "song.m4a"), profile, 40, str(tmp_path / "out.mp4"))
    check_picture(tmp_path / "out.mp4", profile, 40)


def test_a_long_scene_at_full_size_stays_small(make_request: Make, still: Path, tmp_path: Path) -> None:
    """Three seconds took 900 MB once, and every second more of them another 190."""
    request = make_request(frame_count=90, profile=ProfileName.FULL, image="a street in heavy rain, embers")
    run_job(film, request, str(still), str(tmp_path / "a.mp4"), limits=JobLimits(memory_bytes=500_000_000))
