"""temporal-dev.yaml, and faulty files like it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from models.failures import InvalidInput
from models.search_attributes import SEARCH_ATTRIBUTES
from settings import CHECKOUT, read_description

FILE = CHECKOUT / "temporal-dev.yaml"


def test_the_file_registers_what_the_code_upserts() -> None:
    types = {key.name: key.indexed_value_type.name for key in SEARCH_ATTRIBUTES.values()}
    registered = read_description(FILE).temporal.search_attributes
    assert registered == {name: kind.title().replace("_", "") for name, kind in types.items()}


@pytest.mark.parametrize("path", [CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").rglob("*.md"))], ids=str)
def test_documents_name_attributes_that_are_registered(path: Path) -> None:
    named = set(re.findall(r"\bEchonos[A-Z]\w+", path.read_text())) - {"EchonosError"}
    assert named <= {key.name for key in SEARCH_ATTRIBUTES.values()}


def set_at(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(raw: dict[str, Any]) -> None:
        *sections, last = path.split(".")
        for section in sections:
            raw = raw[section]
        raw[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (set_at("temporal.ports.frontend", "seven"), "temporal.ports.frontend: .*valid integer"),
        (set_at("temporal.retention", 30), "temporal.retention: Extra inputs are not permitted"),
        (set_at("temporal.search_attributes.EchonosMood", "Mood"), "EchonosMood: .*'Keyword'"),
        (set_at("host", "0.0.0.0"), "host: .*loopback"),
        (set_at("s3.ports.s3", 60_000), "s3.ports.s3: .*less than or equal to 55535"),
        (set_at("temporal.ports.ui", 18_333), "port 18333 is used twice"),
        (lambda raw: raw.pop("worker"), "worker: Field required"),
    ],
)
def test_a_mistake_is_named_with_its_place(
    change: Callable[[dict[str, Any]], None], sentence: str, tmp_path: Path
) -> None:
    raw = yaml.safe_load(FILE.read_text())
    change(raw)
    path = tmp_path / "stack.yaml"
    path.write_text(yaml.safe_dump(raw))
    with pytest.raises(InvalidInput, match=sentence):
        read_description(path)


def test_what_is_no_yaml_or_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "stack.yaml"
    with pytest.raises(InvalidInput, match="cannot be read: No such file"):
        read_description(path)
    path.write_text("a: [1")
    with pytest.raises(InvalidInput, match="is not YAML"):
        read_description(path)
