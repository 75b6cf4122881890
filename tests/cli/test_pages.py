"""`watch --open`: the page's address, and what is said where no browser or no page is there."""

import webbrowser
from types import SimpleNamespace
from typing import Any, cast

import pytest

from cli.pages import address_of, open_page
from cli.session import Session


def _session(*, local: bool, api_url: str | None = None) -> Session:
    app = SimpleNamespace(settings=SimpleNamespace(public_url="https://echonos.example/"))
    return cast(Session, SimpleNamespace(stack=SimpleNamespace(local=local, api_url=api_url), app=app))


def test_a_deployment_has_a_public_address() -> None:
    assert address_of(_session(local=False), "/processing/v") == "https://echonos.example/processing/v"


def test_a_stack_without_a_page_says_how_to_get_one() -> None:
    said: list[str] = []
    open_page(address_of(_session(local=True), "/processing/v"), said.append)
    assert said == ["No page is served here: `starter.py up` serves it."]


class _Graphical:
    def __init__(self, opens: bool) -> None:
        self.opens, self.opened = opens, [""]

    def open(self, address: str) -> bool:
        self.opened.append(address)
        return self.opens


def test_a_browser_of_its_own_window_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    browser, said = _Graphical(opens=True), list[str]()
    monkeypatch.setattr(webbrowser, "get", lambda: browser)
    open_page("http://here/", said.append)
    assert (browser.opened[-1], said) == ("http://here/", [])


@pytest.mark.parametrize("found", [_Graphical(opens=False), webbrowser.GenericBrowser("false"), None])
def test_without_one_the_address_is_said(monkeypatch: pytest.MonkeyPatch, found: Any) -> None:
    def get() -> Any:
        if found is None:
            raise webbrowser.Error("could not locate runnable browser")
        return found

    said: list[str] = []
    monkeypatch.setattr(webbrowser, "get", get)
    open_page("http://here/", said.append)
    assert said == ["Open http://here/"]
