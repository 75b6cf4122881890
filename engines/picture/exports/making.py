"""The port for exports: a plan and its sources in, a probed file out, in a child process."""

from pathlib import Path

from engines.jobs import JobLimits, Pulse, no_pulse, run_job
from engines.picture.exports.loops import make_canvas
from engines.picture.exports.moving import make_moving
from engines.picture.exports.posters import make_poster
from engines.picture.exports.windows import plan_export
from engines.picture.probe import probe_picture
from models.exports import ExportBasis, ExportFacts, ExportPlan, ExportSources
from models.failures import MediaCorrupt
from models.vault import ExportKind

_LIMITS = JobLimits(memory_bytes=1_600_000_000, wall_s=3_000.0)
"""A canvas holds its eight seconds in memory: 280 frames of 1080×1920 take 870 MB."""


class LocalExportMaker:
    """Makes exports on this machine; the same plan and sources give the same file."""

    def plan(self, kind: ExportKind, basis: ExportBasis) -> ExportPlan:
        """The part of the video that an export shows; see `windows.plan_export`."""
        return plan_export(kind, basis)

    def make(self, plan: ExportPlan, sources: ExportSources, out: Path, pulse: Pulse = no_pulse) -> ExportFacts:
        """Make an export in a child process.

        Args:
            plan: The part of the video.
            sources: Its sources, as files.
            out: The MP4 or PNG to write.
            pulse: Called during the work; raises to stop it.

        Returns:
            The export, as measured.

        Raises:
            InvalidInput: Title or lyrics can't be shown.
            MediaCorrupt: A source is damaged, or the file is not as planned.
        """
        return run_job(make_export, plan, sources, str(out), limits=_LIMITS, pulse=pulse)


def make_export(plan: ExportPlan, sources: ExportSources, out: str) -> ExportFacts:
    """Make an export in this process; see `LocalExportMaker.make`."""
    path = Path(out)
    if plan.kind is ExportKind.POSTER:
        make_poster(plan, sources, path)
        return ExportFacts(media_type="image/png", width=plan.width, height=plan.height)
    make = make_canvas if plan.kind is ExportKind.CANVAS else make_moving
    count = make(plan, sources, path)
    facts = probe_picture(path)
    if (facts.codec, facts.width, facts.height, facts.frame_count) != ("h264", plan.width, plan.height, count):
        raise MediaCorrupt(f"the {plan.kind} is not what was asked for: {facts}")
    duration_s = float(count / sources.timeline.fps)
    return ExportFacts(media_type="video/mp4", width=facts.width, height=facts.height, duration_s=duration_s)
