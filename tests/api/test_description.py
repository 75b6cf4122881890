"""The OpenAPI document is complete, and the API does what it says: schemathesis, authenticated and not."""

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from functools import cache
from typing import Any
from uuid import uuid4

import jsonschema_rs
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.config import SchemathesisConfig
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from api.app import create_app
from models.access import Scope
from settings import Settings
from stores.access import open_access
from stores.database import migrate, open_database
from tests.fakes.amounts import FULL

EXAMPLES = 60 if FULL else 2
SKIPPED = {"/api/v1/briefs/enhancement"}
"""Waits for a worker, and there is none here: 503 is the right answer."""

KEY = "Idempotency-Key"
NEEDS_MEDIA = {"/api/v1/songs", "/api/v1/characters"}
"""No schema says what a song or a picture is: bytes that fit the description are rightly refused."""

NEEDS_SENSE = {
    "/api/v1/accounts",
    "/api/v1/quotes",
    "/api/v1/videos",
    "/api/v1/videos/{video_id}/regenerations",
    "/api/v1/videos/{video_id}/regenerations/preview",
    "/api/v1/videos/{video_id}/scenes/{index}/regenerations",
}
"""A common password, a blank prompt, an unknown character or model, or a change that changes nothing fits the
description, and is refused by 422."""

PAID = {402, 409, 429}
"""Answers to requests that fit the description: the account has its 250 credits and no song."""

REFUSALS = {400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429}
"""Answers to invalid requests; 413 because a text beyond its schema may exceed the body's limit."""


def test_every_body_has_an_example_that_fits(api_settings: Settings) -> None:
    described = create_app(api_settings).openapi()

    @cache
    def fitting(schema: str) -> jsonschema_rs.Draft202012Validator:
        """Most answers share the schema of a problem, and a validator takes longer to make than to use."""
        whole = json.loads(schema) | {"components": described["components"]}
        return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)

    wrong, seen = [], 0
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            for body in (operation.get("requestBody", {}), *operation["responses"].values()):
                for media in (media for media in body.get("content", {}).values() if "schema" in media):
                    seen += 1
                    fits = fitting(json.dumps(media["schema"]))
                    wrong += [(path, method, error.message) for error in fits.iter_errors(media["example"])]
    assert wrong == []
    assert seen > 100


def test_no_text_in_an_address_has_a_nul(api_settings: Settings) -> None:
    """The description excludes NUL in paths, as the guard does: generated paths are never refused for it."""
    described = create_app(api_settings).openapi()
    operations = [
        (path, method, told) for path, methods in described["paths"].items() for method, told in methods.items()
    ]
    wrong, seen = [], 0
    for path, method, told in operations:
        for parameter in told.get("parameters", ()):
            if parameter["in"] in {"path", "query"}:
                seen += 1
                schema = parameter["schema"] | {"components": described["components"]}
                if jsonschema_rs.is_valid(schema, "nul \0 within a text of any length"):
                    wrong.append((method, path, parameter["name"]))
    assert wrong == []
    assert seen > 60


class _Served:
    """A process of the web backend on a port, in a thread of its own."""

    def __init__(self, settings: Settings) -> None:
        config = uvicorn.Config(create_app(settings), host="127.0.0.1", port=0, log_level="error")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._server.serve()), daemon=True)

    def __enter__(self) -> str:
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive()
            time.sleep(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()


@pytest.fixture
def served(api_settings: Settings) -> Iterator[str]:
    with _Served(api_settings) as url:
        yield url


@pytest.fixture
def secret(api_settings: Settings) -> str:
    migrate(api_settings.database_url)
    database = open_database(api_settings.database_url)
    access = open_access(database)
    person = access.profiles.sign_up("machine@example.org", "correct horse battery")
    _, made = access.tokens.issue(person.account_id, "schemathesis", tuple(Scope))
    database.close()
    return made


def operations(url: str) -> Any:
    config = SchemathesisConfig.from_dict(
        {
            # The default of 10 s is too little for an upload that a busy machine judges.
            "request-timeout": 100,
            "checks": {
                "positive_data_acceptance": {
                    "expected-statuses": ["2xx", "3xx", "401", "403", "404", "5xx", *map(str, sorted(PAID))]
                },
                "negative_data_rejection": {"expected-statuses": list(map(str, sorted(REFUSALS)))},
            },
        }
    )
    # The first request composes the document, which a busy machine may take its time for: the default is 10 s.
    schema = schemathesis.openapi.from_url(f"{url}/api/v1/openapi.json", config=config, timeout=200)
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result
        operation = result.ok()
        if operation.path not in SKIPPED:
            yield operation


def failures_of(url: str, headers: dict[str, str], mode: schemathesis.GenerationMode) -> str:
    """Every failure of every operation, as text; empty: none."""
    failures: list[str] = []
    for operation in operations(url):
        left_out: list[Any] = [ignored_auth] if headers else []
        if operation.path in NEEDS_MEDIA | NEEDS_SENSE and operation.method == "post":
            left_out.append(positive_data_acceptance)
        try:
            given(case=operation.as_strategy(generation_mode=mode))(_checker(headers, left_out, mode))()
        except Unsatisfiable:
            continue  # it has no input to vary
        except (Exception, BaseExceptionGroup) as error:  # every operation is checked before the test fails
            failures += [f"{operation.label}: {one}" for one in getattr(error, "exceptions", [error])]
    return "\n\n".join(failures)


def _as_sent(query: dict[str, Any]) -> dict[str, Any]:
    """An empty array leaves nothing in a URL: what is judged is the request without it, for that is what is sent."""
    return {name: value for name, value in query.items() if value != []}


def _checker(headers: dict[str, str], left_out: list[Any], mode: schemathesis.GenerationMode) -> Any:
    @settings(
        max_examples=EXAMPLES if headers or FULL else 1,  # strangers are refused whatever they send
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def check(case: schemathesis.Case[Any]) -> None:
        case.query = _as_sent(case.query)
        if mode is schemathesis.GenerationMode.POSITIVE and KEY in case.headers:
            case.headers[KEY] = uuid4().hex  # the same key with another body is rightly refused
        answer = case.call(headers=headers)
        case.validate_response(answer, headers=headers, excluded_checks=left_out)

    return check


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode), ids=lambda mode: mode.value)
def test_the_api_does_what_it_says(served: str, secret: str, mode: schemathesis.GenerationMode) -> None:
    if told := failures_of(served, {"Authorization": f"Bearer {secret}"}, mode):
        pytest.fail(told)


def test_strangers_get_what_is_described(served: str) -> None:
    if told := failures_of(served, {}, schemathesis.GenerationMode.POSITIVE):
        pytest.fail(told)
