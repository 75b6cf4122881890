"""E-mails that say what became of a draft: it is ready, it was not made, or it waits.

A chore of the web backend looks for them. Runs know nothing of it, so a mail server that is away holds none of them up,
and what could not be sent is tried again.
"""

import asyncio
from datetime import timedelta
from urllib.parse import urlsplit

import structlog
from sqlalchemy.exc import SQLAlchemyError

from gateways.mail import Email
from models.failures import Conflict, NotFound, ProviderUnavailable
from models.ids import short_digest
from models.notices import MailSettings, Notice, NoticeKind
from models.progress import RunStatus
from services.app import App
from services.failures import AWAY
from temporal.support_runs import parked

log = structlog.get_logger()

EVERY_S = 30.0
_AWAY: tuple[type[Exception], ...] = (*AWAY, SQLAlchemyError)
REFUSALS = 3
"""After so many e-mails in a row that were not accepted, the mail server is left alone until the next look."""

_SUBJECTS = {
    NoticeKind.MADE: "“{title}” is ready",
    NoticeKind.FAILED: "“{title}” was not made",
    NoticeKind.PARKED: "“{title}” waits",
    NoticeKind.BOARD: "The storyboard of “{title}” waits for you",
    NoticeKind.BOARD_ENDS: "The storyboard of “{title}” ends in a day",
}
_TEXTS = {
    NoticeKind.MADE: "Your video “{title}” is ready. Watch it here:\n\n{url}/preview/{video_id}\n",
    NoticeKind.FAILED: (
        "Your video “{title}” could not be made. Its credits are back. The reason, and a way to try again:\n\n"
        "{url}/processing/{video_id}\n"
    ),
    NoticeKind.PARKED: (
        "A step of your video “{title}” could not go on by itself. Your credits stay reserved while our people look at "
        "it; if it can't be made within a day, you get them back. Where it stands:\n\n{url}/processing/{video_id}\n"
    ),
    NoticeKind.BOARD: (
        "All stills of your video “{title}” are painted. Look at its storyboard, change what you like, and approve it; "
        "nothing is filmed before that:\n\n{url}/board/{video_id}\n"
    ),
    NoticeKind.BOARD_ENDS: (
        "The storyboard of your video “{title}” was not answered. If you change or approve nothing, the video is "
        "stopped in about a day, as if you had cancelled it:\n\n{url}/board/{video_id}\n"
    ),
}
_FOOTER = (
    "\n-- \nYou get this e-mail because your account asks for e-mails about its videos. This link ends them, without "
    "a log-in:\n\n{quiet}\n"
)


def mail_settings(app: App, account_id: str) -> MailSettings:
    """Which e-mails the account gets."""
    return app.access.notices.settings(account_id)


def choose_mail(app: App, account_id: str, *, videos: bool) -> MailSettings:
    """Switch e-mails about videos on or off.

    Raises:
        Conflict: `no_address`: the account has no address that e-mails could go to.
    """
    notices = app.access.notices
    if videos and notices.settings(account_id).address is None:
        raise Conflict("This account has no e-mail address: nothing can be sent to it.", "no_address")
    notices.choose(account_id, videos=videos)
    return notices.settings(account_id)


def end_mail(app: App, secret: str) -> None:
    """Switch e-mails about videos off by the link in one of them; a repetition changes nothing.

    Raises:
        NotFound: The link is too old or unknown.
    """
    account_id = app.access.notices.holder_of(secret)
    if account_id is None:
        raise NotFound("This link is too old: switch these e-mails off on your account page.", "no_notice")
    app.access.notices.choose(account_id, videos=False)


async def keep_telling(app: App) -> None:
    """Send what is due until cancelled."""
    while True:
        await asyncio.sleep(EVERY_S)
        try:
            await tell_artists(app)
        except _AWAY as error:
            log.warning("e-mails about drafts wait", error=type(error).__name__)


async def tell_artists(app: App) -> int:
    """Send the e-mails that are due once.

    Returns:
        How many were sent.

    Raises:
        EchonosError, RPCError, RuntimeError: Temporal or the database is away.
    """
    waiting = await parked(app.client)
    boards = await parked(app.client, RunStatus.WAITING_FOR_ARTIST)
    return await asyncio.to_thread(_send_due, app, waiting, boards)


def _send_due(app: App, waiting: dict[str, str], boards: dict[str, str]) -> int:
    sent = refused = 0
    notices, limits = app.access.notices, app.settings.run_limits()
    warn_after = timedelta(seconds=limits.board_timeout_s - limits.board_warning_s)
    for notice in notices.due(waiting, boards, warn_after):
        secret = notices.claim(notice)
        if secret is None:
            continue
        try:
            app.mailer.send(email_of(notice, app.settings.public_url, secret))
        except (ProviderUnavailable, ValueError):  # away, or an address that no e-mail can be written to
            # The claim stays, and is taken over after a while.
            refused += 1
            if refused >= REFUSALS:
                break
        else:
            notices.sent(notice)
            sent, refused = sent + 1, 0
    if refused:
        log.warning("e-mails about drafts were not accepted", count=refused)
    return sent


def email_of(notice: Notice, url: str, secret: str) -> Email:
    """A notice as an e-mail.

    Args:
        notice: The notice.
        url: The site's address.
        secret: The secret of the link that ends further e-mails.
    """
    quiet = f"{url}/quiet?token={secret}"
    words = {"title": " ".join(notice.title.split()), "url": url, "video_id": notice.video_id}
    return Email(
        to=notice.email,
        subject=_SUBJECTS[notice.kind].format(**words),
        text=_TEXTS[notice.kind].format(**words) + _FOOTER.format(quiet=quiet),
        headers={
            # RFC 8058: mail programs end them with one press, by a POST without cookies.
            "List-Unsubscribe": f"<{quiet}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            # A repetition after a lost answer is the same e-mail.
            "Message-ID": f"<{short_digest(notice.key)}@{urlsplit(url).hostname}>",
            "Auto-Submitted": "auto-generated",
        },
    )
