"""What support sees and does."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from models.base import Model

BEGUN, DONE = "begun", "done"


class Action(StrEnum):
    """What support can do to a run or an account."""

    RETRY = "retry"
    ABANDON = "abandon"
    RESET = "reset"
    REFUND = "refund"
    GRANT = "grant"
    REBUILD = "rebuild"
    DISMISS = "dismiss"
    TAKE_OUT = "take_out"
    ERASE = "erase"


class SupportAction(Model):
    """One entry of the audit: who did what to which video or account, and why."""

    at: datetime
    actor: str
    action: Action
    subject: str
    reason: str
    outcome: str = Field(default=DONE, description="begun, done, or why it was refused")


class RunLine(Model):
    """One run in support's list."""

    video_id: str
    account: str
    style: str
    stage: str
    state: str
    started_at: datetime
    summary: str
    reason: str = Field(default="", description="why it waits or was not made; empty where no worker answers")
