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
from api.deps import BackendOf, Reader, Writer, backend_of, counted, has_room, known_caller, limit, require
from api.docs import PERSONAL, errors
from api.guard import declared_bytes
from api.problems import not_found
from api.routes.songs import Cursor, Search
from api.shapes import PREFIX, Page, shared
from api.uploads import checked
from models.access import Scope
from models.base import Model
from models.vault import (
    CHARACTER_DESCRIPTION_MAX_CHARS,
    CHARACTER_NAME_MAX_CHARS,
    MOST_REFERENCES,
    CharacterRef,
    PageQuery,
)
from services.characters import (
    MOST_IMAGE_BYTES,
    change_character,
    find_character,
    list_characters,
    lock_character,
    prepare_image,
)
from services.media import link_to

router = admission.router("characters")

MOST_BYTES = MOST_REFERENCES * MOST_IMAGE_BYTES + 100_000
LINK_KEPT_S = 300

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
    """The changes; omitted fields stay."""

    name: Name | None = None
    description: Description | None = None


def character_shape(character: CharacterRef) -> CharacterShape:
    """A character as JSON shows it."""
    url = f"{PREFIX}/characters/{character.character_id}/references"
    references = tuple(f"{url}/{number}" for number in range(len(character.reference_keys)))
    return CharacterShape(**shared(CharacterShape, character), references=references)


@router.get("/characters", summary="Search characters", responses=PERSONAL)
def search(caller: Reader, backend: BackendOf, search: Search = "", cursor: Cursor = None) -> Page[CharacterShape]:
    """The account's characters, newest first."""
    page = list_characters(backend, caller.account_id, PageQuery(search=search, cursor=cursor))
    return Page(items=tuple(map(character_shape, page.characters)), next_cursor=page.next_cursor)


async def _makes_room(request: Request) -> AbstractAsyncContextManager[None]:
    """Count the upload before its images are written to disk."""
    backend, caller = backend_of(request), require(await known_caller(request), Scope.WRITE)
    await run_in_threadpool(limit, backend, backend.settings.rates.upload, "character", caller.account_id)
    await run_in_threadpool(has_room, backend, caller, declared_bytes(request.headers.get("content-length", "")))
    return backend.concurrency.receiving(caller.account_id)


@before_the_body(_makes_room)
async def _has_room() -> None:
    pass


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
    """Takes 1 to 6 images: PNG, JPEG or WebP by content. They are checked and encoded again before they are stored."""
    with tempfile.TemporaryDirectory(prefix="echonos-references-") as folder:
        ready = []
        for number, image in enumerate(references):
            # Our own paths: an artist's file name never becomes one.
            raw, out = FilePath(folder) / f"{number}", FilePath(folder) / f"{number}.jpg"
            raw.write_bytes(await image.read(MOST_IMAGE_BYTES + 1))
            async with checked(backend, caller.account_id):
                await run_in_threadpool(prepare_image, raw, out, number)
            ready.append(out)
        locked = await run_in_threadpool(lock_character, backend, caller.account_id, name, description, ready)
        return character_shape(locked)


@router.get("/characters/{character_id}", summary="One character", responses=PERSONAL)
def show(character_id: CharacterId, caller: Reader, backend: BackendOf) -> CharacterShape:
    """Contains links to its images."""
    return character_shape(find_character(backend, caller.account_id, character_id))


@router.patch(
    "/characters/{character_id}",
    summary="Change a character",
    responses=errors(401, 403, 404, 409, 429),
    dependencies=[counted("change")],
)
def change(character_id: CharacterId, body: CharacterChange, caller: Writer, backend: BackendOf) -> CharacterShape:
    """Existing videos keep the character as it was."""
    return character_shape(change_character(backend, caller.account_id, character_id, body.name, body.description))


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
    keys = find_character(backend, caller.account_id, character_id).reference_keys
    if number >= len(keys):
        raise not_found("This character has no such image.")
    url = link_to(backend.public_objects, keys[number])
    return RedirectResponse(url, 307, {"Cache-Control": f"private, max-age={LINK_KEPT_S}"})
