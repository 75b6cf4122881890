"""What is deployed fits the code: settings, queues, search attributes, and who may do what in a container."""

import os
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.app import allowed_hosts
from models.queues import Work
from models.search_attributes import SEARCH_ATTRIBUTES
from settings import CHECKOUT, Settings, read_description
from worker import read_settings

DEPLOY = CHECKOUT / "deploy"
SERVICES: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
OURS = {name: service for name, service in SERVICES.items() if str(service["image"]).startswith("echonos:")}
FOREIGN = {"ANTHROPIC_API_KEY", "FAL_KEY"}


def known_variables() -> set[str]:
    return FOREIGN | {f"ECHONOS_{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize("name", OURS)
def test_containers_set_what_the_settings_know(name: str) -> None:
    named = {variable.partition("__")[0] for variable in OURS[name]["environment"]}
    assert named <= known_variables()


@pytest.mark.parametrize("name", OURS)
def test_containers_of_ours_may_do_little(name: str) -> None:
    service = OURS[name]
    assert service["read_only"] is True
    assert service["user"] not in ("", "0", "root", "0:0")
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_the_web_backend_gets_all_that_selling_takes() -> None:
    wanted = {f"ECHONOS_{name.upper()}" for name in Settings.model_fields if name.startswith("stripe_")}
    assert wanted - {"ECHONOS_STRIPE_API_BASE"} <= set(OURS["api"]["environment"])


def test_every_kind_of_work_has_a_worker() -> None:
    commands = [service["command"][2:] for service in OURS.values() if "worker.py" in service.get("command", ())]
    assert sorted(work for command in commands for work in read_settings(command).works) == sorted(Work)


def test_ports_are_for_this_machine_alone() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", ())]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_the_example_names_every_variable_without_a_default() -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    example = dict(line.split("=", 1) for line in (DEPLOY / "example.env").read_text().splitlines() if "=" in line[:60])
    wanted = set(re.findall(r"\$\{([A-Z0-9_]+):\?\}", text))
    assert wanted <= set(example)
    assert not any(example[name] for name in wanted), "no placeholder passes for a secret"


def test_the_namespace_has_all_search_attributes() -> None:
    script = (DEPLOY / "temporal" / "namespace.sh").read_text()
    listed = re.search(r"for name in (.*); do", script)
    assert listed is not None
    assert set(listed[1].split()) == set(SEARCH_ATTRIBUTES)
    cloud = (DEPLOY / "cloud.md").read_text()
    assert all(name in cloud for name in SEARCH_ATTRIBUTES)


def test_a_cluster_gets_what_the_local_server_has_switched_on() -> None:
    local = read_description(CHECKOUT / "temporal-dev.yaml").temporal.dynamic_config
    cluster = yaml.safe_load((DEPLOY / "temporal" / "dynamic-config.yaml").read_text())
    for key in ("matching.enableFairness", "frontend.WorkflowPauseEnabled", "matching.numTaskqueueReadPartitions"):
        assert cluster[key] == [{"value": local[key]}]


def test_the_image_runs_as_an_unprivileged_user_and_is_watched() -> None:
    last = (DEPLOY / "Containerfile").read_text().rpartition("\nFROM ")[2]
    assert re.search(r"^USER (?!0|root)\d+", last, re.MULTILINE)
    assert "\nHEALTHCHECK " in last
    assert ".env" in (CHECKOUT / ".containerignore").read_text().split()


@pytest.mark.parametrize("there", [True, False])
def test_a_worker_is_healthy_once_it_polls(tmp_path: Path, there: bool) -> None:
    ready = tmp_path / "ready"
    if there:
        ready.touch()
    env = os.environ | {"ECHONOS_READY_FILE": str(ready)}
    done = subprocess.run([sys.executable, "deploy/healthy.py"], cwd=CHECKOUT, env=env, check=False)
    assert done.returncode == (0 if there else 1)


def test_a_web_backend_that_does_not_answer_is_not_healthy() -> None:
    env = os.environ | {"ECHONOS_API_PORT": "9", "HTTP_PROXY": "http://127.0.0.1:1"}
    assert subprocess.run([sys.executable, "deploy/healthy.py"], cwd=CHECKOUT, env=env, check=False).returncode == 1


@pytest.mark.parametrize(
    "settings",
    [
        Settings(environment="production", public_url="https://echonos.example"),
        Settings(environment="production", public_url="https://echonos.example:8443"),
        Settings(environment="development"),
    ],
)
def test_a_web_backend_that_answers_under_its_public_name_alone_is_healthy(settings: Settings) -> None:
    class Backend(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.headers["Host"].partition(":")[0] in allowed_hosts(settings)
            self.send_response(200 if known and self.path == "/healthz" else 400)
            self.end_headers()

    with HTTPServer(("127.0.0.1", 0), Backend) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        env = os.environ | {"ECHONOS_API_PORT": str(server.server_port), "ECHONOS_PUBLIC_URL": settings.public_url}
        env.pop("ECHONOS_READY_FILE", None)
        done = subprocess.run([sys.executable, "deploy/healthy.py"], cwd=CHECKOUT, env=env, check=False)
        server.shutdown()
    assert done.returncode == 0
