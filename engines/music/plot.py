"""A picture of an analysis that an artist likes to look at."""

import math
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MultipleLocator

from models.song import SongAnalysis

_NIGHT = "#0b0d14"
_PANEL = "#11141d"
_INK = "#e9e6f2"
_FAINT = "#6d7186"
# One hue per letter, so that music that returns returns in its colour; warm ones first, for what is heard most.
_HUES = ("#7c8cff", "#ffb454", "#ff5d8f", "#3ddbc2", "#b98cff", "#8ee26b", "#ff8552", "#58c4ff", "#f2d95c", "#e07be0")
_WIDTH_IN, _HEIGHT_IN, _DPI = 16, 6.4, 150
# The narrowest section, as a share of the song, that its name fits into at the given font size.
_ROOM_FOR_NAME, _ROOM_FOR_LETTER = 0.045, 0.012


def draw_analysis(analysis: SongAnalysis, out: Path, title: str = "") -> None:
    """Draw waveform, sections, energy, bars and beats.

    Args:
        analysis: What was heard.
        out: Where the picture goes; its suffix, `.png` or `.svg`, says what it becomes.
        title: Shown above the picture.
    """
    with mpl.rc_context({"font.family": "DejaVu Sans", "svg.fonttype": "none", "svg.hashsalt": "echonos"}):
        figure = Figure(figsize=(_WIDTH_IN, _HEIGHT_IN), dpi=_DPI, facecolor=_NIGHT)
        FigureCanvasAgg(figure)
        grid = figure.add_gridspec(
            4, 1, height_ratios=(0.52, 3.0, 1.5, 0.5), hspace=0.07, left=0.035, right=0.985, top=0.87, bottom=0.075
        )
        names, wave, energy, beats = (figure.add_subplot(grid[row]) for row in range(4))
        colours = _colours(analysis)
        for axes in (names, wave, energy, beats):
            _dress(axes, analysis.duration_s)
        _draw_names(names, analysis, colours)
        _draw_waveform(wave, analysis, colours)
        _draw_energy(energy, analysis, colours)
        _draw_beats(beats, analysis)
        _draw_clock(beats, analysis.duration_s)
        figure.text(0.035, 0.93, title or "What was heard", color=_INK, fontsize=17, fontweight="bold")
        figure.text(0.985, 0.932, _facts(analysis), color=_FAINT, fontsize=10.5, ha="right")
        metadata = {"Date": None} if out.suffix.lower() == ".svg" else {}
        figure.savefig(out, facecolor=_NIGHT, metadata=metadata)


def _facts(analysis: SongAnalysis) -> str:
    facts = [f"{analysis.tempo_bpm:.1f} bpm", f"{analysis.beats_per_bar} beats a bar"]
    if analysis.grid == "regular":
        facts = ["no beat found: a regular grid"]
    if analysis.key:
        facts.append(analysis.key)
    if analysis.loudness_lufs is not None:
        facts.append(f"{analysis.loudness_lufs:.1f} LUFS")
    if analysis.true_peak_dbtp is not None:
        facts.append(f"{analysis.true_peak_dbtp:+.1f} dBTP")
    return "   ·   ".join([*facts, _clock(analysis.duration_s)])


def _colours(analysis: SongAnalysis) -> list[str]:
    letters = list(dict.fromkeys(section.letter for section in analysis.sections))
    return [_HUES[letters.index(section.letter) % len(_HUES)] for section in analysis.sections]


def _dress(axes: Axes, duration_s: float) -> None:
    axes.set_facecolor(_PANEL)
    axes.set_xlim(0, duration_s)
    axes.tick_params(left=False, bottom=False, labelleft=False, labelbottom=False)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _draw_names(axes: Axes, analysis: SongAnalysis, colours: list[str]) -> None:
    axes.set_facecolor(_NIGHT)
    axes.set_ylim(0, 1)
    gap = analysis.duration_s * 0.0012
    for section, colour in zip(analysis.sections, colours, strict=True):
        width = section.end_s - section.start_s
        strength = 1.0 if section.strongest_chorus else 0.72
        axes.barh(0.5, max(width - gap, gap), left=section.start_s, height=0.92, color=colour, alpha=strength)
        share = width / analysis.duration_s
        words = section.letter
        if share > _ROOM_FOR_NAME:
            star = " ★" if section.strongest_chorus else ""
            words = f"{section.label}{star}  {section.letter}"
        if share > _ROOM_FOR_LETTER:
            axes.text(
                section.start_s + width / 2, 0.48, words, color=_NIGHT, ha="center", va="center", fontsize=9.5,
                fontweight="bold", clip_on=True,
            )  # fmt: skip


