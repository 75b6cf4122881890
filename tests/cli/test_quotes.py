"""Prices and balances in words: no negative balance, and everything that an account has."""

import pytest

from cli.output import Output
from cli.quotes import balance_in_words, estimate_line, show_quote
from models.credits import Balance, Operation, Quote
from models.failures import InsufficientCredits
from models.paid_media import SpendingPlan


def quote(before: int, price: int = 200, reason: str = "") -> Quote:
    return Quote(
        operation=Operation.GENERATE, price=price, balance_before=before, balance_after=before - price, reason=reason
    )


def test_what_is_left_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    show_quote(quote(250), Output(as_json=False))
    assert capsys.readouterr().out == "This costs 200 credits. Balance: 250, afterwards 50.\n"
    show_quote(quote(200), Output(as_json=False))
    assert "afterwards 0." in capsys.readouterr().out


def test_what_is_missing_is_said_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InsufficientCredits, match="200 credits are needed, and you have 50"):
        show_quote(quote(50), Output(as_json=False))
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "This costs 200 credits. Balance: 50, 150 are missing."
    assert "`starter.py grant CREDITS --reason TEXT`" in said[1], "how to go on, here"


def test_a_free_retry_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    show_quote(quote(0, price=0, reason="this scene fell back"), Output(as_json=False))
    assert capsys.readouterr().out == "This costs 0 credits (this scene fell back). Balance: 0, afterwards 0.\n"


def test_free_images_and_debts_are_told_with_the_balance() -> None:
    assert balance_in_words(Balance(posted=250, held=50, available=200)) == ["200 credits available, 50 held."]
    lines = balance_in_words(Balance(posted=0, held=0, available=0, free_images=9, receivable=30))
    assert lines[1:] == [
        "9 free image regenerations.",
        "30 credits are owed after a refund; the next credits settle them.",
    ]


def test_what_the_house_will_pay_is_said_as_far_as_it_is_known() -> None:
    known = SpendingPlan(estimate_micro_usd=6_420_000, made=30, reprises=10)
    assert estimate_line(known) == (
        "Pictures and clips will cost about $6.42 at their provider; 25% of the scenes show an earlier take again."
    )
    budget = estimate_line(SpendingPlan(estimate_micro_usd=6_000_000))
    assert budget == "Pictures and clips will cost at most about $6.00 at their provider."
