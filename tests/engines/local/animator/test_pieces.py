"""What the painter cuts out of a still moves over it as a whole, behind what is before it."""

import base64
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from engines.providers.local.animator.camera import Lens
from engines.providers.local.animator.pieces import Pieces
from engines.providers.local.animator.rhythm import Rhythm, read_rhythm
from engines.providers.local.animator.stirs import Window
from engines.providers.local.painter.painter import _paint_file
from models.stirring import STILL, STIRRING_BYTES, Cutting, Piece, stirring_in
from models.storyboard import Framing, ScenePrompt
from models.styles import find_style
from models.takes import BeatCue, MusicCues, StillRequest

SIZE = (180, 320)
BEATS = MusicCues(energy=(0.5,) * 48, beats=tuple(BeatCue(frame=f, strength=1.0) for f in range(0, 48, 12)))


def rhythm() -> Rhythm:
    return read_rhythm(BEATS, 48, 24, 0.5)


def painted(folder: Path, words: str, framing: Framing = Framing.FULL) -> tuple[Cutting, NDArray[np.uint8]]:
    style = find_style("cinematic-realism")
    prompt = ScenePrompt(
        scene_index=0,
        image_prompt=words,
        motion_prompt="",
        seed=3,
        style=style.slug,
        palette=style.palette,
        framing=framing,
        cast_seeds=(1, 2),
    )
    out = folder / "still.png"
    _paint_file(StillRequest(prompt=prompt, width=SIZE[0], height=SIZE[1]), str(out))
    stirring = stirring_in(out.read_bytes()[:STIRRING_BYTES])
    assert stirring is not None
    assert stirring.cutting is not None
    return stirring.cutting, np.asarray(cv2.imread(str(out)), np.uint8)


def cut(labels: NDArray[np.uint8], *pieces: Piece) -> Cutting:
    packed = base64.b64encode(zlib.compress(labels.tobytes())).decode()
    return Cutting(x=0, y=0, cell=0.01, columns=labels.shape[1], labels=packed, pieces=pieces)


