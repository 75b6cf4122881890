"""Beats and sections corrected by the artist, and what follows from it for a video. All free."""

from typing import Annotated

from fastapi.concurrency import run_in_threadpool
from pydantic import Field

from api import admission
from api.deps import BackendOf, Reader, Writer, counted, has_room
from api.docs import PERSONAL, errors
from api.routes.media import WantedVersion
from api.routes.songs import SongId
from api.routes.videos import VideoId
from api.shapes import WHOLE, SongShape, song_shape
from models.base import Model
from models.beat_corrections import MOST_CORRECTIONS, BeatCorrection
from models.beat_use import BeatsOffer
from models.waveform import Waveform, waveform_of
from services.beats import CORRECTION_BYTES, correct_song, offer_beats, preview_corrections, read_video_waveform

router = admission.router("songs")


class Corrections(Model):
    """Corrections of a song, in their order; together they make one revision."""

    base_revision: Annotated[int, Field(strict=True, ge=1, le=1_000_000), WHOLE] = Field(
        description="the song's `analysis_revision` that the artist saw; a newer one refuses them", examples=[1]
    )
    corrections: tuple[BeatCorrection, ...] = Field(
        min_length=1, max_length=MOST_CORRECTIONS, examples=[[{"kind": "shift", "beats": 1}]]
    )


class CorrectionPreview(Model):
    """A song as corrections would leave it. Nothing is changed, and nothing of it is stored."""

    base_revision: int
    sentences: tuple[str, ...] = Field(
        description="what the corrections do, in words", examples=[["Bars begin 1 beat later"]]
    )
    waveform: Waveform


@router.post(
    "/songs/{song_id}/corrections",
    summary="Correct beats and sections",
    responses=errors(401, 403, 404, 409, 413, 429),
    dependencies=[counted("change")],
)
async def correct(song_id: SongId, body: Corrections, caller: Writer, backend: BackendOf) -> SongShape:
    """Free: makes the song's next revision, which new videos use. Existing videos keep theirs: see their `/beats`.

    Sent again, the same corrections of the same revision get the same answer.
    """
    await run_in_threadpool(has_room, backend, caller, CORRECTION_BYTES)
    song = await correct_song(backend, caller.account_id, song_id, body.corrections, body.base_revision)
    return song_shape(song)


@router.post(
    "/songs/{song_id}/corrections/preview",
    summary="See what corrections would do",
    responses=errors(401, 403, 404, 409, 429),
    dependencies=[counted("quote")],
)
def preview(song_id: SongId, body: Corrections, caller: Reader, backend: BackendOf) -> CorrectionPreview:
    """Changes nothing. The waveform has the beats and sections that the same corrections would make."""
    made = preview_corrections(backend, caller.account_id, song_id, body.corrections, body.base_revision)
    return CorrectionPreview(
        base_revision=made.song.analysis_revision, sentences=made.sentences, waveform=waveform_of(made.analysis)
    )


@router.get("/videos/{video_id}/beats", summary="What corrected beats would change", responses=PERSONAL)
def offer(video_id: VideoId, caller: Reader, backend: BackendOf) -> BeatsOffer:
    """The edits that bring the newest version onto its song's newest beats; none of them is done. Send those wanted."""
    return offer_beats(backend, caller.account_id, video_id)


@router.get("/videos/{video_id}/waveform.json", summary="The waveform that a version follows", responses=PERSONAL)
def waveform(video_id: VideoId, caller: Reader, backend: BackendOf, version: WantedVersion = None) -> Waveform:
    """With the beats and sections that its cuts snap to; the song's own may be corrected since."""
    return read_video_waveform(backend, caller.account_id, video_id, version)
