"""What activities need of the stores: objects, ledger, Vault, Studio, accounts."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from models.boards import BoardKind, StoredStep
from models.brief import Brief
from models.cancellations import Stop
from models.credits import (
    Balance,
    HoldInfo,
    HoldReceipt,
    HoldRequest,
    LedgerReport,
    Operation,
    Quote,
    Settlement,
    SettleRequest,
)
from models.footage import FootageRef
from models.progress import FailureNote
from models.song import FIRST_HEARD, Heard, SongRef
from models.spending import Spending
from models.stretches import Stretch
from models.studio import AcceptedOperation, SceneTake, StudioOperation, StudioOrder
from models.timeline import Timeline
from models.treatment import Character
from models.vault import ExportRef, Removal, Shelf


class ObjectStore(Protocol):
    """Objects under keys. Writing the same key again is harmless: keys are derived from inputs."""

    def put_bytes(self, key: str, data: bytes, content_type: str) -> None:
        """Store small data."""
        ...

    def put_file(self, key: str, path: Path, content_type: str) -> None:
        """Store a file."""
        ...

    def get_bytes(self, key: str) -> bytes:
        """Read a small object; raises `NotStored` if it is missing."""
        ...

    def get_range(self, key: str, start: int, size_bytes: int) -> bytes:
        """Read a part of an object, shorter at its end; raises `NotStored` if it is missing."""
        ...

    def compose(self, key: str, stretches: Sequence[Stretch], content_type: str) -> None:
        """Store the concatenation of parts of files and other objects; raises `NotStored` if one is missing."""
        ...

    def get_file(self, key: str, path: Path) -> None:
        """Write an object into a file; raises `NotStored` if it is missing."""
        ...

    def size(self, key: str) -> int | None:
        """An object's size in bytes, or None if it is missing."""
        ...

    def list_keys(self, prefix: str) -> Iterator[str]:
        """The keys below a prefix, in order."""
        ...

    def delete_prefix(self, prefix: str) -> int:
        """Delete everything below a prefix; returns the number of deleted objects."""
        ...


class Ledger(Protocol):
    """Credits. Every call is idempotent."""

    def hold(self, request: HoldRequest) -> HoldReceipt:
        """Reserve credits; raises `InsufficientCredits`."""
        ...

    def is_stopped(self, operation_key: str) -> bool:
        """Whether the artist has stopped a generation."""
        ...

    def settle(self, request: SettleRequest) -> Settlement:
        """Capture if a version is stored under the operation key, release otherwise, in one transaction."""
        ...

    def balance(self, account_id: str) -> Balance:
        """The account's current balance."""
        ...

    def stop(self, account_id: str, operation_key: str, accept_kept: int | None = None) -> Stop | None:
        """Accept a stop of a generation, up to a sum that is kept; None: no hold stands, or a version is stored."""
        ...

    def standing_holds(self, held_before: datetime, limit: int = 500, after: HoldInfo | None = None) -> list[HoldInfo]:
        """Holds that have not ended, oldest first; the next page starts after `after`."""
        ...

    def verify(self) -> LedgerReport:
        """Recompute all balances from the entries."""
        ...

    def quote(self, account_id: str, operation: Operation) -> Quote:
        """The current price of an operation for the account."""
        ...


class Vault(Protocol):
    """Songs, videos and versions, per account."""

    def song(self, account_id: str, song_id: str) -> SongRef:
        """A song; raises `NotStored`."""
        ...

    def record_analysis(
        self, account_id: str, song_id: str, analysis_key: str, soundtrack_key: str, heard: Heard = FIRST_HEARD
    ) -> SongRef:
        """Record what was made from a song's bytes; a revision older than the song's changes nothing."""
        ...

    def is_delivered(self, account_id: str, video_id: str) -> bool:
        """Whether any version of the video is stored."""
        ...

    def timeline(self, account_id: str, video_id: str, version: int | None = None) -> Timeline:
        """The timeline of a version, by default the latest; raises `NotStored`."""
        ...

    def deliver_version(
        self,
        account_id: str,
        operation_key: str,
        timeline: Timeline,
        title: str,
        style: str,
        brief: Brief | None = None,
    ) -> bool:
        """Store a version if the operation's hold still stands; False if the hold was released before."""
        ...

    def settle_late(self, request: HoldRequest) -> Settlement:
        """Deliver a stored but unpaid version against a new hold, in one transaction; raises `InsufficientCredits`."""
        ...


