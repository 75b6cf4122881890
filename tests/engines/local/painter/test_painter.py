import itertools
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from engines.jobs import no_pulse
from engines.providers.local.painter import closeness, compose, figures
from engines.providers.local.painter.looks import look_for
from engines.providers.local.painter.noise import Floats
from engines.providers.local.painter.painter import LocalPainter, _paint_file, draw
from engines.providers.local.painter.people.brush import Brush
from engines.providers.local.painter.reading import read
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.treatments.photographic import film_noir
from models.failures import Cancelled, InvalidInput
from models.storyboard import Framing
from models.styles import STYLES
from models.subjects import SUBJECT_BYTES, subject_in
from tests.engines.local.painter.conftest import Ask

Picture = NDArray[np.uint8]


def difference(a: Picture, b: Picture) -> float:
    """The mean difference of two pictures as a viewer's eye catches it at a cut: at 54 × 96, of 255."""
    small = [cv2.resize(p, (54, 96), interpolation=cv2.INTER_AREA).astype(float) for p in (a, b)]
    return float(np.abs(small[0] - small[1]).mean())


def saturation(picture: Picture) -> float:
    return float((picture.max(axis=2).astype(float) - picture.min(axis=2)).mean())


@pytest.mark.parametrize(("width", "height"), [(90, 160), (91, 163), (160, 90), (270, 480)])
def test_paints_exactly_the_asked_size(ask: Ask, tmp_path: Path, width: int, height: int) -> None:
    out = tmp_path / "still.png"
    LocalPainter().paint(ask("a woman on a rooftop", width=width, height=height, cast=(1,)), [], out, no_pulse)
    picture = cv2.imread(str(out))
    assert picture is not None
    assert picture.shape == (height, width, 3)


def test_the_same_request_gives_the_same_bytes(ask: Ask, tmp_path: Path) -> None:
    request = ask("a dancer in a club, rain", style="found-footage", cast=(3,))
    for name in ("a", "b"):
        LocalPainter().paint(request, [], tmp_path / name, no_pulse)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_the_file_holds_the_colours_that_draw_gives(ask: Ask, tmp_path: Path) -> None:
    request = ask("a red balloon over a field, day", style="3d-cartoon")
    LocalPainter().paint(request, [], tmp_path / "still.png", no_pulse)
    read = cv2.imread(str(tmp_path / "still.png"))
    assert read is not None
    assert np.array_equal(read[:, :, ::-1], draw(request))


def test_a_withdrawn_request_stops_and_leaves_nothing(ask: Ask, tmp_path: Path) -> None:
    def withdrawn() -> None:
        raise Cancelled("no longer wanted")

    out = tmp_path / "still.png"
    with pytest.raises(Cancelled):
        LocalPainter().paint(ask("a city street", width=1080, height=1920), [], out, withdrawn)
    assert list(tmp_path.iterdir()) == []


