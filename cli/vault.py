"""The local account's Vault: lists, new titles, deletions, characters."""

import tempfile
from pathlib import Path
from uuid import uuid4

import typer

from cli.output import Output
from cli.session import Session, open_session
from cli.upload import upload_song
from engines.intake.pictures import prepare_reference
from engines.intake.refusals import clock
from models.base import Model
from models.failures import InvalidInput, NotStored
from models.routing import character_id_for, character_prefix
from models.song import SongRef
from models.vault import CharacterRef, PageQuery, RemovalRequest, Shelf, VideoRef
from settings import Settings
from stores.characters import check_reference_count, description_from, name_from
from stores.searching import title_from
from workflows.clients import delete_from_vault


async def show_page(shelf: Shelf, page: PageQuery, output: Output) -> None:
    """One page of a list."""
    answer: Model
    async with open_session(output) as session:
        stores, account_id = session.stores, session.account_id
        match shelf:
            case Shelf.SONG:
                songs = stores.catalogue.songs(account_id, page)
                answer, cursor, lines = songs, songs.next_cursor, [_song_line(one) for one in songs.songs]
            case Shelf.VIDEO:
                videos = stores.catalogue.videos(account_id, page)
                answer, cursor, lines = videos, videos.next_cursor, [_video_line(one) for one in videos.videos]
            case Shelf.CHARACTER:
                found = stores.characters.page(account_id, page)
                answer, cursor, lines = found, found.next_cursor, [_character_line(one) for one in found.characters]
    if not lines:
        lines = [f"No {shelf} matches." if page.search else f"There is no {shelf} yet."]
    if cursor is not None:
        lines.append(f"More: --cursor {cursor}")
    output.answer(answer, lines)


async def add_song(path: Path, title: str | None, output: Output) -> None:
    """Put a song into the Vault."""
    if title is not None:
        title = title_from(title)
    upload = upload_song(path, Settings())
    async with open_session(output) as session:
        song = upload.keep(session.stores, session.account_id)
        if title is not None and title != song.title:
            song = session.stores.catalogue.rename_song(session.account_id, song.song_id, title)
    output.answer(song, [_song_line(song)])


async def add_character(name: str, description: str, images: list[Path], output: Output) -> None:
    """Lock a character: everything is checked before anything is stored."""
    name, description = name_from(name), description_from(description)
    check_reference_count(len(images))
    with tempfile.TemporaryDirectory(prefix="echonos-") as folder:
        ready = [Path(folder) / f"{number}.jpg" for number in range(len(images))]
        for image, out in zip(images, ready, strict=True):
            prepare_reference(image, out)
        async with open_session(output) as session:
            objects, account_id = session.stores.objects, session.account_id
            character_id = character_id_for(account_id, uuid4().hex)
            prefix = character_prefix(account_id, character_id)
            keys = [f"{prefix}{path.name}" for path in ready]
            for key, path in zip(keys, ready, strict=True):
                objects.put_file(key, path, "image/jpeg")
            try:
                character = session.stores.characters.add(account_id, character_id, name, description, keys)
            except InvalidInput:
                objects.delete_prefix(prefix)
                raise
    output.answer(character, [_character_line(character)])


async def rename(shelf: Shelf, subject: str, title: str, output: Output) -> None:
    """Give something another title or name."""
    renamed: Model
    async with open_session(output) as session:
        stores, account_id = session.stores, session.account_id
        try:
            match shelf:
                case Shelf.SONG:
                    song = stores.catalogue.rename_song(account_id, subject, title)
                    renamed, line = song, _song_line(song)
                case Shelf.VIDEO:
                    video = stores.catalogue.rename_video(account_id, subject, title)
                    renamed, line = video, _video_line(video)
                case Shelf.CHARACTER:
                    known = stores.characters.named(account_id, subject)
                    character = stores.characters.change(account_id, known.character_id, name=title)
                    renamed, line = character, _character_line(character)
        except NotStored:
            raise _unknown(shelf, subject) from None
    output.answer(renamed, [line])


async def delete(shelf: Shelf, subject: str, yes: bool, output: Output) -> None:
    """Say what deleting means, ask, delete."""
    async with open_session(output) as session:
        subject_id = _subject_id(session, shelf, subject)
        try:
            plan = session.stores.removal.plan(session.account_id, shelf, subject_id)
        except NotStored:
            raise _unknown(shelf, subject) from None
        output.say(plan.sentence)
        if not yes and not typer.confirm("Delete it?", default=False, err=output.as_json):
            raise InvalidInput("Nothing was deleted.", code="declined")
        request = RemovalRequest(account_id=session.account_id, shelf=shelf, subject_id=subject_id)
        await delete_from_vault(session.client, request)
    output.answer(plan, [f"“{plan.title}” is deleted."])


def _subject_id(session: Session, shelf: Shelf, subject: str) -> str:
    if shelf is not Shelf.CHARACTER:
        return subject
    return session.stores.characters.named(session.account_id, subject).character_id


def _unknown(shelf: Shelf, subject: str) -> InvalidInput:
    return InvalidInput(f"There is no {shelf} {subject} in the Vault: see `{shelf}s list`.", code=f"unknown_{shelf}")


def _song_line(song: SongRef) -> str:
    artist = f" · {song.artist}" if song.artist else ""
    return f"{song.song_id}  {clock(song.duration_s):>8}  {song.title}{artist}"


def _video_line(video: VideoRef) -> str:
    versions = f"version {video.latest_version}"
    return f"{video.video_id}  {video.created_at:%Y-%m-%d %H:%M}  {versions:<10}  {video.style:<18}  {video.title}"


def _character_line(character: CharacterRef) -> str:
    images = len(character.reference_keys)
    shown = f"{images} image{'s' if images != 1 else ''}"
    return f"{character.character_id}  {shown}  {character.name}: {character.description}"
