"""From an analysed song to scenes on exact frames: pure arithmetic, no I/O; the same inputs give the same plan."""

from engines.cutting.cues import music_cues
from engines.cutting.planner import BeatPlanner

__all__ = ["BeatPlanner", "music_cues"]
