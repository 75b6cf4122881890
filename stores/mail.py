"""E-mail through a port: SMTP in earnest, a folder on a developer's machine."""

import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from models.base import Model
from models.failures import Misconfigured, ProviderUnavailable
from stores.database import utc_now

SMTP_TIMEOUT_S = 15.0


class Letter(Model):
    """One e-mail, plain text."""

    to: str
    subject: str
    text: str


class Mailer(Protocol):
    """Sends letters."""

    def send(self, letter: Letter) -> None:
        """Hand a letter over; raises `ProviderUnavailable` when nobody takes it."""
        ...


class FolderMailer:
    """Writes letters into a folder, newest last by name.

    Args:
        folder: Made when the first letter comes.
        clock: Tells the moment, aware; tests bring their own.
    """

    def __init__(self, folder: Path, clock: Callable[[], datetime] = utc_now) -> None:
        self._folder = folder
        self._clock = clock

    def send(self, letter: Letter) -> None:
        """Write the letter as a file that any mail program opens."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Of our own making: an address never becomes a path.
        path = self._folder / f"{self._clock():%Y%m%dT%H%M%S%f}-{uuid4().hex[:8]}.eml"
        path.write_bytes(_message(letter, "Echonos <echonos@localhost>").as_bytes())


class SmtpMailer:
    """Hands letters to a mail server, one connection a letter.

    Args:
        url: `smtp://user:password@host:587` (STARTTLS), or `smtps://…:465`.
        sender: The From line.
    """

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise Misconfigured("ECHONOS_SMTP_URL must look like smtp://user:password@host:587 or smtps://…")
        self._parts = parts
        self._sender = sender

    def send(self, letter: Letter) -> None:
        """Send it.

        Raises:
            ProviderUnavailable: The mail server does not take it now.
        """
        parts, context = self._parts, ssl.create_default_context()
        host = parts.hostname or ""
        try:
            if parts.scheme == "smtps":
                server: smtplib.SMTP = smtplib.SMTP_SSL(
                    host, parts.port or 465, timeout=SMTP_TIMEOUT_S, context=context
                )
            else:
                server = smtplib.SMTP(host, parts.port or 587, timeout=SMTP_TIMEOUT_S)
            with server:
                if parts.scheme == "smtp":
                    server.starttls(context=context)
                if parts.username:
                    server.login(unquote(parts.username), unquote(parts.password or ""))
                server.send_message(_message(letter, self._sender))
        except (smtplib.SMTPException, OSError) as error:
            # Not the error's own text: servers repeat addresses in it.
            raise ProviderUnavailable(f"the mail server takes no letters: {type(error).__name__}") from error


def _message(letter: Letter, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, letter.to, letter.subject
    message.set_content(letter.text)
    return message
