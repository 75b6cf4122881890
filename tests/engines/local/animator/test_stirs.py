"""What the painter says can move does move, and nothing else."""

from itertools import pairwise, product
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from engines.providers.local.animator.camera import CELL, Lens, choose_move, enlarged, known_depth, plan_path
from engines.providers.local.animator.look import FilmedLook
from engines.providers.local.animator.reach import Reach
from engines.providers.local.animator.rhythm import read_rhythm
from engines.providers.local.animator.stirs import Stirs, Window
from engines.providers.local.painter.painter import _paint_file
from models.profiles import PROFILES, ProfileName
from models.stirring import STIRRING_BYTES, Stir, Stirring, stirring_in, with_stirring
from models.storyboard import CameraMove, Framing, ScenePrompt
from models.styles import find_style
from models.takes import BeatCue, MusicCues, StillRequest

BEATS = MusicCues(energy=(0.5,) * 24, beats=tuple(BeatCue(frame=f, strength=1.0) for f in (0, 8, 16)))


def grid() -> NDArray[np.float32]:
    x, y = np.meshgrid(np.arange(0, 100, 2), np.arange(0, 160, 2))
    return np.dstack([x, y]).astype(np.float32)


@pytest.mark.parametrize("kind", ["swing", "rock", "bob", "blow", "slide", "turn"])
def test_a_movement_moves_its_own_part_and_leaves_the_rest(kind: str) -> None:
    stir = Stir.model_validate(
        {
            "kind": kind,
            "x": 0.5,
            "y": 0.8,
            "end_x": 0.5,
            "end_y": 0.6,
            "radius": 0.06,
            "amount": 8 if kind in ("swing", "rock", "turn") else 0.05,
        }
    )
    stirs = Stirs([stir], Window(100, 0, 0), read_rhythm(BEATS, 24, 8, 0.5))
    moved = [np.abs(stirs.bend(grid(), frame) - grid()).max(axis=2) for frame in range(24)]
    most = np.max(moved, axis=0)
    assert most.max() > 0.3
    assert most[:20].max() == 0
    assert most[:, :15].max() == 0
    # Steadily: no frame jumps.
    assert max(float(np.abs(a - b).max()) for a, b in pairwise(moved)) < 4


def test_wings_and_lips_are_pressed_to_their_line_and_come_back() -> None:
    stir = Stir(kind="press", x=0.4, y=0.8, end_x=0.6, end_y=0.8, radius=0.2, amount=0.6, rate=1, steady=True)
    stirs = Stirs([stir], Window(100, 0, 0), read_rhythm(BEATS, 24, 8, 0.5))
    moved = [stirs.bend(grid(), frame)[:, :, 1] - grid()[:, :, 1] for frame in range(24)]
    above, below = (np.array([one[row, 25] for one in moved]) for row in (37, 43))
    # What is shown nearer to the line comes from farther away, on both sides alike; half a second later it is back.
    assert above.min() < -4
    assert below.max() > 4
    assert np.abs(above[::8]).max() < 0.01
    assert np.abs(np.array(moved)[:, [10, 28, 52, 70]]).max() == 0


def test_eyes_blink_for_a_moment_only() -> None:
    stir = Stir(kind="blink", x=0.4, y=0.8, end_x=0.6, end_y=0.8, radius=0.2, amount=0.9, rate=0.3, steady=True)
    stirs = Stirs([stir], Window(100, 0, 0), read_rhythm(MusicCues(energy=(0.5,) * 96), 96, 24, 0.5))
    shut = [float(np.abs(stirs.bend(grid(), frame) - grid()).max()) > 3 for frame in range(96)]
    assert 2 <= sum(shut) <= 12


def test_water_ripples_below_its_edge_only() -> None:
    stir = Stir(kind="ripple", x=0, y=0.9, end_x=1, end_y=1.6, radius=1, amount=0.01, steady=True)
    moved = np.abs(Stirs([stir], Window(100, 0, 0), read_rhythm(BEATS, 24, 8, 0.5)).bend(grid(), 3) - grid()).max(
        axis=2
    )
    assert moved[:45].max() == 0
    assert moved[50:].max() > 0.2


def test_the_note_survives_the_png() -> None:
    _, data = cv2.imencode(".png", np.zeros((4, 4, 3), np.uint8))
    stirring = Stirring(
        stirs=(Stir(kind="bob", x=0.1, y=1, end_x=0.1, end_y=0.5, radius=0.1, amount=0.01),), depth=("0f", "8a")
    )
    assert stirring_in(with_stirring(data.tobytes(), stirring)[:STIRRING_BYTES]) == stirring
    assert stirring_in(data.tobytes()) is None
    assert stirring_in(with_stirring(data.tobytes(), stirring)[:60]) is None


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("a girl waves on a pier in a harbour, day", {"swing", "ripple", "bob"}),
        ("an old man rows a red boat on the sea", {"rock", "swing", "ripple"}),
        ("a woman with long hair stands in a field", {"blow", "bob"}),
        ("a ferris wheel at a fairground, no people", {"turn"}),
    ],
)
def test_a_painted_still_says_what_moves(tmp_path: Path, words: str, kinds: set[str]) -> None:
    style = find_style("cinematic-realism")
    prompt = ScenePrompt(
        scene_index=0,
        image_prompt=words,
        motion_prompt="",
        seed=3,
        style=style.slug,
        palette=style.palette,
        framing=Framing.FULL,
        cast_seeds=(1,),
    )
    _paint_file(StillRequest(prompt=prompt, width=90, height=160), str(tmp_path / "a.png"))
    stirring = stirring_in((tmp_path / "a.png").read_bytes()[:STIRRING_BYTES])
    assert stirring is not None
    assert kinds <= {stir.kind for stir in stirring.stirs}
    near = known_depth(stirring.depth, np.zeros((40, 22, 3), np.uint8))
    assert near[-4:].mean() > near[:8].mean() + 0.2


@pytest.mark.parametrize("profile", list(ProfileName))
@pytest.mark.parametrize("depth", [("f", "0"), ("0", "f"), ()])
def test_the_camera_never_leaves_the_drawn_part(depth: tuple[str, ...], profile: ProfileName) -> None:
    width, height = PROFILES[profile].width, PROFILES[profile].height
    lens = Lens(np.full((192, 108, 3), 120, np.uint8), width, height, depth)
    rhythm = read_rhythm(BEATS, 24, 8, 0.9)
    reach = Reach(0.1, 0.028, 0.8, 0.005, 0.008, 0.01, 0.01)
    high, wide = lens.source.shape[:2]
    for move, unsteady in product(CameraMove, (0.05, 0.7)):
        look = FilmedLook(shake=unsteady)
        path = plan_path(choose_move(move, "", 0), rhythm, look, reach, lens.focus, np.random.default_rng(1))
        for frame in range(0, 24, 2):
            coarse = lens.coarse_map(path, frame)
            for top in (0, height - CELL):
                seen = enlarged(coarse, top, CELL, width)
                assert seen.min() > -1, move
                assert seen[..., 0].max() < wide, move
                assert seen[..., 1].max() < high, move
