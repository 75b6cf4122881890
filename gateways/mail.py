"""E-mail: by SMTP, or into a folder on a developer's machine."""

import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import Policy, default
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from pydantic import Field

from models.base import Model
from models.failures import Misconfigured, ProviderUnavailable
from stores.database import utc_now

SMTP_TIMEOUT_S = 15.0


class Email(Model):
    """One e-mail, plain text."""

    to: str
    subject: str
    text: str
    headers: dict[str, str] = Field(default={}, description="further ones")


class Mailer(Protocol):
    """Sends e-mails."""

    def send(self, message: Email) -> None:
        """Send an e-mail; raises `ProviderUnavailable` if the mail server does not accept it."""
        ...


class FolderMailer:
    """Writes e-mails into a folder, in the order of their names.

    Args:
        folder: Created with the first e-mail.
        clock: Returns the current time, aware; tests pass their own.
    """

    def __init__(self, folder: Path, clock: Callable[[], datetime] = utc_now) -> None:
        self._folder = folder
        self._clock = clock

    def send(self, message: Email) -> None:
        """Write the e-mail as a file that any mail program opens."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # A generated name: an address never becomes a path.
        path = self._folder / f"{self._clock():%Y%m%dT%H%M%S%f}-{uuid4().hex[:8]}.eml"
        # Readers of the folder see whole e-mails only.
        part = path.with_suffix(".part")
        part.write_bytes(_mime(message, "Echonos <echonos@localhost>", self._clock()).as_bytes())
        part.replace(path)


class SmtpMailer:
    """Sends e-mails to a mail server, one connection each.

    Args:
        url: `smtp://user:password@host:587` (STARTTLS), or `smtps://…:465`.
        sender: The From line.
        clock: Returns the current time, aware; tests pass their own.
    """

    def __init__(self, url: str, sender: str, clock: Callable[[], datetime] = utc_now) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise Misconfigured("ECHONOS_SMTP_URL must look like smtp://user:password@host:587 or smtps://…")
        self._parts = parts
        self._sender = sender
        self._clock = clock

    def send(self, message: Email) -> None:
        """Send an e-mail. Raises `ProviderUnavailable`: the mail server does not accept it now."""
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
                server.send_message(_mime(message, self._sender, self._clock()))
        except (smtplib.SMTPException, OSError) as error:
            # Not the error's own text: servers repeat addresses in it.
            raise ProviderUnavailable(f"the mail server accepts no e-mail: {type(error).__name__}") from error


class _Whole(UnstructuredHeader, BaseHeader):
    """A header that stays in one line.

    The standard library breaks a line without spaces into RFC 2047's encoded words, which mail programs don't decode in
    headers that hold an address: a long `List-Unsubscribe` would do nothing.
    """

    def fold(self, *, policy: Policy) -> str:
        """The header's line."""
        return f"{self.name}: {self}{policy.linesep}"


def _mime(message: Email, sender: str, now: datetime) -> EmailMessage:
    """An e-mail as it is sent: servers that relay it need not add date and id, and spam filters expect them."""
    registry = HeaderRegistry()
    mime = EmailMessage(default.clone(header_factory=registry))
    mime["From"], mime["To"], mime["Subject"] = sender, message.to, message.subject
    mime["Date"] = format_datetime(now)
    if "Message-ID" not in message.headers:
        mime["Message-ID"] = make_msgid(domain=mime["From"].addresses[0].domain)
    for name, value in message.headers.items():
        registry.map_to_type(name.lower(), _Whole)
        mime[name] = value
    mime.set_content(message.text)
    return mime
