"""Everything here asks a running stack over real HTTP; `make test-security` runs it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.security.house import House, Neighbour, running_house


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder belongs to the tier."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.security)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A running stack with its page, once for all tests of a process."""
    with running_house(tmp_path_factory.mktemp("security") / "home") as house:
        yield house


@pytest.fixture(scope="session")
def neighbour(house: House) -> Neighbour:
    """Another account, which must be served during attacks."""
    return Neighbour(house.sign_up())
