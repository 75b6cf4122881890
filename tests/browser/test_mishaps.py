"""When something goes wrong on the way: lost answers, a song that is missing; and what a keyboard always sees."""

import asyncio
import json
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.async_api import Route, expect

from tests.browser.pretending import pretend_a_song, pretend_an_older_song
from tests.browser.visitor import WIDTHS, Visitor, visiting

pytestmark = pytest.mark.browser

_WHERE = """() => {
    const box = document.activeElement.getBoundingClientRect();
    const fixed = Boolean(document.activeElement.closest(".bar, .skip"));
    const top = document.querySelector(".bar").getBoundingClientRect().bottom;
    const nav = document.querySelector(".nav");
    const bottom = getComputedStyle(nav).position === "fixed" ? nav.getBoundingClientRect().top : innerHeight;
    const seen = Math.min(box.bottom, bottom) - Math.max(box.top, top);
    const name = `${document.activeElement.tagName} ${document.activeElement.id || document.activeElement.value}`;
    return [name, fixed || seen >= Math.min(box.height, 20)];
}"""


async def test_a_lost_answer_buys_nothing_twice(site: str) -> None:
    keys: list[str] = []

    async def lose_the_first(route: Route) -> None:
        if route.request.method != "POST":
            await route.continue_()
            return
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) == 1:
            await route.abort()
            return
        body = {
            "code": "insufficient_credits",
            "detail": "200 credits are needed, and you have 20: top up, then try again.",
        }
        await route.fulfill(status=402, content_type="application/problem+json", body=json.dumps(body))

    async with visiting(site) as artist:
        page = artist.page
        await artist.sign_up("lost-answers@example.org")
        await pretend_a_song(page)
        await page.route("**/api/v1/videos", lose_the_first)
        await artist.goto("/?song=song-1")
        await expect(page.locator("#song .wave")).to_be_visible()
        generate = page.get_by_role("button", name="Generate video")
        await generate.click()
        await expect(page.locator("#total-problem")).to_contain_text("We can't be reached right now.")
        await generate.click()
        await expect(page.locator("#total-problem")).to_contain_text("200 credits are needed")
        async with page.expect_response("**/api/v1/videos"):
            await generate.click()
        assert keys[0] == keys[1], "asked again, it is the same order"
        assert keys[2] != keys[1], "an order that was refused is over"
        artist.forget("ERR_FAILED", "402")
        assert artist.complaints == []


async def test_an_older_song_is_heard_again_and_a_failure_leaves_it_as_it_was(site: str) -> None:
    async with visiting(site) as artist:
        page = artist.page
        await artist.sign_up("listens-again@example.org")
        await pretend_a_song(page)
        await artist.goto("/?song=song-1")
        again, facts = page.get_by_role("button", name="Listen again"), page.locator("#song-facts")
        await expect(facts).to_contain_text("120 bpm")
        await expect(again).to_be_hidden()

        seen = asyncio.Event()
        await pretend_an_older_song(page, seen, "This song cannot be heard.")
        await artist.goto("/?song=song-1")
        await again.focus()
        await page.keyboard.press("Enter")
        await expect(again).to_be_disabled()
        seen.set()
        await expect(page.locator("#song-problem")).to_have_text("This song cannot be heard.")
        await expect(again).to_be_focused()
        await expect(facts).not_to_contain_text("no voice heard")
        await page.keyboard.press("Enter")
        await expect(facts).to_contain_text("no voice heard")
        await expect(again).to_be_hidden()
        await expect(page.locator("#song-problem")).to_have_text("")
        await expect(page.locator("#song-change")).to_be_focused()
        assert artist.complaints == []


async def test_without_a_song_the_button_says_so(site: str) -> None:
    async with visiting(site) as artist:
        page = artist.page
        await artist.sign_up("no-song@example.org")
        await page.get_by_role("button", name="Generate video").click()
        await expect(page.locator("#song-problem")).to_have_text("Choose a song first.")
        await expect(page.get_by_label("Choose a song file")).to_be_focused()


async def test_a_focused_thing_is_never_hidden_behind_the_bars(site: str) -> None:
    async with visiting(site) as artist:
        await artist.sign_up("tabbing@example.org")
        for device in WIDTHS:
            for path in ("/", "/credits", "/account", "/vault?show=characters"):
                await _tab_through(artist, device, path)


async def _tab_through(artist: Visitor, device: str, path: str) -> None:
    page, (width, height) = artist.page, WIDTHS[device]
    await page.set_viewport_size({"width": width, "height": height})
    await artist.goto(path)
    visited = []
    for _ in range(60):
        await page.keyboard.press("Tab")
        name, seen = await page.evaluate(_WHERE)
        if name.startswith("BODY"):
            break
        assert seen, f"{name} on {path} as a {device} shows it"
        visited.append(name)
    assert len(visited) > 8, visited


async def test_who_logs_in_stays_here(site: str) -> None:
    async with visiting(site) as artist:
        page, person = artist.page, {"email": "stays@example.org", "password": "a calm and long password"}
        await page.route("**://evil.example/**", lambda route: route.fulfill(body="Give me your password."))
        assert (await page.request.post(f"{site}/api/v1/accounts", data=person)).status == 201
        for wanted in ("/.//evil.example/", "//evil.example/", "https://evil.example/", "http://["):
            await page.goto("about:blank")
            await page.context.clear_cookies()
            await artist.goto(f"/login?{urlencode({'next': wanted})}")
            await page.get_by_label("E-mail").fill(person["email"])
            await page.get_by_label("Password").fill(person["password"])
            await page.get_by_role("button", name="Log in").click()
            await page.wait_for_url(lambda url: "/login" not in url)
            assert urlsplit(page.url).netloc == urlsplit(site).netloc, wanted
