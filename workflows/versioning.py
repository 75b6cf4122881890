"""Worker versioning: a setting, off where nothing is set.

With `ECHONOS_BUILD_ID` in a worker's environment its workflows belong to a version of the deployment. Runs that wait
for people (`GenerateVideo`, `RegenerateScene`) upgrade: they go on with whatever version is current, which is why their
changes are patched. Children that never wait for a person are pinned: they end on the version they began on.

A versioning behaviour on a worker without a version fails each of its workflow tasks, so the behaviour of a pinned
workflow is looked up here and never written into its decorator.
"""

import os

from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import WorkerDeploymentConfig

from models.routing import DEPLOYMENT

BUILD_ID = os.environ.get("ECHONOS_BUILD_ID") or None
"""The version of this process's code. Decorators need it at import, long before there are settings."""

PINNED = VersioningBehavior.PINNED if BUILD_ID else VersioningBehavior.UNSPECIFIED
"""For the decorators of children that never wait for a person; without it a workflow upgrades."""


def deployment_config() -> WorkerDeploymentConfig | None:
    """What makes a worker one of a version; None while versioning is off."""
    if BUILD_ID is None:
        return None
    return WorkerDeploymentConfig(
        version=WorkerDeploymentVersion(deployment_name=DEPLOYMENT, build_id=BUILD_ID),
        use_worker_versioning=True,
        default_versioning_behavior=VersioningBehavior.AUTO_UPGRADE,
    )
