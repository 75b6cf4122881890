"""Studio's page: which version is shown, and which are known."""

from playwright.async_api import Page, expect


async def shows_version(page: Page, number: int, timeout: float | None = None) -> None:
    """Wait until a version is shown."""
    await expect(page.locator("#versions-button")).to_have_attribute("data-shown", str(number), timeout=timeout)


async def knows_version(page: Page, number: int, timeout: float | None = None) -> None:
    """Wait until a version is in the menu, shown or not."""
    await expect(page.locator("#versions-button")).to_have_attribute("data-newest", str(number), timeout=timeout)


async def choose_version(page: Page, number: int) -> None:
    """Choose a version from the menu, without waiting until it is shown."""
    await page.locator("#versions-button").click()
    await page.get_by_role("menuitemradio", name=f"Version {number} ").click()


async def open_version(page: Page, number: int) -> None:
    """Show a version."""
    await choose_version(page, number)
    await shows_version(page, number)


_RESTS = """() => new Promise((done) => {
    let [last, frames] = [scrollY, 0];
    const look = () => {
        frames = scrollY === last ? frames + 1 : 0;
        last = scrollY;
        if (frames > 20) done();
        else requestAnimationFrame(look);
    };
    look();
})"""


async def rests(page: Page) -> None:
    """Wait until the page does not scroll any more: a tap before that would only stop it."""
    await page.evaluate(_RESTS)
