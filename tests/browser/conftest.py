"""A whole local stack with the page and the real engines, once for all browser tests of a process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.stack import ensure_stack, running_stack, settings_for
from models.profiles import PROFILES, Profile, ProfileName
from settings import Settings
from stores.opening import Stores, open_stores
from tests.fakes.live import demo_song, live, stack_settings

__all__ = ["demo_song", "live", "stack_settings"]


@pytest.fixture(scope="session")
def profile() -> Profile:
    """What videos are made as: tiny, so that the story is short."""
    return PROFILES[ProfileName.TINY]


@pytest.fixture(scope="session")
def site_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site's data folder, with the e-mails that it sends."""
    return tmp_path_factory.mktemp("site") / "home"


@pytest.fixture(scope="session")
def site(site_home: Path, profile: Profile) -> Iterator[str]:
    """Where the page is served."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ECHONOS_PROFILE", profile.name.value)
        # All visitors come from one address.
        for rate in ("SIGN_UP", "LOG_IN"):
            patch.setenv(f"ECHONOS_RATES__{rate}", "1000/minute")
        with ensure_stack(Settings(home=site_home), say=print, api=True) as state:
            assert state.api_url is not None
            yield state.api_url


@pytest.fixture(scope="session")
def site_stores(site: str, site_home: Path) -> Iterator[Stores]:
    """What the site keeps, to put videos there that were not made in the browser."""
    base = Settings(home=site_home)
    state = running_stack(base)
    assert state is not None
    stores = open_stores(**settings_for(state, base).store_options())
    yield stores
    stores.database.close()