class Operations(Protocol):
    """Studio's operations, from order to version or refund."""

    def accept(self, order: StudioOrder, gone: frozenset[int] = frozenset()) -> AcceptedOperation:
        """Hold the price and record the operation; raises `InvalidInput` or `InsufficientCredits`.

        `gone`: the scenes that an edit removes.
        """
        ...

    def operation(self, account_id: str, video_id: str, operation_id: str) -> StudioOperation:
        """An operation; raises `NotStored`."""
        ...

    def of_video(self, account_id: str, video_id: str) -> list[StudioOperation]:
        """All operations on a video, oldest first."""
        ...

    def takes(self, account_id: str, video_id: str) -> list[SceneTake]:
        """The takes of all scenes, the draft's first."""
        ...

    def spent_retries(self, account_id: str, video_id: str) -> frozenset[int]:
        """The scenes whose free retry has been used."""
        ...

    def generation_cost(self, account_id: str, video_id: str) -> int:
        """The credits charged for the video's generation."""
        ...

    def record_take(self, account_id: str, operation_key: str, take: SceneTake) -> StudioOperation:
        """Record the take that an operation made."""
        ...

    def deliver(self, account_id: str, operation_key: str, timeline: Timeline) -> int | None:
        """Store the operation's version; None if it had been given up; raises `VersionMoved`."""
        ...

    def give_up(self, account_id: str, operation_key: str, note: FailureNote) -> StudioOperation:
        """End an operation without a version and refund it; a delivered one stays."""
        ...


class BoardBook(Protocol):
    """Storyboards: their revisions, and their artists' orders."""

    def head(self, account_id: str, video_id: str) -> StoredStep:
        """The row of the newest revision; raises `NotStored`."""
        ...

    def find(self, account_id: str, video_id: str, operation_id: str, asked: str | None = None) -> StoredStep | None:
        """The row of an order; raises `InvalidInput` where something else was asked for under its id."""
        ...

    def steps(self, account_id: str, video_id: str) -> list[StoredStep]:
        """The rows of all revisions, oldest first."""
        ...

    def painting(self, account_id: str, video_id: str) -> list[StoredStep]:
        """The repaints that are under way."""
        ...

    def repainted_micro_usd(self, video_id: str) -> int:
        """What repaints have cost at most."""
        ...

    def add(
        self,
        account_id: str,
        video_id: str,
        operation_id: str,
        kind: BoardKind,
        asked: str,
        revision: int,
        key: str,
        decided: frozenset[int] = frozenset(),
    ) -> StoredStep:
        """Make a revision the newest one; raises `InvalidInput` (`board_moved`, `scene_busy`)."""
        ...

    def accept_repaint(
        self,
        account_id: str,
        video_id: str,
        operation_id: str,
        asked: str,
        scene_id: int,
        revision: int,
        quoted: int | None,
    ) -> tuple[StoredStep, Balance]:
        """Hold the price of a repaint; raises `InvalidInput` or `InsufficientCredits`."""
        ...

    def apply_repaint(
        self, account_id: str, video_id: str, operation_id: str, revision: int, board_key: str
    ) -> StoredStep:
        """Show a repaint's still and capture its price, if it still stands; raises `VersionMoved`."""
        ...

    def end_repaint(self, account_id: str, video_id: str, operation_id: str, note: FailureNote) -> StoredStep:
        """Give up a repaint and refund it; one whose still is shown stays."""
        ...


class SpendingBook(Protocol):
    """What runs have paid to providers."""

    def record(self, spending: Spending) -> None:
        """Write a line, unless its key exists."""
        ...

    def total_micro_usd(self, video_id: str) -> int:
        """The cost of a video so far, in millionths of a dollar."""
        ...


class AccountData(Protocol):
    """All rows of an account."""

    def rows(self, account_id: str) -> Iterator[tuple[str, list[dict[str, object]]]]:
        """All stored rows, by table, as plain JSON values; raises `InvalidInput` for an unknown account."""
        ...

    def close(self, account_id: str) -> None:
        """Revoke every way to log in."""
        ...

    def standing_holds(self, account_id: str) -> list[SettleRequest]:
        """The holds that still stand, as settle requests."""
        ...

    def forget(self, account_id: str) -> int:
        """Delete the rows outside of the ledger; returns their number."""
        ...


class CharacterBook(Protocol):
    """Characters locked in the Vault."""

    def get(self, account_id: str, character_id: str) -> Character:
        """A character; raises `NotStored`."""
        ...


class FootageShelf(Protocol):
    """Pictures and clips of the artists' own."""

    def get(self, account_id: str, footage_id: str) -> FootageRef:
        """A picture or clip; raises `NotStored`."""
        ...


class DeletionStore(Protocol):
    """Deletes rows of the Vault. Every call is idempotent."""

    def hide(self, account_id: str, shelf: Shelf, subject_id: str) -> None:
        """Take something off the lists."""
        ...

    def show(self, account_id: str, shelf: Shelf, subject_id: str) -> None:
        """Put something back on the lists."""
        ...

    def drafts_in_the_making(self, account_id: str) -> list[str]:
        """The workflows that hold credits for a draft now."""
        ...

    def forget(self, account_id: str, shelf: Shelf, subject_id: str) -> Removal:
        """Delete the rows; returns what is left to remove from the object store."""
        ...


class ExportShelf(Protocol):
    """Lists exports of videos."""

    def export(self, account_id: str, asset_id: str) -> ExportRef:
        """An export; raises `NotStored`."""
        ...

    def add_export(self, asset: ExportRef) -> ExportRef:
        """List an export; raises `NotStored` if its video is gone."""
        ...


class Sweeper(Protocol):
    """A store whose rows expire."""

    def sweep(self) -> int:
        """Delete expired rows; returns their number."""
        ...
