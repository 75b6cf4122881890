"""The building blocks of treatments. Pictures are float32, (height, width, 3), RGB, 0…1 unless stated otherwise."""

import cv2
import numpy as np

from engines.providers.local.painter.canvas import Canvas
from engines.providers.local.painter.mood import luma, rgb
from engines.providers.local.painter.noise import Floats, Rng, fbm, floats, scaled


def blur(picture: Floats, sigma: float) -> Floats:
    """Gaussian blur; a wide one works on a smaller copy, without a visible difference."""
    if sigma < 0.25:
        return picture
    factor = min(8, int(sigma / 2.5))
    if factor < 2:
        return floats(cv2.GaussianBlur(picture, (0, 0), sigma))
    height, width = picture.shape[:2]
    small = cv2.resize(picture, (max(2, width // factor), max(2, height // factor)), interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), sigma / factor)
    return floats(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR))


def bloom(light: Floats, amount: float, threshold: float = 0.75, reach: float = 0.02) -> Floats:
    """Bright parts bleed into their surroundings. `light` may exceed 1; `reach` is in widths."""
    width = light.shape[1]
    bright = light - np.float32(threshold)
    np.maximum(bright, 0, out=bright)
    near, far = blur(bright, reach * width), blur(bright, reach * 3.5 * width)
    return floats(light + cv2.addWeighted(near, 0.6 * amount, far, 0.5 * amount, 0))


def expose(light: Floats, gain: float = 1.0) -> Floats:
    """Light with headroom into 0…1, with a soft shoulder that keeps hues."""
    lit = light * np.float32(gain)
    peak = brightest(lit)
    knee = np.float32(0.72)
    soft = peak - knee
    np.maximum(soft, 0, out=soft)
    soft /= knee - 1
    np.exp(soft, out=soft)
    soft = 1 - (1 - knee) * soft
    soft /= np.maximum(peak, knee)
    lit *= np.where(peak > knee, soft, np.float32(1))[:, :, None]
    # Light far beyond white turns white, as on film.
    peak -= np.float32(1.1)
    peak *= np.float32(0.35)
    white = np.clip(peak, 0, 0.8, out=peak)
    if white.any():
        lit += (1 - lit) * white[:, :, None]
    return floats(np.clip(lit, 0, 1, out=lit))


def brightest(picture: Floats) -> Floats:
    """Each pixel's brightest channel: float32, (height, width)."""
    red, green, blue = cv2.split(picture)
    return floats(cv2.max(cv2.max(red, green), blue))


def held(light: Floats, bright: float) -> Floats:
    """Light, grey or in colours, held down until the luma of its brightest tenth is not above `bright`."""
    sample = light[::6, ::6]
    found = float(np.percentile(luma(sample) if sample.ndim == 3 else sample, 90))
    return floats(light * np.float32(min(1.0, bright / max(found, 1e-3))))


def contrast(picture: Floats, amount: float, pivot: float = 0.42) -> Floats:
    """More (above 1) or less contrast about a pivot."""
    out = picture - np.float32(pivot)
    out *= np.float32(amount)
    out += np.float32(pivot)
    return floats(np.clip(out, 0, 1, out=out))


def ramp(picture: Floats, codes: tuple[str, ...], share: float | Floats = 1.0) -> Floats:
    """Luma mapped to colours, dark to bright; `share` is the part of the picture's own colour that is replaced."""
    stops = np.stack([rgb(code) for code in codes])
    table = np.stack(
        [np.interp(np.linspace(0, 1, 256), np.linspace(0, 1, len(codes)), stops[:, i]) for i in range(3)], 1
    )
    toned = table.astype(np.float32)[np.clip(luma(picture) * 255, 0, 255).astype(np.uint8)]
    toned -= picture
    toned *= np.asarray(share, np.float32)
    toned += picture
    return floats(toned)


def split_tone(picture: Floats, dark: str, bright: str, amount: float) -> Floats:
    """Colours pushed into shadows and into highlights."""
    # Each channel is pushed by its own share of the luma: one linear map.
    low, high = (rgb(dark) - 0.5) * np.float32(amount), (rgb(bright) - 0.5) * np.float32(amount)
    weights = np.array([0.2126, 0.7152, 0.0722])
    back = np.column_stack([np.eye(3) + np.outer(high - low, weights), low])
    out = cv2.transform(picture, back)
    return floats(np.clip(out, 0, 1, out=out))


def vignette(picture: Floats, amount: float, reach: float = 1.0, centre: tuple[float, float] = (0.5, 0.5)) -> Floats:
    """Darker towards the corners."""
    height, width = picture.shape[:2]
    y = (np.linspace(0, 1, height, dtype=np.float32) - centre[1])[:, None] * 1.25
    x = (np.linspace(0, 1, width, dtype=np.float32) - centre[0])[None, :] * 1.25
    fall = np.clip((x * x + y * y) / np.float32(0.55 * reach), 0, 1) ** 1.3
    return floats(picture * (1 - np.float32(amount) * fall)[:, :, None])


def grain(picture: Floats, rng: Rng, amount: float, size: float = 1.0, coloured: bool = False) -> Floats:
    """Film grain, stronger in the middle tones; `size` in pixels of a picture 540 wide."""
    height, width = picture.shape[:2]
    pixel = max(1.0, size * width / 540)
    shape = (max(8, round(height / pixel)), max(8, round(width / pixel)))
    noise = rng.standard_normal((*shape, 3) if coloured else shape, np.float32)
    if shape != (height, width):
        noise = scaled(noise, width, height)
    level = luma(picture)
    weight = (0.35 + 2.6 * level * (1 - level)) * np.float32(amount)
    out = picture + (noise * weight[:, :, None] if coloured else (noise * weight)[:, :, None])
    return floats(np.clip(out, 0, 1, out=out))


def aberration(picture: Floats, amount: float) -> Floats:
    """Red and blue drawn apart towards the edges; `amount` in widths at the edge."""
    height, width = picture.shape[:2]
    out = picture.copy()
    for channel, sign in ((0, 1), (2, -1)):
        scale = 1 + sign * amount * 2
        back = np.array([[scale, 0, width / 2 * (1 - scale)], [0, scale, height / 2 * (1 - scale)]])
        plane = np.ascontiguousarray(picture[:, :, channel])
        out[:, :, channel] = cv2.warpAffine(
            plane, back, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
    return out


def outlines(canvas: Canvas, thick: float) -> Floats:
    """Ink where one object ends and the next begins: float32, (height, width), 0…1; `thick` in widths."""
    width, depth = canvas.width, canvas.depth
    edge = np.zeros(depth.shape, np.uint8)
    for axis in (0, 1):
        step = canvas.bounds(axis)
        # Only a real step in depth, or two objects close together, gets an outline: haze has none.
        near = (np.minimum(depth, np.roll(depth, -1, axis)) < 0.8).take(range(step.shape[axis]), axis)
        target = edge[:-1] if axis == 0 else edge[:, :-1]
        target[step & near] = 255
    pixels = thick * width
    if pixels > 1.2:
        cv2.dilate(edge, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * round(pixels / 2) + 1,) * 2), edge)
    soft = floats(cv2.GaussianBlur(edge, (0, 0), max(0.45, pixels * 0.3))) / np.float32(255)
    return floats(np.clip(soft * np.float32(1.5 * min(1.0, 0.45 + pixels * 0.4)), 0, 1))


def creases(picture: Floats, amount: float, thick: float) -> Floats:
    """Thin ink along strong steps of brightness: a difference of Gaussians (Winnemöller et al., 2012), 0…1."""
    level = luma(picture)
    sigma = max(0.6, thick * picture.shape[1])
    difference = blur(level, sigma) - blur(level, sigma * 1.6)
    return floats(np.clip(-difference * np.float32(amount) - 0.15, 0, 1))


def ink(picture: Floats, lines: Floats, colour: str, strength: float = 1.0) -> Floats:
    """Lines drawn over a picture."""
    return floats(picture + (rgb(colour) - picture) * (lines * np.float32(strength))[:, :, None])


def cel(picture: Floats, steps: int, edge: float = 0.12) -> Floats:
    """Brightness in flat steps with narrow transitions; hues stay."""
    level = np.maximum(luma(picture), 1e-3)
    scaled = level * steps
    base = np.floor(scaled)
    part = np.clip((scaled - base - 0.5) / edge + 0.5, 0, 1)
    flat = (base + part) / steps
    return floats(np.clip(picture * (np.maximum(flat, 0.25 / steps) / level)[:, :, None], 0, 1))


def kuwahara(picture: Floats, radius: int) -> Floats:
    """Each spot takes the calmest of the four squares around it: paint with edges (Kuwahara et al., 1976)."""
    size = radius + 1
    level = luma(picture)
    best = np.full(level.shape, np.inf, np.float32)
    out = picture.copy()
    for anchor in ((0, 0), (radius, 0), (0, radius), (radius, radius)):
        mean = cv2.blur(picture, (size, size), anchor=anchor, borderType=cv2.BORDER_REFLECT)
        spread = cv2.blur(level * level, (size, size), anchor=anchor, borderType=cv2.BORDER_REFLECT)
        spread = spread - cv2.blur(level, (size, size), anchor=anchor, borderType=cv2.BORDER_REFLECT) ** 2
        better = spread < best
        best[better] = spread[better]
        out[better] = mean[better]
    return out


def kuwahara_behind(picture: Floats, depth: Floats, radius: int) -> Floats:
    """Broad paint for the background; near things keep their features."""
    near = np.clip((0.5 - depth) * 6, 0, 1)[:, :, None]
    return floats(picture * near + kuwahara(picture, radius) * (1 - near))


def relief(height: Floats, strength: float, light: tuple[float, float]) -> Floats:
    """Shading of a height field by a light from (x, y): float32, around 1."""
    gx = cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3)
    gy = cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3)
    return floats(1 + np.float32(strength) * (gx * np.float32(-light[0]) + gy * np.float32(-light[1])))


