"""`songs`, `characters` and `videos`: what the local account has in its Vault."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from cli.output import Output
from models.vault import PAGE_LIMIT, PageQuery, Shelf

songs = typer.Typer(help="The Vault's songs.", no_args_is_help=True)
characters = typer.Typer(help="Characters that keep their look in every scene.", no_args_is_help=True)
videos = typer.Typer(help="The Vault's videos.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Words = Annotated[list[str], typer.Argument(help="Words to look for, in any case and order.")]
Limit = Annotated[int, typer.Option(min=1, max=PAGE_LIMIT, help="How many a page.")]
Cursor = Annotated[str | None, typer.Option(help="`next_cursor` of the page before.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def _show(shelf: Shelf, words: list[str], limit: int, cursor: str | None, as_json: bool) -> None:
    from cli.vault import show_page

    page = PageQuery(search=" ".join(words), limit=limit, cursor=cursor)
    asyncio.run(show_page(shelf, page, Output(as_json)))


def _rename(shelf: Shelf, subject_id: str, title: str, as_json: bool) -> None:
    from cli.vault import rename

    asyncio.run(rename(shelf, subject_id, title, Output(as_json)))


def _delete(shelf: Shelf, subject_id: str, yes: bool, as_json: bool) -> None:
    from cli.vault import delete

    asyncio.run(delete(shelf, subject_id, yes, Output(as_json)))


@songs.command("list")
def list_songs(limit: Limit = 50, cursor: Cursor = None, as_json: AsJson = False) -> None:
    """The songs, newest first."""
    _show(Shelf.SONG, [], limit, cursor, as_json)


@songs.command("search")
def search_songs(words: Words, limit: Limit = 50, cursor: Cursor = None, as_json: AsJson = False) -> None:
    """Songs whose title or artist has these words."""
    _show(Shelf.SONG, words, limit, cursor, as_json)


@songs.command("add")
def add_song(
    song: Annotated[Path, typer.Argument(help="An MP3, M4A, WAV, AAC, OGG or FLAC file of 1 to 20 minutes.")],
    title: Annotated[str | None, typer.Option(help="Its title; default: its tag, or the file's name.")] = None,
    as_json: AsJson = False,
) -> None:
    """Put a song into the Vault."""
    from cli.vault import add_song

    asyncio.run(add_song(song, title, Output(as_json)))


@songs.command("rename")
def rename_song(song_id: str, title: str, as_json: AsJson = False) -> None:
    """Give a song another title; videos keep theirs."""
    _rename(Shelf.SONG, song_id, title, as_json)


@songs.command("delete")
def delete_song(song_id: str, yes: Yes = False, as_json: AsJson = False) -> None:
    """Delete a song; videos made of it stay."""
    _delete(Shelf.SONG, song_id, yes, as_json)


@videos.command("list")
def list_videos(limit: Limit = 50, cursor: Cursor = None, as_json: AsJson = False) -> None:
    """The videos, newest first."""
    _show(Shelf.VIDEO, [], limit, cursor, as_json)


@videos.command("search")
def search_videos(words: Words, limit: Limit = 50, cursor: Cursor = None, as_json: AsJson = False) -> None:
    """Videos whose title or style has these words."""
    _show(Shelf.VIDEO, words, limit, cursor, as_json)


@videos.command("rename")
def rename_video(video_id: str, title: str, as_json: AsJson = False) -> None:
    """Give a video another title."""
    _rename(Shelf.VIDEO, video_id, title, as_json)


@videos.command("delete")
def delete_video(video_id: str, yes: Yes = False, as_json: AsJson = False) -> None:
    """Delete a video with all its versions."""
    _delete(Shelf.VIDEO, video_id, yes, as_json)


@characters.command("list")
def list_characters(limit: Limit = 50, cursor: Cursor = None, as_json: AsJson = False) -> None:
    """The characters, newest first."""
    _show(Shelf.CHARACTER, [], limit, cursor, as_json)


@characters.command("search")
def search_characters(words: Words, limit: Limit = 50, cursor: Cursor = None, as_json: AsJson = False) -> None:
    """Characters whose name or description has these words."""
    _show(Shelf.CHARACTER, words, limit, cursor, as_json)


@characters.command("add")
def add_character(
    name: Annotated[str, typer.Argument(help="How you call them; `generate --character NAME` uses it.")],
    images: Annotated[list[Path], typer.Argument(help="1 to 6 pictures: PNG, JPEG or WebP.")],
    description: Annotated[str, typer.Option(help="What they look like: “a tall woman in a red coat”.")],
    as_json: AsJson = False,
) -> None:
    """Lock a character: its look then holds in every scene."""
    from cli.vault import add_character

    asyncio.run(add_character(name, description, images, Output(as_json)))


@characters.command("rename")
def rename_character(character: str, name: str, as_json: AsJson = False) -> None:
    """Give a character, named or by id, another name."""
    _rename(Shelf.CHARACTER, character, name, as_json)


@characters.command("delete")
def delete_character(character: str, yes: Yes = False, as_json: AsJson = False) -> None:
    """Delete a character, named or by id; videos stay as they are."""
    _delete(Shelf.CHARACTER, character, yes, as_json)
