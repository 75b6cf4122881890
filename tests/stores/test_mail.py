"""Letters leave encrypted, under the account of the mail server, or not at all."""

import email
from collections.abc import Iterator
from email.policy import default
from pathlib import Path

import pytest

from models.failures import Misconfigured, ProviderUnavailable
from stores.mail import FolderMailer, Letter, SmtpMailer
from tests.fakes.smtp_server import SmtpServer, smtp_server

LETTER = Letter(to="ada@example.org", subject="Grüße", text="Öffnen:\n\nhttps://echonos.example/verify?token=x\n")
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
def test_a_letter_arrives_whole_and_encrypted(server: tuple[str, SmtpServer]) -> None:
    scheme, running = server
    mailer = SmtpMailer(f"{scheme}://post%40echonos:p%40ss%20word@localhost:{running.port}", SENDER)
    mailer.send(LETTER)
    mailer.send(LETTER)
    first, again = running.deliveries
    assert first == again
    assert (first.user, first.encrypted, first.recipients) == ("post@echonos", True, ("ada@example.org",))
    message = email.message_from_bytes(first.data, policy=default)
    assert (message["From"], message["To"], message["Subject"]) == (SENDER, LETTER.to, LETTER.subject)
    assert message.get_content().replace("\r\n", "\n") == LETTER.text


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("trouble", ["a wrong password", "not now", "nobody there"])
def test_a_server_that_takes_nothing_is_away(server: tuple[str, SmtpServer], trouble: str) -> None:
    scheme, running = server
    running.refusing = trouble == "not now"
    password = "wrong" if trouble == "a wrong password" else "p%40ss%20word"
    port = 1 if trouble == "nobody there" else running.port
    with pytest.raises(ProviderUnavailable) as told:
        SmtpMailer(f"{scheme}://post:{password}@localhost:{port}", SENDER).send(LETTER)
    assert LETTER.to not in str(told.value)
    assert running.deliveries == []


def test_nothing_is_told_to_a_server_that_nobody_vouches_for(server: tuple[str, SmtpServer]) -> None:
    scheme, running = server
    with pytest.raises(ProviderUnavailable):
        SmtpMailer(f"{scheme}://post:p%40ss%20word@localhost:{running.port}", SENDER).send(LETTER)
    assert running.deliveries == []


@pytest.mark.parametrize("url", ["http://localhost", "smtp://", "localhost:25"])
def test_an_address_that_is_none_stops_the_start(url: str) -> None:
    with pytest.raises(Misconfigured):
        SmtpMailer(url, SENDER)


def test_what_is_written_into_the_folder_opens_as_a_letter(tmp_path: Path) -> None:
    FolderMailer(tmp_path / "mail").send(LETTER.model_copy(update={"to": "../../x@example.org"}))
    (path,) = (tmp_path / "mail").iterdir()
    message = email.message_from_bytes(path.read_bytes(), policy=default)
    assert (message["To"], message.get_content()) == ("../../x@example.org", LETTER.text)
