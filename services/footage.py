"""An artist's own pictures and clips: uploaded in parts, judged, kept in the Vault, renamed."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from uuid import uuid4

from engines.intake.footage import inspect_footage, too_big
from models import disk
from models.base import Model
from models.failures import Conflict, InvalidInput, NotFound, NotStored
from models.footage import MOST_FOOTAGE_BYTES, FootageFacts, FootageKind, FootagePage, FootageRef
from models.object_keys import own_footage_prefix, staged_key
from models.vault import PageQuery
from services.app import App
from services.failures import missing_is
from stores.searching import title_found, title_from

PART_BYTES = 8_000_000
"""The size of a part that uploads are asked to have; the last one is shorter."""

_ABOUT, _DONE = "about.json", "done.json"


class UploadState(Model):
    """How far an upload is."""

    upload_id: str
    filename: str
    size_bytes: int
    received_bytes: int = 0


class _Done(Model):
    footage_id: str


@dataclass(frozen=True)
class CheckedFootage:
    """A judged file with what is kept of it. Without `wanted_title` the file's name becomes its title."""

    path: Path
    facts: FootageFacts
    filename: str
    wanted_title: str | None
    picture: Path
    strip: Path

    @property
    def title(self) -> str:
        """The artist's title, or else the file's name."""
        return title_found(self.wanted_title, Path(self.filename).stem)

    @cached_property
    def kept(self) -> tuple[Path, str, str]:
        """The file that the Vault keeps, its ending, and its media type."""
        if self.facts.kind is FootageKind.PICTURE:
            return self.picture, "jpg", "image/jpeg"
        kind = "quicktime" if self.facts.format == "mov" else self.facts.format
        return self.path, self.facts.format, f"video/{kind}"


def begin_upload(app: App, account_id: str, filename: str, size_bytes: int) -> UploadState:
    """Begin an upload in parts.

    Args:
        filename: The artist's name for the file, for sentences and as its title.
        size_bytes: The file's size.

    Raises:
        InvalidInput: `too_big` or `empty`.
    """
    if size_bytes > MOST_FOOTAGE_BYTES:
        raise too_big(filename, size_bytes)
    if size_bytes < 1:
        raise InvalidInput(f"{filename} is empty: choose the file again.", "empty", "size_bytes")
    state = UploadState(upload_id=uuid4().hex, filename=filename, size_bytes=size_bytes)
    app.stores.objects.put_bytes(_key(account_id, state.upload_id, _ABOUT), state.to_bytes(), "application/json")
    return state


def upload_state(app: App, account_id: str, upload_id: str) -> UploadState:
    """How far an upload is: after a lost connection it goes on from there. Raises `NotFound`."""
    with missing_is(NotFound("There is no such upload, or it is more than a day old: begin again.")):
        about = app.stores.objects.get_bytes(_key(account_id, upload_id, _ABOUT))
    state = UploadState.from_bytes(about)
    received = sum(size for _, size in _parts(app, account_id, upload_id))
    return state.model_copy(update={"received_bytes": received})


def add_part(app: App, account_id: str, upload_id: str, offset: int, path: Path) -> UploadState:
    """Add a part; a repeated one changes nothing.

    Args:
        offset: Where in the file it begins.
        path: Its bytes.

    Raises:
        NotFound: There is no such upload.
        Conflict: `offset`: it begins elsewhere than the upload ends.
        InvalidInput: `too_big`: the file would be larger than it was said to be.
    """
    state, size = upload_state(app, account_id, upload_id), path.stat().st_size
    if (offset, size) in _parts(app, account_id, upload_id):
        return state
    if offset != state.received_bytes:
        sentence = f"The upload has {state.received_bytes} bytes: go on from there."
        raise Conflict(sentence, "offset", "offset")
    if offset + size > state.size_bytes:
        raise InvalidInput(
            f"The file was said to have {state.size_bytes} bytes, and this part ends at {offset + size}: begin again.",
            "too_big",
            "offset",
        )
    if size:
        disk.check()
        app.stores.objects.put_file(_key(account_id, upload_id, f"{offset:012d}"), path, "application/octet-stream")
    return state.model_copy(update={"received_bytes": offset + size})


def fetch_upload(app: App, account_id: str, upload_id: str, path: Path) -> UploadState:
    """Write a complete upload into a file.

    Raises:
        NotFound: There is no such upload.
        Conflict: `incomplete`.
    """
    state, part = upload_state(app, account_id, upload_id), path.with_name("part")
    if state.received_bytes < state.size_bytes:
        raise Conflict(
            f"The upload has {state.received_bytes} of {state.size_bytes} bytes: send the rest first.", "incomplete"
        )
    with path.open("wb") as file:
        for offset, _ in _parts(app, account_id, upload_id):
            app.stores.objects.get_file(_key(account_id, upload_id, f"{offset:012d}"), part)
            file.write(part.read_bytes())
    part.unlink()
    return state


