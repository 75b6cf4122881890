"""A paid call is recorded, or its step fails and pays again."""

import pytest
from temporalio.testing import ActivityEnvironment

from activities import spending
from activities.spending import charge, paid_by
from models.failures import ProviderUnavailable
from models.progress import StageName
from models.spending import PaidCall, Spending

CALL = PaidCall(key="anthropic/msg_1", provider="anthropic", model="m", cost_micro_usd=7, outcome="used")


class Book:
    """Fails its first writes."""

    def __init__(self, away: int) -> None:
        self.away = away
        self.lines: list[Spending] = []

    def record(self, line: Spending) -> None:
        self.away -= 1
        if self.away >= 0:
            raise ProviderUnavailable("the database does not answer")
        self.lines.append(line)

    def of(self, video_id: str) -> list[Spending]:
        return [line for line in self.lines if line.video_id == video_id]

    def total_micro_usd(self, video_id: str) -> int:
        return sum(line.cost_micro_usd or 0 for line in self.of(video_id))


def pay(book: Book) -> None:
    with paid_by(book, "ada", "video-1", StageName.VISION):
        charge(CALL)


def test_a_database_that_comes_back_soon_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spending, "_PAUSE_S", 0.0)
    book = Book(away=3)
    ActivityEnvironment().run(pay, book)
    assert [line.key for line in book.of("video-1")] == [CALL.key]


def test_one_that_stays_away_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spending, "WRITE_PATIENCE_S", -1.0)
    with pytest.raises(ProviderUnavailable):
        ActivityEnvironment().run(pay, Book(away=10**9))


def test_nobodys_call_is_a_defect() -> None:
    with pytest.raises(LookupError):
        charge(CALL)
