"""Support's views and actions."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from models.access import ApiToken, FactorState, SecurityEvent, Session
from models.base import Model
from models.credits import Balance, HoldInfo
from models.failures import InvalidInput
from models.paid_media import Job
from models.progress import Progress
from models.shares import Share
from models.spending import SpendingReport
from models.standstill import PendingStep
from models.studio import StudioOperation

BEGUN, DONE = "begun", "done"


class Action(StrEnum):
    """What support can do to a run or an account."""

    RETRY = "retry"
    ABANDON = "abandon"
    RESET = "reset"
    UNPAUSE = "unpause"
    REFUND = "refund"
    GRANT = "grant"
    REBUILD = "rebuild"
    DISMISS = "dismiss"
    TAKE_OUT = "take_out"
    ERASE = "erase"
    UNSHARE = "unshare"


def in_words(reason: str) -> str:
    """A reason for the audit, without surrounding space. Raises `InvalidInput`: it is empty."""
    if not reason.strip():
        raise InvalidInput("Say why, in a few words: the reason is kept in the audit.", "reason", "reason")
    return reason.strip()


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

    video_id: str = Field(description="its video; of a run without one, the workflow's id")
    account: str
    style: str
    stage: str
    state: str
    started_at: datetime
    summary: str
    reason: str = Field(default="", description="why it waits or failed; empty if no worker answers")
    paused: bool = Field(default=False, description="whether it, or a step of it, is paused in Temporal")
    workflow_id: str = ""


class RunReport(Model):
    """One run, with all that support needs to judge it."""

    progress: Progress
    account: str
    steps: tuple[PendingStep, ...] = Field(default=(), description="what has not ended, as the server knows it")
    hold: HoldInfo | None
    operations: list[StudioOperation]
    actions: list[SupportAction] = Field(description="the audit, with what was refused")
    spending: SpendingReport
    jobs: list[Job] = Field(description="what was ordered from providers")


class AccountReport(Model):
    """One account: who may come in, what it has, and what happened to its safety."""

    account: str
    verified: bool
    roles: list[str]
    balance: Balance
    second_factor: FactorState
    sessions: list[Session]
    tokens: list[ApiToken]
    shares: list[Share] = Field(default=[], description="the share links that work")
    events: list[SecurityEvent]
    actions: list[SupportAction]
