"""Proxies in the environment, and this machine's own addresses."""

import httpx
import pytest

from models.loopback import is_loopback, keep_loopback_direct, proxies_in

PROXY = "http://proxy.example:3128"


@pytest.mark.parametrize("url", ["http://127.0.0.1:8333", "http://127.8.9.10", "http://[::1]:9", "https://localhost/x"])
def test_this_machine(url: str) -> None:
    assert is_loopback(url)


@pytest.mark.parametrize("url", ["http://10.0.0.1", "https://s3.example.org", "http://localhost.example.org", ""])
def test_other_machines(url: str) -> None:
    assert not is_loopback(url)


def test_loopback_is_excepted_beside_what_was_excepted_before() -> None:
    environment = {"ALL_PROXY": PROXY, "NO_PROXY": "intra.example, ::1"}
    keep_loopback_direct(environment)
    assert environment["no_proxy"] == environment["NO_PROXY"] == "intra.example,::1,localhost,127.0.0.1"
    assert proxies_in(environment) == {"ALL_PROXY": PROXY}


@pytest.mark.parametrize("environment", [{}, {"HTTP_PROXY": ""}, {"HTTP_PROXY": PROXY, "NO_PROXY": "*"}])
def test_an_environment_without_effective_proxies_stays_as_it_is(environment: dict[str, str]) -> None:
    before = dict(environment)
    keep_loopback_direct(environment)
    assert environment == before


def test_the_http_client_believes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {"HTTP_PROXY": PROXY}
    keep_loopback_direct(environment)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with httpx.Client() as client:
        direct, proxied = (
            client._transport_for_url(httpx.URL(url)) for url in ("http://127.0.0.1:1/", "http://example.org/")
        )
        assert direct is client._transport is not proxied
