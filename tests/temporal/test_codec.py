"""The payload codec: what it hides, what it leaves, and how keys change."""

import os
from base64 import b64encode
from pathlib import Path

import pytest
from pydantic import SecretStr
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.exceptions import ApplicationError

from models.codec_keys import parse_codec_keys
from models.failures import InvalidInput, ProviderUnavailable
from models.wire import DATA_CONVERTER
from settings import Settings
from temporal import codec as codec_module
from temporal.codec import Keyring, SealingCodec
from temporal.converting import converter_of
from tests.fakes.private import codec_of, new_key

SECRET = b"a fox in the rain"


def plain(data: bytes = SECRET) -> Payload:
    return Payload(metadata={"encoding": b"json/plain", "note": SECRET}, data=data)


@pytest.mark.parametrize("size", [0, 1, 255, 256, 100_000])
def test_payloads_come_back_whole(size: int) -> None:
    codec = codec_of(new_key())
    for data in (b"x" * size, os.urandom(size)):
        sealed = codec.sealed(plain(data))
        assert SECRET not in sealed.SerializeToString()
        assert codec.opened(sealed) == plain(data)


def test_long_text_is_compressed_before_it_is_encrypted() -> None:
    assert len(codec_of(new_key()).sealed(plain(SECRET * 1_000)).data) < 500


def test_the_same_payload_never_looks_the_same() -> None:
    codec = codec_of(new_key())
    assert len({codec.sealed(plain()).data for _ in range(50)}) == 50


async def test_payloads_from_before_the_codec_pass() -> None:
    assert await codec_of(new_key()).decode([plain()]) == [plain()]


def test_keys_rotate_while_old_and_new_processes_run() -> None:
    old, new = new_key("old"), new_key("new")
    before, between, after = codec_of(old), codec_of(old, new), codec_of(new, old)
    for writer in (before, between, after):
        for reader in (between, after):
            assert reader.opened(writer.sealed(plain())) == plain()
    with pytest.raises(ProviderUnavailable, match=r"“old” is missing.*ECHONOS_CODEC_KEYS"):
        codec_of(new).opened(before.sealed(plain()))


def test_a_key_that_was_added_to_the_file_works_without_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codec_module, "REREAD_S", -1)
    path, old, new = tmp_path / "keys", new_key("old"), new_key("new")
    path.write_text(f"{old}\n")
    settings = Settings(codec_keys_file=path)
    running = SealingCodec(Keyring(settings.read_codec_keys))
    path.write_text(f"# since May\n{new}\n{old}  # until June\n")
    assert running.opened(codec_of(new).sealed(plain())) == plain()
    assert running.sealed(plain()).metadata["encryption-key-id"] == b"new"


@pytest.mark.parametrize("at", [0, 16, 28, -1])
def test_damaged_data_and_another_key_of_the_same_id_do_not_open(at: int) -> None:
    codec = codec_of(new_key())
    sealed = codec.sealed(plain())
    with pytest.raises(ProviderUnavailable, match="“test” does not open"):
        codec_of(new_key()).opened(sealed)
    data = bytearray(sealed.data)
    data[at] ^= 1
    with pytest.raises(ProviderUnavailable, match="does not open"):
        codec.opened(Payload(metadata=sealed.metadata, data=bytes(data)))
    with pytest.raises(ProviderUnavailable, match="does not open"):
        codec.opened(Payload(metadata=sealed.metadata, data=sealed.data[:10]))


def test_what_was_sealed_for_one_purpose_does_not_open_for_another() -> None:
    keyring = codec_of(new_key()).keyring
    key_id, sealed = keyring.seal(b"x", b"token")
    assert keyring.open(key_id, sealed, b"token") == b"x"
    with pytest.raises(ProviderUnavailable):
        keyring.open(key_id, sealed, b"payload")


def test_a_salt_serves_a_bounded_number_of_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codec_module, "MOST_PER_SALT", 3)
    codec = codec_of(new_key())
    sealed = [codec.sealed(plain()) for _ in range(7)]
    assert len({one.data[:16] for one in sealed}) == 3
    assert {codec.opened(one).data for one in sealed} == {SECRET}


