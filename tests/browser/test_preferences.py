"""What readers ask of their system: less motion, and colours of their own."""

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.pretending import pretend_a_song
from tests.browser.visitor import visiting

pytestmark = pytest.mark.browser

_MOVING = "() => document.getAnimations().some((one) => one.playState === 'running')"
_STILL = "() => document.getAnimations().every((one) => one.playState !== 'running')"
_SEEN = """(selector) => {
    const [path, part] = selector.split("::");
    const shown = getComputedStyle(document.querySelector(path), part ? `::${part}` : undefined);
    return [shown.backgroundColor, shown.borderTopColor, shown.borderTopWidth].join(" ");
}"""


async def seen(page: Page, selector: str) -> str:
    """Fill and border of a thing, as they are painted."""
    return str(await page.evaluate(_SEEN, selector))


async def test_nothing_moves_for_those_who_ask_for_it(site: str) -> None:
    async def never(_: Route) -> None:
        """An order that is not answered: the button shows that it is under way."""

    async with visiting(site) as artist:
        page = artist.page
        await artist.sign_up("calm@example.org")
        await pretend_a_song(page)
        await page.route("**/api/v1/videos", never)
        await artist.goto("/?song=song-1")
        await page.get_by_role("button", name="Generate video").click()
        await expect(page.get_by_role("button", name="Generate video")).to_have_attribute("aria-busy", "true")
        await page.wait_for_function(_MOVING)
        await page.emulate_media(reduced_motion="reduce")
        await page.wait_for_function(_STILL)
        durations = "(selector) => getComputedStyle(document.querySelector(selector)).transitionDuration"
        assert set(str(await page.evaluate(durations, ".button")).split(", ")) == {"0s"}
        await page.evaluate(
            "document.querySelector('main').insertAdjacentHTML('beforeend', '<div class=toast>Here</div>')"
        )
        await page.wait_for_function(_STILL)


async def test_what_is_chosen_is_seen_in_colours_of_ones_own(site: str) -> None:
    async with visiting(site, forced_colors="active", reduced_motion="reduce") as artist:
        page = artist.page
        await artist.sign_up("own-colours@example.org")
        await pretend_a_song(page)
        await artist.goto("/?song=song-1")
        await page.get_by_role("radio", name="Golden Hour").check()
        chosen, other = "label:has(:checked) > .style-picture", "label:not(:has(:checked)) > .style-picture"
        assert await seen(page, chosen) != await seen(page, other)
        here, elsewhere = '.nav a[aria-current="page"]', ".nav a:not([aria-current])"
        assert await seen(page, here) != await seen(page, elsewhere)
        switch = page.get_by_role("switch", name="Enhance Prompt")
        off = await seen(page, "#enhance"), await seen(page, "#enhance::after")
        await switch.check()
        on = await seen(page, "#enhance"), await seen(page, "#enhance::after")
        for track, knob in (off, on):
            assert track.split(") ")[0] != knob.split(") ")[0], "the knob is seen on its track"
        assert on[0] != off[0]
        await expect(page.locator("#expansion")).to_be_visible()
        await artist.look("create-own-colours")
        await artist.goto("/vault?show=songs")
        assert await seen(page, '.tabs [aria-current="page"]') != await seen(page, ".tabs a:not([aria-current])")
        await artist.goto("/credits")
        await artist.look("credits-own-colours")
