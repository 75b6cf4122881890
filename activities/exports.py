"""Pieces from a finished video.

Side effects: one object beside the video's others, and its line in the Vault. Idempotency: the piece's id comes from
what is asked for. Render queue for making, the main one for discarding.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from activities.ports import AssetShelf, ObjectStore, PieceMaker, Vault
from activities.steps import load, pulse, scratch, step
from models.exports import EXPORT_METHOD, ExportRequest, PieceBasis, PiecePlan, PieceSources
from models.failures import InvalidInput, NotStored
from models.lyrics import check_against_song
from models.routing import asset_id_for, asset_key
from models.song import SongAnalysis
from models.storyboard import Framing, PromptList
from models.subjects import SUBJECT_BYTES, SubjectRows, subject_in
from models.timeline import Timeline
from models.vault import AssetRef, ExportKind, Removed

PARALLEL_READS = 8


class ExportActivities:
    """Steps that make pieces."""

    def __init__(self, objects: ObjectStore, vault: Vault, shelf: AssetShelf, maker: PieceMaker) -> None:
        self._objects = objects
        self._vault = vault
        self._shelf = shelf
        self._maker = maker

    @step
    def export_piece(self, request: ExportRequest) -> AssetRef:
        """Make a piece, unless it is there already, and list it."""
        asset_id = asset_id_for(request, EXPORT_METHOD)
        try:
            return self._shelf.asset(request.account_id, asset_id)
        except NotStored:
            pass
        timeline = self._timeline(request)
        basis = PieceBasis(
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
            out = folder / f"piece.{_ending(request.kind)}"
            facts = self._maker.make(plan, sources, out, pulse)
            key = asset_key(request.account_id, request.video_id, asset_id, _ending(request.kind))
            self._objects.put_file(key, out, facts.media_type)
            piece = AssetRef(
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
            return self._shelf.add_asset(piece)
        except NotStored:
            self._objects.delete_prefix(key)
            raise _gone() from None

    @step
    def discard_piece(self, request: ExportRequest) -> Removed:
        """Remove what an attempt may have left, unless the piece is listed."""
        asset_id = asset_id_for(request, EXPORT_METHOD)
        try:
            self._shelf.asset(request.account_id, asset_id)
        except NotStored:
            key = asset_key(request.account_id, request.video_id, asset_id, _ending(request.kind))
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
                "This video was made before videos kept what was heard in their song; `generate --like` makes it anew, "
                "and pieces can be made of that one.",
                code="no_analysis",
            )
        return load(self._objects, timeline.analysis_key, SongAnalysis)

    def _framings(self, timeline: Timeline) -> tuple[Framing, ...]:
        """How each scene is framed, from the prompts that it was made with."""
        prompts = {
            key: {prompt.scene_index: prompt.framing for prompt in load(self._objects, key, PromptList).prompts}
            for key in sorted({scene.prompts_key for scene in timeline.scenes if scene.prompts_key})
        }
        return tuple(prompts.get(s.prompts_key, {}).get(s.index, Framing.WIDE) for s in timeline.scenes)

    def _subjects(self, timeline: Timeline) -> tuple[SubjectRows | None, ...]:
        """Where each scene's subject is, as its still says."""
        keys = list(dict.fromkeys(scene.still_key for scene in timeline.scenes))
        with ThreadPoolExecutor(PARALLEL_READS) as pool:
            beginnings = pool.map(lambda key: self._objects.get_range(key, 0, SUBJECT_BYTES), keys)
            known = {key: subject_in(beginning) for key, beginning in zip(keys, beginnings, strict=True)}
        return tuple(known[scene.still_key] for scene in timeline.scenes)

    def _fetch(self, request: ExportRequest, plan: PiecePlan, basis: PieceBasis, folder: Path) -> PieceSources:
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
        return PieceSources(
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
