"""`support take-out` and `support erase`: asked, written down, and done."""

import zipfile
from pathlib import Path

import pytest

from cli.commands.accounts import erase, take_out
from cli.output import Output
from models.failures import InvalidInput
from models.ids import erase_workflow_id
from models.support import Action
from tests.cli.test_support import output, stores, world
from tests.fakes.world import World

__all__ = ["output", "stores", "world"]


async def test_an_account_is_taken_out_and_then_erased(world: World, output: Output, tmp_path: Path) -> None:
    account_id, out = world.account_id, tmp_path / "account.zip"
    world.add_song(tmp_path)
    with pytest.raises(InvalidInput, match="no account"):
        await take_out("account-unknown", "asked by mail", "ada", out, output=output)
    await take_out(account_id, "asked by mail", "ada", out, output=output)
    assert "rows/songs.json" in zipfile.ZipFile(out).namelist()
    await erase(account_id, "asked by mail", "ada", True, output=output)
    await world.client.get_workflow_handle(erase_workflow_id(account_id)).result()
    done = [(entry.actor, entry.action, entry.reason) for entry in world.stores.support.of(account_id)]
    assert done == [("ada", Action.TAKE_OUT, ""), ("ada", Action.ERASE, "")], "who did what stays; the words go"
    assert world.stores.ledger.verify().differences == ()