def filmed(cutting: Cutting, still: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    source = np.asarray(cv2.cvtColor(still, cv2.COLOR_BGR2BGRA), np.uint8)
    pieces = Pieces(cutting, source, Window(still.shape[1], 0, 0), rhythm())
    frames = []
    for frame in range(48):
        pieces.draw(frame)
        frames.append(source[:, :, :3].copy())
    return frames


def foot_of(cutting: Cutting, piece: int, frame: int) -> float:
    """How far right the end of a limb is, in widths."""
    pieces = Pieces(cutting, np.zeros((320, 180, 4), np.uint8), Window(1, 0, 0), rhythm())
    one = cutting.pieces[piece]
    return float((pieces._world(piece, frame, {}) @ [one.end_x, one.end_y, 1])[0])


@pytest.mark.parametrize("words", ["a man walks along a road", "a girl runs through a field"])
def test_the_legs_of_walkers_cross(tmp_path: Path, words: str) -> None:
    cutting, _ = painted(tmp_path, words)
    # Shins hang on thighs, and come before arms only by what is painted first: theirs end lowest.
    shins = sorted(range(len(cutting.pieces)), key=lambda i: -cutting.pieces[i].end_y)[:2]
    apart = [foot_of(cutting, shins[0], frame) - foot_of(cutting, shins[1], frame) for frame in range(48)]
    assert min(apart) < -0.15
    assert max(apart) > 0.15


def test_a_walkers_lower_foot_stays_on_the_ground(tmp_path: Path) -> None:
    cutting, _ = painted(tmp_path, "a man walks along a road")
    shins = sorted(range(len(cutting.pieces)), key=lambda i: -cutting.pieces[i].end_y)[:2]
    pieces = Pieces(cutting, np.zeros((320, 180, 4), np.uint8), Window(1, 0, 0), rhythm())
    ends = [[cutting.pieces[i].end_x, cutting.pieces[i].end_y, 1] for i in shins]
    lowest = [
        max(float((pieces._world(i, frame, {}) @ end)[1]) for i, end in zip(shins, ends, strict=True))
        for frame in range(48)
    ]
    assert max(lowest) - min(lowest) < 0.02


@pytest.mark.parametrize("words", ["a train passes a field", "a red car drives along a road", "a bus in a city street"])
def test_traffic_and_trains_pass(tmp_path: Path, words: str) -> None:
    cutting, still = painted(tmp_path, words, Framing.WIDE)
    first, last = (np.asarray(frame, np.float32) for frame in np.array(filmed(cutting, still))[[0, -1]])
    speed = cutting.pieces[0].speed
    assert abs(speed) >= 0.05
    # Two seconds later the same picture is that much farther on.
    way = round(speed * (47 / 24) * SIZE[0])
    rows = slice(round(cutting.y * SIZE[0]), None)
    moved = np.roll(first[rows], way, axis=1)
    changed = np.abs(first[rows] - last[rows]).max(axis=2) > 24
    inner = slice(abs(way), SIZE[0] - abs(way))
    assert changed[:, inner].sum() > 40
    better = np.abs(moved - last[rows]).mean(axis=2) < np.abs(first[rows] - last[rows]).mean(axis=2)
    assert better[:, inner][changed[:, inner]].mean() > 0.6


def test_birds_beat_their_wings_and_fly_on(tmp_path: Path) -> None:
    cutting, _ = painted(tmp_path, "a gull flies over the sea", Framing.WIDE)
    body, wing = cutting.pieces
    assert wing.parent == 0
    assert min(wing.flats) < 0 < max(wing.flats)
    assert abs(body.speed) > 0.03


def test_a_piece_goes_behind_what_is_before_it_and_leaves_the_ground_whole() -> None:
    labels = np.full((100, 100), STILL, np.uint8)
    labels[40:60, 10:30] = 1
    labels[:, 50:60] = STILL + 1
    still = np.full((100, 100, 3), 200, np.uint8)
    still[40:60, 10:30] = (0, 0, 255)
    still[:, 50:60] = (0, 80, 0)
    piece = Piece(x=0.2, y=0.5, end_x=0.2, end_y=0.5, speed=0.3)
    frames = filmed(cut(labels, piece), still)
    for frame in frames:
        assert (frame[:, 52:58] == (0, 80, 0)).all()
    # It began to the left of its place, comes to the post's other side, and is nowhere twice.
    red = [(frame[:, :, 2] > 150) & (frame[:, :, 1] < 90) for frame in frames]
    assert red[-1][:, 62:].sum() == 0 < red[-1][:, 33:48].sum()
    assert np.abs(frames[-1][45:55, 12:26].astype(int) - 200).max() < 8
    assert max(int(one.sum()) for one in red) <= 20 * 21


def test_a_train_goes_on_where_the_picture_ends() -> None:
    labels = np.full((40, 100), STILL, np.uint8)
    labels[10:30, :70] = 1
    still = np.full((40, 100, 3), 250, np.uint8)
    still[10:30, :70] = np.where(np.arange(70) % 20 < 10, 40, 120).astype(np.uint8)[None, :, None]
    piece = Piece(x=0.3, y=0.2, end_x=0.3, end_y=0.2, speed=0.14, period=0.2)
    last = filmed(cut(labels, piece), still)[-1]
    row = last[20, :60, 0].astype(int)
    assert row.max() < 160
    assert np.abs(row[:-20] - row[20:]).mean() < 12


def test_the_same_still_gives_the_same_pieces(tmp_path: Path) -> None:
    first, still = painted(tmp_path, "a man walks along a road")
    second, again = painted(tmp_path, "a man walks along a road")
    assert first == second
    assert all(np.array_equal(a, b) for a, b in zip(filmed(first, still), filmed(second, again), strict=True))


def test_a_broken_note_moves_nothing() -> None:
    still = np.full((60, 40, 3), 90, np.uint8)
    short = Cutting(x=0.9, y=2.0, cell=0.1, columns=4000, labels="", pieces=(Piece(x=0, y=0, end_x=1, end_y=1),))
    assert all((frame == 90).all() for frame in filmed(short, still))


def test_lens_and_pieces_agree_on_the_place_of_the_still(tmp_path: Path) -> None:
    """A still of another shape is cropped: pieces stay on what they were cut from."""
    labels = np.full((100, 100), STILL, np.uint8)
    labels[40:60, 40:60] = 1
    still = np.full((100, 100, 3), 220, np.uint8)
    still[40:60, 40:60] = 10
    lens = Lens(still, 60, 100)
    Pieces(cut(labels, Piece(x=0.5, y=0.5, end_x=0.5, end_y=0.5, speed=1e-9)), lens.source, lens.window, rhythm()).draw(
        0
    )
    rows, columns = np.nonzero(lens.source[:, :, 0] < 100)
    high, wide = lens.source.shape[:2]
    assert abs(rows.mean() - (high - 1) / 2) < 1
    assert abs(columns.mean() - (wide - 1) / 2) < 1
