"""People who are no people: androids, astronauts, angels, ghosts, skeletons, mermaids, monsters."""

from dataclasses import replace

import numpy as np

from engines.providers.local.painter.canvas import Points, ellipse, smooth
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.people.brush import Brush
from engines.providers.local.painter.people.frame import Frame, tube
from engines.providers.local.painter.people.look import Look
from engines.providers.local.painter.sitter import Sitter


def become(look: Look, kind: str) -> Look:
    """A person's look as that of another kind of being."""
    white, steel = rgb("eceae6"), rgb("c3ccd6")
    if kind == "android":
        tinted = mix(look.upper, rgb("aeb8c6"), 0.6)
        return replace(
            look,
            kind=kind,
            skin=steel,
            style="bald",
            beard=None,
            hat=None,
            upper=tinted,
            lower=rgb("59616e"),
            outfit="uniform",
            legs="trousers",
            shoes=rgb("3b414c"),
        )
    if kind == "astronaut":
        return replace(
            look,
            kind=kind,
            beard=None,
            hat=None,
            upper=white,
            lower=white,
            outfit="hoodie",
            legs="trousers",
            detail=rgb("c8602a"),
            shoes=rgb("8d8f96"),
            build=look.build * 1.25,
        )
    if kind == "ghost":
        pale = rgb("dfe6ee")
        return replace(
            look,
            kind=kind,
            skin=pale,
            hair=rgb("c8d0da"),
            beard=None,
            upper=pale,
            lower=pale,
            outfit="robe",
            legs="bare",
        )
    if kind == "angel":
        return replace(look, kind=kind, upper=rgb("f6f2ea"), outfit="robe", legs="bare", detail=rgb("e0b040"))
    if kind == "skeleton":
        return replace(
            look, kind=kind, skin=rgb("e4dcc6"), style="bald", beard=None, glasses=None, build=look.build * 0.86
        )
    if kind == "mermaid":
        return replace(look, kind=kind, sex="woman", style="wavy", upper=rgb("2c9a96"), outfit="top", legs="bare")
    if kind == "monster":
        green = rgb("6f9a58")
        return replace(look, kind=kind, skin=green, hair=rgb("2a3a24"), brows=rgb("24301e"), build=look.build * 1.3)
    return look


def behind_body(brush: Brush, frame: Frame, look: Look) -> None:
    """Wings, and the pack of a space suit."""
    u = frame.unit
    if look.kind == "angel":
        for s in (-1, 1):
            root = frame.joint("neck", s * 0.03, -0.08)
            feather = [
                frame.joint("neck", s * x, y)
                for x, y in (
                    (0.03, -0.06),
                    (0.2, 0.16),
                    (0.42, 0.2),
                    (0.5, 0.02),
                    (0.44, -0.12),
                    (0.4, -0.26),
                    (0.3, -0.3),
                    (0.24, -0.4),
                    (0.12, -0.36),
                )
            ]
            brush.part(smooth([root, *feather], 6), rgb("f8f6f0"))
            lines: list[Points] = [
                [frame.joint("neck", s * 0.1, 0.02), frame.joint("neck", s * x, y)]
                for x, y in ((0.44, -0.02), (0.38, -0.16), (0.28, -0.26), (0.17, -0.3))
            ]
            brush.line(lines, 0.008 * u, rgb("b8b4b0"), alpha=0.6)
    elif look.kind == "astronaut":
        corners = [frame.joint("neck", x, y) for x, y in ((-0.14, 0.0), (0.14, 0.0), (0.14, -0.3), (-0.14, -0.3))]
        brush.part(smooth(corners, 5), rgb("b4b8c0"))


