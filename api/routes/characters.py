"""Characters: locked with their reference images, so that the same face holds in every scene."""

import tempfile
from contextlib import AbstractAsyncContextManager
from pathlib import Path as FilePath
from typing import Annotated

from fastapi import Depends, File, Form, Path, Request, UploadFile
from fastapi.concurrency import run_in_threadpool
from pydantic import Field
from starlette.responses import RedirectResponse, Response

from api import admission
from api.admission import before_the_body
from api.deps import Backend, BackendOf, Reader, Writer, backend_of, counted, known_caller, limit, require
from api.docs import PERSONAL, errors
from api.guard import declared_bytes
from api.problems import Problem, not_found
from api.room import check_room
from api.routes.songs import Cursor, Search, page_asked_for
from api.shapes import PREFIX, Page
from api.uploads import checked
from engines.intake.pictures import MOST_BYTES as MOST_IMAGE_BYTES
from engines.intake.pictures import prepare_reference
from models.access import Scope
from models.base import Model
from models.failures import InvalidInput, NotStored
from models.routing import character_id_for, character_prefix, digest_of
from models.vault import (
    CHARACTER_DESCRIPTION_MAX_CHARS,
    CHARACTER_NAME_MAX_CHARS,
    MOST_REFERENCES,
    CharacterRef,
    PageQuery,
)

router = admission.router("characters")

MOST_BYTES = MOST_REFERENCES * MOST_IMAGE_BYTES + 100_000
LINK_S, LINK_KEPT_S = 3_600, 300

CharacterId = Annotated[str, Path(max_length=80, examples=["character-0123456789abcdef0123"])]
_PLAIN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
Name = Annotated[str, Field(min_length=1, max_length=CHARACTER_NAME_MAX_CHARS, pattern=_PLAIN)]
Description = Annotated[str, Field(min_length=1, max_length=CHARACTER_DESCRIPTION_MAX_CHARS, pattern=_PLAIN)]


class CharacterShape(Model):
    """A character in the Vault."""

    character_id: str
    name: str
    description: str
    references: tuple[str, ...] = Field(description="links to the reference images")


class CharacterChange(Model):
    """What is to be different; what is left out stays."""

    name: Name | None = None
    description: Description | None = None


def character_shape(character: CharacterRef) -> CharacterShape:
    """A character as JSON shows it."""
    url = f"{PREFIX}/characters/{character.character_id}/references"
    return CharacterShape(
        character_id=character.character_id,
        name=character.name,
        description=character.description,
        references=tuple(f"{url}/{number}" for number in range(len(character.reference_keys))),
    )


@router.get("/characters", summary="Search characters", responses=PERSONAL)
def search(caller: Reader, backend: BackendOf, search: Search = "", cursor: Cursor = None) -> Page[CharacterShape]:
    """The account's characters, newest first."""
    with page_asked_for():
        page = backend.stores.characters.page(caller.account_id, PageQuery(search=search, cursor=cursor))
    return Page(items=tuple(map(character_shape, page.characters)), next_cursor=page.next_cursor)


async def _makes_room(request: Request) -> AbstractAsyncContextManager[None]:
    """Counts before the images come: they are written to disk as they do."""
    backend, caller = backend_of(request), require(await known_caller(request), Scope.WRITE)
    await run_in_threadpool(limit, backend, backend.settings.rates.upload, "character", caller.account_id)
    await run_in_threadpool(check_room, backend, caller, declared_bytes(request.headers.get("content-length", "")))
    return backend.turns.receiving(caller.account_id)


@before_the_body(_makes_room)
async def _has_room() -> None:
    """Checked before the body."""


