"""How much of a run is done and when it will probably be ready, from the pace of its pictures."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from models.progress import SceneStatus, StageName
from models.stages import STAGES

_PICTURES = (StageName.STILLS, StageName.CLIPS)
"""The stages whose pace gives the time left. The earlier ones take from a moment to a minute, for any song."""

_ESTIMATE_FROM = 0.05
"""Below this fraction of the pictures an estimate would be a guess."""

_JOINING_SCENES = 1.0
"""Joining the video takes about as long as the pictures of so many scenes, on a quick machine and on a slow one."""


class Paced(Protocol):
    """What is known of a stage."""

    name: StageName
    done: int
    total: int
    started_at: datetime | None
    finished_at: datetime | None


def share_done(stages: Sequence[Paced]) -> float:
    """The fraction of some stages that is done, 0…1, by each stage's usual share of the time."""
    done = sum(STAGES[stage.name].weight * min(1.0, stage.done / max(1, stage.total)) for stage in stages)
    return done / sum(STAGES[stage.name].weight for stage in stages)


def expected_finish_at(
    stages: Sequence[Paced], now: datetime, scenes: Sequence[SceneStatus] = (), lengths: Sequence[int] = ()
) -> datetime | None:
    """When a run that goes on will probably be ready; None while an estimate would be a guess.

    Args:
        stages: All stages.
        now: The time.
        scenes: How far each scene is.
        lengths: The scenes' lengths in frames, where filming takes time by them; empty: all take the same.
    """
    paced = {stage.name: stage for stage in stages if stage.name in _PICTURES}
    begun = [stage.started_at for stage in paced.values() if stage.started_at is not None]
    clips = paced.get(StageName.CLIPS)
    if not begun or clips is None:
        return None
    weights = {name: STAGES[name].weight for name in paced}
    parts = {name: min(1.0, stage.done / max(1, stage.total)) for name, stage in paced.items()}
    if len(lengths) == len(scenes) and any(lengths):
        filmed = sum(frames for frames, scene in zip(lengths, scenes, strict=True) if scene is SceneStatus.CLIP)
        parts[StageName.CLIPS] = filmed / sum(lengths)
    done = sum(weights[name] * parts[name] for name in paced) / sum(weights.values())
    if done < _ESTIMATE_FROM:
        return None
    until = clips.finished_at or now
    pictures = (until - min(begun)) / done
    joining = pictures * (_JOINING_SCENES / max(1, clips.total))
    return min(begun) + pictures + joining
