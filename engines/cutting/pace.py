"""The length of shots: by section type, by energy, and by the time to fill."""

from dataclasses import dataclass

from models.song import Section, SectionLabel, SongAnalysis

CHORUS_FACTOR = 0.75
"""The mean chorus shot lasts at most this share of the mean verse shot, wherever beats and the shortest shot allow."""

# Seconds at middle energy, judged by eye on music videos: a verse shot tells, a chorus shot hits.
_TARGET_S: dict[SectionLabel, float] = {
    "intro": 5.6,
    "verse": 4.4,
    "pre-chorus": 3.5,
    "chorus": 2.8,
    "bridge": 4.0,
    "instrumental": 3.0,
    "breakdown": 5.0,
    "outro": 5.4,
}
_CALM_LABELS = frozenset({"intro", "outro", "breakdown"})
_CALM_SHORTEST_S = 4.2
_STRONGEST = 0.78
_DROP = 0.7


@dataclass(frozen=True)
class Pace:
    """The requirements for shots in one stretch between two anchors.

    Attributes:
        target_s: Length of a shot at middle energy.
        floor_s: The lowest target: an intro stays calm.
        hot: The energy calls for cuts on beats, not only on downbeats.
        chorus: The stretch belongs to a chorus.
    """

    target_s: float
    floor_s: float
    hot: bool
    chorus: bool

    def wish_s(self, energy: float, stretch: float) -> float:
        """The desired length of a shot.

        Args:
            energy: Energy of the music under it, 0…1.
            stretch: Above 1 if fewer shots may be made than the music suggests.

        Returns:
            Seconds.
        """
        return max(self.floor_s, self.target_s * (1.3 - 0.6 * energy)) * stretch


def pace_of(analysis: SongAnalysis, section: Section, after_drop: bool) -> Pace:
    """The pace of a stretch.

    Args:
        analysis: The song.
        section: The section that the stretch lies in.
        after_drop: The stretch begins with a drop.

    Returns:
        Its pace. The strongest chorus and the part after a drop are hot; without a marked chorus, the loudest parts.
    """
    chorus = section.label == "chorus"
    choruses = [other for other in analysis.sections if other.label == "chorus"]
    marked = any(other.strongest_chorus for other in choruses)
    loudest = max((other.energy for other in choruses), default=1.0)
    strongest = section.strongest_chorus or (chorus and not marked and section.energy >= loudest)
    # A drop counts only if it leads into loud music; in a breakdown it is the tracker's mistake.
    dropped = after_drop and section.energy >= 0.5
    factor = (_STRONGEST if strongest else 1.0) * (_DROP if dropped else 1.0)
    calm = section.label in _CALM_LABELS and section.energy < 0.6
    return Pace(
        target_s=_TARGET_S[section.label] * factor,
        floor_s=_CALM_SHORTEST_S if calm else 0.0,
        hot=strongest or dropped,
        chorus=chorus,
    )
