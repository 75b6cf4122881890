"""Whether a step's piece is stored already, without a request for each of a draft's many pieces."""

import threading
from collections import OrderedDict

from temporalio import activity

from activities.ports.stores import ObjectStore

LISTINGS_KEPT = 256
_DRAFTING = "GenerateVideo"
"""Studio's operations look for three pieces each, below a prefix that may hold thousands of objects."""


class _Known:
    """What was stored of a video when a run's first step came to this process.

    A first attempt trusts it, which saves a request per step: what an earlier attempt stored since is not in it, and so
    later attempts ask. A step that is scheduled anew, because all its attempts were lost or its stage is retried, has a
    first attempt again: where this process looked for its piece before, it asks, too. Where only another process did,
    the piece may be made once more under the same key. A reset is another run, and looks anew.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listings: OrderedDict[tuple[str, str], tuple[frozenset[str], set[str]]] = OrderedDict()

    def may_have(self, objects: ObjectStore, run_id: str, prefix: str, key: str) -> bool:
        """Whether a key was stored at first, or was looked for before."""
        with self._lock:
            known = self._listings.get((run_id, prefix))
        found = known or (frozenset(objects.list_keys(prefix)), set[str]())
        with self._lock:
            stored, asked = self._listings.setdefault((run_id, prefix), found)
            self._listings.move_to_end((run_id, prefix))
            while len(self._listings) > LISTINGS_KEPT:
                self._listings.popitem(last=False)
            if key in stored or key in asked:
                return True
            asked.add(key)
            return False


_known = _Known()


def finished_size(objects: ObjectStore, key: str, prefix: str) -> int | None:
    """The size of a finished piece; None: it is to be made. For pieces that cost time, but no money.

    Args:
        objects: The object store.
        key: The piece's key.
        prefix: The prefix of the video that it belongs to.
    """
    step = activity.info()
    is_first = step.attempt == 1 and step.workflow_type == _DRAFTING
    if is_first and not _known.may_have(objects, step.workflow_run_id or "", prefix, key):
        return None
    return objects.size(key)
