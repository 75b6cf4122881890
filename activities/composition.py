"""What the activities of one process are put together from: engines behind their ports."""

from dataclasses import dataclass
from typing import Protocol

from activities.ports.engines import (
    Analyst,
    Animator,
    Assembler,
    Conformer,
    DeliveredInspector,
    Director,
    Estimator,
    ExportMaker,
    OwnFilmer,
    Painter,
    Planner,
    PromptRewriter,
    RunPlanners,
    SongCopier,
    SoundtrackMaker,
)
from activities.ports.purchases import MediaProvider
from activities.terms import BuyingTerms
from models.directing_costs import DirectingCosts
from models.media_models import PromptLimits
from models.queues import Work


class RewritingDirector(Director, PromptRewriter, Protocol):
    """A director that also finds other words for what a provider refuses."""


@dataclass(frozen=True)
class MediaParts:
    """What depends on the choice of picture and clip models; without a key all of it is local.

    `planner` plans no shot that the clip model cannot make, and no more than the budget allows; `planners` is for runs
    that want other models. All optional parts are None where nothing is bought.
    """

    planner: Planner
    estimator: Estimator | None
    provider: MediaProvider | None
    terms: BuyingTerms
    prompt_limits: PromptLimits | None
    planners: RunPlanners | None = None


@dataclass(frozen=True)
class Engines:
    """Everything behind the ports of the activities that is no store.

    `rewriter` finds other words for what a provider refuses, `mover` moves the camera over a still that has no clip,
    `cutter` knows the music under a scene, `own` shows artists' pictures and clips, and `costs` is None with the local
    director, which is free.
    """

    copier: SongCopier
    analyst: Analyst
    soundtracks: SoundtrackMaker
    director: Director
    rewriter: PromptRewriter
    painter: Painter
    animator: Animator
    mover: Animator
    conformer: Conformer
    inspector: DeliveredInspector
    assembler: Assembler
    exporter: ExportMaker
    cutter: Planner
    own: OwnFilmer
    media: MediaParts
    costs: DirectingCosts | None = None

    def of(self, work: Work) -> tuple[object, ...]:
        """What the steps of one kind of work use."""
        media = self.media
        return {
            Work.ORCHESTRATE: (),
            Work.PROVIDE: (self.director, self.inspector, media.planner, media.estimator, media.provider),
            Work.RENDER: (
                self.painter,
                self.animator,
                self.conformer,
                self.assembler,
                self.exporter,
                self.cutter,
                self.own,
            ),
            Work.ANALYSE: (self.copier, self.analyst, self.soundtracks),
        }[work]
