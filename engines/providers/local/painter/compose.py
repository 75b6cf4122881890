"""Composes a picture: camera, sky, place, things and people, weather, and the look's treatment."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from engines.providers.local.painter import indoors
from engines.providers.local.painter.aerial import paint_from_above
from engines.providers.local.painter.aloft import paint_sky_props
from engines.providers.local.painter.canvas import Canvas, Colour
from engines.providers.local.painter.closeness import paint_close_up
from engines.providers.local.painter.insert import Plan, paint_insert, plan_of
from engines.providers.local.painter.looks import PaintedLook, look_for
from engines.providers.local.painter.manifest import Manifest
from engines.providers.local.painter.mood import luma, mix, mood_for, rgb
from engines.providers.local.painter.noise import Floats, rng_for
from engines.providers.local.painter.outside import seen_from_outside
from engines.providers.local.painter.passers import paint_passers_by
from engines.providers.local.painter.people.measuring import Measured
from engines.providers.local.painter.places.across import ACROSS
from engines.providers.local.painter.places.travel import driver_side
from engines.providers.local.painter.places.variations import EMPTY, said_of_place, variation_of
from engines.providers.local.painter.placing import paint_cast
from engines.providers.local.painter.reading import Subject, read
from engines.providers.local.painter.rigging import Rig
from engines.providers.local.painter.scale import Measure
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.scenery import BEFORE_PEOPLE, PLACES
from engines.providers.local.painter.sky import paint_sky
from engines.providers.local.painter.snowfall import lay_snow
from engines.providers.local.painter.staging import Cast, cast_of
from engines.providers.local.painter.standing import crosses
from engines.providers.local.painter.telling import in_picture
from engines.providers.local.painter.treatments.effects import blur
from engines.providers.local.painter.weather import light_shafts, paint_weather
from engines.providers.local.reading.places import INDOORS
from models.in_picture import InPicture
from models.stirring import Stirring
from models.storyboard import Framing, ScenePrompt
from models.subjects import SubjectRows, joined

_METERED = 0.42  # luma that the brightest eighth of a picture should have


@dataclass(frozen=True)
class _Setup:
    """A framing's camera settings; lengths are shares of the picture's height.

    Attributes:
        horizon: Height of the horizon.
        zoom: Size of far things.
        figure: An adult's height.
        foot: Height of its feet.
        aside: The figures' greatest distance from the middle, in widths.
        blur: Blur of the place, in widths.
    """

    horizon: float
    zoom: float
    figure: float
    foot: float
    aside: float = 0.0
    blur: float = 0.0


_SMALLEST = 0.25
"""An adult's height in the widest shot: below it a person would not count as seen."""
_SETUPS: dict[Framing, _Setup] = {
    Framing.EXTREME_WIDE: _Setup(0.66, 0.8, _SMALLEST, 0.88, aside=0.24),
    Framing.WIDE: _Setup(0.58, 1.0, 0.36, 0.9, aside=0.2),
    Framing.FULL: _Setup(0.5, 1.25, 0.66, 0.94, aside=0.16),
    Framing.MEDIUM: _Setup(0.46, 1.6, 1.1, 1.36, aside=0.14, blur=0.004),
    Framing.CLOSE_UP: _Setup(0.52, 1.9, 1.9, 2.2, aside=0.1, blur=0.014),
    Framing.AERIAL: _Setup(0.02, 1.0, 0.0, 0.0),
    Framing.LOW_ANGLE: _Setup(0.84, 1.35, 0.7, 0.99, aside=0.15),
    Framing.DETAIL: _Setup(0.5, 1.9, 1.9, 2.2, blur=0.012),
}
_SEATED_SMALLEST = 0.38
"""The same for someone whose lower half a boat or a car hides."""
_NEARER = (0.82, 1.14)
"""How much the camera's distance varies within a framing."""
_HEIGHTS = (-0.05, 0.0, 0.0, 0.07, 0.1)
"""How much higher than usual the camera is, as a share of the picture's height that the horizon rises."""
_ON_BANK = 0.03
"""How far from the water's edge people stand, in heights of the picture."""
_ANY_HEIGHT = frozenset({Framing.EXTREME_WIDE, Framing.WIDE})
"""Framings with room for it."""
_SMALL_FIGURE = 0.4
"""Below this height people are filmed no farther off: they would not count as seen."""
_WITHIN = 0.6
"""The share of full shots of drivers that are taken in the car."""
_BESIDE_SCENERY = frozenset({"car", "train"})
"""Interiors whose seats decide where people are."""