@pytest.mark.parametrize("content", [None, "", "old:half"])
def test_a_file_that_is_being_written_costs_no_known_key(
    content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codec_module, "REREAD_S", -1)
    file, old = tmp_path / "codec.keys", new_key("old")
    file.write_text(old)
    codec = SealingCodec(Keyring(Settings(codec_keys_file=file).read_codec_keys))
    if content is None:
        file.unlink()
    else:
        file.write_text(content)
    with pytest.raises(ProviderUnavailable, match="“new” is missing"):
        codec.opened(codec_of(new_key("new")).sealed(plain()))
    assert codec.opened(codec_of(old).sealed(plain())) == plain()


async def test_a_failure_s_text_is_hidden_and_told_to_those_with_keys() -> None:
    settings = Settings(codec_keys=SecretStr(new_key()))
    converter, failure = converter_of(settings.read_codec_keys), Failure()
    error = ApplicationError("no picture of a fox", "details of a fox", type="ContentRefused")
    error.__cause__ = ValueError("a fox as the cause")
    await converter.encode_failure(error, failure)
    assert b"fox" not in failure.SerializeToString()
    assert failure.application_failure_info.type == "ContentRefused"
    back = await converter.decode_failure(failure)
    assert isinstance(back, ApplicationError)
    assert (back.message, list(back.details)) == ("no picture of a fox", ["details of a fox"])


async def test_without_keys_nothing_is_encrypted_and_encrypted_payloads_say_what_is_missing() -> None:
    assert converter_of(Settings().read_codec_keys) is DATA_CONVERTER
    sealed = codec_of(new_key()).sealed(plain(b'"x"'))
    with pytest.raises(ProviderUnavailable, match="set ECHONOS_CODEC_KEYS"):
        await DATA_CONVERTER.decode([sealed], [str])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "There is no key"),
        ("# nothing", "There is no key"),
        ("secret-without-id", "Key 1 is not `ID:BASE64`"),
        (f"two words:{b64encode(os.urandom(32)).decode()}", "Key 1 is not `ID:BASE64`"),
        (f"{new_key()},bad key:{'x' * 44}", "Key 2 is not `ID:BASE64`"),
        (f"a:{b64encode(os.urandom(16)).decode()}", "not 32 bytes"),
        ("a:not-base64!", "not 32 bytes"),
        (f"a:{b64encode(bytes(32)).decode()}", "not random"),
        (f"a:{b64encode(b'changemechangemechangemechangeme').decode()}", "not random"),
        (f"{new_key()} {new_key()}", "same id"),
    ],
    ids=range(10),  # the keys are random, and processes that share the tests must agree on their names
)
def test_what_is_no_key_is_refused_in_a_sentence(
    text: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ValueError, match=words):
        parse_codec_keys(text)
    path = tmp_path / "keys"
    path.write_text(text)
    with pytest.raises(InvalidInput, match=f"ECHONOS_CODEC_KEYS_FILE: .*keys: .*{words}"):
        Settings(codec_keys_file=path).read_codec_keys()
    if text:
        monkeypatch.setenv("ECHONOS_CODEC_KEYS", text)
        with pytest.raises(InvalidInput, match=f"ECHONOS_CODEC_KEYS: .*{words}") as raised:
            Settings()
        assert not [part for part in text.split(":") if len(part) > 20 and part in str(raised.value)]


def test_production_demands_keys_and_a_readable_file(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"ECHONOS_CODEC_KEYS.*openssl rand"):
        Settings(environment="production").check_private()
    Settings(environment="development").check_private()
    Settings(environment="production", codec_keys=SecretStr(new_key())).check_private()
    with pytest.raises(InvalidInput, match="gone cannot be read: No such file"):
        Settings(codec_keys_file=tmp_path / "gone").check_private()
    with pytest.raises(InvalidInput, match="both set"):
        Settings(codec_keys=SecretStr(new_key()), codec_keys_file=tmp_path / "keys").check_private()
