"""The provider's filter stops harmless answers, too: the local director replaces them, and the run continues."""

from collections.abc import Callable

import pytest

from engines.providers.local.director import LocalDirector
from tests.engines.anthropic.conftest import SetMaker
from tests.fakes.anthropic_server import FILTERED, Act, answered, failed, failing_halfway

FILTERS: dict[str, Act] = {
    "as a 400": failed(400, "invalid_request_error", FILTERED),
    "as an event": failing_halfway("invalid_request_error", FILTERED),
    "in other words": failed(400, "invalid_request_error", "Blocked by our content filter."),
    "by a gateway": failed(403, "permission_error", "The request was stopped: content_filter"),
}
every_filter = pytest.mark.parametrize("act", FILTERS.values(), ids=FILTERS)


@every_filter
def test_a_vision_that_is_filtered_is_the_local_one_and_marked(at_work: SetMaker, act: Act) -> None:
    work = at_work()
    work.server.plan("vision", act)
    spare = LocalDirector().envision(work.brief, work.analysis, "First Light")
    assert work.envision() == spare.model_copy(update={"filled_locally": True})
    assert len(work.server.of("vision")) == 1, "the same words would be stopped again"


@every_filter
def test_a_casting_that_is_filtered_is_the_local_one_and_marked(at_work: SetMaker, act: Act) -> None:
    work = at_work()
    work.server.plan("casting", act)
    assert all(one.filled_locally for one in work.story()[1].sections)


@every_filter
@pytest.mark.parametrize("question", ["shots", "prompts"])
def test_a_section_that_is_filtered_is_the_local_directors_alone(at_work: SetMaker, act: Act, question: str) -> None:
    work = at_work()
    story = work.story()
    work.server.plan(question, act)
    for index in (0, 1):
        scenes = work.section(index)
        shots = work.shots(story, scenes)
        prompts = work.prompts(story, scenes, shots).prompts
        assert [prompt.filled_locally for prompt in prompts] == [index == 0] * len(scenes)


def test_what_was_good_before_the_filter_stays(at_work: SetMaker) -> None:
    work = at_work()
    story, scenes = work.story(), work.section(0)
    lost = answered(lambda data: {"shots": data["shots"][1:]})
    work.server.plan("shots", lost, FILTERS["as an event"])
    shots = work.shots(story, scenes).shots
    assert [shot.filled_locally for shot in shots] == [True] + [False] * (len(scenes) - 1)


def test_an_addition_that_is_filtered_is_the_local_one(at_work: SetMaker) -> None:
    work = at_work("a fox, neon")
    work.server.plan("addition", FILTERS["as a 400"])
    assert work.director.enhance(work.brief) == LocalDirector().enhance(work.brief)


def test_other_words_that_are_filtered_are_the_local_ones(at_work: SetMaker) -> None:
    work = at_work()
    story, scenes = work.story(), work.section(1)
    prompt = work.prompts(story, scenes, work.shots(story, scenes)).prompts[0]
    work.server.plan("rewrite", FILTERS["as an event"])
    softer = LocalDirector().rewrite(prompt, "flagged", 1)
    assert work.director.rewrite(prompt, "flagged", 1) == softer.model_copy(update={"filled_locally": True})


@pytest.mark.parametrize(("name", "paid"), [("as a 400", []), ("as an event", ["filtered"])])
def test_an_answer_that_had_begun_is_paid_for(at_work: SetMaker, name: str, paid: list[str]) -> None:
    work = at_work()
    work.server.plan("vision", FILTERS[name])
    work.envision()
    assert [call.outcome for call in work.paid] == paid


def test_no_request_says_whether_to_think_and_every_answer_thinks_first(at_work: SetMaker) -> None:
    work = at_work()
    story, scenes = work.story(), work.section(0)
    work.prompts(story, scenes, work.shots(story, scenes))
    assert not any("thinking" in one.body for one in work.server.asked)
    assert all(call.output_tokens > 40 and call.outcome == "used" for call in work.paid), "thoughts are paid for"


@pytest.mark.parametrize("change", [lambda body: body | {"stream": False}, lambda body: body])
def test_the_fake_thinks_before_it_writes_whole_or_in_a_stream(
    at_work: SetMaker, change: Callable[[dict[str, object]], dict[str, object]]
) -> None:
    import httpx

    work = at_work()
    work.envision()
    body = change(work.server.asked[0].body)
    headers = {"x-api-key": "sk-ant-of-a-test", "anthropic-version": "2023-06-01"}
    answer = httpx.post(f"{work.server.url}/v1/messages", json=body, headers=headers)
    assert answer.status_code == 200
    assert 0 < answer.text.index('"thinking"') < answer.text.index('"text"')
    for thinking in ("disabled", "enabled"):
        refused = httpx.post(
            f"{work.server.url}/v1/messages", json=body | {"thinking": {"type": thinking}}, headers=headers
        )
        assert refused.status_code == 400