def test_an_impossible_size_is_refused(ask: Ask, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be painted"):
        LocalPainter().paint(ask("a sea", width=4, height=9000), [], tmp_path / "still.png", no_pulse)


def test_a_preset_of_tomorrow_is_still_painted(ask: Ask) -> None:
    request = ask("a sea at night")
    unknown = request.model_copy(update={"prompt": request.prompt.model_copy(update={"style": "not-yet-known"})})
    assert draw(unknown).std() > 10


@pytest.mark.parametrize(
    "words",
    [
        "a city street",
        "a skyline",
        "a rooftop",
        "a desert",
        "mountains",
        "a forest",
        "the sea",
        "a bridge",
        "a tunnel",
        "a bedroom",
        "a nightclub",
        "a concert stage",
        "a highway",
        "ruins",
        "outer space",
        "a snowfield",
        "a meadow",
        "a garden",
        "a cathedral",
        "underwater",
        "a lake",
        "nothing that is in any list",
    ],
)
def test_every_place_is_a_picture(ask: Ask, words: str) -> None:
    """Neither flat nor noise: large forms carry most of the contrast."""
    picture = draw(ask(f"{words} at day", cast=(2,))).astype(np.float32)
    coarse = cv2.resize(cv2.resize(picture, (9, 16), interpolation=cv2.INTER_AREA), (90, 160))
    assert coarse.std() > 12
    assert np.abs(picture - coarse).mean() > 2
    assert coarse.std() > (picture - coarse).std() * 0.6


def test_cuts_between_framings_are_hard(ask: Ask) -> None:
    for words, style in (
        ("a woman on a city street at night", "cyberpunk"),
        ("a man in a field at day", "watercolor-anime"),
    ):
        shots = {f: draw(ask(words, style=style, framing=f, cast=(4,), seed=i)) for i, f in enumerate(Framing)}
        for a, b in itertools.combinations(shots, 2):
            assert difference(shots[a], shots[b]) > 12, (words, a, b)


def test_another_prompt_or_seed_is_another_picture(ask: Ask) -> None:
    first = draw(ask("a wanderer with a strange zyx", cast=(5,)))
    assert difference(first, draw(ask("a wanderer with a strange qwv", cast=(5,)))) > 12
    assert difference(first, draw(ask("a wanderer with a strange zyx", cast=(5,), seed=8))) > 6


def test_time_of_day_and_weather_are_seen(ask: Ask) -> None:
    day, night = (draw(ask(f"mountains at {hour}, clear sky")) for hour in ("noon", "midnight"))
    assert day.mean() > 1.6 * night.mean()
    clear, storm = (draw(ask(f"a field at day, {weather}")) for weather in ("clear", "thunderstorm"))
    assert saturation(clear) > 1.2 * saturation(storm)


def test_what_is_absent_is_not_drawn(ask: Ask) -> None:
    assert read(ask("an empty desert without a person").prompt).figures == ()
    assert read(ask("a person in a desert").prompt).figures != ()


def test_a_chorus_has_more_light_and_colour_than_a_verse(ask: Ask) -> None:
    for style in ("cinematic-realism", "cyberpunk", "low-poly-3d", "post-apocalyptic"):
        verse, chorus = (
            draw(ask("a singer on a city street at dusk", style=style, section=section, energy=energy, cast=(6,)))
            for section, energy in (("verse", 0.4), ("chorus", 0.9))
        )
        assert difference(verse, chorus) > 8, style
        assert chorus.mean() > verse.mean() * 1.04, style
        assert saturation(chorus) + chorus.std() > saturation(verse) + verse.std(), style


def descriptor(picture: Picture) -> NDArray[np.float64]:
    """Colour and texture in twelve numbers: mean and spread in Lab, grain, edges, and how tones are spread."""
    lab = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB).astype(np.float32)
    grey = lab[:, :, 0]
    fine = np.abs(cv2.Laplacian(grey, cv2.CV_32F)).mean()
    rows, columns = np.abs(np.diff(grey, axis=0)).mean(), np.abs(np.diff(grey, axis=1)).mean()
    quantiles = np.percentile(grey, [5, 50, 95]) / 2
    return np.array([*lab.mean((0, 1)), *lab.std((0, 1)), fine * 0.7, rows, columns, *quantiles])


def test_the_twenty_presets_are_told_apart(ask: Ask) -> None:
    """Over three scenes no two presets come close, and each scene of a preset is nearest to the preset's others."""
    words = (
        "a woman walking on a city street at dusk",
        "a man in a field with a tree, morning",
        "a dancer by the sea, day",
    )
    seen = {
        style.slug: np.array(
            [descriptor(draw(ask(w, style=style.slug, width=135, height=240, cast=(9,)))) for w in words]
        )
        for style in STYLES
    }
    for (a, one), (b, other) in itertools.combinations(seen.items(), 2):
        # The same scene in two presets: the difference is the presets' own.
        assert np.linalg.norm(one - other, axis=1).mean() > 20, (a, b)


def test_a_figure_keeps_its_colours_in_the_picture(ask: Ask) -> None:
    """Seen in the pixels: the figure's own colour stands out at its place in two scenes under the same light."""
    with_figure = [
        draw(ask(f"someone standing {where} at day, clear", framing=Framing.FULL, cast=(1234,), style="3d-cartoon"))
        for where in ("in a desert", "in a snowfield")
    ]
    centre = [p[85:125, 38:52].reshape(-1, 3).astype(float) for p in with_figure]
    medians = [np.median(c, axis=0) for c in centre]
    assert np.abs(medians[0] - medians[1]).max() < 40


