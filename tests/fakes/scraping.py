"""Scrapes as Prometheus reads them, and the selectors of alert expressions."""

from collections.abc import Iterator
from typing import Any

import promql_parser
import yaml
from prometheus_client.parser import text_string_to_metric_families

from settings import CHECKOUT

ALERTS = CHECKOUT / "deploy" / "alerts"


def series_of(text: str) -> dict[str, set[str]]:
    """Every series' name in a scrape, with the names of its labels."""
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def rules() -> list[dict[str, Any]]:
    """All alerting rules."""
    files = [yaml.safe_load(path.read_text()) for path in sorted(ALERTS.glob("*.yaml"))]
    return [rule for file in files for group in file["groups"] for rule in group["rules"]]


def selectors(expression: str) -> Iterator[tuple[str, set[str]]]:
    """The metrics of an expression, each with the labels that it needs. Raises `ValueError`: it is no PromQL."""
    yield from _selectors(promql_parser.parse(expression), set())


def _selectors(node: Any, by: set[str]) -> Iterator[tuple[str, set[str]]]:
    if isinstance(node, promql_parser.VectorSelector):
        yield str(node.name), by | {matcher.name for matcher in node.matchers.matchers}
        return
    if isinstance(node, promql_parser.AggregateExpr) and node.modifier is not None:
        by = by | {*node.modifier.labels}
    for name in ("vector_selector", "expr", "lhs", "rhs", "param"):
        inner = getattr(node, name, None)
        if inner is not None and not isinstance(inner, int | float | str):
            yield from _selectors(inner, by)
    for argument in getattr(node, "args", None) or ():
        yield from _selectors(argument, by)


def missing(text: str) -> list[tuple[str, str]]:
    """What alerts ask for and a scrape does not have: by alert, a metric or one of its labels."""
    has = series_of(text)
    found = []
    for rule in rules():
        for metric, labels in selectors(rule["expr"]):
            if metric not in has:
                found.append((rule["alert"], metric))
            found += [(rule["alert"], f"{metric}{{{label}}}") for label in sorted(labels - has.get(metric, labels))]
    return found
