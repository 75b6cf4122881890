"""An artist's order, stored at once, so that it can be listed, watched and repeated."""

from datetime import datetime

from pydantic import Field

from models.base import Model, is_unset
from models.brief import Brief
from models.profiles import ProfileName


class Order(Model):
    """One ordered generation."""

    video_id: str
    account_id: str
    song_id: str
    song_title: str
    brief: Brief
    profile: ProfileName
    still_model: str = ""
    clip_model: str = ""
    storyboard: bool = Field(default=False, exclude_if=is_unset)
    ordered_at: datetime