def tail(brush: Brush, frame: Frame) -> None:
    """A mermaid's tail instead of legs."""
    u = frame.unit
    hip, knee, end = (
        frame.between("h1", "h2", 0.5),
        frame.between("k1", "k2", 0.5, -0.02),
        frame.between("a1", "a2", 0.5, -0.14, 0.05),
    )
    brush.part(tube([hip, knee, end], [0.11 * u, 0.07 * u, 0.03 * u], 16), rgb("2c9a96"))
    fin = [
        (end[0] + dx * u, end[1] + dy * u)
        for dx, dy in ((0.0, -0.02), (-0.16, 0.08), (-0.05, 0.04), (-0.02, 0.13), (0.06, 0.03))
    ]
    brush.part(np.array(fin), rgb("55c4b8"))


def visor(brush: Brush, s: Sitter) -> None:
    """An android's eyes: a band of light; seams in its face."""
    canvas, mood = brush.canvas, brush.scene.mood
    dark = s.curve((-0.9, -0.24), (0.0, -0.32), (0.9, -0.24), (0.88, 0.16), (0.0, 0.24), (-0.88, 0.16), feature=0.6)
    brush.mark(dark, rgb("10141b"))
    glow = mood.accent(1)
    line = s.at((-0.7, -0.05), (0.0, -0.08), (0.7, -0.05), feature=0.8)
    canvas.shine_lines([line], s.unit * 0.16, glow, 0.5, soft=s.unit * 0.06)
    canvas.shine_lines([line], max(s.unit * 0.06, 1 / canvas.width), mix(glow, rgb("ffffff"), 0.5), 1.2)
    canvas.glow(*s.spot(0.0, -0.05), s.unit * 1.4, glow, 0.35)
    seams: list[Points] = [s.at((k * 0.5, 0.3), (k * 0.56, 0.9), (k * 0.3, 1.4), feature=0.4) for k in (-1.0, 1.0)]
    brush.line(
        [*seams, s.at((0.0, -1.3), (0.0, -0.4)), s.at((-0.2, 1.0), (0.2, 1.0))], s.unit * 0.03, rgb("59616e"), alpha=0.8
    )


def bones(brush: Brush, s: Sitter) -> None:
    """A skull's holes and teeth."""
    dark = rgb("120e12")
    brush.mark(
        [ellipse(*s.spot(k * 0.44, 0.02, feature=1), s.unit * 0.27, s.unit * 0.29, count=24) for k in (-1.0, 1.0)], dark
    )
    brush.mark(s.at((0.0, 0.32), (0.12, 0.62), (-0.12, 0.62), feature=1), dark)
    teeth: list[Points] = [s.at((x, 0.86), (x, 1.12), feature=0.9) for x in np.linspace(-0.4, 0.4, 9)]
    brush.line([*teeth, s.at((-0.45, 0.99), (0.45, 0.99), feature=0.9)], s.unit * 0.04, dark, alpha=0.85)


def helmet(brush: Brush, s: Sitter, *, behind: bool) -> None:
    """A space helmet with the sky in its visor."""
    mood = brush.scene.mood
    x, y = s.spot(0.0, 0.1)
    brush.part(ellipse(x, y, s.unit * 1.75, s.unit * 1.85, count=60), rgb("eeebe5"))
    if behind:
        return
    glass = s.curve(
        (-1.32, -0.15), (-0.9, -1.0), (0.9, -1.0), (1.32, -0.15), (1.15, 0.9), (0.5, 1.28), (-0.5, 1.28), (-1.15, 0.9)
    )
    brush.canvas.fill(
        glass,
        mix(mood.top, rgb("8a5a1c"), 0.35) * np.float32(0.9),
        mix(mood.low, rgb("ffcf7a"), 0.5) * np.float32(0.8),
        depth=brush.depth,
    )
    brush.canvas.fill(
        s.curve((-1.0, -0.5), (-0.5, -0.85), (-0.1, -0.85), (-0.7, -0.25)), rgb("ffffff"), alpha=0.6, soft=s.unit * 0.04
    )
    rim: Points = np.vstack([glass, glass[:1]])
    brush.line([rim], s.unit * 0.09, rgb("a8adb6"))
