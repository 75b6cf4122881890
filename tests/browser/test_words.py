"""No word is lost and every message is true: after Back, reload, log-in, offline, an unreachable server."""

import json
import re
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.pretending import pretend_a_song
from tests.browser.visitor import Visitor, visiting

pytestmark = pytest.mark.browser

PASSWORD = "a calm and long password"
PROMPT = "A courier crosses a rainy city."


async def _logs_in(artist: Visitor, email: str) -> None:
    page = artist.page
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Log in").click()


async def test_the_brief_is_what_is_ordered(site: str) -> None:
    email = "brief@example.org"
    asked: list[dict[str, Any]] = []

    async def refuse(route: Route) -> None:
        if route.request.method != "POST":
            await route.continue_()
            return
        asked.append(json.loads(route.request.post_data or ""))
        body = {"code": "start_refused", "detail": "Not now."}
        await route.fulfill(status=409, content_type="application/problem+json", body=json.dumps(body))

    async with visiting(site) as artist:
        page = artist.page
        await artist.sign_up(email)
        await pretend_a_song(page)
        await page.route("**/api/v1/videos", refuse)
        await artist.goto("/?song=song-1")
        await expect(page.locator("#song-title")).to_have_text("First Light")
        await page.get_by_role("radio", name="Golden Hour").check()
        await page.get_by_role("switch", name="Enhance Prompt").check()
        await page.get_by_label("Prompt", exact=True).fill(PROMPT)
        await page.get_by_role("link", name="Credits").first.click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Credits")
        await page.go_back()
        await _says_what_was_chosen(page)
        await page.reload()
        await _says_what_was_chosen(page)

        # Another device, and a session that was lost.
        async with artist.session_lost():
            await page.evaluate("localStorage.clear()")
            await page.get_by_label("Prompt", exact=True).fill(f"{PROMPT} At dawn.")
        await expect(page).to_have_url(re.compile("/login"))
        await page.wait_for_load_state()  # the form is sent by a module
        await _logs_in(artist, email)
        await expect(page.get_by_label("Prompt", exact=True)).to_have_value(f"{PROMPT} At dawn.")
        await expect(page.locator("#song-title")).to_have_text("First Light")
        await page.get_by_role("button", name="Generate video").click()
        await expect(page.locator("#total-problem")).to_have_text("Not now.")
        shown = await page.locator("#total-style").inner_text()
        assert [shown, asked[0]["style"], asked[0]["enhance"], asked[0]["prompt"]] == [
            "Golden Hour",
            "golden-hour",
            True,
            f"{PROMPT} At dawn.",
        ]
        artist.forget("401", "409", "503")
        assert artist.complaints == []


async def _says_what_was_chosen(page: Page) -> None:
    await expect(page.get_by_label("Prompt", exact=True)).to_have_value(PROMPT)
    await expect(page.locator("#total-style")).to_have_text("Golden Hour")
    await expect(page.get_by_role("radio", name="Golden Hour")).to_be_checked()
    await expect(page.get_by_role("switch", name="Enhance Prompt")).to_be_checked()
    await expect(page.locator("#song-title")).to_have_text("First Light")


