"""Noticing that the code has changed."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from watchfiles import PythonFilter, watch

from settings import CHECKOUT

_NOT_SERVED = {"tests", "bench"}
_TIMEOUT_MS = 500
_READY_S = 10.0


@contextmanager
def watch_code(changed: Callable[[], None], say: Callable[[str], None]) -> Iterator[None]:
    """Call `changed` whenever a source file changes, within the block.

    Args:
        changed: Called from another thread.
        say: Receives a message with the file's name.

    Yields:
        Nothing.
    """
    watching, stop = threading.Event(), threading.Event()
    # Our folders one by one: the checkout's .venv has thousands of folders.
    rooms = [path.parent for path in CHECKOUT.glob("*/__init__.py") if path.parent.name not in _NOT_SERVED]

    def look() -> None:
        paths = [*rooms, *CHECKOUT.glob("*.py")]
        # The first, empty, yield means that the kernel watches.
        for changes in watch(
            *paths, watch_filter=PythonFilter(), stop_event=stop, yield_on_timeout=True, rust_timeout=_TIMEOUT_MS
        ):
            watching.set()
            if changes:
                path = min(path for _, path in changes)
                say(f"{path.removeprefix(f'{CHECKOUT}/')} has changed: worker and page are restarted.")
                changed()

    thread = threading.Thread(target=look, name="reload", daemon=True)
    thread.start()
    watching.wait(_READY_S)
    try:
        yield
    finally:
        stop.set()
        thread.join()
