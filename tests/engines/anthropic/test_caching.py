"""Sections are asked about concurrently and share one cache entry; the shared part is the same to the byte."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from engines.providers.anthropic.prefixes import FRESH_S, Prefixes
from models.storyboard import Scene
from tests.engines.anthropic.conftest import Set, SetMaker
from tests.fakes.anthropic_server import failed, held, thought_over


def direct_at_once(work: Set) -> None:
    story = work.story()

    def section(scenes: list[Scene]) -> None:
        work.prompts(story, scenes, work.shots(story, scenes))

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(section, work.sections()))


def test_sections_at_once_write_the_cache_once_and_read_it_ever_after(at_work: SetMaker) -> None:
    work = at_work()
    # Without an order all would be asked before the first answer begins, and each would write the entry.
    for question in ("shots", "prompts"):
        work.server.plan(question, thought_over(0.4))
    direct_at_once(work)
    for question in ("shots", "prompts"):
        asked = work.server.of(question)
        assert len(asked) == len(work.analysis.sections)
        assert sorted(bool(one.cache_write) for one in asked) == [False] * (len(asked) - 1) + [True]
        assert sorted(bool(one.cache_read) for one in asked) == [False] + [True] * (len(asked) - 1)
        stable = {str((one.body["system"], one.body["messages"][0]["content"][0])) for one in asked}
        assert len(stable) == 1
        assert asked[0].body["messages"][0]["content"][0]["cache_control"] == {"type": "ephemeral"}
    read = sum(paid.cache_read_tokens for paid in work.paid)
    assert read > 0.4 * sum(paid.input_tokens + paid.cache_write_tokens + paid.cache_read_tokens for paid in work.paid)


def test_what_is_asked_once_is_not_written_to_the_cache(at_work: SetMaker) -> None:
    work = at_work()
    work.story()
    assert not any("cache_control" in str(one.body) for one in work.server.asked)


def test_the_others_wait_for_the_first_answer_to_begin_and_not_for_its_end(at_work: SetMaker) -> None:
    work = at_work()
    story = work.story()
    finish, begun = threading.Event(), threading.Event()
    work.server.plan("shots", held(finish, begun))
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(work.shots, story, work.section(0))
        assert begun.wait(200)
        assert work.shots(story, work.section(1)).shots
        assert not first.done()
        finish.set()
        assert first.result().shots
    assert [bool(one.cache_read) for one in work.server.of("shots")] == [False, True]


def test_when_the_first_fails_another_one_goes_first(at_work: SetMaker) -> None:
    work = at_work()
    story = work.story()
    work.server.plan("shots", failed(529, "overloaded_error"))
    results: list[int | str] = []

    def section(scenes: list[Scene]) -> None:
        try:
            results.append(len(work.shots(story, scenes).shots))
        except Exception as error:
            results.append(type(error).__name__)

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(section, work.sections()))
    assert results.count("ProviderUnavailable") == 1
    asked = work.server.of("shots")
    assert [bool(one.cache_write) for one in asked].count(True) == 2, "the failed one's entry never came to be"
    assert sum(bool(one.cache_read) for one in asked) == len(asked) - 2


def test_another_video_is_another_prefix(at_work: SetMaker) -> None:
    for prompt in ("A fox looks for its den.", "A heron looks for its nest."):
        work = at_work(prompt)
        story = work.story()
        work.shots(story, work.section(0))
    assert [bool(one.cache_read) for one in work.server.of("shots")] == [False, False]


def test_material_too_short_for_a_cache_is_directed_all_the_same(at_work: SetMaker) -> None:
    work = at_work()
    work.server.cached_from_tokens = 50_000
    direct_at_once(work)
    assert not any(one.cache_read or one.cache_write for one in work.server.asked)
    assert len(work.server.of("prompts")) == len(work.analysis.sections)


class Clock:
    def __init__(self) -> None:
        self.now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


async def test_an_entry_that_may_have_expired_is_written_again() -> None:
    clock = Clock()
    prefixes = Prefixes(clock)
    assert await prefixes.turn("a")
    prefixes.cached("a")
    assert not await prefixes.turn("a")
    clock.now_s += FRESH_S - 1
    assert not await prefixes.turn("a"), "each use keeps it alive"
    clock.now_s += FRESH_S - 1
    assert not await prefixes.turn("a")
    clock.now_s += FRESH_S + 1
    assert await prefixes.turn("a")


async def test_another_prefix_waits_for_nobody_and_a_failed_first_is_followed() -> None:
    prefixes = Prefixes(Clock())
    assert await prefixes.turn("a")
    waiting = asyncio.create_task(prefixes.turn("a"))
    await asyncio.sleep(0)
    assert not waiting.done()
    assert await prefixes.turn("b")
    prefixes.given_up("a")
    assert await waiting, "it goes first now"


async def test_patience_with_the_first_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engines.providers.anthropic.prefixes.PATIENCE_S", 0.01)
    prefixes = Prefixes()
    assert await prefixes.turn("a")
    assert not await prefixes.turn("a"), "it goes without the cache"
