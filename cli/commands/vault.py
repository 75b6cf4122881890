"""`songs`, `characters` and `videos`: the local account's Vault."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import Yes, command
from cli.output import Output
from cli.session import Session
from models.base import Model
from models.footage import FootageKind, FootageRef
from models.song import SongRef
from models.vault import PAGE_LIMIT, CharacterRef, PageQuery, Shelf

if TYPE_CHECKING:
    from services.videos import Video

songs = typer.Typer(help="The Vault's songs.", no_args_is_help=True)
characters = typer.Typer(help="Characters that keep their look in every scene.", no_args_is_help=True)
videos = typer.Typer(help="The Vault's videos.", no_args_is_help=True)

Words = Annotated[list[str], typer.Argument(help="Words to look for, in any case and order.")]
Limit = Annotated[int, typer.Option(min=1, max=PAGE_LIMIT, help="How many a page.")]
Cursor = Annotated[str | None, typer.Option(help="`next_cursor` of the page before.")]


@command(songs, "list")
async def list_songs(limit: Limit = 50, cursor: Cursor = None, *, output: Output) -> None:
    """The songs, newest first."""
    await show_page(Shelf.SONG, PageQuery(limit=limit, cursor=cursor), output)


@command(songs, "search")
async def search_songs(words: Words, limit: Limit = 50, cursor: Cursor = None, *, output: Output) -> None:
    """Songs whose title or artist has these words."""
    await show_page(Shelf.SONG, PageQuery(search=" ".join(words), limit=limit, cursor=cursor), output)


@command(songs, "add")
async def add_song(
    song: Annotated[Path, typer.Argument(help="An MP3, M4A, WAV, AAC, OGG or FLAC file of 1 to 20 minutes.")],
    title: Annotated[str | None, typer.Option(help="Its title; default: its tag, or the file's name.")] = None,
    *,
    output: Output,
) -> None:
    """Put a song into the Vault."""
    from services.songs import add_song, check_song
    from settings import Settings

    checked = check_song(song, Settings(), title=title)
    async with Session.open(output) as session:
        added = add_song(session.app, session.account_id, checked)
    output.answer(added, [_song_line(added)])


@command(songs, "rename")
async def rename_song(song_id: str, title: str, *, output: Output) -> None:
    """Give a song another title; videos keep theirs."""
    await rename(Shelf.SONG, song_id, title, output)


@command(songs, "delete")
async def delete_song(song_id: str, yes: Yes = False, *, output: Output) -> None:
    """Delete a song; videos made of it stay."""
    await delete(Shelf.SONG, song_id, yes, output)


@command(videos, "list")
async def list_videos(limit: Limit = 50, cursor: Cursor = None, *, output: Output) -> None:
    """The videos, newest first."""
    await show_page(Shelf.VIDEO, PageQuery(limit=limit, cursor=cursor), output)


@command(videos, "search")
async def search_videos(words: Words, limit: Limit = 50, cursor: Cursor = None, *, output: Output) -> None:
    """Videos whose title or style has these words."""
    await show_page(Shelf.VIDEO, PageQuery(search=" ".join(words), limit=limit, cursor=cursor), output)


@command(videos, "rename")
async def rename_video(video_id: str, title: str, *, output: Output) -> None:
    """Give a video another title."""
    await rename(Shelf.VIDEO, video_id, title, output)


@command(videos, "delete")
async def delete_video(video_id: str, yes: Yes = False, *, output: Output) -> None:
    """Delete a video with all its versions."""
    await delete(Shelf.VIDEO, video_id, yes, output)


@command(characters, "list")
async def list_characters(limit: Limit = 50, cursor: Cursor = None, *, output: Output) -> None:
    """The characters, newest first."""
    await show_page(Shelf.CHARACTER, PageQuery(limit=limit, cursor=cursor), output)


@command(characters, "search")
async def search_characters(words: Words, limit: Limit = 50, cursor: Cursor = None, *, output: Output) -> None:
    """Characters whose name or description has these words."""
    await show_page(Shelf.CHARACTER, PageQuery(search=" ".join(words), limit=limit, cursor=cursor), output)


@command(characters, "add")
async def add_character(
    name: Annotated[str, typer.Argument(help="The character's name, for `generate --character NAME`.")],
    images: Annotated[list[Path], typer.Argument(help="1 to 6 pictures: PNG, JPEG or WebP.")],
    description: Annotated[str, typer.Option(help="The character's looks: “a tall woman in a red coat”.")],
    *,
    output: Output,
) -> None:
    """Lock a character: its look then holds in every scene."""
    from services.characters import check_character, lock_character, prepare_image

    check_character(name, description, len(images))
    with tempfile.TemporaryDirectory(prefix="echonos-") as folder:
        ready = [Path(folder) / f"{number}.jpg" for number in range(len(images))]
        for number, image in enumerate(images):
            prepare_image(image, ready[number], number)
        async with Session.open(output) as session:
            character = lock_character(session.app, session.account_id, name, description, ready)
    output.answer(character, [_character_line(character)])


@command(characters, "rename")
async def rename_character(character: str, name: str, *, output: Output) -> None:
    """Give a character, named or by id, another name."""
    await rename(Shelf.CHARACTER, character, name, output)


@command(characters, "delete")
async def delete_character(character: str, yes: Yes = False, *, output: Output) -> None:
    """Delete a character, named or by id; videos stay as they are."""
    await delete(Shelf.CHARACTER, character, yes, output)


async def show_page(shelf: Shelf, page: PageQuery, output: Output) -> None:
    """One page of a list."""
    from services.characters import list_characters
    from services.footage import list_footage
    from services.songs import list_songs
    from services.videos import list_videos

    answer: Model
    async with Session.open(output) as session:
        account_id = session.account_id
        match shelf:
            case Shelf.SONG:
                songs = list_songs(session.app, account_id, page)
                answer, cursor, lines = songs, songs.next_cursor, [_song_line(one) for one in songs.songs]
            case Shelf.VIDEO:
                videos = await list_videos(session.app, account_id, page)
                answer, cursor, lines = videos, videos.next_cursor, [_video_line(one) for one in videos.videos]
            case Shelf.CHARACTER:
                found = list_characters(session.app, account_id, page)
                answer, cursor, lines = found, found.next_cursor, [_character_line(one) for one in found.characters]
            case Shelf.FOOTAGE:
                kept = list_footage(session.app, account_id, page)
                answer, cursor, lines = kept, kept.next_cursor, [footage_line(one) for one in kept.footage]
    if not lines:
        lines = [f"No {shelf} matches." if page.search else f"There is no {shelf} yet."]
    if cursor is not None:
        lines.append(f"More: --cursor {cursor}")
    output.answer(answer, lines)


async def rename(shelf: Shelf, subject: str, title: str, output: Output) -> None:
    """Give an entry another title or name."""
    from services.characters import change_character, named_character
    from services.footage import rename_footage
    from services.songs import rename_song
    from services.videos import rename_video

    renamed: Model
    async with Session.open(output) as session:
        app, account_id = session.app, session.account_id
        match shelf:
            case Shelf.SONG:
                song = rename_song(app, account_id, subject, title)
                renamed, line = song, _song_line(song)
            case Shelf.VIDEO:
                video = rename_video(app, account_id, subject, title)
                renamed, line = video, _video_line(video)
            case Shelf.CHARACTER:
                known = named_character(app, account_id, subject)
                character = change_character(app, account_id, known.character_id, name=title)
                renamed, line = character, _character_line(character)
            case Shelf.FOOTAGE:
                kept = rename_footage(app, account_id, subject, title)
                renamed, line = kept, footage_line(kept)
    output.answer(renamed, [line])


async def delete(shelf: Shelf, subject: str, yes: bool, output: Output) -> None:
    """Show the consequences, ask, delete."""
    from services import deletion
    from services.characters import named_character

    async with Session.open(output) as session:
        app, account_id = session.app, session.account_id
        if shelf is Shelf.CHARACTER:
            subject = named_character(app, account_id, subject).character_id
        plan = deletion.plan_deletion(app, account_id, shelf, subject)
        output.say(plan.sentence)
        output.ask("Delete it?", yes, "Nothing was deleted.")
        await deletion.delete(app, account_id, shelf, subject)
    output.answer(plan, [f"“{plan.title}” is deleted."])


def footage_line(footage: FootageRef) -> str:
    """A picture or clip in one line."""
    lasts = f" · {footage.duration_s:.1f} s" if footage.kind is FootageKind.CLIP else ""
    shown = f"{footage.kind.value} {footage.width}×{footage.height}{lasts}"
    return f"{footage.footage_id}  {shown}  {footage.title}"


def _song_line(song: SongRef) -> str:
    from services.songs import clock

    artist = f" · {song.artist}" if song.artist else ""
    return f"{song.song_id}  {clock(song.duration_s):>8}  {song.title}{artist}"


def _video_line(video: "Video") -> str:
    what = f"version {video.latest_version}" if video.latest_version else video.status.replace("_", " ")
    return f"{video.video_id}  {video.created_at:%Y-%m-%d %H:%M}  {what:<10}  {video.style:<18}  {video.title}"


def _character_line(character: CharacterRef) -> str:
    images = len(character.reference_keys)
    shown = f"{images} image{'s' if images != 1 else ''}"
    return f"{character.character_id}  {shown}  {character.name}: {character.description}"