@router.post(
    "/characters",
    status_code=201,
    dependencies=[Depends(_has_room)],
    summary="Lock a character",
    responses=errors(401, 403, 409, 413, 415, 429),
)
async def add(
    request: Request,
    caller: Writer,
    backend: BackendOf,
    name: Annotated[Name, Form()],
    description: Annotated[Description, Form()],
    references: Annotated[list[UploadFile], File(min_length=1, max_length=MOST_REFERENCES)],
) -> CharacterShape:
    """With 1 to 6 images: PNG, JPEG or WebP by content. They are checked and written anew before anything is stored."""
    with tempfile.TemporaryDirectory(prefix="echonos-references-") as folder:
        ready = []
        for number, image in enumerate(references):
            # Paths of our own making: what the artist calls a file never becomes one.
            raw, out = FilePath(folder) / f"{number}", FilePath(folder) / f"{number}.jpg"
            raw.write_bytes(await image.read(MOST_IMAGE_BYTES + 1))
            async with checked(backend, caller.account_id):
                await _prepare(raw, out, number)
            ready.append(out)
        return await run_in_threadpool(_lock, backend, caller.account_id, name, description, ready)


@router.get("/characters/{character_id}", summary="One character", responses=PERSONAL)
def show(character_id: CharacterId, caller: Reader, backend: BackendOf) -> CharacterShape:
    """With links to its images."""
    return character_shape(_character(backend, caller.account_id, character_id))


@router.patch(
    "/characters/{character_id}",
    summary="Change a character",
    responses=errors(401, 403, 404, 409, 429),
    dependencies=[counted("change")],
)
def change(character_id: CharacterId, body: CharacterChange, caller: Writer, backend: BackendOf) -> CharacterShape:
    """Videos made before keep it as it was."""
    try:
        characters = backend.stores.characters
        return character_shape(characters.change(caller.account_id, character_id, body.name, body.description))
    except NotStored:
        raise no_character() from None
    except InvalidInput as error:
        raise _taken(error) from error


@router.get(
    "/characters/{character_id}/references/{number}",
    status_code=307,
    summary="A reference image",
    responses={307: {"description": "a link into the object store"}, **PERSONAL},
    response_class=RedirectResponse,
)
def reference(
    character_id: CharacterId,
    number: Annotated[int, Path(ge=0, lt=MOST_REFERENCES)],
    caller: Reader,
    backend: BackendOf,
) -> Response:
    """A JPEG."""
    keys = _character(backend, caller.account_id, character_id).reference_keys
    if number >= len(keys):
        raise not_found("This character has no such image.")
    url = backend.public_objects.presigned_get(keys[number], LINK_S)
    return RedirectResponse(url, 307, {"Cache-Control": f"private, max-age={LINK_KEPT_S}"})


def no_character() -> Problem:
    """The account has no such character."""
    return not_found("There is no such character in your Vault.")


async def _prepare(raw: FilePath, out: FilePath, number: int) -> None:
    try:
        await run_in_threadpool(prepare_reference, raw, out)
    except InvalidInput as error:
        status = {"too_big": 413, "unknown_type": 415}.get(error.code, 422)
        sentence = f"Image {number + 1}{error.message.removeprefix(raw.name)}"
        raise Problem(status, error.code, sentence, f"references.{number}") from error


def _lock(backend: Backend, account_id: str, name: str, description: str, ready: list[FilePath]) -> CharacterShape:
    stores = backend.stores
    pictures = [path.read_bytes() for path in ready]
    # The same character, sent again after a lost answer, is the same character.
    wish = digest_of(name, description, *(picture.hex() for picture in pictures))
    character_id = character_id_for(account_id, wish)
    try:
        return character_shape(stores.characters.get(account_id, character_id))
    except NotStored:
        prefix = character_prefix(account_id, character_id)
    keys = [f"{prefix}{path.name}" for path in ready]
    for key, picture in zip(keys, pictures, strict=True):
        stores.objects.put_bytes(key, picture, "image/jpeg")
    try:
        return character_shape(stores.characters.add(account_id, character_id, name, description, keys))
    except InvalidInput as error:
        stores.objects.delete_prefix(prefix)
        raise _taken(error) from error


def _taken(error: InvalidInput) -> Problem:
    return Problem(409 if error.code == "name_taken" else 422, error.code, error.message, "name")


def _character(backend: Backend, account_id: str, character_id: str) -> CharacterRef:
    try:
        return backend.stores.characters.get(account_id, character_id)
    except NotStored:
        raise no_character() from None
