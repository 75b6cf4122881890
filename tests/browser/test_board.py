"""A storyboard in a real browser on the real local stack: ordered, changed, approved section by section, filmed."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, Route, expect

from models.profiles import Profile
from stores.opening import Stores
from tests.browser.boxes import covered
from tests.browser.seeding import Seeder
from tests.browser.visitor import SCREENSHOTS, WIDTHS, Visitor, visiting

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

LAID_MS = 300_000
FILMED_MS = 300_000
WORDS = "A heron stands in the rain on a red boat."
_IDS = "() => [...document.querySelectorAll('.scene')].map((one) => Number(one.dataset.focus.slice(6)))"
_STOPS = """() => [...document.querySelectorAll("main :is(a, button, input, textarea, select, summary, [tabindex])")]
    .filter((one) => one.checkVisibility() && !one.disabled && one.tabIndex >= 0).length"""


async def did(page: Page, words: str | re.Pattern[str]) -> None:
    """Wait until a sentence is read aloud."""
    await expect(page.locator("#edits-news")).to_contain_text(words)


async def scenes_of(page: Page) -> list[int]:
    """The ids of the scenes, in their order."""
    ids: list[int] = await page.evaluate(_IDS)
    return ids


async def test_a_storyboard_is_changed_approved_and_filmed(
    site: str, site_stores: Stores, profile: Profile, tmp_path: Path
) -> None:
    async with visiting(site, has_touch=True) as artist:
        await artist.sign_up("board@example.org")
        seeder = await Seeder.of(artist, site_stores, profile, tmp_path)
        await story(artist, seeder)


async def story(artist: Visitor, seeder: Seeder) -> None:
    """The artist's whole way."""
    page = artist.page
    await _orders_it(artist, seeder)
    await artist.look("board")
    await page.set_viewport_size({"width": 1440, "height": 900})
    await _changes_words(artist)
    await _changes_cuts_and_order(page)
    await _has_a_still_made_anew(page)
    await _changes_who_appears_and_the_pace(page)
    await _shows_an_own_picture(artist)
    await _approves_a_section(artist)
    await _approves_the_rest_on_a_phone(artist)


async def _orders_it(artist: Visitor, seeder: Seeder) -> None:
    page = artist.page
    seeder.character("Mara", "A courier in a red jacket")
    seeder.photo("Harbour")
    song = seeder.song("First Light")
    await artist.goto(f"/?song={song.song_id}")
    await page.get_by_label("Prompt", exact=True).fill("Mara crosses a rainy neon city. A rooftop at dawn.")
    await page.get_by_role("checkbox", name="Mara").check()
    first = page.get_by_role("switch", name="Show me the storyboard first")
    await expect(first).not_to_be_checked()
    await expect(page.locator("#total-board")).to_be_hidden()
    await first.check()
    await expect(page.locator("#total-board")).to_contain_text("nothing is filmed before you approve it")
    await page.get_by_role("button", name="Generate video").click()
    await page.wait_for_url("**/processing/*")
    call = page.locator("#board-call")
    await expect(call).to_contain_text("Your storyboard waits for you", timeout=LAID_MS)
    await expect(call).to_contain_text(re.compile(r"Unanswered until \d+ \w+ \d{4}, \d\d:\d\d, the video is stopped\."))
    await expect(page).to_have_title(re.compile("^Waits for you"))
    await expect(page.locator('.stage[data-stage="storyboard"]')).to_have_attribute("data-status", "running")
    await artist.goto("/vault")
    await expect(page.locator(".card .chip")).to_have_text("waiting for you")
    await page.get_by_role("link", name="First Light").click()
    await expect(page.get_by_role("heading", name="Scene 1", exact=True)).to_be_visible()
    await expect(page).to_have_title(re.compile("^Waits for you"))
    terms = "200 credits are reserved for this video. If you stop now: All 200 credits come back."
    await expect(page.locator("#board-terms")).to_have_text(terms)


