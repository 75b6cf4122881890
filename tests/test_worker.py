"""What the worker refuses before it asks any server anything."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

import worker
from models.failures import InvalidInput
from settings import CHECKOUT, Settings


async def test_a_placeholder_stops_the_worker_outside_development() -> None:
    settings = Settings(environment="production", fal_key=SecretStr("changeme"))
    with pytest.raises(InvalidInput, match="fal_key is a placeholder"):
        await worker.serve(settings)


def test_a_worker_needs_no_mail_server_and_no_public_address() -> None:
    Settings(environment="production", database_url="sqlite:///x.db").check_secrets()


@pytest.mark.parametrize("queues", ["orchestrate,provide,render,analyse", "analyse"])
async def test_models_for_non_commercial_use_need_a_licence_outside_development(queues: str) -> None:
    with pytest.raises(InvalidInput, match="ECHONOS_MADMOM_LICENCE") as refused:
        await worker.serve(Settings(environment="production", queues=queues))
    for choice in ("ECHONOS_BEAT_TRACKER=librosa", "Beat This!"):
        assert choice in str(refused.value)


@pytest.mark.parametrize(
    "named",
    [
        {"environment": "development"},
        {"madmom_licence": True},
        {"beat_tracker": "librosa"},
        {"queues": "orchestrate,provide,render"},
    ],
)
def test_a_worker_that_may_use_its_tracker_starts(named: dict[str, Any]) -> None:
    worker.check_tracker(Settings(**({"environment": "production"} | named)))


def test_a_worker_keeps_bytecode_where_the_environment_keeps_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sandbox imports a workflow's file for every run: it must not compile it each time."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    code = tmp_path / "code"
    code.mkdir()
    (code / "imported_by_each_run.py").write_text("ANSWER = 1\n")
    worker.keep_bytecode(tmp_path / "kept")
    monkeypatch.syspath_prepend(str(code))
    assert import_module("imported_by_each_run").ANSWER == 1
    assert list((tmp_path / "kept").rglob("imported_by_each_run.*.pyc"))
    assert not list(code.rglob("*.pyc"))
    del sys.modules["imported_by_each_run"]


def test_a_worker_leaves_bytecode_where_python_keeps_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    worker.keep_bytecode(tmp_path)
    assert sys.pycache_prefix is None


def test_a_worker_ends_in_order_and_without_finalization() -> None:
    program = (
        "import atexit, worker\n"
        "class Kept:\n"
        "    def __del__(self): print('finalized')\n"
        "kept = Kept()\n"
        "atexit.register(print, 'tidied up')\n"
        "print('served', end=' ')\n"
        "worker.leave(3)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (3, "served tidied up\n", "")
