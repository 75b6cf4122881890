"""An account as a whole, for support: hand everything out, or erase it at its person's wish."""

import asyncio
from pathlib import Path
from uuid import uuid4

import typer

from cli.exits import RunFailed
from cli.fetching import check_out
from cli.output import Output
from cli.session import Session, open_session
from models.account_data import Takeout
from models.failures import InvalidInput
from models.support import Action
from services.account_data import TakeoutFailed, erase_account, look_at_takeout, start_takeout

LOOKS_EVERY_S = 0.5


async def take_out(account_id: str, out: Path, reason: str, actor: str, output: Output) -> None:
    """Pack everything of an account into a file."""
    check_out(out)
    async with open_session(output) as session:
        stores, takeout_id = session.stores, uuid4().hex
        stores.ledger.balance(account_id)  # an account that is not there is refused before anything is written
        with stores.support.attempt(actor, Action.TAKE_OUT, account_id, reason, account_id):
            takeout = await _packed(session, account_id, takeout_id)
            await asyncio.to_thread(stores.objects.get_file, takeout.object_key, out)
            await asyncio.to_thread(stores.objects.delete_prefix, takeout.object_key)
    answer = takeout.model_dump(mode="json", exclude={"object_key"}) | {"path": str(out)}
    output.answer(answer, [f"{takeout.files} files and all records of {account_id}.", str(out)])


async def _packed(session: Session, account_id: str, takeout_id: str) -> Takeout:
    await start_takeout(session.client, account_id, takeout_id)
    while True:
        await asyncio.sleep(LOOKS_EVERY_S)
        try:
            takeout = await look_at_takeout(session.client, account_id, takeout_id)
        except TakeoutFailed as error:
            raise RunFailed(error.message) from error
        if takeout is not None:
            return takeout


async def erase(account_id: str, reason: str, actor: str, yes: bool, output: Output) -> None:
    """Erase an account after a question."""
    async with open_session(output) as session:
        balance = session.stores.ledger.balance(account_id)
        output.say(f"{account_id} has {balance.available} credits, which are lost. Everything but the ledger goes.")
        if not yes and not typer.confirm("Erase the account?", default=False, err=output.as_json):
            raise InvalidInput("Nothing was erased.", code="declined")
        with session.stores.support.attempt(actor, Action.ERASE, account_id, reason, account_id):
            closed = await erase_account(session.client, account_id)
    answer = {"account_id": account_id, "runs": closed.runs}
    output.answer(answer, [f"{account_id} is being erased; {closed.runs} open runs were asked to end."])