def puff(canvas: Canvas, reach: float, moved: tuple[Floats, Floats] | None = None) -> Floats:
    """Every object's own bulge, 0 at its outline and 1 from `reach` widths inwards: float32, (height, width).

    Args:
        canvas: Gives the objects.
        reach: In widths.
        moved: Which place of the canvas is seen at each of the picture's, in pixels: columns and rows.
    """
    ident, sewn = canvas.ident, canvas.sewn
    if moved is not None:
        objects = cv2.remap(ident.astype(np.float32), *moved, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REFLECT)
        ident = np.asarray(objects, np.int32)
        seams = cv2.remap(sewn, *moved, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REFLECT)
        sewn = np.asarray(seams, np.uint8)
    inside = np.full(ident.shape, 255, np.uint8)
    inside[:-1][canvas.bounds(0, ident, sewn)] = 0
    inside[:, :-1][canvas.bounds(1, ident, sewn)] = 0
    near = np.clip(cv2.distanceTransform(inside, cv2.DIST_L2, 3) / max(1.0, reach * canvas.width), 0, 1)
    return floats(np.sqrt(np.clip(near * (2 - near), 0, 1)))


def rays(light: Floats, centre: tuple[float, float], amount: float, threshold: float = 0.8) -> Floats:
    """Shafts that run out from a light: a zoom blur of what is bright (Mitchell, GPU Gems 3, 2007)."""
    height, width = light.shape[:2]
    size = (max(16, width // 6), max(16, height // 6))
    beam = cv2.resize(np.maximum(light - np.float32(threshold), 0).clip(0, 1.5), size, interpolation=cv2.INTER_AREA)
    cx, cy = centre[0] * size[0], centre[1] * size[0]
    for step in range(6):
        scale = 1 + 0.035 * 2**step * 0.5
        zoom = np.array([[scale, 0, cx * (1 - scale)], [0, scale, cy * (1 - scale)]])
        beam = beam * np.float32(0.5) + np.float32(0.5) * cv2.warpAffine(beam, zoom, size, flags=cv2.INTER_LINEAR)
    beams = scaled(beam, width, height, cv2.INTER_CUBIC).clip(0)
    return floats(light + beams * np.float32(amount))


def lens_blur(picture: Floats, amount: Floats, sigma: float) -> Floats:
    """Blur by a map, 0…1; at 1 it is `sigma` pixels wide."""
    half, full = blur(picture, sigma * 0.45), blur(picture, sigma)
    # Two blends in a row: the first is done where the second begins.
    out = half - picture
    out *= np.minimum(amount * 2, 1)[:, :, None]
    out += picture
    full = full - out
    full *= np.maximum(amount * 2 - 1, 0)[:, :, None]
    full += out
    return floats(full)


def paper(rng: Rng, height: int, width: int, cells: float = 110) -> Floats:
    """The tooth of paper: float32, (height, width), about -1…1."""
    fine = rng.standard_normal((height, width), np.float32)
    fine = floats(cv2.GaussianBlur(fine, (0, 0), max(0.6, width / 700)))
    coarse = fbm(rng, height, width, cells=cells / 14, octaves=4) - np.float32(0.5)
    return floats(np.clip(fine * np.float32(0.9) + coarse * np.float32(1.6), -1, 1))


def halftone(level: Floats, pitch: float, angle: float = 0.6) -> Floats:
    """Dots whose size follows `level` (0…1, 1 = no dots): float32, 1 where a dot covers; `pitch` in pixels."""
    height, width = level.shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    u = (x * np.cos(angle) + y * np.sin(angle)) * np.float32(np.pi / pitch)
    v = (y * np.cos(angle) - x * np.sin(angle)) * np.float32(np.pi / pitch)
    wave = (np.cos(u) * np.cos(v) + 1) / 2
    return floats(np.clip((wave - (0.35 + level * 0.65)) * np.float32(pitch * 0.8) + 0.5, 0, 1))
