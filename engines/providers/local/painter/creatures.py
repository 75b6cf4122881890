"""Animals: one on four legs, one on wings."""

import numpy as np
from numpy.typing import NDArray

from engines.providers.local.painter.body import Body, Part
from engines.providers.local.painter.canvas import ellipse, limb, smooth
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.traits import traits_for


def quadruped(body: Body) -> list[Part]:
    """Something between a wolf and a deer, in mid-stride when it walks or runs."""
    looks = traits_for(body.figure.seed)
    fur = mix(looks.hair, rgb("7d6a58"), 0.45)
    s, f = body.size * 0.85, body.facing

    def at(x: float, y: float) -> tuple[float, float]:
        return body.x + f * x * s, body.y - y * s

    stride = 0.1 if body.figure.pose in ("run", "walk") else 0.02
    legs: list[Part] = []
    for hip, sway, dark in ((-0.3, -1, 0.65), (0.22, 1, 0.65), (-0.26, 1, 1.0), (0.27, -1, 1.0)):
        foot = at(hip + sway * stride, 0.0)
        knee = at(hip + sway * stride * 0.2 - 0.03, 0.22)
        legs += [
            (limb(knee, foot, 0.032 * s, 0.02 * s), fur * np.float32(dark)),
            (limb(at(hip, 0.45), knee, 0.08 * s, 0.032 * s), fur * np.float32(dark)),
        ]
    trunk = smooth(
        [
            at(-0.4, 0.56),
            at(-0.3, 0.66),
            at(0.0, 0.62),
            at(0.25, 0.68),
            at(0.38, 0.58),
            at(0.3, 0.36),
            at(0.05, 0.38),
            at(-0.3, 0.4),
        ],
        6,
    )
    neck = smooth([at(0.18, 0.66), at(0.4, 0.88), at(0.52, 0.84), at(0.42, 0.5)], 6)
    head = smooth(
        [at(0.36, 0.86), at(0.44, 0.96), at(0.56, 0.93), at(0.74, 0.8), at(0.72, 0.74), at(0.54, 0.76), at(0.42, 0.78)],
        6,
    )
    ear = np.array([at(0.4, 0.92), at(0.41, 1.06), at(0.5, 0.94)])
    tail = smooth(
        [at(-0.36, 0.6), at(-0.52, 0.58), at(-0.66, 0.34), at(-0.58, 0.36), at(-0.46, 0.46), at(-0.38, 0.5)], 6
    )
    far_ear = np.array([at(0.45, 0.93), at(0.5, 1.05), at(0.54, 0.92)])
    muzzle = smooth([at(0.56, 0.86), at(0.66, 0.84), at(0.74, 0.79), at(0.72, 0.745), at(0.58, 0.77)], 6)
    belly = smooth([at(-0.28, 0.44), at(0.0, 0.44), at(0.28, 0.46), at(0.3, 0.38), at(0.05, 0.38), at(-0.28, 0.41)], 6)
    eye = ellipse(*at(0.545, 0.875), 0.014 * s, 0.014 * s, count=14)
    gleam = ellipse(*at(0.549, 0.88), 0.005 * s, 0.005 * s, count=8)
    nose = ellipse(*at(0.73, 0.79), 0.02 * s, 0.016 * s, count=14)
    pale = mix(fur, rgb("f0e4d2"), 0.55)
    return [
        (tail, fur * np.float32(0.8)),
        *legs,
        (trunk, fur),
        (belly, pale),
        (neck, fur * np.float32(0.97)),
        (far_ear, fur * np.float32(0.6)),
        (ear, fur * np.float32(0.8)),
        (head, fur * np.float32(1.03)),
        (muzzle, pale),
        (nose, rgb("15110f")),
        (eye, rgb("15110f")),
        (gleam, rgb("ffffff")),
    ]


def bird(body: Body) -> list[Part]:
    """A large bird with both wings out."""
    looks = traits_for(body.figure.seed)
    feather = mix(looks.upper, rgb("2a2530"), 0.35)
    s, y0 = body.size * 0.9, body.y - body.size * 0.75

    def at(x: float, y: float) -> tuple[float, float]:
        return body.x + body.facing * x * s, y0 - y * s

    def wing(side: int, lift: float) -> NDArray[np.float64]:
        tips = [(0.85, 0.42), (0.72, 0.2), (0.6, 0.14), (0.52, 0.04), (0.38, 0.0), (0.26, -0.06)]
        edge = [at(side * x, lift * y) for x, y in tips]
        return np.array(
            [
                at(0.05 * side, 0.08),
                at(side * 0.3, 0.3 * lift),
                at(side * 0.6, 0.45 * lift),
                *edge,
                at(0.04 * side, -0.1),
            ]
        )

    trunk = smooth(
        [at(-0.3, -0.2), at(-0.05, 0.06), at(0.18, 0.14), at(0.32, 0.06), at(0.14, -0.08), at(-0.1, -0.14)], 6
    )
    beak = np.array([at(0.26, 0.12), at(0.4, 0.05), at(0.27, 0.04)])
    return [
        (wing(-1, 1.0), feather * np.float32(0.75)),
        (trunk, feather),
        (wing(1, 1.1), feather),
        (beak, rgb("e0a030")),
    ]
