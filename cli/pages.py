"""The web backend's pages, opened in a person's browser."""

import webbrowser
from collections.abc import Callable
from urllib.parse import quote

from cli.session import Session


def address_of(session: Session, path: str) -> str | None:
    """The address of a page; None: the local stack serves none. On a local stack it logs its developer in, once."""
    stack = session.stack
    if not stack.local:
        return session.app.settings.public_url.rstrip("/") + path
    if stack.api_url is None:
        return None
    from cli.stack.running import enter_link

    return f"{enter_link(stack)}&next={quote(path, safe='')}"


def open_page(address: str | None, say: Callable[[str], None]) -> None:
    """Open a page; where there is no browser, say its address."""
    if address is None:
        say("No page is served here: `starter.py up` serves it.")
    elif not _opened(address):
        say(f"Open {address}")


def _opened(address: str) -> bool:
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    # A browser within the terminal would take it from the command.
    return type(browser) is not webbrowser.GenericBrowser and browser.open(address)