async def _changes_words(artist: Visitor) -> None:
    """They outlive a reload, a lost network, and a board that another window has changed."""
    page = artist.page
    words = page.get_by_label("What the image shows")
    await page.get_by_role("button", name="Scene 2,").click()
    await words.fill(WORDS)
    await page.reload()
    await expect(words).to_have_value(WORDS)
    await page.context.set_offline(True)
    await page.get_by_role("button", name="Keep the words").click()
    await expect(page.locator("#scene-problem")).to_contain_text("You are offline")
    await page.context.set_offline(False)
    await expect(page.locator("#offline")).to_be_hidden()

    await _stands_still(page)
    other = await page.context.new_page()
    await other.goto(page.url)
    await expect(other.get_by_role("heading", name="Scene 2", exact=True)).to_be_visible()
    await other.get_by_role("button", name="Merge with the scene after it").click()
    await other.get_by_role("dialog").get_by_role("button", name="Merge them").click()
    await did(other, "Scene 2 is merged")
    count = len(await scenes_of(other))
    await other.close()
    await page.get_by_role("button", name="Keep the words").click()
    await expect(page.locator("#scene-problem")).to_contain_text("has changed meanwhile")
    await expect(page.locator(".scene")).to_have_count(count)
    await expect(words).to_have_value(WORDS)
    await page.get_by_role("button", name="Keep the words").click()
    await did(page, "The words of scene 2 are kept.")
    await expect(page.locator("#scene-marks")).to_contain_text("Its words have changed since its still was made")
    await expect(page.locator("#draft-note")).to_be_hidden()
    artist.forget("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "ERR_NETWORK", "409")


async def _stands_still(page: Page) -> None:
    """Until it orders something, the page is shown the board as it is now, whatever the run's progress tells."""
    address = f"**/api/v1/videos/{page.url.rpartition('/')[2].partition('?')[0]}/board"
    board = await (await page.request.get(address.replace("**", page.url.partition("/board")[0]))).json()
    has_ordered = False

    async def show(route: Route) -> None:
        await (route.fallback() if has_ordered else route.fulfill(json=board))

    async def order(route: Route) -> None:
        nonlocal has_ordered
        has_ordered = True
        await route.fallback()

    await page.route(address, show)
    await page.route(f"{address}/edits", order)


async def _changes_cuts_and_order(page: Page) -> None:
    """By keyboard alone."""
    keys, before = page.keyboard, await scenes_of(page)
    await page.get_by_role("button", name="Scene 2,").focus()
    for key in ("Enter", "ArrowUp", "ArrowRight", "Enter"):
        await keys.press(key)
    await did(page, "The cut before scene 2 is moved.")
    assert await page.evaluate(_STOPS) <= 16
    await page.get_by_role("button", name="Scene 3,").focus()
    for key in ("Enter", "w", "ArrowRight", "Enter"):
        await keys.press(key)
    await did(page, "Scene 3 and scene 4 change places.")
    swapped = [*before[:2], before[3], before[2], *before[4:]]
    assert await scenes_of(page) == swapped
    for key in ("Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "s"):
        await keys.press(key)
    await did(page, "is split.")
    await expect(page.locator(".scene")).to_have_count(len(before) + 1)
    done = await scenes_of(page)
    await keys.press("Control+z")
    await did(page, "Undone.")
    await expect(page.locator(".scene")).to_have_count(len(before))
    await expect(page.locator("#redo")).to_have_attribute("aria-disabled", "false")
    await page.get_by_role("button", name="Undo").click()
    await expect(page.locator(".scene").nth(2)).to_have_attribute("data-focus", f"scene-{before[2]}")
    await expect(page.locator("#edits-news")).to_have_text("Undone.")
    await page.get_by_role("button", name="Redo").click()
    await did(page, "Done again.")
    await expect(page.locator(".scene").nth(2)).to_have_attribute("data-focus", f"scene-{swapped[2]}")
    await keys.press("Control+Shift+Z")
    await expect(page.locator(".scene")).to_have_count(len(before) + 1)
    await expect(page.locator("#redo")).to_have_attribute("aria-disabled", "true")
    assert await scenes_of(page) == done


async def _has_a_still_made_anew(page: Page) -> None:
    """The first is free, and its price stands there for the next one; the older still can be taken back."""
    await page.get_by_role("button", name="Scene 2,").click()
    again = page.get_by_role("button", name="New still")
    await expect(again).to_contain_text("free")
    await again.click()
    await expect(page.locator("#making")).to_be_visible()
    await expect(page.locator(".toast", has_text="Scene 2 has a new still.")).to_be_visible()
    await expect(page.locator(".take")).to_have_count(2)
    await expect(again).to_contain_text("10 credits")
    await expect(page.locator("#scene-marks")).not_to_contain_text("Its words have changed")
    await page.get_by_role("button", name="Use still 1").click()
    await did(page, "Scene 2 shows another still.")
    await again.click()
    dialog = page.get_by_role("dialog", name="A new still for scene 2?")
    await expect(dialog).to_contain_text("It costs 10 credits")
    await dialog.get_by_role("button", name="Keep as it is").click()


async def _changes_who_appears_and_the_pace(page: Page) -> None:
    await page.locator("#cast summary").click()
    await page.get_by_role("checkbox", name="Mara").click()
    await page.get_by_role("button", name="Change who appears").click()
    await did(page, "Who appears in scene 2 is changed")
    before = len(await scenes_of(page))
    await page.locator(".scene").last.click()
    await page.get_by_role("button", name="Calmer").click()
    dialog = page.get_by_role("dialog", name=re.compile("^Make the .* calmer"))
    await expect(dialog).to_contain_text(re.compile(r"\d+ scenes? becomes? part of the scene before"))
    await dialog.get_by_role("button", name="Make it calmer").click()
    await did(page, "is calmer.")
    assert len(await scenes_of(page)) < before


async def _shows_an_own_picture(artist: Visitor) -> None:
    """What is chosen stays through a refusal; the scene shows its middle, and nothing moves over it."""
    page, first = artist.page, artist.page.locator(".scene").first
    await first.click()
    await page.get_by_role("button", name="Own picture or clip").click()
    dialog = page.get_by_role("dialog", name="Own picture or clip for scene 1")
    await dialog.get_by_role("radio", name="Harbour").press(" ")
    across = dialog.get_by_label("Left to right")
    await across.press("ArrowLeft")
    await dialog.get_by_label("Without a camera move").check()
    use = dialog.get_by_role("button", name="Show it in scene 1")
    newer = {"status": 409, "code": "board_moved", "detail": "The storyboard has changed meanwhile."}
    await page.route("**/board/own", lambda route: route.fulfill(status=409, json=newer), times=1)
    await use.click()
    await expect(dialog.locator("#own-problem")).to_contain_text("The storyboard has changed meanwhile")
    await expect(dialog.get_by_role("radio", name="Harbour")).to_be_checked()
    await expect(across).to_have_value("0.49")
    await use.click()
    await did(page, "Scene 1 shows your picture.")
    await expect(dialog).to_be_hidden()
    await expect(first).to_have_accessible_name(re.compile("your own"))
    await expect(page.locator("#scene-marks")).to_contain_text(
        "It shows your own picture: nothing is filmed for it. It holds"
    )
    await expect(page.locator("#takes .take").last).to_have_attribute("data-chosen", "true")
    still = page.locator("#animatic .filling-still[data-shown]")
    await expect(still).to_have_attribute("src", re.compile(re.escape(await _still_of(first)) + r"\?"))
    await expect(still).to_have_css("transform", "matrix(1, 0, 0, 1, 0, 0)")
    artist.forget("409")


async def _still_of(card: Locator) -> str:
    return (await card.locator("img").get_attribute("src") or "").partition("?")[0]


async def _approves_a_section(artist: Visitor) -> None:
    """Its scenes are filmed and cannot be changed any more, while the others still can."""
    page = artist.page
    last = page.locator(".scene").last
    await last.click()
    await page.get_by_role("button", name="Approve the section").click()
    dialog = page.get_by_role("dialog", name="Approve the ")
    await dialog.get_by_role("button", name="Approve").click()
    await did(page, "Approved: the ")
    await expect(page.locator("#scene-form")).to_be_hidden()
    await expect(last).to_have_attribute("data-state", re.compile("approved|filmed"))
    await expect(last).to_have_attribute("data-state", "filmed", timeout=FILMED_MS)
    await expect(page.locator("#animatic video[data-shown]")).to_have_count(1)
    await page.keyboard.press(".")
    await page.keyboard.press(",")
    await expect(page.locator(".toast", has_text="is approved")).to_be_visible()
    artist.forget("409", "422")
    assert await artist.violations() == []
    await page.screenshot(path=SCREENSHOTS / "board-approved-desktop.png")


async def _approves_the_rest_on_a_phone(artist: Visitor) -> None:
    page = artist.page
    width, height = WIDTHS["phone"]
    await page.set_viewport_size({"width": width, "height": height})
    await page.get_by_role("button", name="Scene 2,").tap()
    assert await covered(page) == []
    await page.get_by_role("button", name=re.compile("^Approve scene 2")).tap()
    # Its words are others than those that its still was made from.
    await page.get_by_role("dialog", name="Approve scene 2?").get_by_role("button", name="Approve").tap()
    await did(page, "Approved: scene 2.")
    await page.get_by_role("button", name="Approve the other").tap()
    await page.get_by_role("dialog", name="Approve everything?").get_by_role("button", name="Approve").tap()
    await did(page, "Approved: everything.")
    await expect(page.locator("#edit-tools")).to_be_hidden()
    watch = page.get_by_role("link", name="Watch your video")
    await expect(watch).to_be_visible(timeout=FILMED_MS)
    await expect(page).to_have_title(re.compile("^Ready"))
    await expect(page.locator(".scene").first).to_have_attribute("data-state", "filmed")
    await page.get_by_role("button", name="Scene 1,").tap()
    marks = "Approved: it shows your own picture and stays as it is. It holds one picture."
    await expect(page.locator("#scene-marks")).to_have_text(marks)
    assert await artist.balance() == 50
    assert artist.complaints == []
    await watch.tap()
    await expect(page.locator("#players video")).to_be_visible()