@dataclass(frozen=True)
class Composed:
    """A picture and its facts.

    Attributes:
        light: float32, (height, width, 3), RGB, 0…1.
        subject: The rows of its subject, or None without one.
        note: Who and what is visible.
        stirring: Its movements and depth, for the animator.
    """

    light: Floats
    subject: SubjectRows | None
    note: InPicture
    stirring: Stirring


def compose(prompt: ScenePrompt, width: int, height: int, measured: Mapping[int, Measured] | None = None) -> Composed:
    """A whole picture.

    Args:
        prompt: The scene to paint, with its style.
        width: Pixels.
        height: Pixels.
        measured: What the reference pictures of locked characters show, by cast seed.
    """
    look = look_for(prompt.style)
    subject = read(prompt)
    # A look may choose its hour and its air only where the words choose none.
    if not any(sky.time for sky in subject.words.skies):
        subject = replace(subject, time=look.hours.get(subject.time, subject.time))
    if not any(sky.weather for sky in subject.words.skies):
        subject = replace(subject, weather=look.air.get(subject.weather, subject.weather))
    subject = seen_from_outside(_seen_from_within(subject))
    cast = cast_of(subject, measured)
    chance = rng_for(subject.key, "camera")
    side = 1 if chance.random() < 0.5 else -1
    sky = look.skies.get(subject.time)
    mood = mood_for(subject.time, subject.weather, _accents(prompt, look), sky, side, subject.lift)
    canvas = Canvas(width, height)
    setup = _setup(subject.framing, subject.place in INDOORS, look, cast)
    aside = float(chance.uniform(-setup.aside, setup.aside))
    setup = _nearer(setup, float(rng_for(subject.key, "nearer").uniform(*_NEARER)))
    raised = float(rng_for(subject.key, "height").choice(_HEIGHTS)) if subject.framing in _ANY_HEIGHT else 0.0
    setup = replace(setup, horizon=setup.horizon - raised, foot=setup.foot - 0.4 * raised)
    horizon = canvas.tall * (setup.horizon + float(chance.uniform(-0.03, 0.03)))
    # The eye goes to a small figure's body and to a large one's face.
    heart = 0.6 if setup.figure < 0.9 else 0.82
    middle = canvas.tall * (setup.foot - setup.figure * heart) if setup.figure else canvas.tall * 0.45
    focus = (0.5 + aside, float(np.clip(middle, canvas.tall * 0.3, canvas.tall * 0.75)))
    plan = plan_of(subject, cast, canvas.tall)
    if plan is not None:
        horizon, focus = plan.horizon, (plan.x, plan.foot - 0.5 * plan.size)
    scene = Scene(
        canvas,
        mood,
        subject,
        look,
        horizon,
        setup.zoom,
        focus,
        0.2,
        subject.place not in INDOORS,
        Manifest(canvas),
        Rig(canvas),
    )
    scene.afloat = cast.afloat
    scene.across = crosses(frozenset(one.name for one in cast.props if not one.kind.toward), subject.place)
    scene.lane = min(plan.foot, 0.98 * canvas.tall) if plan is not None else canvas.tall * min(setup.foot, 0.965)
    manifest = scene.manifest
    if subject.framing is Framing.AERIAL and not cast.actors and not cast.props:
        paint_from_above(scene)
        paint_weather(scene)
        _meter(scene)
        return Composed(look.finish(scene), None, in_picture(subject, Cast((), ()), manifest), scene.rig.stirring())
    _aim(scene, float(chance.uniform(-1, 1)))
    with manifest.naming(""):
        paint_sky(scene)
        canvas.named[:] = canvas.label
        (variation_of(subject) or (ACROSS if scene.across else PLACES)[subject.place])(scene)
    lay_snow(scene)
    paint_sky_props(scene, manifest, cast)
    if scene.water is not None:
        scene.rig.water(*scene.water)
    light_shafts(scene)
    scene.canvas.level()
    _meter(scene)
    _paint_subjects(scene, manifest, cast, setup, plan)
    stirring = scene.rig.stirring()
    return Composed(look.finish(scene), joined(scene.shown), in_picture(subject, cast, manifest), stirring)