@pytest.mark.parametrize("framing", Framing)
@pytest.mark.parametrize(("width", "height"), [(90, 160), (120, 160), (160, 90)])
def test_rain_falls_in_every_framing_and_shape(ask: Ask, framing: Framing, width: int, height: int) -> None:
    picture = draw(ask("a woman on a rooftop at night in the rain", framing=framing, width=width, height=height))
    assert picture.shape == (height, width, 3)
    assert picture.std() > 5


@pytest.mark.parametrize(
    "framing", [Framing.EXTREME_WIDE, Framing.WIDE, Framing.FULL, Framing.LOW_ANGLE, Framing.CLOSE_UP]
)
@pytest.mark.parametrize("words", ["a woman stands in a field at day", "two men dance in a field at day"])
def test_a_still_says_where_its_subject_is(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, framing: Framing, words: str
) -> None:
    request = ask(words, framing=framing, cast=(4,) if "woman" in words else (4, 7), style="3d-cartoon")
    _paint_file(request, str(tmp_path / "still.png"))
    subject = subject_in((tmp_path / "still.png").read_bytes()[:SUBJECT_BYTES])
    assert subject is not None
    shown = draw(request).astype(float)
    for module in (figures, closeness):
        monkeypatch.setattr(module, "paint_person", lambda scene, *_, **__: Brush(scene, 0.2))
    changed = np.abs(shown - draw(request)).max(axis=(1, 2)) > 60
    rows = np.flatnonzero(changed) / len(changed)
    assert rows.min() == pytest.approx(subject.top, abs=0.05)
    assert rows.min() - 0.05 <= subject.head_top < subject.head_bottom <= rows.max() + 0.05


def test_a_still_about_nobody_says_nothing(ask: Ask, tmp_path: Path) -> None:
    _paint_file(ask("an empty field at day", framing=Framing.WIDE), str(tmp_path / "still.png"))
    assert subject_in((tmp_path / "still.png").read_bytes()[:SUBJECT_BYTES]) is None


@pytest.mark.parametrize("style", ["cyberpunk", "cinematic-realism"])
def test_every_face_is_read_at_night(ask: Ask, style: str) -> None:
    for seed in range(1, 31, 3):
        shown = draw(ask("a woman in a city street at night", style=style, framing=Framing.CLOSE_UP, cast=(seed,)))
        face = shown[60:85, 36:54].astype(float) @ (0.2126, 0.7152, 0.0722)
        assert np.percentile(face, 75) > 35, seed


@pytest.mark.parametrize("framing", [Framing.WIDE, Framing.FULL, Framing.MEDIUM, Framing.CLOSE_UP])
def test_a_blind_of_film_noir_falls_behind_people_and_spares_them(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, framing: Framing
) -> None:
    seen: list[Scene] = []

    def unfinished(scene: Scene) -> Floats:
        seen.append(scene)
        return scene.canvas.light

    plain = replace(look_for("film-noir"), finish=unfinished)
    monkeypatch.setattr(compose, "look_for", lambda _: plain)
    draw(ask("a man waits in an office", style="film-noir", framing=framing, width=270, height=480, cast=(4,)))
    (scene,) = seen
    people = np.isin(scene.canvas.ident, list(scene.bodies))
    assert people.mean() > 0.01
    # Without anything but the blind, its bars are all that changes from row to row.
    scene.canvas.light[:], scene.canvas.depth[:] = 0.35, 0.2
    grey = cv2.blur(film_noir(scene)[:, :, 0], (5, 5))
    bars = np.abs(grey - cv2.blur(grey, (1, 41)))
    band = np.zeros_like(people)
    rows = np.flatnonzero(people.any(1))
    band[rows[0] : rows[-1], 60:210] = True
    assert bars[band & people].mean() < 0.5 * bars[band & ~people].mean()
