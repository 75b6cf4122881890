"""What an artist has ordered: kept from the moment of the order, so that it can be listed, watched and made again."""

from datetime import datetime

from models.base import Model
from models.brief import Brief
from models.profiles import ProfileName


class Order(Model):
    """One generation as it was ordered."""

    video_id: str
    account_id: str
    song_id: str
    song_title: str
    brief: Brief
    profile: ProfileName
    still_model: str = ""
    clip_model: str = ""
    ordered_at: datetime
