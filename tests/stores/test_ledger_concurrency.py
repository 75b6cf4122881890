"""Many concurrent callers: no answer contradicts another, and the balances are right afterwards."""

import multiprocessing
import random
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

from models.credits import GrantRequest, GrantSource, HoldRequest, Operation, SettleRequest
from models.failures import InsufficientCredits
from stores.database import Database, open_database
from stores.ledger import Ledger

CALLERS = 64
PROCESSES = 4
SEED = 20270101


def generation(key: str, account_id: str = "ada") -> HoldRequest:
    return HoldRequest(account_id=account_id, operation=Operation.GENERATE, operation_key=key)


def test_of_64_callers_for_the_last_200_credits_one_wins(ledger: Ledger) -> None:
    def call(number: int) -> bool:
        try:
            ledger.hold(generation(f"key-{number}"))
        except InsufficientCredits:
            return False
        return True

    with ThreadPoolExecutor(CALLERS) as callers:
        assert sum(callers.map(call, range(CALLERS))) == 1
    balance = ledger.balance("ada")
    assert (balance.available, balance.held) == (50, 200)


def test_of_64_callers_with_one_key_all_get_the_one_hold(ledger: Ledger) -> None:
    with ThreadPoolExecutor(CALLERS) as callers:
        receipts = list(callers.map(lambda _: ledger.hold(generation("one")), range(CALLERS)))
    assert len(set(map(repr, receipts))) == 1
    assert ledger.balance("ada").held == 200


def test_a_hold_ends_one_way_whoever_comes_first(ledger: Ledger) -> None:
    keys = [f"key-{n}" for n in range(8)]
    ledger.grant(GrantRequest(account_id="ada", key="g", amount=2_000, source=GrantSource.GOODWILL))
    for key in keys:
        ledger.hold(generation(key))

    def end(number: int) -> tuple[str, str]:
        request = SettleRequest(account_id="ada", operation_key=keys[number % len(keys)])
        settle = ledger.capture if number // len(keys) % 2 else ledger.release
        return request.operation_key, settle(request).outcome

    order = random.Random(SEED).sample(range(CALLERS), CALLERS)
    with ThreadPoolExecutor(16) as callers:
        outcomes = set(callers.map(end, order))
    assert len(outcomes) == len(keys)
    captured = sum(outcome == "captured" for _, outcome in outcomes)
    assert ledger.balance("ada").available == 2_250 - 200 * captured


def test_processes_share_accounts_without_losing_a_credit(ledger: Ledger, database_url: str) -> None:
    accounts = [f"account-{n}" for n in range(3)]
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["stores.ledger"])
    with ProcessPoolExecutor(PROCESSES, mp_context=context) as workers:
        jobs = [workers.submit(_work, database_url, accounts, SEED + n) for n in range(PROCESSES)]
        answers = [job.result() for job in jobs]
    for account_id in accounts:
        spent = sum(spent_of[account_id] for spent_of in answers)
        gifts = sum(1 for n in range(PROCESSES) if n % len(accounts) == accounts.index(account_id))
        balance = ledger.balance(account_id)
        assert (balance.posted, balance.held) == (250 + 100 * gifts - spent, 0)
        assert balance.available >= 0


def _work(database_url: str, accounts: Sequence[str], seed: int) -> dict[str, int]:
    """One process: opens the accounts, grants one gift, holds and ends at random; returns the credits spent."""
    database: Database = open_database(database_url)
    ledger = Ledger(database)
    chance = random.Random(seed)
    spent = dict.fromkeys(accounts, 0)
    for account_id in accounts:
        ledger.open_account(account_id)
    gift = accounts[(seed - SEED) % len(accounts)]
    ledger.grant(GrantRequest(account_id=gift, key=f"gift-{seed}", amount=100, source=GrantSource.GOODWILL))
    for number in range(40):
        account_id = chance.choice(accounts)
        request = HoldRequest(
            account_id=account_id,
            operation=chance.choice([Operation.REGENERATE_IMAGE, Operation.REGENERATE_VIDEO]),
            operation_key=f"{seed}/{number}",
        )
        try:
            ledger.hold(request)
        except InsufficientCredits:
            continue
        end = SettleRequest(account_id=account_id, operation_key=request.operation_key)
        if chance.random() < 0.5:
            spent[account_id] += ledger.capture(end).credits
        else:
            ledger.release(end)
    database.close()
    return spent
