"""Limits of connections."""

import asyncio
from typing import Any

import pytest

from api.door import Connection, Doorkeeper


class Waiting:
    """A connection as the doorkeeper knows it."""

    def __init__(self, address: str, since: float | None, loop: Any) -> None:
        self.address, self.since, self.loop, self.gone = address, since, loop, False

    def waits_since(self, now: float) -> float | None:
        return None if self.gone else self.since

    def give_way(self) -> None:
        self.gone = True

    def check(self, now: float, passed_s: float) -> None:
        """Not asked here."""


def come(keeper: Doorkeeper, *who: Any) -> list[bool]:
    admitted = []
    for one in who:
        admitted.append(keeper.admit(one))
        for gone in who:
            if gone.gone:
                keeper.leave(gone)
    return admitted


async def test_the_one_that_waited_longest_gives_way() -> None:
    loop, keeper = asyncio.get_running_loop(), Doorkeeper(10, 2, "")
    old, older, new = (Waiting("192.0.2.1", since, loop) for since in (2.0, 1.0, 3.0))
    assert come(keeper, old, older, new) == [True, True, True]
    assert (old.gone, older.gone, new.gone) == (False, True, False)


async def test_nobody_at_work_gives_way() -> None:
    loop, keeper = asyncio.get_running_loop(), Doorkeeper(10, 2, "")
    busy = [Waiting("192.0.2.1", None, loop) for _ in range(3)]
    assert come(keeper, *busy) == [True, True, False]
    assert come(keeper, Waiting("192.0.2.2", None, loop)) == [True], "others have room"


async def test_there_is_a_bound_in_all() -> None:
    loop, keeper = asyncio.get_running_loop(), Doorkeeper(3, 2, "")
    assert come(keeper, *(Waiting(f"192.0.2.{n}", None, loop) for n in range(4))) == [True, True, True, False]
    keeper = Doorkeeper(3, 2, "")
    idle = [Waiting(f"192.0.2.{n}", float(n), loop) for n in range(4)]
    assert come(keeper, *idle) == [True] * 4
    assert [one.gone for one in idle] == [True, False, False, False]


@pytest.mark.parametrize(
    ("proxies", "address", "bounded"),
    [
        ("192.0.2.1", "192.0.2.1", False),
        ("192.0.2.0/24, 198.51.100.7", "198.51.100.7", False),
        ("192.0.2.0/24", "192.0.3.1", True),
        ("*", "192.0.2.1", False),
        ("", "192.0.2.1", True),
        ("2001:db8::5", "2001:db8::/64", False),
        ("2001:db8:1::5", "2001:db8::/64", True),
        ("a socket", "192.0.2.1", True),
    ],
)
async def test_proxies_count_their_own_clients(proxies: str, address: str, bounded: bool) -> None:
    loop, keeper = asyncio.get_running_loop(), Doorkeeper(100, 2, proxies)
    busy = [Waiting(address, None, loop) for _ in range(3)]
    assert come(keeper, *busy) == [True, True, not bounded]


def test_the_double_fits_the_connection() -> None:
    assert all(hasattr(Connection, name) for name in ("waits_since", "give_way", "check"))
