"""Characters: locked with a name, a description and reference images, so that the same face holds in every scene."""

from collections.abc import Sequence
from pathlib import Path

from engines.intake.pictures import MOST_BYTES as MOST_IMAGE_BYTES
from engines.intake.pictures import prepare_reference
from models.failures import InvalidInput, NotFound, NotStored
from models.ids import character_id_for, digest_of
from models.object_keys import character_prefix
from models.vault import CharacterPage, CharacterRef, PageQuery
from services.app import App
from services.failures import missing_is
from stores.characters import check_reference_count, description_from, name_from

__all__ = ["MOST_IMAGE_BYTES"]


def prepare_image(path: Path, out: Path, number: int) -> None:
    """Check a reference image by its content, and encode it again as a JPEG.

    Args:
        path: The artist's file; its name is not used.
        number: The image's number within the character, from 0.

    Raises:
        InvalidInput: The picture is refused; the sentence says which image, why and what to do.
    """
    try:
        prepare_reference(path, out)
    except InvalidInput as error:
        sentence = f"Image {number + 1}{error.message.removeprefix(path.name)}"
        raise InvalidInput(sentence, error.code, f"references.{number}") from error


def check_character(name: str, description: str, images: int) -> None:
    """Check everything but the images. Raises `InvalidInput`: name, description or number of images is unusable."""
    name_from(name)
    description_from(description)
    check_reference_count(images)


def lock_character(app: App, account_id: str, name: str, description: str, images: Sequence[Path]) -> CharacterRef:
    """Lock a character. The same one, sent again after a lost answer, is the same character.

    Args:
        name: The artist's name for it; one account's names differ.
        images: 1 to 6 JPEGs from `prepare_image`.

    Raises:
        InvalidInput: Name, description or number of images is unusable.
        Conflict: The name is taken.
    """
    characters, objects = app.stores.characters, app.stores.objects
    name, description = name_from(name), description_from(description)
    pictures = [path.read_bytes() for path in images]
    wish = digest_of(name, description, *(picture.hex() for picture in pictures))
    character_id = character_id_for(account_id, wish)
    try:
        return characters.get(account_id, character_id)
    except NotStored:
        prefix = character_prefix(account_id, character_id)
    keys = [f"{prefix}{number}.jpg" for number in range(len(pictures))]
    for key, picture in zip(keys, pictures, strict=True):
        objects.put_bytes(key, picture, "image/jpeg")
    try:
        return characters.add(account_id, character_id, name, description, keys)
    except InvalidInput:
        objects.delete_prefix(prefix)
        raise


def find_character(app: App, account_id: str, character_id: str) -> CharacterRef:
    """A character of the account. Raises `NotFound`: it has no such character."""
    with missing_is(_no_character()):
        return app.stores.characters.get(account_id, character_id)


def named_character(app: App, account_id: str, name: str) -> CharacterRef:
    """A character by its name, in any case, or by its id. Raises `InvalidInput`: the account has no such character."""
    return app.stores.characters.named(account_id, name)


def list_characters(app: App, account_id: str, page: PageQuery) -> CharacterPage:
    """The account's characters, newest first. Raises `NotFound`: `no_page`: the cursor is none of this list's."""
    return app.stores.characters.page(account_id, page)


def change_character(
    app: App, account_id: str, character_id: str, name: str | None = None, description: str | None = None
) -> CharacterRef:
    """Give a character another name or description, None keeps it; videos made before keep theirs.

    Raises:
        InvalidInput: Name or description is unusable.
        Conflict: The name is taken.
        NotFound: The account has no such character.
    """
    with missing_is(_no_character()):
        return app.stores.characters.change(account_id, character_id, name, description)


def _no_character() -> NotFound:
    return NotFound("There is no such character in your Vault.")
