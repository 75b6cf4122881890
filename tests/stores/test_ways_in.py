"""Sessions, known devices, second factors and security events, with a clock set by hand."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import insert, select

from models.access import DEVICE_LIFETIME, SESSION_LIFETIME, LinkPurpose, Scope, SecurityEventKind
from models.secrets import digest_secret
from stores import schema_access as tables
from stores.access import Access, open_access
from stores.database import Database
from stores.devices import MOST_DEVICES
from stores.second_factors import RECOVERY_CODES, app_link
from stores.security_events import KEPT, KEPT_OF_UNKNOWN, READ_AGAIN
from stores.sessions import SEEN_EVERY, SESSION_IDLE
from tests.fakes.clock import Clock

PASSWORD = "correct horse battery"
SECOND = timedelta(seconds=1)


@pytest.fixture
def access(database: Database, clock: Clock) -> Access:
    return open_access(database, clock)


@pytest.fixture
def ada(access: Access) -> str:
    return access.profiles.sign_up("ada@example.org", PASSWORD).account_id


def test_a_session_ends_idle_and_at_last_however_much_it_is_used(access: Access, ada: str, clock: Clock) -> None:
    used, idle = access.sessions.begin(ada), access.sessions.begin(ada)
    for _ in range(4):
        clock.now += SESSION_IDLE - SECOND
        assert access.sessions.find(used) is not None
    assert access.sessions.find(idle) is None
    assert len(access.sessions.list(ada)) == 1
    assert access.sessions.sweep() == 1
    clock.now += SESSION_LIFETIME - 4 * SESSION_IDLE + timedelta(minutes=1)
    assert access.sessions.find(used) is None


def test_that_a_session_is_used_is_written_now_and_then(access: Access, ada: str, clock: Clock) -> None:
    secret = access.sessions.begin(ada)
    began = clock.now
    clock.now += SEEN_EVERY - SECOND
    access.sessions.find(secret)
    assert access.sessions.list(ada)[0].last_seen_at == began
    clock.now += SECOND
    access.sessions.find(secret)
    assert access.sessions.list(ada)[0].last_seen_at == clock.now


def test_a_session_from_before_is_alive_and_counts_from_now_on(
    access: Access, ada: str, clock: Clock, database: Database
) -> None:
    began = clock.now - timedelta(days=20)
    row = {"session_hash": digest_secret("old"), "account_id": ada, "created_at": began}
    with database.write() as connection:
        connection.execute(insert(tables.sessions), row | {"expires_at": began + SESSION_LIFETIME})
    found = access.sessions.look("old", host_cookie=False)
    assert found is not None
    assert found[1].signed_in_at == began
    assert access.sessions.look("old", host_cookie=True) is None, "its cookie has the old name"
    clock.now += SESSION_IDLE
    assert access.sessions.find("old") is None


def test_sessions_are_listed_and_ended_one_by_one(access: Access, ada: str) -> None:
    eve = access.profiles.sign_up("eve@example.org", PASSWORD).account_id
    first, second, third = (access.sessions.begin(ada, device=name) for name in ("a", "b", "c" * 300))
    hers = access.sessions.begin(eve)
    listed = {one.device: one for one in access.sessions.list(ada, current=second)}
    assert {name: one.current for name, one in listed.items()} == {"a": False, "b": True, "c" * 100: False}
    assert not access.sessions.end_one(eve, listed["a"].session_id), "another account's"
    for wrong in (
        "session-",
        "session-%",
        listed["a"].session_id[:-1],
        listed["a"].session_id.removeprefix("session-"),
    ):
        assert not access.sessions.end_one(ada, wrong)
    assert access.sessions.end_one(ada, listed["a"].session_id)
    assert not access.sessions.end_one(ada, listed["a"].session_id)
    assert access.sessions.find(first) is None
    assert access.sessions.end_others(ada, second) == 1
    assert [access.sessions.find(one) is not None for one in (second, third, hers)] == [True, False, True]


def test_a_new_password_ends_all_that_let_the_account_in(access: Access, ada: str) -> None:
    eve = access.profiles.sign_up("eve@example.org", PASSWORD).account_id
    left = {}
    for account_id in (ada, eve):
        _, token = access.tokens.issue(account_id, "x", tuple(Scope))
        link = access.sessions.issue_link(account_id, LinkPurpose.RESET)
        left[account_id] = (access.sessions.begin(account_id), token, link, access.devices.remember(account_id))
    access.profiles.set_password(ada, "another horse battery")
    for account_id, stays in ((ada, False), (eve, True)):
        session, token, link, device = left[account_id]
        assert (access.sessions.find(session) is not None) is stays
        assert (access.tokens.find(token) is not None) is stays
        assert (access.devices.find(device) is not None) is stays
        assert (access.sessions.use_link(link, LinkPurpose.RESET) is not None) is stays
    assert access.tokens.list(ada) == []


def test_tokens_of_a_mere_claim_end_when_the_address_is_confirmed(access: Access, ada: str) -> None:
    _, claimed = access.tokens.issue(ada, "x", tuple(Scope))
    assert access.profiles.verify(ada)
    assert access.tokens.find(claimed) is None
    _, later = access.tokens.issue(ada, "x", tuple(Scope))
    assert access.profiles.verify(ada)
    assert access.tokens.find(later) is not None, "confirming once more changes nothing"


def test_devices_are_known_for_a_time_and_few_of_them(access: Access, ada: str, clock: Clock) -> None:
    first = access.devices.remember(ada)
    found = access.devices.find(first)
    assert found is not None
    assert found.account_id == ada
    assert access.devices.find("never seen") is None
    clock.now += SECOND
    newer = [access.devices.remember(ada) for _ in range(MOST_DEVICES)]
    assert access.devices.find(first) is None
    assert all(access.devices.find(one) is not None for one in newer)
    clock.now += DEVICE_LIFETIME
    assert access.devices.find(newer[0]) is None
    assert access.devices.sweep() == MOST_DEVICES


def test_a_factor_counts_once_confirmed_and_each_code_once(access: Access, ada: str, clock: Clock) -> None:
    factors = access.factors
    secret = factors.propose(ada)
    assert secret is not None
    app = pyotp.TOTP(secret)
    assert app.provisioning_uri(name="ada@example.org", issuer_name="Echonos") == app_link(secret, "ada@example.org")
    assert factors.check(ada, app.at(clock.now)) is None, "not confirmed yet"
    assert not factors.state(ada).enabled
    assert factors.confirm(ada, "000000" if app.at(clock.now) != "000000" else "111111") is None
    first = app.at(clock.now)
    codes = factors.confirm(ada, first)
    assert codes is not None
    assert len(set(codes)) == RECOVERY_CODES
    assert factors.state(ada).model_dump() == {"enabled": True, "recovery_codes_left": RECOVERY_CODES}
    assert factors.check(ada, first) is None, "the code of the confirmation was taken"
    assert factors.propose(ada) is None, "a factor that is in use is not replaced"

    clock.now += timedelta(seconds=30)
    now, before = app.at(clock.now), first
    assert factors.check(ada, f" {now[:3]} {now[3:]} ") == "app"
    assert [factors.check(ada, code) for code in (now, before)] == [None, None], "replayed, and older than one taken"
    clock.now += timedelta(seconds=90)
    late, stale = app.at(clock.now - timedelta(seconds=30)), app.at(clock.now - timedelta(seconds=60))
    assert factors.check(ada, stale) is None
    assert factors.check(ada, late) == "app"
    assert factors.check(ada, app.at(clock.now + timedelta(seconds=60))) is None


def test_recovery_codes_work_once_and_are_kept_as_digests(access: Access, ada: str, database: Database) -> None:
    eve = access.profiles.sign_up("eve@example.org", PASSWORD).account_id
    codes = {account_id: _enabled(access, account_id) for account_id in (ada, eve)}
    one, two = codes[ada][:2]
    assert access.factors.check(eve, one) is None, "another account's"
    assert access.factors.check(ada, one.upper().replace("-", " ")) == "recovery"
    assert access.factors.check(ada, one) is None
    assert access.factors.state(ada).recovery_codes_left == RECOVERY_CODES - 1
    with database.read() as connection:
        kept = str(connection.execute(select(tables.recovery_codes)).all())
    assert not [code for code in codes[ada] if code in kept or code.replace("-", "") in kept]
    fresh = access.factors.renew_codes(ada)
    assert fresh is not None
    assert access.factors.check(ada, two) is None, "older ones are worth nothing"
    assert access.factors.check(ada, fresh[0]) == "recovery"
    assert access.factors.remove(ada)
    assert not access.factors.remove(ada)
    assert access.factors.check(ada, fresh[1]) is None
    assert access.factors.renew_codes(ada) is None
    assert access.factors.state(eve).recovery_codes_left == RECOVERY_CODES


def _enabled(access: Access, account_id: str) -> tuple[str, ...]:
    secret = access.factors.propose(account_id)
    assert secret is not None
    codes = access.factors.confirm(account_id, pyotp.TOTP(secret).at(datetime(2027, 1, 1, 12, tzinfo=UTC)))
    assert codes is not None
    return codes


def test_what_happened_is_kept_for_a_bounded_time(access: Access, ada: str, clock: Clock) -> None:
    kind = SecurityEventKind
    access.events.note(kind.LOG_IN_FAILED, None)
    access.events.note(kind.LOGGED_IN, ada, "Firefox on Linux")
    access.events.note(kind.TOKEN_MADE, ada, "x" * 900)
    assert [(one.kind, len(one.detail)) for one in access.events.of(ada)] == [
        (kind.LOGGED_IN, 16),
        (kind.TOKEN_MADE, 400),
    ]
    assert [one.kind for one in access.events.of(ada, limit=1)] == [kind.TOKEN_MADE]
    clock.now += KEPT_OF_UNKNOWN
    assert access.events.sweep() == 1
    clock.now += KEPT - KEPT_OF_UNKNOWN
    assert access.events.sweep() == 2
    assert access.events.of(ada) == []


def test_a_page_that_support_leaves_open_leaves_one_line_an_hour(access: Access, ada: str, clock: Clock) -> None:
    for actor, account_ids in (("kim", [ada, ""]), ("kim", [ada]), ("lee", [ada]), ("kim", [])):
        access.events.note_reads(account_ids, "runs", actor)
    assert [one.actor for one in access.events.of(ada)] == ["kim", "lee"]
    clock.now += READ_AGAIN
    access.events.note_reads([ada], "runs", "kim")
    assert [one.actor for one in access.events.of(ada)] == ["kim", "lee", "kim"]


def test_an_honest_attempt_is_given_back_and_others_stay(access: Access) -> None:
    rule = "3/hour"
    for who in ("a", "a", "b"):
        assert access.rates.hit(rule, "x", who) is None
    access.rates.give_back(rule, "x", "a")
    access.rates.give_back(rule, "x", "never counted")
    assert [access.rates.hit(rule, "x", "a") is None for _ in range(3)] == [True, True, False]
