"""E-mails about drafts: what they say, what they never say, and how one ends them without a log-in."""

import asyncio
import email
import re
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

import services.telling
from gateways.mail import Email
from models.credits import SettleRequest
from models.failures import ProviderUnavailable
from models.ids import generate_operation_key
from models.notices import Notice, NoticeKind
from models.progress import RunStatus
from services.telling import REFUSALS, tell_artists
from settings import Settings
from stores import notices
from stores.schema_access import profiles
from tests.api.conftest import URL, Api
from tests.api.test_shares import PROMPT, TITLE, Shared

EMAILS = "/api/v1/account/emails"


class Told(Shared):
    """An artist whose draft has just been made and paid."""

    def __init__(self, api: Api, person: object) -> None:
        super().__init__(api, person)  # type: ignore[arg-type]
        self.pay()

    def pay(self) -> None:
        key = generate_operation_key(self.video_id)
        ledger = self.api.backend.stores.ledger
        ledger.settle(SettleRequest(account_id=self.person.account_id, operation_key=key))


class Refusing:
    """A mail server that takes nothing."""

    def __init__(self) -> None:
        self.asked = 0

    def send(self, message: Email) -> None:
        self.asked += 1
        raise ProviderUnavailable("the mail server accepts no e-mail")


def mailbox(settings: Settings) -> list[EmailMessage]:
    paths = sorted((settings.home / "mail").glob("*.eml"))
    found = [email.message_from_bytes(path.read_bytes(), policy=default) for path in paths]
    return [one for one in found if "Echonos" not in one["Subject"]]


@pytest.fixture
async def told(api: Api, monkeypatch: pytest.MonkeyPatch) -> Told:
    async def none_waits(client: object, state: RunStatus = RunStatus.NEEDS_ATTENTION) -> dict[str, str]:
        return {}

    monkeypatch.setattr(services.telling, "parked", none_waits)
    return Told(api, await api.sign_up())


async def test_a_draft_that_is_ready_is_told_once_in_words_that_reveal_nothing(
    told: Told, api_settings: Settings
) -> None:
    backend = told.api.backend
    assert (await tell_artists(backend), await tell_artists(backend)) == (1, 0)
    (message,) = mailbox(api_settings)
    assert (message["To"], message["Subject"]) == (told.person.email, f"“{TITLE}” is ready")
    text = message.get_content()
    assert f"{URL}/preview/{told.video_id}" in text
    assert PROMPT not in text
    assert told.person.account_id not in message.as_string()
    assert message["Auto-Submitted"] == "auto-generated"


async def test_one_press_ends_them_without_a_log_in(told: Told, api_settings: Settings) -> None:
    await tell_artists(told.api.backend)
    (message,) = mailbox(api_settings)
    link = message["List-Unsubscribe"].strip("<>")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in message.get_content()
    assert (await told.http.get(EMAILS)).json()["videos"] is True
    stranger = told.api.stranger()
    asked = await stranger.get(link)
    assert (asked.status_code, "End these e-mails" in asked.text) == (200, True)
    assert (await told.http.get(EMAILS)).json()["videos"] is True, "who looks at links ends nothing"
    # As a mail program sends it: no cookie, another origin, a form.
    for _ in range(2):
        done = await stranger.post(
            link,
            content="List-Unsubscribe=One-Click",
            headers={"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"},
        )
        assert (done.status_code, "switched off" in done.text) == (200, True)
    assert (await told.http.get(EMAILS)).json()["videos"] is False
    for wrong in (link[:-1], re.sub("token=.*", "token=", link), re.sub("[?].*", "", link)):
        old = await stranger.post(wrong)
        assert (old.status_code, "on your account page" in old.text) == (404, True)
    assert (await told.http.put(EMAILS, json={"videos": True})).json()["videos"] is True


async def test_a_mail_server_that_is_away_loses_nothing(
    told: Told, api_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend, away = told.api.backend, Refusing()
    others = [Told(told.api, await told.api.sign_up()) for _ in range(REFUSALS)]
    with monkeypatch.context() as patch:
        patch.setattr(backend, "mailer", away)
        assert await tell_artists(backend) == 0
        assert away.asked == REFUSALS, "it is left alone after some"
    assert await tell_artists(backend) == len(others) + 1 - REFUSALS, "those that were not tried are sent at once"
    monkeypatch.setattr(notices, "AGAIN_AFTER", timedelta(0))
    assert await tell_artists(backend) == REFUSALS
    assert len({one["To"] for one in mailbox(api_settings)}) == len(mailbox(api_settings)) == len(others) + 1


async def test_an_address_that_no_email_reaches_holds_up_no_other(told: Told, api_settings: Settings) -> None:
    other = Told(told.api, await told.api.sign_up())
    with told.api.backend.stores.database.write() as connection:
        mine = update(profiles).where(profiles.c.account_id == told.person.account_id)
        connection.execute(mine.values(email="a\nb@example.org"))
    assert await tell_artists(told.api.backend) == 1
    assert [one["To"] for one in mailbox(api_settings)] == [other.person.email]


async def test_the_chore_outlives_a_database_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    looked, looks = asyncio.Event(), 0

    async def look(app: object) -> int:
        nonlocal looks
        looks += 1
        if looks == 1:
            raise OperationalError("", None, Exception())
        looked.set()
        return 0

    monkeypatch.setattr(services.telling, "EVERY_S", 0)
    monkeypatch.setattr(services.telling, "tell_artists", look)
    chore = asyncio.create_task(services.telling.keep_telling(object()))  # type: ignore[arg-type]  # it is not used
    async with asyncio.timeout(200):
        await looked.wait()
    chore.cancel()


async def test_the_setting_belongs_to_a_person_with_an_address(told: Told) -> None:
    shown = (await told.http.get(EMAILS)).json()
    assert shown == {"videos": True, "address": told.person.email, "confirmed": True}
    assert (await told.api.machine(told.person.account_id).get(EMAILS)).status_code == 403
    for wrong in ({}, {"videos": "on"}, {"videos": None}):
        assert (await told.http.put(EMAILS, json=wrong)).status_code == 422
    page = (await told.http.get("/account")).text
    assert re.search(r'id="emails-videos" checked>', page)
    assert (await told.http.put(EMAILS, json={"videos": False})).json()["videos"] is False
    assert not re.search(r'id="emails-videos" checked>', (await told.http.get("/account")).text)


def test_a_title_is_one_line_of_a_header() -> None:
    notice = Notice(
        kind=NoticeKind.PARKED,
        account_id="a",
        video_id="video-1",
        email="ada@example.org",
        title="One\r\nBcc: eve",
    )
    message = services.telling.email_of(notice, "https://echonos.example", "secret")
    assert message.subject == "“One Bcc: eve” waits"
    again = services.telling.email_of(notice, "https://echonos.example", "other")
    assert again.headers["Message-ID"] == message.headers["Message-ID"], "a repetition is the same e-mail"
