"""Whole accounts: exported as one ZIP, or erased.

Side effects: an export writes one ZIP under the request's key. An erasure deletes the account's sessions, runs,
objects, executions and rows; ledger entries are never touched. Idempotency: a repeated export overwrites the same ZIP;
a repeated erasure finds nothing left to delete. Orchestrate queue.
"""

import asyncio
import json
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from temporalio import activity

from activities.ports.runs import ExecutionStore
from activities.ports.stores import AccountData, Ledger, ObjectStore
from activities.steps import pulse, scratch, step
from models.account_data import Closed, Erased, ErasureRequest, SettledHolds, Takeout, TakeoutRequest
from models.failures import ProviderUnavailable
from models.object_keys import STAGED, TAKEOUTS, account_prefix, takeout_key, upload_forms_prefix

_READ_ME = """Everything that Echonos keeps of this account.

rows/     what the database holds, one file a table, as JSON: songs, videos with their briefs and prompts, versions,
          characters, own footage, orders, credits, sessions and what happened to the account's safety.
          Passwords, tokens and other secrets are kept as digests only and are left out.
files/    what the object store holds: songs and clips as they were uploaded, analyses, stills, clips, finished videos
          and pieces.
          Folder names are the ids that rows/songs.json and rows/videos.json give beside the titles.
"""

_STORED_AS_IT_IS = re.compile(r"\.(mp4|m4a|mov|webm|mp3|flac|ogg|aac|png|jpe?g|webp|zip)$")
_WAITS_S = 2.0
_PATIENCE_S = 60.0
"""How long cancelled runs may take to end before they are terminated."""


class AccountDataActivities:
    """Steps on whole accounts."""

    def __init__(self, objects: ObjectStore, data: AccountData, executions: ExecutionStore, ledger: Ledger) -> None:
        self._objects = objects
        self._data = data
        self._executions = executions
        self._ledger = ledger

    @step
    def pack_account(self, request: TakeoutRequest) -> Takeout:
        """Write the ZIP to a temporary file, one object at a time, then store it."""
        key, files = takeout_key(request.account_id, request.takeout_id), 0
        with scratch() as folder:
            path = folder / "account.zip"
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("README.txt", _READ_ME)
                for table, rows in self._data.rows(request.account_id):
                    archive.writestr(f"rows/{table}.json", json.dumps(rows, ensure_ascii=False, indent=1, default=str))
                files = self._add_objects(request.account_id, archive, folder)
            self._objects.put_file(key, path, "application/zip")
            size_bytes = path.stat().st_size
        return Takeout(
            takeout_id=request.takeout_id,
            object_key=key,
            size_bytes=size_bytes,
            files=files,
            made_at=datetime.now(UTC),
        )

    def _add_objects(self, account_id: str, archive: zipfile.ZipFile, folder: Path) -> int:
        prefix, count, path = account_prefix(account_id), 0, folder / "object"
        for key in self._objects.list_keys(prefix):
            pulse()
            self._objects.get_file(key, path)
            how = zipfile.ZIP_STORED if _STORED_AS_IT_IS.search(key) else zipfile.ZIP_DEFLATED
            archive.write(path, f"files/{key.removeprefix(prefix)}", how)
            count += 1
        return count

    @step
    async def close_account(self, request: ErasureRequest) -> Closed:
        """Revoke all sessions and tokens, and cancel all open runs."""
        await asyncio.to_thread(self._data.close, request.account_id)
        return Closed(runs=await self._executions.end_of_account(request.account_id, force=False))

    @step
    async def settle_account(self, request: ErasureRequest) -> SettledHolds:
        """Wait for the runs to end, terminate those that do not, and settle the holds that still stand."""
        loop = asyncio.get_running_loop()
        until = loop.time() + _PATIENCE_S
        while await self._executions.end_of_account(request.account_id, force=loop.time() > until):
            activity.heartbeat()
            await asyncio.sleep(_WAITS_S)
        holds = await asyncio.to_thread(self._data.standing_holds, request.account_id)
        for hold in holds:
            await asyncio.to_thread(self._ledger.settle, hold)
        return SettledHolds(settled=len(holds))

    @step
    async def erase_account(self, request: ErasureRequest) -> Erased:
        """Delete objects, executions and rows, including the account's own row."""
        account_id, objects = request.account_id, 0
        for prefix in (
            account_prefix(account_id),
            f"{TAKEOUTS}{account_id}/",
            f"{STAGED}{account_id}/",
            upload_forms_prefix(account_id),
        ):
            objects += await asyncio.to_thread(self._objects.delete_prefix, prefix)
            activity.heartbeat()
        if await self._executions.end_of_account(account_id, force=True):
            raise ProviderUnavailable("A run of this account started meanwhile; the retry ends it first.")
        executions = await self._executions.delete_of_account(account_id, activity.heartbeat)
        rows = await asyncio.to_thread(self._data.forget, account_id)
        return Erased(objects=objects, executions=executions, rows=rows)
