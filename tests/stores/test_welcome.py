"""Welcome credits once per mailbox: aliases share them, strangers can't take them away."""

import pytest

from stores.account_data import AccountData
from stores.database import Database
from stores.ledger import Ledger
from stores.profiles import Profiles
from stores.welcome import mailbox_digest
from tests.fakes.clock import Clock

PASSWORD = "correct horse battery"


def signed_up(database: Database, clock: Clock, email: str) -> str:
    return Profiles(database, clock).sign_up(email, PASSWORD).account_id


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada@example.org", "ada+1@example.org"),
        ("ada+a@example.org", "ada+b+c@example.org"),
        ("ada.love@gmail.com", "a.d.a.l.o.v.e+x@googlemail.com"),
        ("Ada@Example.org", "ada@example.org"),
    ],
)
def test_addresses_of_one_mailbox(one: str, other: str) -> None:
    assert mailbox_digest(one) == mailbox_digest(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada@example.org", "ada@example.com"),
        ("a.da@example.org", "ada@example.org"),
        ("+@example.org", "+a@example.org"),
        ("ada@gmail.com.example.org", "a.da@gmail.com.example.org"),
    ],
)
def test_addresses_of_two_mailboxes(one: str, other: str) -> None:
    assert mailbox_digest(one) != mailbox_digest(other)


def test_the_second_account_of_a_mailbox_gives_its_welcome_back(database: Database, clock: Clock) -> None:
    ledger, profiles = Ledger(database, clock), Profiles(database, clock)
    first, second = (signed_up(database, clock, email) for email in ("ada@example.org", "ada+2@example.org"))
    assert ledger.balance(second).available == 250, "the answer to a sign-up does not tell"
    assert profiles.verify(first)
    assert profiles.verify(second)
    assert (ledger.balance(first).available, ledger.balance(second).available) == (250, 0)
    assert "another account of this mailbox" in ledger.history(second)[0].text
    assert profiles.verify(second), "again changes nothing"
    assert ledger.verify().differences == ()


def test_a_stranger_who_claims_an_alias_takes_nothing_away(database: Database, clock: Clock) -> None:
    ledger, profiles = Ledger(database, clock), Profiles(database, clock)
    signed_up(database, clock, "ada+stranger@example.org")
    owner = signed_up(database, clock, "ada@example.org")
    assert profiles.verify(owner)
    assert ledger.balance(owner).available == 250


def test_an_erasure_does_not_bring_new_welcome_credits(database: Database, clock: Clock) -> None:
    ledger, profiles = Ledger(database, clock), Profiles(database, clock)
    first = signed_up(database, clock, "ada@example.org")
    profiles.verify(first)
    AccountData(database, clock).close(first)
    AccountData(database, clock).forget(first)
    again = signed_up(database, clock, "ada@example.org")
    assert profiles.verify(again)
    assert ledger.balance(again).available == 0
    assert ledger.verify().differences == ()
