"""A configured Temporal server instead of our own stack."""

from pathlib import Path

import pytest

from cli.stack import connect, ensure_stack, run_stack_forever, settings_for
from models.failures import InvalidInput, NoServer
from settings import Settings


@pytest.fixture
def elsewhere(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


async def test_temporals_environment_replaces_the_stack(
    elsewhere: Settings, temporal_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", temporal_address)
    said: list[str] = []
    with ensure_stack(elsewhere, say=said.append) as state:
        assert not state.local
        assert state.temporal_address == temporal_address
        assert settings_for(state, elsewhere) is elsewhere
        assert await (await connect(elsewhere)).service_client.check_health()
    assert said == [f"Using the Temporal server at {temporal_address}, namespace default."]
    assert not elsewhere.home.exists()
    with pytest.raises(InvalidInput, match=f"names {temporal_address}"):
        run_stack_forever(elsewhere, say=said.append)


async def test_a_profile_file_counts_too(
    elsewhere: Settings, temporal_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "temporal.toml"
    file.write_text(f'[profile.default]\naddress = "{temporal_address}"\nnamespace = "elsewhere"\n')
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(file))
    assert (await connect(elsewhere)).namespace == "elsewhere"
    with ensure_stack(elsewhere, say=print) as state:
        assert (state.local, state.temporal_namespace) == (False, "elsewhere")
    file.write_text("[profile")
    with pytest.raises(InvalidInput, match="Temporal's environment configuration is unusable"):
        await connect(elsewhere)


async def test_no_server_is_a_clear_failure(elsewhere: Settings) -> None:
    with pytest.raises(NoServer, match="No Temporal server is named"):
        await connect(elsewhere)
    with pytest.raises(NoServer, match=r"No Temporal server answers at 127\.0\.0\.1:1:"):
        await connect(elsewhere.model_copy(update={"temporal_address": "127.0.0.1:1"}))


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"TEMPORAL_API_KEY": "key"}, "and a key asks for TLS: .* TLS, unset .*, or set TEMPORAL_TLS=false"),
        ({"TEMPORAL_TLS": "true"}, "but TLS is asked for: name a server with TLS, or set TEMPORAL_TLS=false"),
    ],
)
async def test_a_server_without_tls_is_named(
    elsewhere: Settings,
    temporal_address: str,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    sentence: str,
) -> None:
    for name, value in (variables | {"TEMPORAL_ADDRESS": temporal_address}).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(NoServer, match=sentence):
        await connect(elsewhere)


def test_a_store_elsewhere_needs_a_server_elsewhere(elsewhere: Settings) -> None:
    settings = elsewhere.model_copy(update={"s3_endpoint": "http://127.0.0.1:1"})
    with pytest.raises(InvalidInput, match="ECHONOS_S3_ENDPOINT"), ensure_stack(settings, say=print):
        pytest.fail("it must not start")


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(InvalidInput, match=r"data folder .*/file/home cannot be made: Not a directory"),
        ensure_stack(Settings(home=tmp_path / "file" / "home"), say=print),
    ):
        pytest.fail("it must not start")