def _seen_from_within(subject: Subject) -> Subject:
    """Near shots of someone who drives a car are taken in the car."""
    near = subject.framing is Framing.MEDIUM
    near = near or (subject.framing is Framing.FULL and rng_for(subject.key, "within").random() < _WITHIN)
    drives = any(one.pose == "drive" for one in subject.figures) and subject.has("car", "truck", "bus")
    if not (near and drives):
        return subject
    items = tuple(item for item in subject.words.items if item.name not in ("car", "truck", "bus"))
    return replace(subject, place="car", words=replace(subject.words, items=items))


def _setup(framing: Framing, inside: bool, look: PaintedLook, cast: Cast) -> _Setup:
    setup = _SETUPS[framing]
    if framing is Framing.AERIAL and (cast.actors or cast.props):
        # Straight from above nothing would be known: a high camera looks down on them.
        setup = _Setup(0.26, 0.85, 0.24, 0.8, aside=0.12)
    if framing is Framing.LOW_ANGLE and inside:
        setup = replace(setup, horizon=0.68)
    if framing is Framing.DETAIL and not cast.props and not cast.actors:
        setup = replace(setup, blur=0.0)  # the place itself is the detail
    if look.raised and framing not in (Framing.AERIAL, Framing.CLOSE_UP, Framing.DETAIL):
        setup = replace(
            setup,
            horizon=setup.horizon - look.raised,
            figure=setup.figure * (1 - 1.6 * look.raised),
            foot=min(setup.foot, 0.93) - 0.5 * look.raised,
        )
    if framing is Framing.EXTREME_WIDE and any(actor.rides is not None for actor in cast.actors):
        setup = replace(setup, figure=max(setup.figure, _SEATED_SMALLEST))
    heights = [actor.look.scale + 2.2 * actor.look.head for actor in cast.actors]
    if heights and max(heights) < 0.95 and framing is not Framing.CLOSE_UP:
        # Children alone are filmed from nearer.
        nearer = 0.97 / max(heights)
        head = setup.foot - setup.figure
        setup = replace(
            setup, figure=setup.figure * nearer, foot=setup.foot if setup.foot <= 1 else head + setup.figure * 1.0
        )
    return setup


def _nearer(setup: _Setup, factor: float) -> _Setup:
    """The same framing from a little nearer or farther; people whose feet are cut off keep their heads in it."""
    if setup.figure < _SMALL_FIGURE:
        factor = max(factor, 1.0)
    figure = setup.figure * factor
    return replace(setup, figure=figure, foot=setup.foot if setup.foot <= 1 else setup.foot - setup.figure + figure)


def _paint_subjects(scene: Scene, manifest: Manifest, cast: Cast, setup: _Setup, plan: Plan | None) -> None:
    subject, tall = scene.subject, scene.tall
    close = subject.framing in (Framing.DETAIL, Framing.CLOSE_UP)
    if plan is None and setup.blur:
        _defocus(scene, setup.blur)
    if close:
        # Drops between a long lens and its subject would look like scratches: they fall behind it.
        paint_weather(scene)
    if plan is not None:
        paint_insert(scene, manifest, cast, plan)
        _before(scene)
        if not close:
            paint_weather(scene)
        return
    if close:
        paint_close_up(scene, manifest, cast)
        return
    measure = Measure(setup.figure * tall, setup.foot * tall, scene.horizon)
    if scene.shore and not scene.afloat and measure.foot <= tall:
        # A raised camera sees the bank lower down: people do not walk on the water.
        measure = replace(measure, foot=max(measure.foot, min(scene.shore + _ON_BANK * tall, 0.97 * tall)))
    if scene.afloat and measure.foot > tall * 0.9:
        measure = replace(measure, foot=tall * 1.02, size=min(measure.size, 0.62 * tall))
    centre = scene.focus[0]
    if subject.place in _BESIDE_SCENERY and cast.actors:
        cast, measure, centre = _in_seats(scene, cast)
    if len(cast.actors) > 1:
        measure = replace(measure, size=measure.size * (0.92 if len(cast.actors) == 2 else 0.8))
        centre = 0.5 + 0.4 * (centre - 0.5)
    if (
        subject.crowd
        and subject.place not in ("club", "stage", "stadium")
        and scene.subject.place not in _BESIDE_SCENERY
    ):
        paint_passers_by(scene, manifest, measure)
    paint_cast(scene, manifest, cast, measure, centre)
    _before(scene)
    paint_weather(scene)


