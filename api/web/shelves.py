"""What an account has, as the page shows it."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from fastapi.concurrency import run_in_threadpool

from api.deps import Backend
from api.finding import find_video, list_videos
from api.shapes import VideoShape
from models.progress import RunStatus
from models.routing import generate_workflow_id
from models.song import SongRef
from models.studio import StudioOperation
from models.style_pictures import style_picture_digest, style_picture_key
from models.styles import STYLES, Style
from models.vault import CharacterRef, PageQuery, VersionRef
from models.views import version_sentence
from stores.objects import S3Objects

SHELVES = {"videos": "Videos", "songs": "Songs", "characters": "Characters"}
PAGE_SIZE = 24
ENDED_WORDS: dict[str, str] = {RunStatus.FAILED: "not made", RunStatus.CANCELLED: "cancelled"}
"""What an order is that never came to a version."""

_UNMADE = ENDED_WORDS | {RunStatus.NEEDS_ATTENTION: "waiting"}


@dataclass(frozen=True)
class StyleCard:
    """A preset on the wall. `words`: what the search finds it by; no `picture_url`: its colours are shown instead."""

    slug: str
    name: str
    palette: tuple[str, ...]
    words: str
    picture_url: str | None


@dataclass(frozen=True)
class VersionRow:
    """A version to watch."""

    version: int
    sentence: str
    stored_at: datetime
    video_url: str
    download_url: str


@dataclass(frozen=True)
class VideoPage:
    """A video as it was ordered; versions newest first."""

    video: VideoShape
    versions: tuple[VersionRow, ...]


@dataclass(frozen=True)
class VideoCard:
    """A video on the shelf. Only what has a version can be renamed; what is in the making can't be deleted."""

    video: VideoShape
    status_words: str
    address: str
    can_rename: bool
    can_delete: bool


@dataclass(frozen=True)
class SongRow:
    """A song on the shelf."""

    song_id: str
    title: str
    artist: str | None
    duration_s: float
    size_bytes: int
    wave_url: str | None


@dataclass(frozen=True)
class CharacterRow:
    """A character on the shelf."""

    character_id: str
    name: str
    description: str
    face_url: str | None


def style_cards(objects: S3Objects) -> list[StyleCard]:
    """The wall of styles, with the pictures that are painted already."""
    painted = set(objects.list_keys("styles/"))
    return [_style_card(style, style_picture_key(style) in painted) for style in STYLES]


def style_picture_url(style: Style) -> str:
    """Where a preset's picture is served; the digest makes it cacheable for good."""
    return f"/api/v1/styles/{style.slug}/picture?v={style_picture_digest(style)}"


def _style_card(style: Style, painted: bool) -> StyleCard:
    texts = chain((style.name, style.style_words), style.keywords)
    words = " ".join(texts).lower().replace(",", " ").replace("-", " ")
    return StyleCard(
        slug=style.slug,
        name=style.name,
        palette=style.palette,
        words=" ".join(dict.fromkeys(words.split())),
        picture_url=style_picture_url(style) if painted else None,
    )


async def video_page(backend: Backend, account_id: str, video_id: str) -> VideoPage:
    """A video with the versions that are there; none while it is in the making.

    Raises:
        Problem: 404, the account has no such video.
    """
    video = await find_video(backend, account_id, video_id)
    if video.latest_version == 0:
        return VideoPage(video, ())
    stored = await run_in_threadpool(backend.stores.vault.versions, account_id, video_id)
    operations = await run_in_threadpool(backend.stores.operations.of_video, account_id, video_id)
    return VideoPage(video, tuple(_version_row(version, operations) for version in reversed(stored)))


async def shelf_page(
    backend: Backend, account_id: str, shelf: str, search: str, cursor: str | None
) -> tuple[Sequence[VideoCard | SongRow | CharacterRow], str | None]:
    """One page of a shelf, and the cursor of the next one.

    Args:
        backend: Of this process.
        account_id: Whose.
        shelf: One of `SHELVES`.
        search: Words that all must occur.
        cursor: Of the page, None for the first.

    Returns:
        What to show, newest first, and the next cursor.
    """
    stores, query = backend.stores, PageQuery(search=search, cursor=cursor, limit=PAGE_SIZE)
    if shelf == "songs":
        songs = await run_in_threadpool(stores.catalogue.songs, account_id, query)
        return [_song_row(song) for song in songs.songs], songs.next_cursor
    if shelf == "characters":
        people = await run_in_threadpool(stores.characters.page, account_id, query)
        return [_character_row(person) for person in people.characters], people.next_cursor
    videos = await list_videos(backend, account_id, query)
    making = frozenset(await run_in_threadpool(stores.removal.drafts_in_the_making, account_id))
    return [_video_card(video, making) for video in videos.items], videos.next_cursor


def _version_row(version: VersionRef, operations: Sequence[StudioOperation]) -> VersionRow:
    address = f"/api/v1/videos/{version.video_id}/versions/{version.version}/video"
    sentence = version_sentence(version.version, operations)
    return VersionRow(version.version, sentence, version.stored_at, address, f"{address}?download=1")


def _video_card(video: VideoShape, making: Container[str]) -> VideoCard:
    """A video's card; `making`: the workflows that hold credits for a draft now."""
    made = video.latest_version > 0
    words = f"{video.latest_version} versions" if video.latest_version > 1 else "first draft"
    # Temporal forgets a run after a while. An order that holds no credits any more has come to its end.
    forgotten = video.status == "unknown" and generate_workflow_id(video.video_id) not in making
    over = not made and (video.status in ENDED_WORDS or forgotten)
    if not made:
        words = _UNMADE.get(video.status, "not made" if over else "in the making")
    return VideoCard(
        video=video,
        status_words=words,
        address=f"/{'preview' if made else 'processing'}/{video.video_id}",
        can_rename=made,
        can_delete=made or over,
    )


def _song_row(song: SongRef) -> SongRow:
    return SongRow(
        song_id=song.song_id,
        title=song.title,
        artist=song.artist,
        duration_s=song.duration_s,
        size_bytes=song.size_bytes,
        # Browsers keep a drawing for an hour; another revision is another address.
        wave_url=f"/api/v1/songs/{song.song_id}/waveform.svg?revision={song.analysis_revision}"
        if song.analysis_key
        else None,
    )


def _character_row(person: CharacterRef) -> CharacterRow:
    face = f"/api/v1/characters/{person.character_id}/references/0" if person.reference_keys else None
    return CharacterRow(person.character_id, person.name, person.description, face)
