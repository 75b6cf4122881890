"""Keys published by another party, fetched in the background, so that a silent host delays no request.

A fetch runs in a thread of its own, one at a time, outside all locks. At most two requests wait for it, for a moment;
all others answer at once from the known keys. After a failure the host is left alone for a while.
"""

import threading
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import httpx

from models.failures import ProviderUnavailable

K = TypeVar("K")
F = TypeVar("F")

WAITERS, PATIENCE_S = 2, 2.0
FIRST_BACKOFF_S, LONGEST_BACKOFF_S = 1.0, 60.0
FETCH_S = 10.0
"""The longest that one document may take."""

MOST_BYTES = 1_000_000


class PublishedKeys(Generic[K]):
    """The keys of one publisher.

    Args:
        read: Fetches the keys; blocks. Raises ProviderUnavailable if that fails.
        away: The failure's sentence while they cannot be read.
    """

    def __init__(self, read: Callable[[], K], away: str) -> None:
        self._read = read
        self._away = away
        self._keys: K | None = None
        self._read_at = self._not_before = float("-inf")
        self._failures = 0
        self._lock = threading.Lock()
        self._fetching: threading.Event | None = None
        self._waiters = threading.BoundedSemaphore(WAITERS)

    def find(self, pick: Callable[[K], F | None], *, lifetime_s: float, unknown_every_s: float) -> F | None:
        """Look something up in the keys.

        Args:
            pick: Finds the value in the keys, quickly; None if it is missing.
            lifetime_s: Older keys stay in use, and are fetched again in the background.
            unknown_every_s: A value missing from keys younger than this does not exist.

        Returns:
            The value; None if it is missing from fresh keys.

        Raises:
            ProviderUnavailable: Fresh keys cannot be fetched now, and may have the value.
        """
        found, age_s = self._pick(pick)
        if found is not None:
            if age_s > lifetime_s:
                self.refresh()
            return found
        if age_s <= unknown_every_s:
            return None
        fetching = self.refresh()
        if fetching is not None and self._waiters.acquire(blocking=False):
            try:
                came = fetching.wait(PATIENCE_S)
            finally:
                self._waiters.release()
            if came and self._failures == 0:
                return self._pick(pick)[0]
        raise ProviderUnavailable(self._away)

    def refresh(self) -> threading.Event | None:
        """Fetch the keys again, in the background.

        Returns:
            Set once the fetch has ended; None while the host is left alone.
        """
        with self._lock:
            if self._fetching is None:
                if time.monotonic() < self._not_before:
                    return None
                self._fetching = threading.Event()
                threading.Thread(target=self._fetch, args=[self._fetching], daemon=True, name="published-keys").start()
            return self._fetching

    def _fetch(self, done: threading.Event) -> None:
        began = time.monotonic()
        try:
            keys = self._read()
        except ProviderUnavailable:
            self._failures += 1
            wait_s = min(LONGEST_BACKOFF_S, FIRST_BACKOFF_S * 2 ** min(self._failures - 1, 10))
            self._not_before = time.monotonic() + wait_s
        else:
            self._keys, self._read_at, self._failures = keys, began, 0
        finally:
            with self._lock:
                self._fetching = None
            done.set()

    def _pick(self, pick: Callable[[K], F | None]) -> tuple[F | None, float]:
        keys, age_s = self._keys, time.monotonic() - self._read_at
        return (None if keys is None else pick(keys)), age_s


def fetch_object(http: httpx.Client, url: str) -> dict[str, Any]:
    """A JSON object of limited size, within a limited time.

    Args:
        http: A client whose time-outs apply between two chunks.

    Raises:
        ValueError: The answer is not a JSON object, too long, or too slow.
        httpx.HTTPError: There was no answer, or it was an error.
    """
    data, deadline = bytearray(), time.monotonic() + FETCH_S
    with http.stream("GET", url) as answer:
        answer.raise_for_status()
        for part in answer.iter_bytes():
            data += part
            if len(data) > MOST_BYTES:
                raise ValueError("its answer is too long")
            if time.monotonic() > deadline:
                raise ValueError("its answer comes too slowly")
    found = httpx.Response(200, content=bytes(data)).json()
    if not isinstance(found, dict):
        raise ValueError("its answer is not an object")  # noqa: TRY004  # a bad answer from outside is a bad value
    return found
