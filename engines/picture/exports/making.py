"""The pieces' port: a plan and its sources in, a probed file out, in a child process of its own."""

from pathlib import Path

from engines.jobs import JobLimits, Pulse, no_pulse, run_job
from engines.picture.exports.loops import make_canvas
from engines.picture.exports.moving import make_moving
from engines.picture.exports.posters import make_poster
from engines.picture.exports.windows import plan_piece
from engines.picture.probe import probe_picture
from models.exports import PieceBasis, PieceFacts, PiecePlan, PieceSources
from models.failures import MediaCorrupt
from models.vault import ExportKind

_LIMITS = JobLimits(memory_bytes=1_600_000_000, wall_s=3_000.0)
"""A canvas holds its eight seconds in memory: 280 frames of 1080×1920 take 870 MB."""


class LocalPieceMaker:
    """Makes pieces on this machine; the same plan and sources give the same file."""

    def plan(self, kind: ExportKind, basis: PieceBasis) -> PiecePlan:
        """Which part of the video a piece shows; see `windows.plan_piece`."""
        return plan_piece(kind, basis)

    def make(self, plan: PiecePlan, sources: PieceSources, out: Path, pulse: Pulse = no_pulse) -> PieceFacts:
        """Make a piece in a child process.

        Args:
            plan: Which part of the video.
            sources: What it is made of, as files.
            out: The MP4 or PNG to write.
            pulse: Called while the work goes on; raises to stop it.

        Returns:
            What was made, as measured.

        Raises:
            InvalidInput: Title or lyrics can't be shown.
            MediaCorrupt: A source is damaged, or the file is not what it should be.
        """
        return run_job(make_piece, plan, sources, str(out), limits=_LIMITS, pulse=pulse)


def make_piece(plan: PiecePlan, sources: PieceSources, out: str) -> PieceFacts:
    """Make a piece in this process; see `LocalPieceMaker.make`."""
    path = Path(out)
    if plan.kind is ExportKind.POSTER:
        make_poster(plan, sources, path)
        return PieceFacts(media_type="image/png", width=plan.width, height=plan.height)
    make = make_canvas if plan.kind is ExportKind.CANVAS else make_moving
    count = make(plan, sources, path)
    facts = probe_picture(path)
    if (facts.codec, facts.width, facts.height, facts.frame_count) != ("h264", plan.width, plan.height, count):
        raise MediaCorrupt(f"the {plan.kind} is not what was asked for: {facts}")
    duration_s = float(count / sources.timeline.fps)
    return PieceFacts(media_type="video/mp4", width=facts.width, height=facts.height, duration_s=duration_s)
