"""A song's waveform as SVG: outline, beats and sections, for lists and pages without scripts.

It contains only numbers and our own words, never a song's title.
"""

from models.waveform import Waveform, WaveformSection

WIDTH, HEIGHT = 1_000, 160
_MIDDLE = HEIGHT / 2
_BAND = 14
# As on the page: music is grey, choruses have the accent.
_PLAIN, _CHORUS = "#8b8893", "#ff8f5e"


def draw_waveform(waveform: Waveform) -> str:
    """The waveform as an SVG document.

    Returns:
        The document; 1000 by 160 units, time from left to right.
    """
    scale = WIDTH / waveform.duration_s
    sections = "".join(
        f'<rect x="{s.start_s * scale:.1f}" y="0" width="{(s.end_s - s.start_s) * scale:.1f}" height="{_BAND}" '
        f'fill="{_colour(s)}" fill-opacity="{0.4 + 0.6 * s.energy:.2f}"><title>{s.label}</title></rect>'
        for s in waveform.sections
    )
    beats = "".join(f"M{beat.t * scale:.1f} {_BAND + 2}V{HEIGHT - 2}" for beat in waveform.beats if beat.downbeat)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" '
        f'role="img" aria-label="Waveform with beats and sections">{sections}'
        f'<path d="{beats}" stroke="#8a93a6" stroke-opacity="0.35" stroke-width="0.6" fill="none"/>'
        f'<path d="{_outline(waveform)}" fill="{_PLAIN}"/></svg>'
    )


def _colour(section: WaveformSection) -> str:
    return _CHORUS if section.label == "chorus" else _PLAIN


def _outline(waveform: Waveform) -> str:
    peaks = waveform.peaks or (0.0,)
    room = (HEIGHT - _BAND) / 2 - 4
    middle = _MIDDLE + _BAND / 2
    step = WIDTH / len(peaks)
    upper = [f"{(n + 0.5) * step:.1f} {middle - peak * room:.1f}" for n, peak in enumerate(peaks)]
    lower = [f"{(n + 0.5) * step:.1f} {middle + peak * room:.1f}" for n, peak in enumerate(peaks)]
    return f"M{upper[0]}L{' '.join(upper[1:])} {' '.join(reversed(lower))}Z"
