"""What the worker refuses before it asks any server anything."""

import pytest
from pydantic import SecretStr

import worker
from models.failures import InvalidInput
from settings import Settings


async def test_a_placeholder_stops_the_worker_outside_development() -> None:
    settings = Settings(environment="production", fal_key=SecretStr("changeme"))
    with pytest.raises(InvalidInput, match="fal_key is a placeholder"):
        await worker.serve(settings)


def test_a_worker_needs_no_mail_server_and_no_public_address() -> None:
    Settings(environment="production", database_url="sqlite:///x.db").check_secrets()
