"""Questions to the director count in what a run may cost: beyond 1.5 times its estimate it waits for a person."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.client import Client

from activities.spending import charge, check_allowance
from activities.steps import pulse
from engines.providers.anthropic import AnthropicDirector
from models.directing import TOKEN_PRICES, Directing, TokenPrice
from models.directing_costs import DirectingCosts
from models.generation import Reason
from models.media_models import PromptLimits
from models.progress import Progress, RunStatus
from stores.opening import Stores
from tests.fakes.anthropic_server import KEY, AnthropicServer, anthropic_server
from tests.fakes.engines import Faults
from tests.fakes.world import World
from workflows.generate_video import GenerateVideo

__all__ = ["anthropic_server"]

DEARER = 1_000
DEAR = {
    model: TokenPrice(input_usd=DEARER * price.input_usd, output_usd=DEARER * price.output_usd)
    for model, price in TOKEN_PRICES.items()
}


@pytest.fixture
async def dear(temporal: Client, stores: Stores, anthropic_server: AnthropicServer) -> AsyncIterator[World]:
    """A world whose director costs a thousand times the estimate."""
    world = World(temporal, stores, Faults())
    url, limits = anthropic_server.url, PromptLimits()
    director = AnthropicDirector(KEY, url, Directing(), DEAR, limits, pulse, charge, check_allowance)
    world.director, world.costs = director, DirectingCosts(Directing(), TOKEN_PRICES)
    await world.work()
    yield world
    await world.end()
    director.close()


async def test_no_question_is_asked_beyond_it_and_a_retry_asks_on(
    dear: World, anthropic_server: AnthropicServer, tmp_path: Path
) -> None:
    request = dear.request(dear.add_song(tmp_path))
    handle, _ = await dear.start(request)

    def parked(progress: Progress) -> bool:
        return progress.status is RunStatus.NEEDS_ATTENTION

    progress = await dear.until(handle, parked)
    assert "more than was planned" in progress.sentence
    assert "then retry it or give it up" in progress.sentence
    asked = len(anthropic_server.asked)
    assert asked == 1, "the vision alone was more than the whole should cost"
    assert dear.balance().held == 200
    await handle.execute_update(GenerateVideo.retry_stage, Reason(reason="half an estimate more"))
    await dear.until(handle, parked)
    assert len(anthropic_server.asked) == asked, "that was not enough"
    await handle.cancel()


def test_an_estimate_has_every_question_and_grows_with_the_song() -> None:
    costs = DirectingCosts(Directing(), TOKEN_PRICES)
    few, many = costs.estimate_micro_usd(4, 20), costs.estimate_micro_usd(12, 80)
    assert 200_000 < few < many < 3_000_000
    unknown = DirectingCosts(Directing.model_validate({"shots": {"model": "claude-of-tomorrow"}}), TOKEN_PRICES)
    assert unknown.estimate_micro_usd(4, 20) > few
    assert costs.allowance_micro_usd(50, 4, 0, 0.5) == round(1.5 * few)
    assert costs.allowance_micro_usd(50, 4, 2, 0.5) == round(2.5 * few)
