"""The tables of words name what is drawn, and each word once."""

from collections import Counter
from typing import get_args

from engines.providers.local.reading.places import Place
from engines.providers.local.reading.poses import Pose
from engines.providers.local.reading.things import Thing
from engines.providers.local.reading.words.actions import VERBS
from engines.providers.local.reading.words.glyphs import GLYPHS, SPARES
from engines.providers.local.reading.words.places import IMPLIED, PLACES
from engines.providers.local.reading.words.things import THINGS


def test_every_name_has_words() -> None:
    assert set(THINGS) == set(SPARES) == set(get_args(Thing))
    assert set(PLACES) == set(get_args(Place)) >= set(IMPLIED)
    assert set(VERBS) == set(get_args(Pose))


def test_a_noun_is_in_one_table_once() -> None:
    nouns = Counter(
        noun for table in (THINGS, GLYPHS, PLACES) for listed in table.values() for noun in listed.split(",")
    )
    assert {noun: times for noun, times in nouns.items() if times > 1} == {}
