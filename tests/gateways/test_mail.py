"""E-mails leave encrypted, under the account of the mail server, or not at all."""

import email
from collections.abc import Iterator
from datetime import UTC, datetime
from email.policy import default
from pathlib import Path

import pytest

from gateways.mail import Email, FolderMailer, SmtpMailer
from models.failures import Misconfigured, ProviderUnavailable
from tests.fakes.smtp_server import SmtpServer, smtp_server

NOW = datetime(2026, 11, 29, 22, 18, 36, tzinfo=UTC)
MESSAGE = Email(to="ada@example.org", subject="Grüße", text="Öffnen:\n\nhttps://echonos.example/verify?token=x\n")
SENDER = "Echonos <no-reply@echonos.example>"


@pytest.fixture(params=["smtp", "smtps"])
def server(request: pytest.FixtureRequest) -> Iterator[tuple[str, SmtpServer]]:
    with smtp_server(implicit_tls=request.param == "smtps") as running:
        yield request.param, running


@pytest.fixture
def trusted(server: tuple[str, SmtpServer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server[1].authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))


@pytest.mark.usefixtures("trusted")
def test_an_email_arrives_whole_and_encrypted(server: tuple[str, SmtpServer]) -> None:
    scheme, running = server
    mailer = SmtpMailer(f"{scheme}://post%40echonos:p%40ss%20word@localhost:{running.port}", SENDER, lambda: NOW)
    named = MESSAGE.model_copy(update={"headers": {"Message-ID": "<1@echonos.example>"}})
    mailer.send(named)
    mailer.send(named)
    first, again = running.deliveries
    assert first == again
    assert (first.user, first.encrypted, first.recipients) == ("post@echonos", True, ("ada@example.org",))
    message = email.message_from_bytes(first.data, policy=default)
    assert (message["From"], message["To"], message["Subject"]) == (SENDER, MESSAGE.to, MESSAGE.subject)
    assert (message["Date"].datetime, message["Message-ID"]) == (NOW, "<1@echonos.example>")
    assert message.get_content().replace("\r\n", "\n") == MESSAGE.text


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("trouble", ["a wrong password", "not now", "no server"])
def test_a_server_that_takes_nothing_is_away(server: tuple[str, SmtpServer], trouble: str) -> None:
    scheme, running = server
    running.refusing = trouble == "not now"
    password = "wrong" if trouble == "a wrong password" else "p%40ss%20word"
    port = 1 if trouble == "no server" else running.port
    with pytest.raises(ProviderUnavailable) as told:
        SmtpMailer(f"{scheme}://post:{password}@localhost:{port}", SENDER).send(MESSAGE)
    assert MESSAGE.to not in str(told.value)
    assert running.deliveries == []


def test_nothing_is_told_to_a_server_that_nobody_vouches_for(server: tuple[str, SmtpServer]) -> None:
    scheme, running = server
    with pytest.raises(ProviderUnavailable):
        SmtpMailer(f"{scheme}://post:p%40ss%20word@localhost:{running.port}", SENDER).send(MESSAGE)
    assert running.deliveries == []


@pytest.mark.parametrize("url", ["http://localhost", "smtp://", "localhost:25"])
def test_an_address_that_is_none_stops_the_start(url: str) -> None:
    with pytest.raises(Misconfigured):
        SmtpMailer(url, SENDER)


def test_what_is_written_into_the_folder_opens_as_an_email(tmp_path: Path) -> None:
    FolderMailer(tmp_path / "mail").send(MESSAGE.model_copy(update={"to": "../../x@example.org"}))
    (path,) = (tmp_path / "mail").iterdir()
    message = email.message_from_bytes(path.read_bytes(), policy=default)
    assert (message["To"], message.get_content()) == ("../../x@example.org", MESSAGE.text)


@pytest.mark.parametrize("length", [20, 60, 400])
def test_addresses_in_headers_stay_whole_and_each_email_has_its_own_id(tmp_path: Path, length: int) -> None:
    """Mail programs read no encoded words in them, and a press on “unsubscribe” would do nothing."""
    quiet = f"<https://echonos.example/quiet?token={'t' * length}>"
    headers = {"List-Unsubscribe": quiet, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    folder = tmp_path / "mail"
    mailer = FolderMailer(folder, lambda: NOW)
    for _ in range(2):
        mailer.send(MESSAGE.model_copy(update={"headers": headers}))
    sent = [path.read_bytes() for path in folder.iterdir()]
    assert all(f"\nList-Unsubscribe: {quiet}\n".encode() in one for one in sent)
    ids = {email.message_from_bytes(one, policy=default)["Message-ID"] for one in sent}
    assert len(ids) == 2
    assert all(str(one).endswith("@localhost>") for one in ids)
