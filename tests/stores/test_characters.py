"""Characters: locked once, found by name, changed under the same id."""

import pytest

from models.failures import InvalidInput
from models.vault import PageQuery
from stores.characters import Characters
from stores.database import Database
from stores.ledger import Ledger
from tests.fakes.clock import Clock


@pytest.fixture
def characters(database: Database, clock: Clock) -> Characters:
    for account_id in ("ada", "bob"):
        Ledger(database, clock).open_account(account_id)
    return Characters(database, clock)


def test_a_character_is_locked_once_and_found_by_name_in_any_case(characters: Characters) -> None:
    mara = characters.add("ada", "character-1", " Mära ", "a tall woman\nin a red coat", ["k1", "k2"])
    assert (mara.name, mara.description) == ("Mära", "a tall woman in a red coat")
    assert characters.add("ada", "character-1", "Other", "words", ["k3"]) == mara, "the same operation"
    assert characters.named("ada", "MÄRA") == mara
    assert characters.named("ada", "character-1") == mara
    assert characters.get("ada", "character-1").reference_keys == ("k1", "k2")
    for account_id, name in (("bob", "Mära"), ("ada", "Unknown"), ("bob", "character-1")):
        with pytest.raises(InvalidInput, match="no character"):
            characters.named(account_id, name)
    with pytest.raises(KeyError):
        characters.get("bob", "character-1")


def test_names_differ_within_an_account(characters: Characters) -> None:
    characters.add("ada", "character-1", "Mara", "x", ["k"])
    with pytest.raises(InvalidInput, match="already"):
        characters.add("ada", "character-2", "MARA", "x", ["k"])
    characters.add("bob", "character-3", "Mara", "x", ["k"])
    characters.add("ada", "character-4", "Nils", "x", ["k"])
    with pytest.raises(InvalidInput, match="already"):
        characters.change("ada", "character-4", name="mara")
    assert characters.change("ada", "character-4", name="NILS").name == "NILS"


def test_a_change_keeps_id_and_images(characters: Characters, clock: Clock) -> None:
    before = characters.add("ada", "character-1", "Mara", "a woman", ["k"])
    clock.forward(days=1)
    after = characters.change("ada", "character-1", description="a woman with a scar")
    assert after == before.model_copy(update={"description": "a woman with a scar"})
    assert characters.page("ada", PageQuery(search="SCAR mara")).characters == (after,)
    with pytest.raises(KeyError):
        characters.change("bob", "character-1", name="Mine")


@pytest.mark.parametrize(
    ("name", "description", "images", "code"),
    [
        (" ", "x", 1, "name_empty"),
        ("a" * 81, "x", 1, "name_too_long"),
        ("Mara", "", 1, "description_empty"),
        ("Mara", "a" * 1001, 1, "description_too_long"),
        ("Mara", "x", 0, "references"),
        ("Mara", "x", 7, "references"),
    ],
)
def test_what_is_unusable_is_refused(
    characters: Characters, name: str, description: str, images: int, code: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        characters.add("ada", "character-1", name, description, ["k"] * images)
    assert refused.value.code == code
    assert characters.page("ada").characters == ()