def finished_upload(app: App, account_id: str, upload_id: str) -> FootageRef | None:
    """What a completed upload became, for a repeated completion; None: it is not completed, or that was deleted."""
    try:
        done = _Done.from_bytes(app.stores.objects.get_bytes(_key(account_id, upload_id, _DONE)))
        return app.stores.footage.get(account_id, done.footage_id)
    except NotStored:
        return None


def end_upload(app: App, account_id: str, upload_id: str, footage: FootageRef | None) -> None:
    """Delete an upload's parts: it was stored or refused."""
    objects = app.stores.objects
    if footage is None:
        objects.delete_prefix(f"{staged_key(account_id, upload_id)}/")
        return
    done = _Done(footage_id=footage.footage_id)
    objects.put_bytes(_key(account_id, upload_id, _DONE), done.to_bytes(), "application/json")
    for offset, _ in _parts(app, account_id, upload_id):
        objects.delete_prefix(_key(account_id, upload_id, f"{offset:012d}"))


def check_footage(path: Path, filename: str, folder: Path, title: str | None = None) -> CheckedFootage:
    """Judge a picture or clip by its content. Stores nothing.

    Args:
        path: The file.
        filename: The artist's name for it.
        folder: For what is kept of it.
        title: The artist's title; None: the file's name.

    Raises:
        InvalidInput: It is not usable, or the title is not; the sentence says why and what to do.
    """
    wanted = None if title is None else title_from(title)
    picture, strip = folder / "picture.jpg", folder / "strip.jpg"
    facts = inspect_footage(path, picture, strip, filename)
    return CheckedFootage(path, facts, filename, wanted, picture, strip)


def add_footage(app: App, account_id: str, checked: CheckedFootage) -> FootageRef:
    """Store a judged file, its bytes before its row.

    The same bytes are one picture or clip per account; an artist's title replaces the old one.

    Raises:
        InvalidInput: There is no such account.
        ProviderUnavailable: A store does not answer, or the same file is just being deleted.
    """
    shelf, objects, facts = app.stores.footage, app.stores.objects, checked.facts
    footage_id = shelf.id_of(account_id, facts.sha256)
    try:
        known = shelf.get(account_id, footage_id)
    except NotStored:
        prefix = own_footage_prefix(account_id, footage_id)
    else:
        if checked.wanted_title in (None, known.title):
            return known
        return shelf.rename(account_id, footage_id, checked.title)
    disk.check()
    path, ending, media_type = checked.kept
    objects.put_file(f"{prefix}file.{ending}", path, media_type)
    objects.put_file(f"{prefix}strip.jpg", checked.strip, "image/jpeg")
    return shelf.add(
        FootageRef(
            **facts.model_dump(),
            footage_id=footage_id,
            account_id=account_id,
            title=checked.title,
            file_key=f"{prefix}file.{ending}",
            strip_key=f"{prefix}strip.jpg",
            added_at=shelf.now(),
        )
    )


def find_footage(app: App, account_id: str, footage_id: str) -> FootageRef:
    """A picture or clip of the account. Raises `NotFound`: it has no such one."""
    with missing_is(_no_footage()):
        return app.stores.footage.get(account_id, footage_id)


def list_footage(app: App, account_id: str, page: PageQuery) -> FootagePage:
    """The account's pictures and clips, newest first. Raises `NotFound`: `no_page`: not a cursor of this list."""
    return app.stores.footage.page(account_id, page)


def rename_footage(app: App, account_id: str, footage_id: str, title: str) -> FootageRef:
    """Give a picture or clip another title; scenes that show it stay as they are.

    Raises:
        InvalidInput: The title is empty or too long.
        NotFound: The account has no such picture or clip.
    """
    with missing_is(_no_footage()):
        return app.stores.footage.rename(account_id, footage_id, title)


def _no_footage() -> NotFound:
    return NotFound("There is no such picture or clip in your Vault.")


def _key(account_id: str, upload_id: str, name: str) -> str:
    return f"{staged_key(account_id, upload_id)}/{name}"


def _parts(app: App, account_id: str, upload_id: str) -> list[tuple[int, int]]:
    """The parts without a gap between them: where each begins, and its size."""
    prefix, parts, end = f"{staged_key(account_id, upload_id)}/", list[tuple[int, int]](), 0
    for one in app.stores.objects.list_objects(prefix):
        name = one.key.removeprefix(prefix)
        if name.isdigit() and int(name) == end:
            parts.append((end, one.size_bytes))
            end += one.size_bytes
    return parts
