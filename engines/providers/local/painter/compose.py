"""Puts a picture together: camera, sky, place, figures, weather, and the look's treatment."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from engines.providers.local.painter import beyond, indoors, landscapes, nature, props, ruins, urban
from engines.providers.local.painter.aerial import paint_from_above
from engines.providers.local.painter.body import Body
from engines.providers.local.painter.canvas import Canvas, Colour
from engines.providers.local.painter.detail import paint_detail
from engines.providers.local.painter.figures import head_rows, highest, paint_figure
from engines.providers.local.painter.lexicon import Place, Pose
from engines.providers.local.painter.looks import Look, look_for
from engines.providers.local.painter.mood import luma, mix, mood_for, rgb
from engines.providers.local.painter.noise import Floats, rng_for
from engines.providers.local.painter.portrait import paint_portrait
from engines.providers.local.painter.reading import Figure, read
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.sky import paint_sky
from engines.providers.local.painter.treatments.effects import blur
from engines.providers.local.painter.weather import light_shafts, paint_weather
from models.storyboard import Framing, ScenePrompt
from models.subjects import SubjectRows, joined

_PLACES: dict[Place, Callable[[Scene], None]] = {
    "street": urban.street,
    "skyline": urban.skyline,
    "rooftop": urban.rooftop,
    "bridge": urban.bridge,
    "ruins": ruins.ruins,
    "mountains": nature.mountains,
    "desert": landscapes.desert,
    "forest": landscapes.forest,
    "sea": landscapes.sea,
    "river": landscapes.river,
    "road": landscapes.road,
    "field": landscapes.field,
    "garden": landscapes.garden,
    "snow": landscapes.snow,
    "tunnel": indoors.tunnel,
    "room": indoors.room,
    "club": indoors.club,
    "stage": indoors.stage,
    "hall": indoors.hall,
    "space": beyond.space,
    "underwater": beyond.underwater,
}
_METERED = 0.42  # luma that the brightest eighth of a picture should have
_INDOORS: frozenset[Place] = frozenset({"tunnel", "room", "club", "stage", "hall", "space", "underwater"})


@dataclass(frozen=True)
class _Setup:
    """How a framing sets the camera; lengths are shares of the picture's height.

    Attributes:
        horizon: Where the horizon lies.
        zoom: How large far things are.
        figure: A figure's height; 0 for none.
        foot: Where its feet stand.
        aside: How far from the middle the figure may stand, in widths.
        blur: How far the place is out of focus, in widths.
    """

    horizon: float
    zoom: float
    figure: float
    foot: float
    aside: float = 0.0
    blur: float = 0.0


_SETUPS: dict[Framing, _Setup] = {
    Framing.EXTREME_WIDE: _Setup(0.68, 0.8, 0.14, 0.86, aside=0.2),
    Framing.WIDE: _Setup(0.60, 1.0, 0.34, 0.88, aside=0.15),
    Framing.FULL: _Setup(0.52, 1.25, 0.66, 0.93, aside=0.06),
    Framing.MEDIUM: _Setup(0.47, 1.7, 1.18, 1.42, aside=0.08, blur=0.006),
    Framing.CLOSE_UP: _Setup(0.55, 2.2, 0.0, 0.0, aside=0.06, blur=0.022),
    Framing.AERIAL: _Setup(0.02, 1.0, 0.0, 0.0),
    Framing.LOW_ANGLE: _Setup(0.86, 1.35, 0.74, 1.0, aside=0.08),
    Framing.DETAIL: _Setup(0.5, 2.6, 0.0, 0.0, blur=0.03),
}


def compose(prompt: ScenePrompt, width: int, height: int) -> tuple[Floats, SubjectRows | None]:
    """A whole picture, and where its subject is.

    Args:
        prompt: What to paint, in which preset.
        width: Pixels.
        height: Pixels.

    Returns:
        float32, (height, width, 3), RGB, 0…1; the rows of who or what it is about, if it is about somebody.
    """
    look = look_for(prompt.style)
    subject = read(prompt)
    subject = replace(
        subject,
        time=look.hours.get(subject.time, subject.time),
        weather=look.air.get(subject.weather, subject.weather),
    )
    chance = rng_for(subject.key, "camera")
    side = 1 if chance.random() < 0.5 else -1
    sky = look.skies.get(subject.time)
    mood = mood_for(subject.time, subject.weather, _accents(prompt, look), sky, side, subject.lift)
    canvas = Canvas(width, height)
    setup = _SETUPS[subject.framing]
    if subject.framing is Framing.LOW_ANGLE and subject.place in _INDOORS:
        setup = replace(setup, horizon=0.68)
    if look.raised and subject.framing not in (Framing.AERIAL, Framing.CLOSE_UP, Framing.DETAIL):
        setup = replace(
            setup,
            horizon=setup.horizon - look.raised,
            figure=setup.figure * (1 - 1.6 * look.raised),
            foot=min(setup.foot, 0.93) - 0.5 * look.raised,
        )
    aside = float(chance.uniform(-setup.aside, setup.aside))
    horizon = canvas.tall * (setup.horizon + float(chance.uniform(-0.035, 0.035)))
    # The eye goes to a small figure's body and to a large one's face.
    heart = 0.6 if setup.figure < 0.9 else 0.82
    middle = canvas.tall * (setup.foot - setup.figure * heart) if setup.figure else canvas.tall * 0.45
    focus = (0.5 + aside, min(middle, canvas.tall * 0.75))
    scene = Scene(canvas, mood, subject, look, horizon, setup.zoom, focus, 0.2, subject.place not in _INDOORS)
    if subject.framing is Framing.AERIAL:
        paint_from_above(scene)
        paint_weather(scene)
        _meter(scene)
        return look.finish(scene), None
    _aim(scene, float(chance.uniform(-1, 1)))
    paint_sky(scene)
    _PLACES[subject.place](scene)
    _things_in_the_air(scene)
    light_shafts(scene)
    scene.canvas.level()
    if setup.blur:
        _defocus(scene, setup.blur)
    close = subject.framing in (Framing.DETAIL, Framing.CLOSE_UP)
    if close:
        # Drops between a long lens and a face would cross it like scratches: they fall behind it.
        paint_weather(scene)
    if subject.framing is Framing.DETAIL:
        paint_detail(scene)
    elif subject.framing is Framing.CLOSE_UP and subject.figures and subject.figures[0].kind not in ("animal", "bird"):
        _close_up(scene, aside)
    elif subject.framing is Framing.CLOSE_UP and not subject.figures:
        paint_detail(scene)
    else:
        _paint_figures(scene, setup)
    if subject.place in ("club", "stage") and subject.framing in (Framing.WIDE, Framing.FULL, Framing.EXTREME_WIDE):
        indoors.crowd(scene, canvas.tall * 1.0, 0.3, 0.75)
    if not close:
        paint_weather(scene)
    _meter(scene)
    return look.finish(scene), joined(scene.shown)


def _meter(scene: Scene) -> None:
    """Open the lens in the dark, as a camera would: not to daylight, but until there is a picture."""
    bright = float(np.percentile(luma(scene.canvas.light[::8, ::8]), 88))
    scene.canvas.light *= np.float32(np.clip((_METERED / max(bright, 1e-3)) ** 0.6, 1.0, 2.4))


def _accents(prompt: ScenePrompt, look: Look) -> tuple[Colour, ...]:
    """The palette's liveliest colours, then the look's own."""
    palette = [rgb(code) for code in prompt.palette]
    lively = sorted(palette, key=lambda c: float(c.max() - c.min()) * float(c.max()), reverse=True)[:2]
    return (*lively, *(rgb(code) for code in look.accents))


def _aim(scene: Scene, roll: float) -> None:
    """Point the camera: verticals run together in a low angle, the frame rolls in restless looks."""
    lift = scene.mood.lift
    if scene.subject.framing is Framing.LOW_ANGLE and scene.outdoors:
        scene.canvas.look_up(scene.horizon, 0.42)
    if scene.look.tilt:
        degrees = scene.look.tilt * lift * (1 if roll > 0 else -1)
        scene.canvas.tilt(degrees, 1 + abs(degrees) * 0.012)


def _things_in_the_air(scene: Scene) -> None:
    if not scene.outdoors:
        return
    if scene.subject.has("birds"):
        props.flock(scene)
    if scene.subject.has("balloons"):
        props.balloons(scene)
    if scene.subject.has("lanterns"):
        props.lanterns(scene)


def _defocus(scene: Scene, reach: float) -> None:
    """A long lens: what lies behind the subject melts, its lights become discs."""
    canvas, rng = scene.canvas, scene.rng("bokeh")
    canvas.light = blur(canvas.light, max(0.6, reach * canvas.width))
    canvas.depth[:] = np.maximum(canvas.depth, 0.7)
    canvas.ident[:] = 0
    if reach < 0.015:
        return
    bright = scene.mood.night > 0.3 or not scene.outdoors
    for _ in range(round((16 if bright else 7) * (0.5 + scene.mood.lift))):
        x, y, r = float(rng.random()), float(rng.random()) * scene.tall * 0.9, float(rng.uniform(0.03, 0.085))
        colour = mix(scene.mood.accent(int(rng.integers(5))), scene.mood.key, 0.25)
        turn = np.linspace(0, 2 * np.pi, 36)
        disc = np.column_stack([x + np.cos(turn) * r, y + np.sin(turn) * r])
        canvas.shine([disc], colour, 0.26 if bright else 0.14, soft=0.003)
        canvas.shine_lines([disc], 0.006, colour, 0.2 if bright else 0.1)


def _close_up(scene: Scene, aside: float) -> None:
    figures = scene.subject.figures
    unit = 0.205 if len(figures) == 1 else 0.155
    for i, figure in enumerate(figures[:2]):
        x = 0.5 + aside + (0 if len(figures) == 1 else (i - 0.5) * 0.42)
        y = scene.tall * (0.40 + 0.05 * i)
        paint_portrait(scene, figure, x, y, unit)
        scene.show(y - 2.0 * unit, scene.tall, y - 2.0 * unit, y + 1.7 * unit)


def _paint_figures(scene: Scene, setup: _Setup) -> None:
    figures = scene.subject.figures
    if not figures:
        return
    rng = scene.rng("figures")
    size, foot = setup.figure * scene.tall, setup.foot * scene.tall
    wild = figures[0].pose in ("run", "dance", "arms")
    if len(figures) > 1:
        size *= 0.74 if wild else 0.86
    spread = min(0.46, size * (0.5 if wild else 0.36))
    if figures[0].pose == "sit" and foot > scene.tall:
        foot -= 0.27 * size
    if scene.subject.crowd and scene.subject.place not in ("club", "stage"):
        _passers_by(scene, size, foot)
    heading = 1 if rng.random() < 0.5 else -1
    centre = scene.focus[0] if len(figures) == 1 else 0.5 + 0.4 * (scene.focus[0] - 0.5)
    for i, figure in enumerate(figures):
        x = centre + (i - (len(figures) - 1) / 2) * spread
        # Two who stand face each other; two who move go the same way.
        facing = (1 if i == 0 else -1) if len(figures) == 2 and figure.pose in ("stand", "lean", "sit") else heading
        variant = int(rng.integers(3))
        if figure.kind in ("animal", "bird"):
            body = _creature(scene, setup, figure, x, facing, foot)
            head = body.y - body.size, body.y - 0.5 * body.size
        else:
            body = Body(figure, x, foot - 0.01 * i, size * (1 - 0.05 * i), facing, variant, 0.2)
            head = head_rows(body)
        paint_figure(scene, body)
        scene.show(min(highest(body), head[0]), body.y, *head)


def _creature(scene: Scene, setup: _Setup, figure: Figure, x: float, facing: int, foot: float) -> Body:
    """An animal is lower than a person; in a close-up its head fills the frame."""
    if setup.figure and setup.figure < 0.9:
        return Body(figure, x, foot, setup.figure * scene.tall * 0.55, facing, 0, 0.2)
    if len(scene.subject.figures) > 1:
        return Body(figure, x, scene.tall * 1.08, scene.tall * 0.42, facing, 0, 0.19)
    size = scene.tall * 0.95
    reach = 0.45 * size if figure.kind == "animal" else 0.0
    return Body(figure, 0.5 - facing * reach, scene.tall * 1.12, size, facing, 0, 0.15)


def _passers_by(scene: Scene, size: float, foot: float) -> None:
    """Other people, farther off, on the same ground as the figure."""
    rng = scene.rng("passers")
    poses: tuple[Pose, ...] = ("walk", "stand", "walk", "lean")
    reach = foot - scene.horizon
    for away in np.sort(rng.uniform(1.5, 3.4, 9))[::-1]:
        # On flat ground seen from one height, size and distance below the horizon shrink alike.
        figure = Figure("person", poses[int(rng.integers(4))], int(rng.integers(2**31)))
        x, facing = float(rng.uniform(0.05, 0.95)), 1 if rng.random() < 0.5 else -1
        y = scene.horizon + reach / float(away)
        paint_figure(
            scene, Body(figure, x, y, size / float(away), facing, int(rng.integers(3)), 0.2 + 0.1 * float(away))
        )
