"""Words and what they say about pictures: each line is one thing that artists write."""

import pytest

from engines.providers.local.reading import Reading, read_words
from engines.providers.local.reading.facts import Relation

HARBOUR = (
    "An old fisherman in a red boat leaves a small harbour with a white lighthouse. "
    "His granddaughter waves from the pier. Storm clouds, then sunlight."
)


def test_a_whole_brief() -> None:
    told = read_words(HARBOUR)
    fisherman, granddaughter = told.people
    assert (fisherman.role, fisherman.age, fisherman.sex, fisherman.pose) == ("fisherman", "old", "male", "row")
    assert (granddaughter.role, granddaughter.age, granddaughter.sex, granddaughter.pose) == (
        "granddaughter",
        "child",
        "female",
        "wave",
    )
    assert [(item.name, item.colour) for item in told.items] == [("boat", "red"), ("lighthouse", "white"), ("pier", "")]
    assert [place.place for place in told.places] == ["harbour"]
    assert [sky.weather for sky in told.skies] == ["storm", "clear"]
    assert Relation("person-0", "in", "item-0") in told.relations
    assert Relation("person-1", "from", "item-2") in told.relations
    assert told.unknown == ()


def one(text: str) -> Reading:
    reading = read_words(text)
    assert len(reading.people) == 1, reading.people
    return reading


@pytest.mark.parametrize(
    ("text", "looks"),
    [
        ("a silver-haired old woman with round glasses", {"hair_colour": "silver", "age": "old", "eyewear": "glasses"}),
        ("an old man with a long white beard", {"beard": "long beard", "hair_colour": "white", "sex": "male"}),
        (
            "a young woman with long curly red hair",
            {"hair_colour": "ginger", "hair_length": "long", "hair_style": "curly"},
        ),
        ("a bald man with a moustache", {"hair_length": "bald", "beard": "moustache"}),
        ("A bearded lumberjack", {"beard": "beard", "sex": "male"}),
        ("a tall thin boy", {"build": "tall", "sex": "male"}),
        ("a little girl with pigtails", {"age": "child", "hair_style": "braid"}),
        ("three sisters", {"count": 3, "sex": "female"}),
    ],
)
def test_looks(text: str, looks: dict[str, object]) -> None:
    person = one(text).people[0]
    assert {name: getattr(person, name) for name in looks} == looks


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("An empty street, no people, no cars.", {"people", "car"}),
        ("a beach without boats or people", {"people", "boat"}),
        ("not a soul in sight", {"people"}),
        ("a field, no rain", {"rain"}),
    ],
)
def test_negations(text: str, absent: set[str]) -> None:
    reading = read_words(text)
    assert reading.absent == absent
    assert not reading.people
    assert not reading.crowd


@pytest.mark.parametrize(
    "text",
    ["Her heart of stone breaks.", "There is a storm inside my heart.", "He drowns in sorrow.", "A sea of memories."],
)
def test_feelings_are_no_pictures(text: str) -> None:
    reading = read_words(text)
    assert reading.figurative
    assert not reading.items
    assert not reading.places
    assert not reading.skies


def test_words_that_no_table_knows_are_listed() -> None:
    assert read_words("a zorbule on the beach").unknown == ("zorbule",)


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("A farmer's daughter dances barefoot", ["daughter"]),
        ("The fisherman rows. A fisherman's daughter waves.", ["fisherman", "daughter"]),
        ("You and I dance on a rooftop. We kiss.", ["beloved", "narrator"]),
        ("My girlfriend and I drive to the sea. We make a fire.", ["girlfriend", "narrator"]),
        ("Mara, a young violinist, runs. The violinist stops.", ["violinist"]),
        ("It rains in Lyon. Margot, who sells flowers, waits.", ["person"]),
        ("a fallen angel runs into the woods", ["angel"]),
    ],
)
def test_who_is_who(text: str, roles: list[str]) -> None:
    assert [person.role for person in read_words(text).people] == roles


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("A band plays in a garage", [("band", 4)]),
        ("A boy band dances", [("band", 4)]),
        ("A choir sings in a church", [("choir", 5)]),
        ("A gang of boys runs", [("boys", 4)]),
        ("a team of young climbers", [("climber", 4)]),
        ("A crew of three sailors waves", [("sailor", 3)]),
        ("A singer and her band on a rooftop", [("singer", 1), ("band", 4)]),
        ("A stranger walks in. The band plays.", [("stranger", 1), ("band", 4)]),
        ("A stranger arrives. The couple dances.", [("stranger", 1), ("couple", 2)]),
        ("Children laugh. Toddlers sleep.", [("children", 2), ("toddlers", 2)]),
        ("three children", [("children", 3)]),
        ("a family house by the sea", []),
        ("a stage, no band", []),
    ],
)
def test_groups_are_as_many_persons(text: str, people: list[tuple[str, int]]) -> None:
    reading = read_words(text)
    assert [(person.role, person.count) for person in reading.people] == people
    assert not reading.crowd


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("no cars, no people, just an empty motorway and a fox", ["fox"]),
        ("City street lamps after rain", ["street lamp"]),
        ("a woman steals a convertible car", ["car"]),
        ("a flock of birds and three horses", ["bird", "horse"]),
        ("He rows over the lake.", ["boat"]),
        ("A trucker drives through the night", ["truck"]),
        ("A pianist in an empty theatre", ["piano"]),
        ("My heart beats. A heart hangs on the wall.", ["heart"]),
    ],
)
def test_things(text: str, items: list[str]) -> None:
    assert [item.name for item in read_words(text).items if item.name] == items


def test_a_verb_after_clothes_belongs_to_who_wears_them() -> None:
    told = read_words("A young woman in a worn leather jacket leaves a motel room at dusk and drives an old car.")
    assert [deed.words for deed in told.deeds] == ["leaves a motel room at dusk", "drives an old car"]
    assert told.people[0].pose == "drive"
    assert [item.name for item in told.items] == ["car"]
