"""A person at the page: a real browser that notes what goes wrong, takes pictures and runs axe on every surface."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, ConsoleMessage, Page, Route, async_playwright, expect

from settings import CHECKOUT
from tests.browser.boxes import spilled_anywhere

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--autoplay-policy=no-user-gesture-required",
]
SCREENSHOTS = CHECKOUT / "screenshots"
WIDTHS = {"phone": (390, 844), "desktop": (1440, 900)}
PATIENCE_MS = 120_000
"""For whatever is expected to come at once: on a machine that is busy with other tests, that may be much later."""

expect.set_options(timeout=PATIENCE_MS)
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Pictures below the fold are fetched when they come near: walk down the page before it is photographed whole.
_WALK_DOWN = """async () => {
    for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) {
        scrollTo(0, y);
        await new Promise((done) => setTimeout(done, 30));
    }
    scrollTo(0, 0);
    // What lies beside the screen, in a strip that scrolls sideways, is not fetched yet.
    const beside = (box) => box.left > innerWidth || box.right < 0;
    const shown = [...document.images].filter((image) => image.checkVisibility());
    const near = shown.filter((image) => !beside(image.getBoundingClientRect()));
    await Promise.all(near.map((image) => image.decode().catch(() => {})));
}"""


class Visitor:
    """A visitor's page in a browser."""

    def __init__(self, page: Page, site: str) -> None:
        self.page = page
        self.site = site
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{self.page.url}: {message.text}")

    async def goto(self, path: str) -> None:
        """Open an address of the site."""
        await self.page.goto(self.site + path)

    async def sign_up(self, email: str, password: str = "a calm and long password") -> None:
        """Make an account; afterwards Create is open."""
        await self.goto("/signup")
        await self.page.get_by_label("E-mail").fill(email)
        await self.page.get_by_label("Password").fill(password)
        await self.page.get_by_role("button", name="Make my account").click()
        await expect(self.page.get_by_role("heading", level=1)).to_have_text("A song in, a video out")

    @asynccontextmanager
    async def session_lost(self) -> AsyncIterator[None]:
        """The session ends; no request of the page may find out before the block is left."""
        left = asyncio.Event()

        async def hold(route: Route) -> None:
            await left.wait()
            await route.fallback()

        await self.page.route("**/api/v1/**", hold)
        await self.page.context.clear_cookies()
        yield
        left.set()

    async def look(self, name: str) -> None:
        """Photograph the surface as a phone and as a desktop show it, let axe look at both, and measure its boxes."""
        SCREENSHOTS.mkdir(exist_ok=True)
        assert not (found := await spilled_anywhere(self.page)), f"{name}: {found}"
        for device, (width, height) in WIDTHS.items():
            await self.page.set_viewport_size({"width": width, "height": height})
            await self.page.evaluate("document.fonts.ready.then(() => null)")
            await self.page.evaluate(_WALK_DOWN)
            await self.page.screenshot(path=SCREENSHOTS / f"{name}-{device}.png")
            await self.page.screenshot(path=SCREENSHOTS / f"{name}-{device}-whole.png", full_page=True)
            violations = await self.violations()
            assert not violations, f"{name} as seen on a {device}: {violations}"
        assert not self.complaints, f"the console at {name}: {self.complaints}"

    async def violations(self) -> list[str]:
        """What axe finds wrong, of levels A and AA."""
        # Where colours are the reader's own, axe reads the colour of text as it would be otherwise.
        own_colours = await self.page.evaluate("matchMedia('(forced-colors: active)').matches")
        rules = {"color-contrast": {"enabled": not own_colours}}
        options = {"runOnly": {"type": "tag", "values": LEVELS}, "rules": rules}
        results = await Axe().run(self.page, options=options)
        found: list[dict[str, Any]] = results.response["violations"]
        return [f"{one['id']}: {node['target']}" for one in found for node in one["nodes"]]

    def forget(self, *words: str) -> None:
        """Complaints that were asked for: the browser reports every 4xx, and every lost connection."""
        self.complaints[:] = [one for one in self.complaints if not any(word in one for word in words)]

    async def balance(self) -> int:
        """What the bar says."""
        return int(re.sub(r"\D", "", await self.page.locator(".balance strong").inner_text()))


@asynccontextmanager
async def browsing() -> AsyncIterator[Browser]:
    """A browser."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, timeout=PATIENCE_MS)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def visiting(site: str, **options: Any) -> AsyncIterator[Visitor]:
    """A visitor with a fresh browser."""
    async with browsing() as browser:
        context = await browser.new_context(viewport={"width": 1440, "height": 900}, **options)
        context.set_default_timeout(PATIENCE_MS)
        yield Visitor(await context.new_page(), site)
