"""The Vault's contents, and deletions from it."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from models.base import Model
from models.generation import Limits
from models.song import SongRef
from models.treatment import Character

TITLE_MAX_CHARS = 200
CHARACTER_NAME_MAX_CHARS = 80
CHARACTER_DESCRIPTION_MAX_CHARS = 1_000
MOST_REFERENCES = 6
PAGE_LIMIT = 100


class VideoRef(Model):
    """A video in the Vault; it is listed once its first version is stored."""

    video_id: str
    account_id: str
    song_id: str
    title: str
    style: str
    created_at: datetime
    latest_version: int


class VersionRef(Model):
    """One version of a video. Version 1 is the first draft and stays for good."""

    video_id: str
    version: int
    stored_at: datetime
    video_key: str = ""


class CharacterRef(Character):
    """A character locked in the Vault: the same face in every scene of every video that uses it."""

    account_id: str
    added_at: datetime


class ExportKind(StrEnum):
    """The kinds of export that can be made from a finished video."""

    CANVAS = "canvas"
    TEASER = "teaser"
    SQUARE = "square"
    WIDE = "wide"
    PORTRAIT = "portrait"
    LYRICS = "lyrics"
    POSTER = "poster"


class ExportRef(Model):
    """An export made from a version of a video. Sizes are in pixels; a poster has no duration."""

    asset_id: str
    account_id: str
    video_id: str
    version: int
    kind: ExportKind
    object_key: str
    media_type: str
    size_bytes: int
    width: int
    height: int
    duration_s: float = 0
    made_at: datetime


class PageQuery(Model):
    """The page of a list to return."""

    search: str = Field(default="", max_length=500, description="words; all must occur, in any case and order")
    cursor: str | None = Field(default=None, description="`next_cursor` of the page before")
    limit: int = Field(default=50, ge=1, le=PAGE_LIMIT)


class SongPage(Model):
    """Songs, newest first."""

    songs: tuple[SongRef, ...]
    next_cursor: str | None = None


class VideoPage(Model):
    """Videos, newest first."""

    videos: tuple[VideoRef, ...]
    next_cursor: str | None = None


class CharacterPage(Model):
    """Characters, newest first."""

    characters: tuple[CharacterRef, ...]
    next_cursor: str | None = None


class Shelf(StrEnum):
    """The kinds of things that can be deleted."""

    SONG = "song"
    VIDEO = "video"
    CHARACTER = "character"
    FOOTAGE = "footage"


class DeletionPlan(Model):
    """The effects of a deletion, shown before it is done."""

    shelf: Shelf
    subject_id: str
    title: str
    videos: int = Field(default=0, description="videos made of it")
    versions: int = 0
    pieces: int = 0
    sentence: str


class Removal(Model):
    """What was deleted, and what is left to remove from the object store: everything below `prefixes`."""

    shelf: Shelf
    subject_id: str
    prefixes: tuple[str, ...] = ()


class RemovalRequest(Model):
    """Input of `RemoveFromVault`: a confirmed deletion."""

    account_id: str
    shelf: Shelf
    subject_id: str
    limits: Limits = Limits()


class ConfirmRequest(Model):
    """Argument of the `confirm` update."""


class Removed(Model):
    """The number of deleted objects."""

    count: int
