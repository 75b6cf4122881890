"""What a worker process loads and serves, by its kinds of work."""

import json
import subprocess
import sys

import pytest

import worker
from models.failures import InvalidInput
from models.queues import QUEUES, Work
from settings import CHECKOUT, Settings

_LOADS = """
import json, os, sys
import worker
from bootstrap import build_activities, open_engines
from pydantic import SecretStr
from settings import Settings
from stores.opening import open_stores

def steps_of(queues):
    settings = Settings(
        home=sys.argv[1], queues=queues, anthropic_api_key=SecretStr("k" * 20), fal_key=SecretStr("f" * 20),
        s3_endpoint="http://127.0.0.1:9", s3_access_key=SecretStr("a" * 20), s3_secret_key=SecretStr("s" * 20),
    )
    return build_activities(open_stores(**settings.store_options()), open_engines(settings, settings.works), None)

print(json.dumps(["", sorted(sys.modules), 0]), flush=True)
for queues in sys.argv[2:]:
    if os.fork() == 0:
        steps = steps_of(queues)
        print(json.dumps([queues, sorted(sys.modules), len(steps)]), flush=True)
        os._exit(0)
    os.wait()
"""
"""Prints the modules of a worker process that has just begun, then those of one of each kind. They are forked from it:
what all of them import takes seconds."""

KINDS: list[tuple[str, set[str], set[str]]] = [
    ("orchestrate", set(), {"numpy", "av", "cv2", "anthropic", "fal_client", "onnxruntime", "fontTools"}),
    ("provide", {"anthropic", "fal_client"}, {"engines.providers.local.painter.painter", "engines.music.analyst"}),
    ("render", {"engines.providers.local.painter.painter", "av"}, {"anthropic", "fal_client", "engines.music"}),
    ("analyse", {"engines.music.analyst"}, {"anthropic", "fal_client", "cv2", "engines.providers.local.painter"}),
]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The modules of a worker process with all keys, by its queues; those of any at its start under ""."""
    queues = [kind for kind, _, _ in KINDS]
    command = [sys.executable, "-c", _LOADS, str(tmp_path_factory.mktemp("home")), *queues]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True)
    begun, *kinds = [json.loads(line) for line in done.stdout.splitlines()]
    assert [kind for kind, _, _ in kinds] == queues, done.stderr
    assert all(steps > 30 for _, _, steps in kinds), "every process knows every step"
    return {kind: set(modules) for kind, modules, _ in (begun, *kinds)}


@pytest.mark.parametrize(("queues", "wanted", "unwanted"), KINDS)
def test_a_process_loads_what_its_work_needs(
    loaded: dict[str, set[str]], queues: str, wanted: set[str], unwanted: set[str]
) -> None:
    assert wanted <= loaded[queues]
    assert not unwanted & loaded[queues]


def test_a_worker_without_telemetry_loads_none(loaded: dict[str, set[str]]) -> None:
    unwanted = ("prometheus_client", "opentelemetry.sdk", "cryptography")
    assert {"worker", "bootstrap"} <= loaded[""]
    assert [module for module in loaded[""] if module.startswith(unwanted)] == []


@pytest.mark.parametrize(
    ("said", "works"),
    [
        (None, list(Work)),
        ("render", [Work.RENDER]),
        (" analyse, ORCHESTRATE,", [Work.ORCHESTRATE, Work.ANALYSE]),
    ],
)
def test_kinds_of_work_on_the_command_line(said: str | None, works: list[Work]) -> None:
    arguments = [] if said is None else ["--queues", said]
    assert list(worker.read_settings(arguments).works) == works


@pytest.mark.parametrize("said", ["paint", "render;provide", ",", ""])
def test_an_unknown_kind_is_refused_by_name(said: str) -> None:
    with pytest.raises(InvalidInput, match=r"ECHONOS_QUEUES: .*orchestrate, provide, render, analyse"):
        worker.read_settings([f"--queues={said}"])


def test_the_environment_names_them_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECHONOS_QUEUES", "provide,render")
    assert Settings().works == (Work.PROVIDE, Work.RENDER)
    assert worker.read_settings(["--queues", "analyse"]).works == (Work.ANALYSE,)


def test_open_runs_find_their_queues_under_their_old_names() -> None:
    assert [QUEUES[work] for work in Work][:3] == ["echonos", "echonos-provider", "echonos-render"]
