"""The local stack: Temporal, S3 and a worker, described by temporal-dev.yaml, or a cluster instead of it."""

from cli.stack.running import ensure_stack, run_stack_forever, running_stack, settings_for
from cli.stack.state import StackState
from temporal.connection import connect

__all__ = ["StackState", "connect", "ensure_stack", "run_stack_forever", "running_stack", "settings_for"]
