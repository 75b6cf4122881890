"""Nothing is bought twice by mistake: the rows of paid jobs."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from threading import Barrier, Thread
from typing import TypeVar

import pytest
from sqlalchemy import Connection

from models.failures import SpendingExceeded
from models.measures import Measure
from models.paid_media import Billing, Job, JobRef, JobState, JobStatus, PieceKind
from models.spending import report_on
from stores.database import Database
from stores.ledger import Ledger
from stores.provider_jobs import JobBook
from stores.spending import SpendingBook

R = TypeVar("R")
KEY = "generate-video-1.still.003.0"


def job(key: str = KEY) -> Job:
    return Job(
        job_key=key,
        workflow_id="generate-video-1",
        account_id="ada",
        video_id="video-1",
        provider="fal",
        model="model",
        kind=PieceKind.STILL,
        scene_index=3,
        state=JobState.INTENDED,
        price_micro_usd=40_000,
        intended_at=datetime.now(UTC),
    )


def ticket(request_id: str = "r1") -> JobRef:
    return JobRef(job_key=KEY, request_id=request_id, status_url="s", response_url="r", cancel_url="c")


@pytest.fixture
def book(database: Database) -> JobBook:
    Ledger(database).open_account("ada")
    return JobBook(database)


def test_the_first_may_submit_and_a_second_finds_its_ticket(book: JobBook) -> None:
    assert book.intend(job())[1]
    book.submitted(ticket())
    known, may = book.intend(job())
    assert not may
    assert known.ticket == ticket()
    assert known.unknowns == 0


def test_of_many_that_begin_at_once_one_may_submit(book: JobBook) -> None:
    answers: list[bool] = []
    start = Barrier(6)

    def begin() -> None:
        start.wait()
        answers.append(book.intend(job())[1])

    threads = [Thread(target=begin) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(answers) == 1


def test_a_submission_whose_maker_died_is_unknown_and_may_be_sent_once_more(book: JobBook) -> None:
    book.intend(job())
    known, may = book.intend(job())
    assert (may, known.state, known.unknowns) == (False, JobState.UNKNOWN, 1)
    assert book.intend_again(KEY)
    assert book.unknown(KEY).unknowns == 2
    assert not book.intend_again(KEY), "a second loss needs a person"
    assert not book.intend(job())[1]


def test_a_refusal_leaves_nothing_behind(book: JobBook) -> None:
    book.intend(job())
    book.withdrawn(KEY)
    known, may = book.intend(job())
    assert (may, known.unknowns) == (True, 0)


def test_a_refusal_does_not_clear_up_an_older_loss(book: JobBook) -> None:
    book.intend(job())
    book.unknown(KEY)
    book.intend_again(KEY)
    book.withdrawn(KEY)
    known, may = book.intend(job())
    assert (may, known.state, known.unknowns) == (False, JobState.UNKNOWN, 1)


def test_a_webhook_finds_a_lost_job(book: JobBook) -> None:
    book.intend(job())
    book.unknown(KEY)
    book.answered(KEY, "r1", "{}")
    known, may = book.intend(job())
    assert (may, known.state, known.unknowns) == (False, JobState.SUBMITTED, 0)
    assert known.ticket is not None
    assert known.ticket.request_id == "r1"


def test_a_webhook_may_be_early_and_come_twice(book: JobBook) -> None:
    book.intend(job())
    book.answered(KEY, "r1", '{"n": 1}')
    book.answered(KEY, "r1", '{"n": 2}')
    known = book.submitted(ticket())
    assert (known.state, known.answer, known.status_url, known.unknowns) == (JobState.SUBMITTED, '{"n": 1}', "s", 0)
    assert book.landed([KEY, "other"]) == {KEY}
    assert book.answered("unknown", "r1", "{}") is None


def test_two_accepted_requests_stay_counted(book: JobBook) -> None:
    book.intend(job())
    book.unknown(KEY)
    book.intend_again(KEY)
    book.answered(KEY, "r1", "{}")
    known = book.submitted(ticket("r2"))
    assert (known.request_id, known.unknowns) == ("r1", 1)


def test_the_first_end_stays_and_closes_the_job(book: JobBook) -> None:
    book.intend(job())
    book.submitted(ticket())
    assert [one.job_key for one in book.open_jobs()] == [KEY]
    book.end(KEY, JobState.DONE, "used", result="{}")
    book.end(KEY, JobState.FAILED, "failed", reason="late")
    known = book.find(KEY)
    assert known is not None
    assert known.state is JobState.DONE
    assert book.open_jobs() == []


def test_what_was_given_up_stays_open_until_it_is_reconciled(book: JobBook) -> None:
    book.intend(job())
    book.unknown(KEY)
    book.give_up(KEY)
    assert [one.state for one in book.open_jobs()] == [JobState.LOST]
    book.end(KEY, JobState.LOST, "unused", reason="never learnt")
    assert book.open_jobs() == []


def test_what_is_committed_counts_losses_and_not_what_failed(book: JobBook) -> None:
    book.intend(job())
    book.unknown(KEY)
    book.intend_again(KEY)
    book.submitted(ticket())
    book.intend(job("generate-video-1.still.004.0"))
    book.end("generate-video-1.still.004.0", JobState.FAILED, "failed", failure="JobFailed")
    assert book.committed_micro_usd("video-1") == 80_000


def test_of_scenes_that_ask_at_once_no_more_pass_than_are_allowed(book: JobBook) -> None:
    start = Barrier(8, timeout=200)

    def ask(number: int) -> bool:
        start.wait()
        try:
            return book.intend(job(f"generate-video-1.still.{number:03d}.0"), allowance_micro_usd=120_000)[1]
        except SpendingExceeded:
            return False

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(8))) == 3
    assert book.committed_micro_usd("video-1") == 120_000
    assert len(book.of_video("video-1")) == 3


def test_what_is_bought_already_asks_for_no_allowance(book: JobBook) -> None:
    book.intend(job())
    book.submitted(ticket())
    assert book.intend(job(), allowance_micro_usd=0) == (book.find(KEY), False)


def test_the_end_counts_each_request_that_may_be_charged_for(book: JobBook, database: Database) -> None:
    book.intend(job())
    book.unknown(KEY)
    book.intend_again(KEY)
    book.submitted(ticket())
    book.end(KEY, JobState.DONE, "used", result="{}")
    book.end(KEY, JobState.DONE, "used", result="{}")
    lines = [(one.outcome, one.cost_micro_usd) for one in SpendingBook(database).of("video-1")]
    assert lines == [("unknown", 40_000), ("used", 40_000)]


def test_the_end_says_what_is_certain_and_what_is_possible(book: JobBook, database: Database) -> None:
    for number, billing in enumerate(Billing):
        key = f"generate-video-1.still.{number:03d}.0"
        book.intend(job(key))
        book.submitted(ticket(f"r{number}").model_copy(update={"job_key": key}))
        ended = book.end(key, JobState.FAILED, "failed", failure="JobFailed", said="teapot 418", billing=billing)
        assert (ended.said, ended.billing) == ("teapot 418", billing)
    report = report_on(SpendingBook(database).of("video-1"), under_way_micro_usd=5)
    assert (report.certain_micro_usd, report.possible_micro_usd, report.cost_micro_usd) == (40_000, 40_005, 80_005)
    assert book.committed_micro_usd("video-1") == 80_000


def test_the_end_is_measured_once_whose_transaction_ran_twice(
    book: JobBook, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[tuple[str, float, str]] = []

    def measure(measure: Measure, value: float, *, certainty: str) -> None:
        measured.append((measure.name, value, certainty))

    def twice(work: Callable[[Connection], R]) -> R:
        """As where another one's work raises, and the shared commit is undone."""
        with suppress(ValueError), database.write() as connection:
            work(connection)
            raise ValueError
        with database.write() as connection:
            return work(connection)

    book.intend(job())
    book.unknown(KEY)
    book.intend_again(KEY)
    book.submitted(ticket())
    monkeypatch.setattr("stores.spending.report", measure)
    monkeypatch.setattr(database, "write_together", twice)
    for _ in range(2):
        book.end(KEY, JobState.DONE, "used")
    assert measured == [("echonos_spend_usd", 0.04, "possible"), ("echonos_spend_usd", 0.04, "certain")]


def test_a_job_that_a_webhook_without_an_answer_told_of_is_asked_about(book: JobBook) -> None:
    book.intend(job())
    book.unknown(KEY)
    found = book.found(KEY, "r1")
    assert found is not None
    assert (found.state, found.request_id, found.unknowns, found.answer) == (JobState.SUBMITTED, "r1", 0, None)
    assert book.landed([KEY]) == {KEY}
    book.submitted(ticket())
    assert book.landed([KEY]) == set()
    assert book.found("unknown", "r1") is None


def test_where_a_job_was_asked_to_stop_is_known_until_it_is_not_accepted(book: JobBook) -> None:
    book.intend(job())
    book.submitted(ticket())
    book.asked_to_stop(KEY, JobStatus.RUNNING)
    assert [one.cancelled_from for one in book.open_jobs()] == ["running"]
    book.asked_to_stop(KEY, None)
    assert [one.cancelled_from for one in book.open_jobs()] == [""]