def _before(scene: Scene) -> None:
    """What is nearer than the people: a car's front, an audience."""
    subject = scene.subject
    if subject.place in BEFORE_PEOPLE:
        with scene.manifest.naming(""):
            BEFORE_PEOPLE[subject.place](scene)
    wide = subject.framing in (Framing.WIDE, Framing.FULL, Framing.EXTREME_WIDE)
    if subject.place in ("club", "stage") and wide and not subject.words.empty and not said_of_place(subject, *EMPTY):
        indoors.crowd(scene, scene.tall * 1.0, 0.3, 0.75)


def _in_seats(scene: Scene, cast: Cast) -> tuple[Cast, Measure, float]:
    """In a car or a train people sit, two side by side or opposite."""
    pose = "drive" if scene.subject.place == "car" else "sit"
    actors = tuple(
        replace(actor, pose=pose if i == 0 and actor.pose != "look" else "sit", behind=False)
        for i, actor in enumerate(cast.actors[:2])
    )
    size = 0.72 * scene.tall if scene.subject.place == "car" else 0.66 * scene.tall
    foot = scene.tall * (0.9 if scene.subject.place == "train" else 0.92)
    alone = 0.5 + 0.21 * driver_side(scene) if scene.subject.place == "car" else 0.24
    return replace(cast, actors=actors), Measure(size, foot, scene.tall * 0.4), alone if len(actors) == 1 else 0.5


def _meter(scene: Scene) -> None:
    """Open the lens in the dark, as a camera would: not to daylight, but until the picture is readable.

    It is opened for the place. People and things come after it, in the light as it is then, so that lamps and faces
    are not blown out.
    """
    bright = float(np.percentile(luma(scene.canvas.light[::8, ::8]), 88))
    gain = np.float32(np.clip((_METERED / max(bright, 1e-3)) ** 0.6, 1.0, 2.4))
    scene.canvas.light *= gain
    scene.mood = scene.mood.opened(gain)


def _accents(prompt: ScenePrompt, look: PaintedLook) -> tuple[Colour, ...]:
    """The palette's liveliest colours, then the look's own."""
    palette = [rgb(code) for code in prompt.palette]
    lively = sorted(palette, key=lambda c: float(c.max() - c.min()) * float(c.max()), reverse=True)[:2]
    return (*lively, *(rgb(code) for code in look.accents))


def _aim(scene: Scene, roll: float) -> None:
    """Aim the camera: verticals converge in a low angle, the frame rolls in restless looks."""
    lift = scene.mood.lift
    if scene.subject.framing is Framing.LOW_ANGLE and scene.outdoors:
        scene.canvas.look_up(scene.horizon, 0.42)
    if scene.look.tilt:
        degrees = scene.look.tilt * lift * (1 if roll > 0 else -1)
        scene.canvas.tilt(degrees, 1 + abs(degrees) * 0.012)


def _defocus(scene: Scene, reach: float) -> None:
    """A long lens: the background blurs, its lights become discs."""
    canvas, rng = scene.canvas, scene.rng("bokeh")
    canvas.light = blur(canvas.light, max(0.6, reach * canvas.width))
    canvas.depth[:] = np.maximum(canvas.depth, 0.7)
    canvas.ident[:] = 0
    if reach < 0.01:
        return
    bright = scene.mood.night > 0.3 or not scene.outdoors
    for _ in range(round((14 if bright else 5) * (0.5 + scene.mood.lift))):
        x, y, r = float(rng.random()), float(rng.random()) * scene.tall * 0.9, float(rng.uniform(0.025, 0.07))
        colour = mix(scene.mood.accent(int(rng.integers(5))), scene.mood.key, 0.25)
        turn = np.linspace(0, 2 * np.pi, 36)
        disc = np.column_stack([x + np.cos(turn) * r, y + np.sin(turn) * r])
        canvas.shine([disc], colour, 0.2 if bright else 0.1, soft=0.003)
        canvas.shine_lines([disc], 0.005, colour, 0.15 if bright else 0.07)
