"""The Support page in a real browser: runs that a provider's outage has parked, one helped, one given up."""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import expect

from cli.stack import connect, ensure_stack, settings_for
from cli.stack.running import enter_link
from models.support import Action
from services.songs import CheckedSong
from settings import Settings
from stores.opening import open_stores
from tests.browser.visitor import Visitor, visiting
from tests.fakes.anthropic_server import KEY, AnthropicServer, Outage
from tests.fakes.live import LiveStack

pytestmark = pytest.mark.browser

PARKED_MS = 300_000
DRAFT_MS = 300_000


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[AnthropicServer]:
    """A provider that is down until the test takes its plans away."""
    with AnthropicServer(plans=defaultdict(Outage)) as server:
        monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        yield server


@pytest.fixture
async def desk(provider: AnthropicServer, stack_settings: Settings, demo_song: CheckedSong) -> AsyncIterator[LiveStack]:
    """A stack with the page, whose director is that provider."""
    with ensure_stack(stack_settings, say=print, api=True) as state:
        settings = settings_for(state, stack_settings)
        stores = open_stores(**settings.store_options())
        yield LiveStack(stack_settings, await connect(settings), stores, demo_song)
        stores.database.close()


async def test_one_run_is_helped_and_one_given_up(provider: AnthropicServer, desk: LiveStack) -> None:
    desk.grant(200)
    (_, helped), (_, given_up) = await desk.start(), await desk.start()
    assert desk.state.api_url is not None
    async with visiting(desk.state.api_url) as person:
        page = person.page
        await page.goto(enter_link(desk.state))
        await page.get_by_role("link", name="Support").first.click()
        await expect(page.locator(".line")).to_have_count(2, timeout=PARKED_MS)
        await expect(page.locator(".line .chip")).to_have_text(["Creative vision", "Creative vision"])
        await expect(page.locator(".line", has_text=helped.video_id)).to_contain_text("Demo")
        await expect(page.locator(".line", has_text=helped.video_id)).to_contain_text("Anthropic")
        await person.look("support")

        provider.plans = defaultdict(deque)
        await _does(
            person, given_up.video_id, "Give up", "Give up and refund", "The artist cannot wait.", "support-ask"
        )
        await expect(page.locator(".line")).to_have_count(1, timeout=PARKED_MS)
        await _has(desk, 450, 200)
        await _does(person, helped.video_id, "Retry", "Retry", "The outage is over.")
        await expect(page.get_by_text("No run needs a person")).to_be_visible(timeout=PARKED_MS)
        await person.look("support-nothing")

        await page.get_by_role("link", name="Running").click()
        await expect(page.locator(".line")).to_contain_text([helped.video_id])
        await expect(page.get_by_role("button", name="Retry")).to_have_count(0)
        await expect(page.get_by_text("No run needs a person")).to_be_visible(timeout=DRAFT_MS)
        await _has(desk, 250, 0)
        noted = [entry for run in (given_up, helped) for entry in desk.stores.support.of(run.video_id)]
        assert [(entry.action, entry.reason) for entry in noted] == [
            (Action.ABANDON, "The artist cannot wait."),
            (Action.RETRY, "The outage is over."),
        ]


async def _has(desk: LiveStack, posted: int, held: int) -> None:
    """Wait until the account has these credits."""
    async with asyncio.timeout(PARKED_MS / 1000):
        while True:
            balance = desk.stores.ledger.balance(desk.account_id)
            if (balance.posted, balance.held) == (posted, held):
                return
            await asyncio.sleep(0.1)


async def _does(person: Visitor, video_id: str, button: str, sure: str, why: str, shown: str = "") -> None:
    """Press a run's button and say why."""
    page = person.page
    await page.locator(".line", has_text=video_id).get_by_role("button", name=button, exact=True).click()
    await page.get_by_label("Why").fill(why)
    if shown:
        await person.look(shown)
    await page.get_by_role("dialog").get_by_role("button", name=sure, exact=True).click()
