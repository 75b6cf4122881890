"""Deleting from the Vault, and its consequences in advance."""

from typing import Annotated

from fastapi import Path

from api import admission
from api.deps import BackendOf, Reader, Writer, counted
from api.docs import PERSONAL, errors
from models.vault import DeletionPlan, Shelf
from services.deletion import delete, plan_deletion

router = admission.router("vault")


def _serve(shelf: Shelf, consequences: str) -> None:
    shelves = "footage" if shelf is Shelf.FOOTAGE else f"{shelf}s"
    address, in_address = f"/{shelves}/{{{shelf}_id}}", f"{shelf}_id"

    @router.get(
        f"{address}/deletion",
        name=f"plan_{shelf}",
        summary=f"What deleting a {shelf} means",
        description="The consequences, to be shown before the deletion.",
        responses=PERSONAL,
    )
    def plan(
        subject_id: Annotated[str, Path(alias=in_address, max_length=80)], caller: Reader, backend: BackendOf
    ) -> DeletionPlan:
        return plan_deletion(backend, caller.account_id, shelf, subject_id)

    @router.delete(
        address,
        name=f"delete_{shelf}",
        status_code=204,
        summary=f"Delete a {shelf}",
        description=consequences,
        responses=errors(401, 403, 404, 409, 429),
        dependencies=[counted("change")],
    )
    async def remove(
        subject_id: Annotated[str, Path(alias=in_address, max_length=80)], caller: Writer, backend: BackendOf
    ) -> None:
        await delete(backend, caller.account_id, shelf, subject_id)


_serve(Shelf.SONG, "Removes it from lists at once, its objects right after. Its videos stay.")
_serve(Shelf.VIDEO, "Deletes all its versions for good, or an order without a version. 409 while it is being made.")
_serve(Shelf.CHARACTER, "Videos with the character stay as they are.")
_serve(Shelf.FOOTAGE, "Videos that show it stay as they are.")
