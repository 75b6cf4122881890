"""What the worker refuses before it asks any server anything."""

import logging

import pytest
from pydantic import SecretStr
from temporalio import activity
from temporalio.exceptions import ApplicationError

import worker
from models.failures import InvalidInput
from settings import Settings


async def test_a_placeholder_stops_the_worker_outside_development() -> None:
    settings = Settings(environment="production", fal_key=SecretStr("changeme"))
    with pytest.raises(InvalidInput, match="fal_key is a placeholder"):
        await worker.serve(settings)


def test_a_worker_needs_no_mail_server_and_no_public_address() -> None:
    Settings(environment="production", database_url="sqlite:///x.db").check_secrets()


def test_a_failing_step_is_logged_without_its_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(logging.root, "handlers", [])
    worker.log_places_only()
    try:
        try:
            int("a very private prompt")
        except ValueError as error:
            raise ApplicationError("very.private@example.org") from error
    except ApplicationError:
        activity.logger.warning("Completing activity as failed", exc_info=True)
    told = capsys.readouterr().err
    assert "private" not in told
    for wanted in ("Completing activity as failed", "ApplicationError at test_worker.py:", "ValueError at test_worker"):
        assert wanted in told
