"""Settings from the environment."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from models.failures import InvalidInput
from settings import CHECKOUT, Settings
from tests.fakes.private import new_key


def test_the_data_folder_is_what_temporal_dev_yaml_says_unless_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().home == CHECKOUT / ".echonos"
    monkeypatch.setenv("ECHONOS_HOME", "/elsewhere")
    settings = Settings()
    assert settings.home == Path("/elsewhere")
    assert settings.database_url == "sqlite:////elsewhere/echonos.db"


def test_secrets_show_neither_in_repr_nor_in_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "do-not-tell"
    for name in ("ANTHROPIC_API_KEY", "FAL_KEY", "ECHONOS_S3_ACCESS_KEY", "ECHONOS_S3_SECRET_KEY"):
        monkeypatch.setenv(name, secret)
    monkeypatch.setenv("ECHONOS_DATABASE_URL", f"postgresql://echonos:{secret}@localhost/echonos")
    settings = Settings()
    assert secret not in repr(settings)
    assert secret not in str(settings)
    assert settings.store_options()["s3_secret_key"] == secret
    assert settings.anthropic_api_key is not None
    assert settings.anthropic_api_key.get_secret_value() == secret
    assert settings.fal_key is not None
    monkeypatch.setenv("ECHONOS_RENDER_SLOTS", secret)
    with pytest.raises(InvalidInput, match=r"ECHONOS_RENDER_SLOTS: .*integer") as raised:
        Settings()
    assert secret not in str(raised.value)


def test_a_value_that_makes_no_sense_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECHONOS_MAX_SCENES", "0")
    with pytest.raises(InvalidInput, match=r"ECHONOS_MAX_SCENES: .*greater than 0"):
        Settings()


def test_limits_travel_into_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECHONOS_MAX_SCENES", "7")
    monkeypatch.setenv("ECHONOS_DRAFT_TIMEOUT_S", "90.5")
    limits = Settings().run_limits()
    assert (limits.max_scenes, limits.draft_timeout_s) == (7, 90.5)


def test_stores_without_keys_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="ECHONOS_S3_ACCESS_KEY"):
        Settings(home=tmp_path).store_options()


def test_one_part_of_a_question_is_set_and_the_others_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECHONOS_DIRECTING__SHOTS__MODEL", "claude-of-tomorrow")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:1")
    settings = Settings()
    before = Settings.model_fields["directing"].default
    assert settings.directing.shots == before.shots.model_copy(update={"model": "claude-of-tomorrow"})
    assert settings.directing.prompts == before.prompts
    assert settings.anthropic_base_url == "http://127.0.0.1:1"


def test_a_part_of_a_question_that_makes_no_sense_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECHONOS_DIRECTING__VISION__EFFORT", "superhuman")
    with pytest.raises(InvalidInput, match=r"ECHONOS_DIRECTING__VISION__EFFORT: .*'low'"):
        Settings()


@pytest.mark.parametrize("name", ["ANTHROPIC_API_KEY", "FAL_KEY"])
def test_a_key_that_was_copied_with_blanks_is_taken_and_what_is_none_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, " sk-1:a\n")
    key = getattr(Settings(), name.lower())
    assert key.get_secret_value() == "sk-1:a"
    for wrong in ("sk 1", "ключ", " "):
        monkeypatch.setenv(name, wrong)
        with pytest.raises(InvalidInput, match=f"{name}: .*no key") as raised:
            Settings()
        assert wrong.strip() == "" or wrong not in str(raised.value)


SOUND: dict[str, Any] = {
    "environment": "production",
    "public_url": "https://echonos.example",
    "smtp_url": SecretStr("smtps://post:kT7-nine-wells@mail.example"),
    "trusted_proxies": "10.0.0.0/8",
    "codec_keys": SecretStr(new_key()),
}
FIXED = (3, 11, 12)


def test_production_starts_with_everything_decided() -> None:
    Settings(**SOUND).check_safe(FIXED)
    Settings(**SOUND | {"trusted_proxies": "none"}).check_safe(FIXED)
    Settings(**SOUND | {"fal_key": SecretStr("fal-key-of-ours"), "fal_user_id": "user-1"}).check_safe(FIXED)
    Settings(environment="development").check_safe((3, 11, 0))


@pytest.mark.parametrize(
    ("change", "python", "words"),
    [
        ({"public_url": "http://echonos.example"}, FIXED, "ECHONOS_PUBLIC_URL"),
        ({"smtp_url": None}, FIXED, "ECHONOS_SMTP_URL"),
        ({"codec_keys": None}, FIXED, "ECHONOS_CODEC_KEYS"),
        ({"trusted_proxies": ""}, FIXED, "ECHONOS_TRUSTED_PROXIES.*`none`"),
        ({"fal_key": SecretStr("fal-key-of-ours")}, FIXED, "ECHONOS_FAL_USER_ID"),
        ({"fal_key": SecretStr("fal-key-of-ours"), "fal_user_id": ""}, FIXED, "ECHONOS_FAL_USER_ID"),
        ({}, (3, 11, 9), r"Python 3\.11\.9 lacks.*3\.11\.12.*CVE-2024-7592.*CVE-2025-0938"),
        ({}, (3, 11, 11), r"Python 3\.11\.11 lacks.*CVE-2025-0938"),
    ],
)
def test_production_does_not_start_undecided(change: dict[str, Any], python: tuple[int, int, int], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        Settings(**SOUND | change).check_safe(python)


def test_proxies_are_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings(trusted_proxies="10.1.2.3, fd00::/8").proxies == ("10.1.2.3/32", "fd00::/8")
    assert Settings(trusted_proxies="None").proxies == Settings().proxies == ()
    for wrong in ("*", "proxy.internal", "10.0.0.0/99", "none, 10.0.0.1"):
        monkeypatch.setenv("ECHONOS_TRUSTED_PROXIES", wrong)
        with pytest.raises(InvalidInput, match=r"ECHONOS_TRUSTED_PROXIES: .*10\.0\.0\.0/8"):
            Settings()
