"""Alert rules: real PromQL, a runbook each, and bounded labels.

tests/workflows/test_telemetry.py and test_paid_generation.py compare them with scrapes of real runs.
"""

import promql_parser
import pytest

from models.measures import MEASURES
from settings import CHECKOUT
from tests.fakes.scraping import missing, rules, selectors


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_a_rule_is_promql_and_names_its_runbook(rule: dict[str, dict[str, str]]) -> None:
    assert list(selectors(str(rule["expr"])))
    assert (CHECKOUT / rule["annotations"]["runbook"]).is_file()
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"]["summary"]


def test_names_are_unique_and_broken_rules_are_found() -> None:
    names = [rule["alert"] for rule in rules()]
    assert len(set(names)) == len(names)
    with pytest.raises(ValueError, match=r"."):
        promql_parser.parse("sum by (stage (echonos_parked_runs)")
    everything = missing("")
    assert {alert for alert, _ in everything} == set(names)
    assert ("EchonosProviderFails", "echonos_provider_seconds_count") in everything


def test_silence_of_all_processes_is_an_alert_too() -> None:
    assert any("absent(" in str(rule["expr"]) and rule["labels"]["severity"] == "page" for rule in rules())


def test_every_measure_says_what_it_is_and_has_few_labels() -> None:
    assert len({one.name for one in MEASURES}) == len(MEASURES)
    for one in MEASURES:
        assert one.help
        assert len(one.labels) <= 3
        assert not {"account", "video", "song", "workflow"} & {*one.labels}
