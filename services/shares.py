"""Share links: make, list, revoke; and what a person sees who has one.

A link shows the version that it was made for, also after newer ones: people see what the artist has seen
and sent.
"""

from dataclasses import dataclass
from datetime import timedelta

from models.failures import InvalidInput, NotFound, NotStored
from models.shares import MOST_SHARE_DAYS, SHARE_DAYS, Share
from models.support import Action
from models.timeline import Timeline
from services.app import App
from services.failures import missing_is
from services.media import ready_version
from services.thumbnails import poster
from services.videos import no_video

GONE = (
    "This link shows nothing: it has expired, was revoked, or never existed, or its video was deleted. "
    "Ask the person who sent it to you."
)
"""One sentence for all of them, so that an answer does not reveal which links have existed."""


@dataclass(frozen=True)
class Shown:
    """What a share link shows. Only the title is the artist's; nothing else of the account leaves with it."""

    account_id: str
    share: Share
    title: str
    timeline: Timeline

    @property
    def duration_s(self) -> float:
        """The video's length."""
        return float(self.timeline.frame_count / self.timeline.fps)

    @property
    def still_key(self) -> str:
        """The picture that stands for the video: the first one of its first chorus, or its first one."""
        scenes = self.timeline.scenes
        return next((one for one in scenes if one.section == "chorus"), scenes[0]).still_key


def gone() -> NotFound:
    """The link shows nothing, or not any more."""
    return NotFound(GONE, "no_share")


def share_url(app: App, secret: str) -> str:
    """The address that is sent to people."""
    return f"{app.settings.public_url}/shared/{secret}"


def make_share(
    app: App, account_id: str, video_id: str, version: int | None, days: int = SHARE_DAYS, *, download: bool = False
) -> tuple[Share, str]:
    """Make a share link.

    Args:
        version: The version that it shows; None: the newest one now.
        days: How long it works.
        download: Whether its page offers the file.

    Returns:
        The link, and its address, which is never shown again.

    Raises:
        NotFound: The account has no such video or version.
        InvalidInput: It would work for less than a day or more than a year.
        Conflict: The video has as many links as it may have.
    """
    if not 1 <= days <= MOST_SHARE_DAYS:
        raise InvalidInput(f"A share link works for 1 to {MOST_SHARE_DAYS} days.", "days", "days")
    absent = no_video() if version is None else NotFound("There is no such version of this video.")
    with missing_is(absent):
        number = app.stores.vault.timeline(account_id, video_id, version).version
        lasts = timedelta(days=days)
        share, secret = app.access.shares.issue(account_id, video_id, number, lasts, download=download)
    return share, share_url(app, secret)


def list_shares(app: App, account_id: str, video_id: str) -> list[Share]:
    """A video's links that work, newest first. Raises `NotFound`: the account has no such video."""
    with missing_is(no_video()):
        app.stores.vault.video(account_id, video_id)
    return app.access.shares.of_account(account_id, video_id)


def revoke_share(app: App, account_id: str, video_id: str, share_id: str) -> None:
    """Revoke a link at once. Raises `NotFound`: the video has no such link that works."""
    if not app.access.shares.revoke(account_id, video_id, share_id):
        raise NotFound("This video has no such share link, or it works no longer.")


def look_at_shared(app: App, secret: str) -> Shown:
    """What a link shows. Raises `NotFound`: it is revoked, expired or unknown, or its video is deleted."""
    found = app.access.shares.find(secret)
    if found is None:
        raise gone()
    account_id, share = found.account_id, found.share
    try:
        title = app.stores.vault.video(account_id, share.video_id).title
        timeline = app.stores.vault.timeline(account_id, share.video_id, share.version)
    except NotStored:  # deleted a moment ago
        raise gone() from None
    return Shown(account_id, share, title, timeline)


async def ready_shared(app: App, shown: Shown) -> str:
    """The key of the MP4 that a link shows; one that was not kept is joined again first.

    Raises:
        NotFound: Its video was deleted.
        ProviderUnavailable: It cannot be joined now.
    """
    try:
        share = shown.share
        return (await ready_version(app, shown.account_id, share.video_id, share.version)).video_key
    except NotFound:
        raise gone() from None


def shared_poster(app: App, shown: Shown) -> bytes:
    """The picture beside a link on other sites, as JPEG. Raises `NotFound`: its video was deleted."""
    with missing_is(gone()):
        return poster(app.stores.objects, shown.still_key)


def unshare(app: App, actor: str, name: str, reason: str) -> Share:
    """Revoke any account's link for support.

    Args:
        actor: The acting person.
        name: The link's address, its last part, or its id.
        reason: Kept in the audit.

    Raises:
        NotFound: No such link works.
    """
    shares = app.access.shares
    found = shares.find_by_id(name) or shares.find(name.rstrip("/").rpartition("/")[2])
    if found is None:
        raise NotFound("No such share link works.")
    account_id, share = found.account_id, found.share
    log = app.stores.support
    with log.attempt(actor, Action.UNSHARE, share.video_id, reason, account_id, detail=share.share_id):
        revoke_share(app, account_id, share.video_id, share.share_id)
    return share
