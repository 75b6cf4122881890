import numpy as np
import pytest

from engines.providers.local.animator.air import Air, read_air
from engines.providers.local.animator.camera import choose_move
from engines.providers.local.animator.look import FilmedLook, read_look, read_palette
from engines.providers.local.animator.rhythm import read_rhythm
from models.storyboard import CameraMove, ScenePrompt
from models.takes import BeatCue, MusicCues


def prompt(image: str = "", motion: str = "", style: str = "cinematic-realism", negative: str = "") -> ScenePrompt:
    return ScenePrompt(
        scene_index=0,
        image_prompt=image,
        motion_prompt=motion,
        negative_prompt=negative,
        seed=3,
        style=style,
        palette=(),
    )


@pytest.mark.parametrize(
    ("image", "motion", "kind"),
    [
        ("a street at night in pouring rain", "", Air.RAIN),
        ("a street at night under a clear sky", "rain streaks through the light", Air.RAIN),
        ("pines in quiet snowfall", "", Air.SNOW),
        ("a bridge", "fog rolls slowly through the frame", Air.FOG),
        ("a desert, a driving dust storm", "", Air.DUST),
        ("a beach, a bonfire", "", Air.EMBERS),
        ("a garden with cherry blossoms", "", Air.PETALS),
        ("a meadow at dusk, fireflies", "", Air.FIREFLIES),
        ("underwater, a diver above a reef", "", Air.BUBBLES),
    ],
)
def test_words_fill_the_air(image: str, motion: str, kind: Air) -> None:
    assert read_air(prompt(image, motion)).get(kind, 0) > 0.3


def test_clear_air_is_empty() -> None:
    assert not read_air(prompt("a street at noon under a clear sky", "the air barely stirs"))


def test_it_does_not_rain_indoors() -> None:
    assert Air.RAIN not in read_air(prompt("a hotel room, rain outside the window"))


@pytest.mark.parametrize("refusal", [{"negative": "rain, text"}, {"motion": "no rain, steady camera"}])
def test_what_is_refused_does_not_fall(refusal: dict[str, str]) -> None:
    assert Air.RAIN not in read_air(prompt("a street in the rain", **refusal))


def test_much_and_little_differ() -> None:
    amounts = [read_air(prompt(f"a street in {how}"))[Air.RAIN] for how in ("light rain", "rain", "pouring rain")]
    assert amounts == sorted(set(amounts))


def test_the_motion_prompt_steers_the_camera() -> None:
    assert choose_move(CameraMove.PUSH_IN, "", 0) is CameraMove.PUSH_IN
    assert choose_move(CameraMove.PUSH_IN, "slow pan left over the roofs", 0) is CameraMove.PAN_LEFT
    assert choose_move(CameraMove.PUSH_IN, "push in, then pan left", 0) is CameraMove.PUSH_IN
    slow, usual, fast = (read_look(prompt(motion=m)).tempo for m in ("slow push in", "push in", "fast push in"))
    assert slow < usual < fast
    assert read_look(prompt(motion="handheld")).shake > read_look(prompt()).shake


@pytest.mark.parametrize("move", list(CameraMove))
def test_variations_are_other_moves(move: CameraMove) -> None:
    assert move not in {choose_move(move, "", variation) for variation in range(1, 5)}


def test_an_unknown_preset_gets_the_usual_look() -> None:
    assert read_look(prompt(style="of-tomorrow")) == FilmedLook()


def test_palettes_are_read_as_bgr() -> None:
    assert np.array_equal(read_palette(["#102030"]), np.array([[0x30, 0x20, 0x10]], np.float32))
    assert read_palette([]).shape[1] == 3


def test_a_pulse_rises_before_its_beat_and_peaks_on_it() -> None:
    cues = MusicCues(energy=(1.0,) * 48, beats=(BeatCue(frame=24, strength=0.8, downbeat=True),))
    rhythm = read_rhythm(cues, 48, 24.0, 1.0)
    assert int(np.argmax(rhythm.downbeat)) == 24
    assert rhythm.downbeat[24] == pytest.approx(0.8)
    assert 0 < rhythm.downbeat[22] < rhythm.downbeat[23] < rhythm.downbeat[24] > rhythm.downbeat[25] > 0
    assert np.diff(rhythm.downbeat).max() < 0.4


@pytest.mark.parametrize("values", [(), (0.5,), (0.2,) * 5, (0.9,) * 50])
def test_energy_of_any_length_fits_the_scene(values: tuple[float, ...]) -> None:
    rhythm = read_rhythm(MusicCues(energy=values), 12, 8.0, 0.5)
    assert rhythm.energy.shape == rhythm.beat.shape == (12,)
    assert 0 <= rhythm.energy.min() <= rhythm.energy.max() <= 1
