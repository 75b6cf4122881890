"""Worker versioning: optional, off by default.

With `ECHONOS_BUILD_ID` in a worker's environment its workflows belong to a version of the deployment. Runs that wait
for people (`GenerateVideo`, `RegenerateScene`) upgrade: they continue on the current version, which is why their
changes are patched. Children that never wait for a person are pinned: they end on the version they started on.

A versioning behaviour on a worker without a version fails each of its workflow tasks. Decorators therefore use
`PINNED`, which is resolved here.
"""

import os

from temporalio.common import VersioningBehavior

BUILD_ID = os.environ.get("ECHONOS_BUILD_ID") or None
"""The version of this process's code. Decorators need it at import, before settings exist."""

PINNED = VersioningBehavior.PINNED if BUILD_ID else VersioningBehavior.UNSPECIFIED
"""For the decorators of children that never wait for a person. Unversioned workers resolve it to "no behaviour"."""
