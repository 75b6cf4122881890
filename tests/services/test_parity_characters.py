"""Characters over HTTP and on the command line: the same character, and the same refusals."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from cli.commands import vault
from models.vault import MOST_REFERENCES, PageQuery, Shelf
from tests.api.conftest import Api, Person
from tests.services.conftest import Terminal

TerminalFor = Callable[..., Terminal]
URL = "/api/v1/characters"
PAGE = PageQuery()
LOOK = "a woman in a red coat"


@pytest.fixture
def face(tmp_path: Path) -> Path:
    """A picture of a face."""
    path = tmp_path / "face.png"
    Image.effect_noise((256, 256), 60).convert("RGB").save(path)
    return path


async def lock(person: Person, name: str, description: str, *pictures: Path) -> dict[str, object]:
    files = [("references", (path.name, path.read_bytes())) for path in pictures]
    answer = await person.http.post(URL, data={"name": name, "description": description}, files=files)
    return dict(answer.json())


async def test_both_sides_lock_the_same_character(api: Api, terminal_for: TerminalFor, face: Path) -> None:
    person = await api.sign_up()
    terminal = terminal_for(person.account_id)
    over_http = await lock(person, "Ada", LOOK, face, face)
    typed = await terminal.run(vault.add_character, " Ada ", [face, face], LOOK)
    assert typed["character_id"] == over_http["character_id"], "the same name, look and images: the same character"
    assert (await person.http.get(URL)).json()["items"] == [over_http]
    assert [one["name"] for one in (await terminal.run(vault.show_page, Shelf.CHARACTER, PAGE))["characters"]] == [
        "Ada"
    ]
    renamed = await terminal.run(vault.rename, Shelf.CHARACTER, "ada", "Eve")
    assert (await person.http.get(f"{URL}/{renamed['character_id']}")).json()["name"] == "Eve"


async def test_both_sides_refuse_alike(api: Api, terminal_for: TerminalFor, face: Path, tmp_path: Path) -> None:
    person = await api.sign_up()
    terminal = terminal_for(person.account_id)
    await lock(person, "Ada", LOOK, face)
    drawing, small = tmp_path / "drawing.svg", tmp_path / "small.png"
    drawing.write_text("<svg/>")
    Image.new("RGB", (20, 20)).save(small)
    for images, status, field in (
        ([face, drawing], 415, "references.1"),
        ([small], 422, "references.0"),
        ([face, face], 409, "name"),
    ):
        refused = await lock(person, "Ada", LOOK, *images)
        assert (refused["status"], refused["field"]) == (status, field)
        typed = await terminal.refusal(vault.add_character, "Ada", images, LOOK)
        assert typed == (refused["code"], refused["detail"])
    for name, look, images in ((" ", LOOK, [face]), ("Bo", " ", [face]), ("Bo", LOOK, [face] * (MOST_REFERENCES + 1))):
        assert (await lock(person, name, look, *images))["status"] == 422
        await terminal.refusal(vault.add_character, name, images, look)
    assert [one["name"] for one in (await person.http.get(URL)).json()["items"]] == ["Ada"]
    taken = (await terminal.run(vault.add_character, "Bo", [face], LOOK))["character_id"]
    refused = (await person.http.patch(f"{URL}/{taken}", json={"name": "ADA"})).json()
    assert refused["status"] == 409
    typed = await terminal.refusal(vault.rename, Shelf.CHARACTER, "Bo", "ADA")
    assert typed == (refused["code"], refused["detail"])
