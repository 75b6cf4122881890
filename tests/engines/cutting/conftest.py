"""Songs that exist only as analyses."""

from collections.abc import Callable, Sequence

import pytest

from models.song import Bar, Beat, EnergyCurve, Section, SectionLabel, SongAnalysis

SongMaker = Callable[..., SongAnalysis]

POP: tuple[tuple[SectionLabel, str, int, float], ...] = (
    ("intro", "I", 8, 0.2),
    ("verse", "A", 16, 0.45),
    ("pre-chorus", "P", 4, 0.6),
    ("chorus", "B", 16, 0.85),
    ("verse", "A", 16, 0.5),
    ("pre-chorus", "P", 4, 0.65),
    ("chorus", "B", 16, 0.9),
    ("bridge", "C", 8, 0.5),
    ("chorus", "B", 16, 1.0),
    ("outro", "O", 8, 0.2),
)


def _song(
    bpm: float = 120.0,
    beats_per_bar: int = 4,
    form: Sequence[tuple[SectionLabel, str, int, float]] = POP,
    first_beat_s: float = 0.4,
    drops_s: tuple[float, ...] = (),
) -> SongAnalysis:
    """A regular song: sections of whole bars in the given form, `(label, letter, bars, energy)` each."""
    bar_s = beats_per_bar * 60 / bpm
    edges = [first_beat_s]
    for _, _, count, _ in form:
        edges.append(edges[-1] + count * bar_s)
    duration_s = edges[-1] + 1.3
    starts_s, ends_s = [0.0, *edges[1:-1]], [*edges[1:-1], duration_s]
    sections = tuple(
        Section(start_s=start, end_s=end, letter=letter, label=label, energy=energy, strongest_chorus=energy == 1.0)
        for (label, letter, _, energy), start, end in zip(form, starts_s, ends_s, strict=True)
    )
    bar_count = sum(count for _, _, count, _ in form)
    hop_s = 0.5
    levels = [
        next((s.energy for s in sections if s.start_s <= i * hop_s < s.end_s), 0.1)
        for i in range(int(duration_s / hop_s) + 1)
    ]
    return SongAnalysis(
        duration_s=duration_s,
        sample_rate_hz=44_100,
        channels=2,
        tempo_bpm=bpm,
        beats_per_bar=beats_per_bar,
        beats=tuple(
            Beat(time_s=first_beat_s + i * 60 / bpm, position=i % beats_per_bar + 1)
            for i in range(bar_count * beats_per_bar)
        ),
        bars=tuple(
            Bar(
                start_s=first_beat_s + i * bar_s,
                end_s=first_beat_s + (i + 1) * bar_s,
                beats=beats_per_bar,
                energy=0.5,
                cut_strength=0.9 if i % 4 == 0 else 0.4,
            )
            for i in range(bar_count)
        ),
        sections=sections,
        energy=EnergyCurve(hop_s=hop_s, values=tuple(levels)),
        drops_s=drops_s,
    )


@pytest.fixture(scope="session")
def song() -> SongMaker:
    return _song
