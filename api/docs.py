"""Error responses in the OpenAPI document: every route names those that it may answer."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.examples import add_examples
from api.problems import MEDIA_TYPE, TITLES, ProblemBody

_SENTENCES: dict[int, tuple[str, str]] = {
    400: ("bad_request", "This request is malformed."),
    401: ("unauthenticated", "Log in, or send an API token."),
    402: ("insufficient_credits", "200 credits are needed, and you have 50: top up, then try again."),
    403: ("csrf", "This page is too old: load it again."),
    404: ("not_found", "There is nothing here under this address."),
    408: ("too_slow", "The upload stood still for too long: try again."),
    409: ("start_refused", "This operation has been run before; start a new one."),
    413: ("body_too_large", "This request takes up to 256 KB."),
    415: ("unknown_type", "This is not taken in this form."),
    416: ("range", "This file has 24000000 bytes; the range begins behind its end."),
    422: ("invalid", "title: String should have at most 200 characters."),
    429: ("too_often", "That was too often: try again in a minute."),
    503: ("unavailable", "A part of Echonos does not answer now; nothing is lost. Try again in a moment."),
}
_WAIT = {"Retry-After": {"description": "seconds to wait", "schema": {"type": "integer", "minimum": 0}}}

_NO_NUL = r"^[^\x00]*$"


def _response(status: int) -> dict[str, Any]:
    code, detail = _SENTENCES[status]
    example = {
        "type": f"urn:echonos:problem:{code}",
        "title": TITLES[status],
        "status": status,
        "code": code,
        "detail": detail,
    }
    content = {"schema": {"$ref": f"#/components/schemas/{ProblemBody.__name__}"}, "example": example}
    described: dict[str, Any] = {"description": TITLES[status], "content": {MEDIA_TYPE: content}}
    return described | {"headers": _WAIT} if status in {429, 503} else described


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may answer these errors; 400, 422 and 503 are always among them."""
    return {status: _response(status) for status in sorted({400, *statuses, 422, 503})}


PERSONAL = errors(401, 403, 404)
"""Errors of routes that read or change an account's data."""

COSTLY = errors(401, 402, 403, 404, 409, 429)
"""Errors of routes that cost credits."""


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, cached."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes, servers=[{"url": "/"}]
        )
        schemas = made.setdefault("components", {}).setdefault("schemas", {})
        schemas[ProblemBody.__name__] = ProblemBody.model_json_schema()
        for path in made["paths"].values():
            for operation in path.values():
                for parameter in operation.get("parameters", ()):
                    if parameter["in"] in {"path", "query"}:
                        _refuse_nul(parameter["schema"])
                if "requestBody" in operation:  # the guard refuses large bodies on every route
                    operation["responses"].setdefault("413", _response(413))
        add_examples(made)
        app.openapi_schema = made
    return app.openapi_schema


def _refuse_nul(schema: dict[str, Any]) -> None:
    """Add to a text parameter that the guard refuses NUL; existing patterns exclude it."""
    for one in (schema, *schema.get("anyOf", ())):
        if one.get("type") == "string" and not one.keys() & {"pattern", "enum", "const"}:
            one["pattern"] = _NO_NUL
