"""E-mails about what became of a draft."""

from enum import StrEnum

from pydantic import Field

from models.base import Model


class NoticeKind(StrEnum):
    """What became of a draft."""

    MADE = "made"
    FAILED = "failed"
    PARKED = "parked"
    BOARD = "board"
    BOARD_ENDS = "board_ends"


class Notice(Model):
    """An e-mail that is due. Of all that the artist wrote it knows the title alone."""

    kind: NoticeKind
    account_id: str
    video_id: str
    email: str
    title: str

    @property
    def key(self) -> str:
        """A draft is reported once for each thing that may become of it."""
        return f"{self.video_id}/{self.kind.value}"


class MailSettings(Model):
    """Which e-mails an account gets, beside those about its safety."""

    videos: bool = Field(description="whether the end of a draft is reported", examples=[True])
    address: str | None = None
    confirmed: bool = False
