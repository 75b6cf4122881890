"""The song's form for the director: returning letters, and each one's part in the story."""

from collections import Counter
from collections.abc import Sequence

from engines.providers.local.director.words import Act
from models.song import Section, SectionLabel, SongAnalysis

ACTS: dict[SectionLabel, Act] = {
    "intro": "opening",
    "verse": "telling",
    "pre-chorus": "rising",
    "chorus": "peak",
    "instrumental": "rising",
    "bridge": "elsewhere",
    "breakdown": "elsewhere",
    "outro": "ending",
}


def act_of(label: str) -> Act:
    """A section's part in the story."""
    return next((act for known, act in ACTS.items() if known == label), "telling")


def letters(analysis: SongAnalysis) -> dict[str, SectionLabel]:
    """The song's letters in order of appearance, each with its most frequent label."""
    counted: dict[str, Counter[SectionLabel]] = {}
    for section in analysis.sections:
        counted.setdefault(section.letter, Counter())[section.label] += 1
    return {letter: labels.most_common(1)[0][0] for letter, labels in counted.items()}


def peak_section(sections: Sequence[Section]) -> int:
    """Index of the strongest chorus, or of the most energetic section if there is no chorus."""
    return max(
        range(len(sections)),
        key=lambda i: (sections[i].strongest_chorus, sections[i].label == "chorus", sections[i].energy),
    )


def clock(time_s: float) -> str:
    """A moment as people write it: 2:05."""
    return f"{int(time_s) // 60}:{int(time_s) % 60:02d}"
