"""Share links: everyone who has one may watch one version of one video."""

from datetime import datetime

from pydantic import Field

from models.base import Model

SHARE_DAYS, MOST_SHARE_DAYS = 30, 365
"""How long a link works unless the artist says otherwise, and at most."""

MOST_SHARES = 20
"""Links of one video that work at the same time."""


class Share(Model):
    """A share link, without its secret, which is not stored."""

    share_id: str = Field(examples=["share-0123456789abcdef0123"])
    video_id: str
    version: int = Field(description="the version it shows, also after newer ones were made")
    download: bool = Field(description="whether the page offers the file")
    created_at: datetime
    expires_at: datetime
