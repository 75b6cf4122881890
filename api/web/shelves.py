"""Rows and cards of the page: an account's videos, songs, characters and own footage."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import chain

from fastapi.concurrency import run_in_threadpool

from api.deps import Backend
from api.shapes import VersionShape, VideoShape, style_picture_url, version_shapes, video_shape
from models.footage import FootageRef
from models.ids import generate_workflow_id
from models.progress import RunStatus
from models.song import SongRef
from models.styles import STYLES, Style
from models.vault import CharacterRef, PageQuery
from services.characters import list_characters
from services.footage import list_footage
from services.media import find_versions
from services.songs import list_songs
from services.styles import painted_styles
from services.videos import find_video, list_videos

SHELVES = {"videos": "Videos", "songs": "Songs", "characters": "Characters", "footage": "Pictures and clips"}
PAGE_SIZE = 24
ENDED_WORDS: dict[str, str] = {RunStatus.FAILED: "not made", RunStatus.CANCELLED: "cancelled"}
"""Status words of an order without a version."""

_UNMADE = ENDED_WORDS | {RunStatus.NEEDS_ATTENTION: "waiting", RunStatus.WAITING_FOR_ARTIST: "waiting for you"}


@dataclass(frozen=True)
class StyleCard:
    """A preset on the wall. `words`: what the search finds it by; no `picture_url`: its colours are shown instead."""

    slug: str
    name: str
    palette: tuple[str, ...]
    words: str
    picture_url: str | None


@dataclass(frozen=True)
class VideoPage:
    """A video as it was ordered; versions newest first."""

    video: VideoShape
    versions: tuple[VersionShape, ...]


@dataclass(frozen=True)
class VideoCard:
    """A video in a list. A video with a version can be renamed; one in the making can't be deleted."""

    video: VideoShape
    status_words: str
    address: str
    can_rename: bool
    can_delete: bool


def style_cards(backend: Backend) -> list[StyleCard]:
    """The wall of styles, with the painted pictures."""
    painted = painted_styles(backend)
    return [_style_card(style, painted) for style in STYLES]


def _style_card(style: Style, painted: Container[str]) -> StyleCard:
    texts = chain((style.name, style.style_words), style.keywords)
    words = " ".join(texts).lower().replace(",", " ").replace("-", " ")
    return StyleCard(
        slug=style.slug,
        name=style.name,
        palette=style.palette,
        words=" ".join(dict.fromkeys(words.split())),
        picture_url=style_picture_url(style, painted),
    )


async def video_page(backend: Backend, account_id: str, video_id: str) -> VideoPage:
    """A video with its versions; none while the first is in the making.

    Raises:
        Problem: 404, the account has no such video.
    """
    video = video_shape(await find_video(backend, account_id, video_id))
    if video.latest_version == 0:
        return VideoPage(video, ())
    found = await run_in_threadpool(find_versions, backend, account_id, video_id)
    return VideoPage(video, version_shapes(found)[::-1])


async def shelf_page(
    backend: Backend, account_id: str, shelf: str, search: str, cursor: str | None
) -> tuple[Sequence[VideoCard | SongRef | CharacterRef | FootageRef], str | None]:
    """One page of a list, and the cursor of the next one.

    Args:
        shelf: One of `SHELVES`.
        search: Words that all must occur.
        cursor: The page's cursor, None for the first.

    Returns:
        The entries, newest first, and the next cursor.
    """
    query = PageQuery(search=search, cursor=cursor, limit=PAGE_SIZE)
    if shelf == "songs":
        songs = await run_in_threadpool(list_songs, backend, account_id, query)
        return songs.songs, songs.next_cursor
    if shelf == "characters":
        people = await run_in_threadpool(list_characters, backend, account_id, query)
        return people.characters, people.next_cursor
    if shelf == "footage":
        kept = await run_in_threadpool(list_footage, backend, account_id, query)
        return kept.footage, kept.next_cursor
    videos = await list_videos(backend, account_id, query)
    making = await run_in_threadpool(backend.stores.deletion.drafts_in_the_making, account_id)
    return [_video_card(video_shape(video), making) for video in videos.videos], videos.next_cursor


def _video_card(video: VideoShape, making: Container[str]) -> VideoCard:
    """A video's card; `making`: the workflows that hold credits for a draft now."""
    made = video.latest_version > 0
    words = f"{video.latest_version} versions" if video.latest_version > 1 else "first draft"
    # Temporal deletes a run after its retention. An order without held credits has ended.
    forgotten = video.status == "unknown" and generate_workflow_id(video.video_id) not in making
    over = not made and (video.status in ENDED_WORDS or forgotten)
    if not made:
        words = _UNMADE.get(video.status, "not made" if over else "in the making")
    page = "preview" if made else "board" if video.status == RunStatus.WAITING_FOR_ARTIST else "processing"
    return VideoCard(
        video=video,
        status_words=words,
        address=f"/{page}/{video.video_id}",
        can_rename=made,
        can_delete=made or over,
    )