def _draw_waveform(axes: Axes, analysis: SongAnalysis, colours: list[str]) -> None:
    axes.set_ylim(-1.05, 1.05)
    peaks = np.array(analysis.waveform or (0.0,))
    at_s = (np.arange(len(peaks)) + 0.5) * analysis.duration_s / len(peaks)
    starts_s = np.array([section.start_s for section in analysis.sections])
    owner = np.maximum(np.searchsorted(starts_s, at_s, side="right") - 1, 0)
    shades = [to_rgb(colours[index]) for index in owner]
    pale = [(0.55 * red + 0.45, 0.55 * green + 0.45, 0.55 * blue + 0.45) for red, green, blue in shades]
    axes.vlines(at_s, -peaks, peaks, colors=shades, linewidth=0.8)
    axes.vlines(at_s, -peaks * 0.45, peaks * 0.45, colors=pale, linewidth=0.8, alpha=0.75)
    for section in analysis.sections[1:]:
        axes.axvline(section.start_s, color=_INK, linewidth=0.8, alpha=0.55)
    for moments_s, mark, word in ((analysis.drops_s, "▼", "drop"), (analysis.breaks_s, "▽", "break")):
        for moment_s in moments_s:
            axes.text(moment_s, 0.93, mark, color=_INK, fontsize=8, ha="center", va="center", gid=word)


def _draw_energy(axes: Axes, analysis: SongAnalysis, colours: list[str]) -> None:
    axes.set_ylim(0, 1.08)
    values = np.array(analysis.energy.values or (0.0,))
    at_s = (np.arange(len(values)) + 0.5) * analysis.energy.hop_s
    for section, colour in zip(analysis.sections, colours, strict=True):
        # One value beyond each edge, so that neighbouring fills meet.
        inside = (at_s >= section.start_s - analysis.energy.hop_s) & (at_s <= section.end_s + analysis.energy.hop_s)
        axes.fill_between(at_s[inside], values[inside], color=colour, alpha=0.22, linewidth=0)
        axes.plot(at_s[inside], values[inside], color=colour, linewidth=1.0)
        axes.hlines(section.energy, section.start_s, section.end_s, color=_INK, linewidth=1.1, alpha=0.8)
    axes.text(analysis.duration_s * 0.004, 1.0, "energy", color=_FAINT, fontsize=8.5, va="top")


def _draw_beats(axes: Axes, analysis: SongAnalysis) -> None:
    axes.set_ylim(0, 1)
    beats = [beat.time_s for beat in analysis.beats if beat.position != 1]
    axes.vlines(beats, 0.0, 0.16, color=_FAINT, linewidth=0.5, alpha=0.9)
    bars = [bar.start_s for bar in analysis.bars]
    axes.vlines(bars, 0.0, [0.2 + 0.75 * bar.cut_strength for bar in analysis.bars], color=_INK, linewidth=1.0)


def _draw_clock(axes: Axes, duration_s: float) -> None:
    steps = (1, 2, 5, 10, 15, 30, 60, 120, 300)
    step = next((step for step in steps if duration_s / step <= 20), steps[-1])
    axes.xaxis.set_major_locator(MultipleLocator(step))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda at_s, _: _clock(at_s)))
    axes.tick_params(axis="x", labelbottom=True, labelcolor=_FAINT, labelsize=9)


def _clock(at_s: float) -> str:
    return f"{math.floor(at_s / 60)}:{math.floor(at_s % 60):02d}"
