"""What import contracts cannot say about the rooms of the house."""

import ast
from pathlib import Path

import pytest

from settings import CHECKOUT

WORKFLOWS = sorted((CHECKOUT / "workflows").glob("*.py"))


def imported(path: Path) -> set[str]:
    """The modules that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


ROOMS = {
    "models",
    "workflows",
    "activities",
    "engines",
    "stores",
    "gateways",
    "services",
    "temporal",
    "api",
    "cli",
    "bootstrap",
    "settings",
    "worker",
    "starter",
}
KNOWN = {
    "settings": {"models"},
    "bootstrap": ROOMS - {"api", "cli", "worker", "starter"},
    "worker": {"models", "activities", "stores", "temporal", "bootstrap", "settings"},
    "starter": {"cli"},
}
"""The rooms that the files at the top may import: import-linter takes packages only."""


@pytest.mark.parametrize("name", KNOWN)
def test_files_at_the_top_know_the_rooms_that_they_may(name: str) -> None:
    rooms = {module.partition(".")[0] for module in imported(CHECKOUT / f"{name}.py")} & ROOMS
    assert rooms <= KNOWN[name]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_workflows_hold_no_code_of_callers_and_workers(path: Path) -> None:
    # import-linter does not look into packages that are not ours.
    assert not imported(path) & {"temporalio.client", "temporalio.service", "temporalio.worker"}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_timeouts_and_retries_of_workflows_stand_in_their_policies(path: Path) -> None:
    """Elsewhere a `timedelta` is zero, or made of what the run was given."""
    for node in ast.walk(ast.parse(path.read_text())):
        if path.stem == "policies" or not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func).rpartition(".")[2]
        assert called != "RetryPolicy", f"line {node.lineno}"
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        if called == "timedelta" or any(keyword.arg == "timeout" for keyword in node.keywords):
            numbers = [ast.literal_eval(one) for one in given if isinstance(one, ast.Constant)]
            assert not any(isinstance(number, int | float) and number for number in numbers), f"line {node.lineno}"


READERS = sorted(path for room in ("temporal", "services", "api", "cli") for path in (CHECKOUT / room).rglob("*.py"))


@pytest.mark.parametrize("path", READERS, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_executions_are_read_by_the_guarded_functions_alone(path: Path) -> None:
    """The SDK's own raise ValueError for an execution in a state that it does not know: a paused one."""
    if path.stem == "reading":
        return
    # A schedule's handle has a `describe` of its own.
    called = [ast.unparse(node.func) for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    guarded = [name for name in called if name.endswith((".list_workflows", ".describe"))]
    assert not [name for name in guarded if "get_schedule_handle" not in name]
