"""Exports from a finished video.

Side effects: one object beside the video's others, and its row in the Vault. Idempotency: the export's id comes from
the request. Render queue for making, orchestrate for discarding.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from activities.ports.engines import ExportMaker
from activities.ports.stores import ExportShelf, ObjectStore, Vault
from activities.steps import load, pulse, scratch, step
from models.exports import EXPORT_METHOD, ExportBasis, ExportPlan, ExportRequest, ExportSources
from models.failures import InvalidInput, NotStored
from models.ids import export_id_for
from models.lyrics import check_against_song
from models.object_keys import export_key
from models.song import SongAnalysis
from models.storyboard import Framing, PromptList
from models.subjects import SUBJECT_BYTES, SubjectRows, subject_in
from models.timeline import Timeline
from models.vault import ExportKind, ExportRef, Removed

PARALLEL_READS = 8


class ExportActivities:
    """Steps that make exports."""

    def __init__(self, objects: ObjectStore, vault: Vault, shelf: ExportShelf, maker: ExportMaker) -> None:
        self._objects = objects
        self._vault = vault
        self._shelf = shelf
        self._maker = maker

    @step
    def export_piece(self, request: ExportRequest) -> ExportRef:
        """Make an export, unless it is stored, and list it."""
        asset_id = export_id_for(request, EXPORT_METHOD)
        try:
            return self._shelf.export(request.account_id, asset_id)
        except NotStored:
            pass
        timeline = self._timeline(request)
        basis = ExportBasis(
            timeline=timeline,
            framings=self._framings(timeline),
            subjects=self._subjects(timeline),
            analysis=self._analysis(timeline),
        )
        if request.lyrics is not None:
            check_against_song(request.lyrics, float(timeline.frame_count / timeline.fps))
        plan = self._maker.plan(request.kind, basis)
        with scratch() as folder:
            sources = self._fetch(request, plan, basis, folder)
            out = folder / f"export.{_ending(request.kind)}"
            facts = self._maker.make(plan, sources, out, pulse)
            key = export_key(request.account_id, request.video_id, asset_id, _ending(request.kind))
            self._objects.put_file(key, out, facts.media_type)
            export = ExportRef(
                asset_id=asset_id,
                account_id=request.account_id,
                video_id=request.video_id,
                version=request.version,
                kind=request.kind,
                object_key=key,
                size_bytes=out.stat().st_size,
                made_at=datetime.now(UTC),
                **facts.model_dump(),
            )
        try:
            return self._shelf.add_export(export)
        except NotStored:
            self._objects.delete_prefix(key)
            raise _gone() from None

    @step
    def discard_piece(self, request: ExportRequest) -> Removed:
        """Remove what a failed attempt may have stored, unless the export is listed."""
        asset_id = export_id_for(request, EXPORT_METHOD)
        try:
            self._shelf.export(request.account_id, asset_id)
        except NotStored:
            key = export_key(request.account_id, request.video_id, asset_id, _ending(request.kind))
            return Removed(count=self._objects.delete_prefix(key))
        return Removed(count=0)

    def _timeline(self, request: ExportRequest) -> Timeline:
        try:
            return self._vault.timeline(request.account_id, request.video_id, request.version)
        except NotStored:
            raise _gone() from None

    def _analysis(self, timeline: Timeline) -> SongAnalysis:
        if not timeline.analysis_key:
            raise InvalidInput(
                "This video was made before videos kept the analysis of their song; `generate --like` makes it again, "
                "and exports can be made of that one.",
                code="no_analysis",
            )
        return load(self._objects, timeline.analysis_key, SongAnalysis)

    def _framings(self, timeline: Timeline) -> tuple[Framing, ...]:
        """How each scene is framed, from the prompts that it was made with."""
        prompts = {
            key: {prompt.scene_index: prompt.framing for prompt in load(self._objects, key, PromptList).prompts}
            for key in sorted({scene.prompts_key for scene in timeline.scenes if scene.prompts_key})
        }
        return tuple(prompts.get(s.prompts_key, {}).get(s.words_id, Framing.WIDE) for s in timeline.scenes)

    def _subjects(self, timeline: Timeline) -> tuple[SubjectRows | None, ...]:
        """Where the subject of each scene is, as recorded with its still."""
        keys = list(dict.fromkeys(scene.still_key for scene in timeline.scenes))
        with ThreadPoolExecutor(PARALLEL_READS) as pool:
            beginnings = pool.map(lambda key: self._objects.get_range(key, 0, SUBJECT_BYTES), keys)
            known = {key: subject_in(beginning) for key, beginning in zip(keys, beginnings, strict=True)}
        return tuple(known[scene.still_key] for scene in timeline.scenes)

    def _fetch(self, request: ExportRequest, plan: ExportPlan, basis: ExportBasis, folder: Path) -> ExportSources:
        scenes = basis.timeline.scenes
        segments = tuple(folder / f"segment-{index:04d}.mp4" for index in plan.scenes)
        stills = tuple(folder / f"still-{index:04d}.png" for index in plan.stills)
        wanted = [(scenes[index].segment_key, path) for index, path in zip(plan.scenes, segments, strict=True)]
        wanted += [(scenes[index].still_key, path) for index, path in zip(plan.stills, stills, strict=True)]
        soundtrack = folder / "soundtrack.m4a" if plan.with_sound else None
        if soundtrack is not None:
            wanted.append((basis.timeline.soundtrack_key, soundtrack))
        for key, path in wanted:
            pulse()
            self._objects.get_file(key, path)
        return ExportSources(
            timeline=basis.timeline,
            framings=basis.framings,
            subjects=basis.subjects,
            segments=segments,
            stills=stills,
            soundtrack=soundtrack,
            title=request.title,
            artist=request.artist,
            style=request.style,
            lyrics=request.lyrics,
        )


def _ending(kind: ExportKind) -> str:
    return "png" if kind is ExportKind.POSTER else "mp4"


def _gone() -> InvalidInput:
    return InvalidInput("This video or version is not in the Vault (any more).", code="no_video")
