"""A local server that speaks Stripe's checkout and refuses what Stripe refuses, in Stripe's words.

Its account has Managed Payments on for every session that does not say otherwise, as some new accounts do: such a
session fails here, because the offers have no tax code.
"""

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

import pytest

KEY = "sk_test_1"
PRICES = {"price_pilot": True, "price_250": False}
"""Price ids, and whether they recur."""

_MODES = {"payment", "subscription", "setup"}
_KNOWN = re.compile(
    r"mode|success_url|cancel_url|client_reference_id|customer_email|line_items\[\d+\]\[(?:price|quantity)\]"
    r"|metadata\[\w{1,40}\]|(?:subscription_data|payment_intent_data)\[metadata\]\[\w{1,40}\]"
    r"|managed_payments\[enabled\]"
)


class Refused(Exception):
    """A request that Stripe would refuse: its message, code and parameter."""

    def __init__(self, message: str, param: str, code: str = "parameter_invalid") -> None:
        super().__init__(message)
        self.answer = {"message": message, "type": "invalid_request_error", "param": param, "code": code}


def check(params: dict[str, str], version: str | None) -> None:
    """Refuse what Stripe would refuse of a checkout session."""
    for name in params:
        if not _KNOWN.fullmatch(name):
            raise Refused(f"Received unknown parameter: {name.split('[')[0]}", name, "parameter_unknown")
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}\.\w+", version or ""):
        raise Refused(f"Invalid Stripe API version: {version}", "Stripe-Version")
    mode = params.get("mode", "")
    if mode not in _MODES:
        raise Refused("Invalid mode: must be one of payment, setup, or subscription", "mode")
    wrong = "payment_intent_data" if mode == "subscription" else "subscription_data"
    if any(name.startswith(wrong) for name in params):
        raise Refused(f"You can not pass `{wrong}` in `{mode}` mode.", wrong)
    _check_item(params, mode)
    for url in ("success_url", "cancel_url"):
        if not re.match(r"https?://", params.get(url, "")):
            raise Refused("Not a valid URL", url, "url_invalid")
    for name, value in params.items():
        if "metadata" in name and len(value) > 500:
            raise Refused("Metadata values can have up to 500 characters", name)
    managed = params.get("managed_payments[enabled]", "true")
    if managed not in ("true", "false"):
        raise Refused("Invalid boolean", "managed_payments[enabled]")
    if managed == "true":
        raise Refused("Managed Payments needs an eligible tax code on every product.", "managed_payments")


def _check_item(params: dict[str, str], mode: str) -> None:
    price = params.get("line_items[0][price]", "")
    if price not in PRICES:
        raise Refused(f"No such price: '{price}'", "line_items[0][price]", "resource_missing")
    if PRICES[price] != (mode == "subscription"):
        raise Refused("You must provide at least one recurring price in `subscription` mode.", "mode")
    if not params.get("line_items[0][quantity]", "").isdigit():
        raise Refused("Quantity is required. Add `quantity` to `line_items[0]`", "line_items[0][quantity]")


class StripeServer(ThreadingHTTPServer):
    """Checks and records requests, and answers them; with another `status` it answers that."""

    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: dict[str, str] = {}
        self.sessions: dict[str, tuple[dict[str, str], str]] = {}

    @property
    def url(self) -> str:
        """Its base address."""
        return f"http://127.0.0.1:{self.server_port}"

    def session_of(self, key: str, params: dict[str, str]) -> str:
        """The session under an idempotency key."""
        first, session_id = self.sessions.setdefault(key, (params, f"cs_{len(self.sessions) + 1}"))
        if first != params:
            raise Refused("Keys for idempotent requests can only be used with the same parameters.", "key")
        return session_id


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, StripeServer)
        length = int(self.headers["Content-Length"])
        params = dict(parse_qsl(self.rfile.read(length).decode(), keep_blank_values=True))
        key = self.headers["Idempotency-Key"] or ""
        server.asked = params | {"path": self.path, "idempotency_key": key}
        if server.status != 200:
            self._answer(server.status, {"error": {"message": "Not now", "type": "api_error"}})
            return
        if self.headers["Authorization"] != f"Bearer {KEY}":
            self._answer(401, {"error": {"message": "Invalid API Key provided", "type": "invalid_request_error"}})
            return
        try:
            check(params, self.headers["Stripe-Version"])
            session_id = server.session_of(key, params)
        except Refused as refused:
            self._answer(400, {"error": refused.answer})
            return
        url = f"https://pay.example/{session_id}"
        self._answer(200, {"id": session_id, "object": "checkout.session", "url": url, "livemode": False})

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def stripe_server() -> Iterator[StripeServer]:
    """A server for one test."""
    with StripeServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()
