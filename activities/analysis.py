"""Song analysis: working copy, analysis document and soundtrack, each made once per song content and revision.

Side effects: objects beside the song's source, and their keys in the Vault. Idempotency: keys are derived from the
song, the revision and the version of the method. Queue: analyse for the heavy
steps, orchestrate for the rest.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from temporalio import activity

from activities.ports.engines import Analyst, SongCopier, SoundtrackMaker
from activities.ports.runs import RunRegistry
from activities.ports.stores import ObjectStore, Vault
from activities.steps import load, pulse, save, scratch, step
from models.failures import InvalidInput, JobCrashed, NotStored
from models.generation import CopyRef, DocumentRef, RecordStep, SongReady, SongStep
from models.ids import analyze_workflow_id
from models.object_keys import analysis_key, soundtrack_key, waveform_key, working_copy_key
from models.song import ANALYSIS_VERSION, Heard, SongAnalysis, SongRef
from models.waveform import waveform_of

SOUNDTRACK_METHOD = 1
QUIETER_METHOD = 2
"""Key suffix for soundtracks of songs louder than full scale: earlier ones were clipped, so the new ones need new keys.
"""

AWAIT_POLL_S = 0.5
_CANNOT_BE_HEARD = (
    "We cannot listen to this song: our analysis breaks off each time, which is our fault. Nothing was charged. "
    "Another export of it, such as FLAC, may work; support can see what happened."
)


class AnalysisActivities:
    """Steps on songs."""

    def __init__(
        self,
        objects: ObjectStore,
        vault: Vault,
        analyst: Analyst,
        soundtracks: SoundtrackMaker,
        runs: RunRegistry,
        copier: SongCopier,
    ) -> None:
        self._objects = objects
        self._vault = vault
        self._analyst = analyst
        self._soundtracks = soundtracks
        self._runs = runs
        self._copier = copier

    @step
    def look_up_song(self, song: SongStep) -> SongReady:
        """The song as recorded in the Vault, analysed or not."""
        return _ready(self._song(song))

    @step
    async def await_analysis(self, song: SongStep) -> SongReady:
        """Wait while another run analyses the song; `ready` is false if that run failed."""
        while True:
            running = await self._runs.is_open(analyze_workflow_id(song.song_id))
            # Read after asking: an analysis that ended in between had recorded its work before it ended.
            ready = _ready(await asyncio.to_thread(self._song, song))
            if ready.ready or not running:
                return ready
            pulse()
            await asyncio.sleep(AWAIT_POLL_S)

    @step
    def copy_song(self, song: SongStep) -> CopyRef:
        """Write the missing working copy of a song from before working copies existed."""
        ref = self._song(song)
        key = working_copy_key(ref.account_id, ref.song_id)
        size_bytes = self._objects.size(key)
        if size_bytes is None:
            with scratch() as folder:
                source, copy = folder / "song", folder / "working.flac"
                self._objects.get_file(ref.source_key, source)
                size_bytes = self._copier.copy_source(source, copy, pulse).copy_bytes
                self._objects.put_file(key, copy, "audio/flac")
        return CopyRef(key=key, size_bytes=size_bytes)

    @step
    def analyze_song(self, song: SongStep) -> DocumentRef:
        """Analyse the song and draw its plot, unless both are stored."""
        ref = self._song(song)
        key = analysis_key(ref.account_id, ref.song_id, song.revision, ANALYSIS_VERSION)
        if self._objects.size(key) is None:
            with scratch() as folder:
                source = self._fetch(ref, folder)
                with _breaking_off_for_good():
                    analysis: SongAnalysis = self._analyst.analyze(source, pulse)
            save(self._objects, waveform_key(key), waveform_of(analysis))
            save(self._objects, key, analysis)
        return DocumentRef(key=key)

    @step
    def encode_soundtrack(self, song: SongStep) -> DocumentRef:
        """Encode the soundtrack that all videos of the song use, unless it is stored.

        A soundtrack made from the working copy serves all revisions. One made from the artist's file is replaced,
        because an analysis of the copy may disagree with that file on the song's length.
        """
        ref = self._song(song)
        if ref.soundtrack_key is not None and ref.copy_bytes:
            return DocumentRef(key=ref.soundtrack_key)
        whole, quieter = (
            soundtrack_key(ref.account_id, ref.song_id, song.revision, method)
            for method in (SOUNDTRACK_METHOD, QUIETER_METHOD)
        )
        for key in (whole, quieter):
            if self._objects.size(key) is not None:
                return DocumentRef(key=key)
        with scratch() as folder:
            source, out = self._fetch(ref, folder), folder / "soundtrack.m4a"
            with _breaking_off_for_good():
                key = quieter if self._soundtracks.encode_soundtrack(source, out, pulse) else whole
            self._objects.put_file(key, out, "audio/mp4")
        return DocumentRef(key=key)

    @step
    def record_analysis(self, made: RecordStep) -> SongReady:
        """Record analysis and soundtrack in the Vault, in one transaction."""
        analysis = load(self._objects, made.analysis_key, SongAnalysis)
        heard = Heard(
            revision=made.revision,
            analysis_version=analysis.analysis_version,
            duration_s=analysis.duration_s,
            copy_bytes=made.copy_bytes,
        )
        keys = made.analysis_key, made.soundtrack_key
        return _ready(self._vault.record_analysis(made.account_id, made.song_id, *keys, heard))

    def _fetch(self, song: SongRef, folder: Path) -> Path:
        """The song's working copy, or the upload if the song has no working copy."""
        path, copy_key = folder / "song", working_copy_key(song.account_id, song.song_id)
        has_copy = self._objects.size(copy_key) is not None
        self._objects.get_file(copy_key if has_copy else song.source_key, path)
        return path

    def _song(self, song: SongStep) -> SongRef:
        try:
            return self._vault.song(song.account_id, song.song_id)
        except NotStored:
            raise InvalidInput("This song is no longer in the Vault; upload it again.", code="song_gone") from None


@contextmanager
def _breaking_off_for_good() -> Iterator[None]:
    """Turn a failure that every attempt would repeat into `InvalidInput`, so that no run parks on it."""
    try:
        yield
    except JobCrashed as error:
        policy = activity.info().retry_policy
        most = policy.maximum_attempts if policy is not None else 0
        if error.again or (error.limit and 0 < most <= activity.info().attempt):
            raise InvalidInput(_CANNOT_BE_HEARD, code="unheard") from error
        raise


def _ready(song: SongRef) -> SongReady:
    return SongReady(
        song_id=song.song_id,
        title=song.title,
        analysis_key=song.analysis_key or "",
        soundtrack_key=song.soundtrack_key or "",
        duration_s=song.duration_s,
        revision=song.analysis_revision,
        copied=song.copy_bytes > 0,
    )
