"""A run's payments: each call once, added up by stage and model."""

from threading import Thread

from models.progress import StageName
from models.spending import Spending, report_on
from stores.database import Database
from stores.ledger import Ledger
from stores.spending import SpendingBook


def spent(key: str, cost_micro_usd: int | None = 1_500, model: str = "large", **more: int) -> Spending:
    return Spending(
        key=key,
        account_id="ada",
        video_id="video-1",
        provider="anthropic",
        model=model,
        stage=StageName.SHOTS,
        cost_micro_usd=cost_micro_usd,
        **more,
    )


def book_of(database: Database) -> SpendingBook:
    Ledger(database).open_account("ada")
    return SpendingBook(database)


def test_a_call_that_is_written_twice_counts_once(database: Database) -> None:
    book = book_of(database)
    for key in ("anthropic/1", "anthropic/2", "anthropic/1"):
        book.record(spent(key))
    assert [line.key for line in book.of("video-1")] == ["anthropic/1", "anthropic/2"]
    assert book.total_micro_usd("video-1") == 3_000
    assert book.of("video-2") == []
    assert book.total_micro_usd("video-2") == 0


def test_a_line_comes_back_as_it_was_written(database: Database) -> None:
    book, line = book_of(database), spent("anthropic/1", output_tokens=7, cache_read_tokens=9, scene_index=3)
    book.record(line)
    assert book.of("video-1") == [line]


def test_sections_that_are_paid_for_at_once_are_all_written(database: Database) -> None:
    book = book_of(database)
    threads = [Thread(target=book.record, args=(spent(f"anthropic/{n}"),)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert book.total_micro_usd("video-1") == 12 * 1_500


def test_a_report_adds_up_and_says_what_has_no_price() -> None:
    report = report_on([spent("1", output_tokens=5), spent("2", output_tokens=6), spent("3", None, model="unheard of")])
    assert [(line.model, line.calls, line.cost_micro_usd, line.output_tokens) for line in report.lines] == [
        ("large", 2, 3_000, 11),
        ("unheard of", 1, 0, 0),
    ]
    assert (report.calls, report.unpriced_calls, report.cost_usd) == (3, 1, 0.003)
