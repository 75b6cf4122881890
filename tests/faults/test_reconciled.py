"""A terminated run on a whole stack: the schedule alone releases its credits."""

import asyncio

import pytest

from models.progress import StageName
from tests.fakes.live import LiveStack
from tests.faults.test_kills import reach
from workflows.policies import RECONCILE_WITHIN

pytestmark = pytest.mark.faults


async def test_the_credits_of_a_terminated_run_come_back_by_themselves(live: LiveStack) -> None:
    handle, _ = await live.start()
    await reach(handle, StageName.STILLS)
    await handle.terminate()
    async with asyncio.timeout(RECONCILE_WITHIN.total_seconds()):
        while live.stores.ledger.balance(live.account_id).held:
            await asyncio.sleep(0.5)
    balance = live.stores.ledger.balance(live.account_id)
    assert (balance.posted, balance.held) == (250, 0)
    assert live.stores.ledger.verify().differences == ()