async def test_offline_and_away_are_two_sentences(site: str) -> None:
    async def away(route: Route) -> None:
        await route.abort()

    async with visiting(site) as artist:
        page, bar = artist.page, artist.page.locator("#offline")
        await artist.sign_up("away@example.org")
        await pretend_a_song(page)
        await page.get_by_role("button", name="Generate video").click()
        await expect(page.locator("#song-problem")).to_have_text("Choose a song first.")
        await page.route("**/api/v1/**", away)
        await page.route("**/healthz", away)
        await page.get_by_label("Search Songs:").fill("x")
        await expect(bar).to_contain_text("Echonos does not answer right now.")
        await expect(page.get_by_text("You are offline")).to_have_count(0)
        await page.get_by_label("Prompt", exact=True).fill(PROMPT)
        await page.unroute("**/healthz")
        await page.unroute("**/api/v1/**")
        await expect(bar).to_be_hidden()
        await page.context.set_offline(True)
        await expect(bar).to_contain_text("You are offline.")
        await page.context.set_offline(False)
        await expect(bar).to_be_hidden()

        # What is pasted is never cut: it is said that it is too long, and it is still there.
        await artist.goto("/?song=song-1")
        prompt, long = page.get_by_label("Prompt", exact=True), "A fox, 🦊. " * 450
        await prompt.fill(long)
        await expect(page.locator("#prompt-problem")).to_have_text(
            f"Prompt may have at most 4,000 characters; this has {len(long):,}."
        )
        await page.get_by_role("button", name="Generate video").click()
        await expect(prompt).to_be_focused()
        await page.reload()
        await expect(prompt).to_have_value(long)
        await prompt.fill(PROMPT)
        await expect(page.locator("#prompt-problem")).to_be_empty()

        # An error leaves with its reason; a form keeps its words over a reload.
        await artist.goto("/vault?show=characters")
        await page.get_by_role("button", name="Keep this character").click()
        await expect(page.locator("#name-problem")).not_to_be_empty()
        await page.get_by_label("Name", exact=True).fill("Ines")
        await expect(page.locator("#name-problem")).to_be_empty()
        await page.get_by_label("Description").fill("A tall woman")
        await page.reload()
        await expect(page.get_by_label("Name", exact=True)).to_have_value("Ines")
        await expect(page.get_by_label("Description")).to_have_value("A tall woman")
        await _dialogs_keep_their_text(page)
        artist.forget("ERR_FAILED", "ERR_INTERNET_DISCONNECTED", "422")
        await artist.goto("/")
        await expect(page.get_by_label("Prompt", exact=True)).to_have_value(PROMPT)
        assert artist.complaints == []


_TOASTS = """async () => {
    const base = document.querySelector('script[type="module"]').src.replace(/[^/]+$/, "");
    const { toast } = await import(base + "feedback.js");
    const dialog = document.createElement("dialog");
    const where = () => document.querySelector(".toasts:popover-open").parentElement.localName;
    document.body.append(dialog);
    dialog.addEventListener("close", () => dialog.remove());
    const seen = [];
    toast("a".repeat(1000));
    seen.push(where());
    dialog.showModal();
    toast("b".repeat(1000));
    seen.push(where());
    const closed = new Promise((done) => dialog.addEventListener("close", done));
    dialog.close();
    await closed;
    seen.push(where());
    toast("c");
    return [...seen, document.querySelectorAll(".toast").length];
}"""


async def test_a_message_lies_above_the_dialog_and_outlives_it(site: str) -> None:
    async with visiting(site) as stranger:
        await stranger.goto("/login")
        assert await stranger.page.evaluate(_TOASTS) == ["body", "dialog", "body", 3]


_DIALOG = """async ([name, file]) => {
    const base = document.querySelector('script[type="module"]').src.replace(/[^/]+$/, "");
    const module = await import(base + file);
    const refuse = async () => { throw Object.assign(new Error("Not now."), { status: 409 }); };
    const rename = { title: "Rename this song", value: "Old", confirm: "Rename", keptAs: "song-1", act: refuse };
    if (name === "ask") module.ask(rename);
    else module.askForLyrics(refuse, "lyrics/video-1");
}"""


async def _dialogs_keep_their_text(page: Page) -> None:
    """Refused, closed by Escape and after a reload: the text is there."""
    for module, label, send in (
        (("ask", "feedback.js"), "Name", "Rename"),
        (("askForLyrics", "lyrics.js"), "Lyrics", "Make lyric video"),
    ):
        await page.evaluate(_DIALOG, module)
        dialog = page.get_by_role("dialog")
        field = dialog.get_by_label(label, exact=True)
        await field.fill("[00:01.00]New words")
        await dialog.get_by_role("button", name=send).click()
        await expect(dialog.locator(".problem").filter(has_text="Not now.")).to_be_visible()
        await expect(field).to_have_value("[00:01.00]New words")
        await page.keyboard.press("Escape")
        await expect(dialog).to_have_count(0)
        await page.reload()
        await page.evaluate(_DIALOG, module)
        await expect(field).to_have_value("[00:01.00]New words")
        await page.keyboard.press("Escape")
