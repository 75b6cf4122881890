"""Words of several kinds: verb or noun, person or thing, one thing or two, worn or lying about."""

import pytest

from engines.providers.local.director.chance import chance
from engines.providers.local.director.wardrobe import described
from engines.providers.local.painter.people.casting import look_of
from engines.providers.local.reading import read_words


@pytest.mark.parametrize(
    ("text", "pose", "things"),
    [
        ("A boxer trains", "run", []),
        ("a boxer in a white shirt, red gloves and blue shorts trains in a gym", "run", []),
        ("The band rocks", "dance", []),
        ("He fishes in a lake", "sit", []),
        ("She swings on a rope", "stand", ["lasso"]),
        ("She watches the sea", "stand", []),
        ("He bears a cross", "stand", ["cross"]),
        ("A girl ducks under a fence", "kneel", ["fence"]),
        ("A man saws wood", "work", []),
        ("Two boys book a ticket", "work", ["letter"]),
        ("We ship out", "work", []),
        ("The men storm the castle", "run", []),
        ("A skater skates on the ice", "ride", []),
        ("The hikers camp by the fire", "sit", ["fire"]),
    ],
)
def test_a_noun_right_after_its_subject_is_a_verb(text: str, pose: str, things: list[str]) -> None:
    told = read_words(text)
    assert {person.pose for person in told.people} == {pose}
    assert [item.name or item.glyph for item in told.items] == things


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("A boxer and three trains", ["train"]),
        ("A boxer, trains, a ship", ["train", "ship"]),
        ("The girl sees trains", ["train"]),
        ("A woman with books", ["book"]),
        ("wolves, bears, deer", ["wolf", "bear", "deer"]),
    ],
)
def test_a_noun_elsewhere_stays_one(text: str, things: list[str]) -> None:
    assert [item.name for item in read_words(text).items] == things


@pytest.mark.parametrize("text", ["He is home.", "A soldier comes home.", "Home again, at last.", "She runs home."])
def test_being_home_is_no_house(text: str) -> None:
    assert read_words(text).items == ()


def test_a_home_that_is_named_is_one() -> None:
    assert [item.name for item in read_words("A home on a hill").items] == ["house"]


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Three campers sit by a fire", ["camper"]),
        ("The cleaners leave", ["cleaner"]),
        ("A street sweeper", ["sweeper"]),
        ("a fire eater and a sword swallower", ["eater", "swallower"]),
        ("A hockey player", ["player"]),
        ("a milkman and two florists", ["milkman", "florist"]),
        ("The puppeteers bow", ["puppeteer"]),
    ],
)
def test_who_does_something_is_a_person(text: str, roles: list[str]) -> None:
    told = read_words(text)
    assert [person.role for person in told.people] == roles
    assert told.unknown == ()


@pytest.mark.parametrize("text", ["an empty drawer", "closer and lighter", "wipers and a wrist", "a playlist"])
def test_what_only_sounds_so_is_no_person(text: str) -> None:
    assert read_words(text).people == ()


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("a deer skull", ["skull"]),
        ("a wolf mask", ["mask"]),
        ("a heart balloon", ["balloon"]),
        ("an apple tree", ["tree"]),
        ("a moon lamp on a chair", ["lamp", "chair"]),
        ("The dog barks", ["dog"]),
    ],
)
def test_the_last_word_of_a_compound_is_the_thing(text: str, things: list[str]) -> None:
    assert [item.name for item in read_words(text).items] == things


@pytest.mark.parametrize(
    ("text", "worn"),
    [
        ("A rapper in gold chain and white tracksuit", [("necklace", "gold"), ("jacket", "white")]),
        ("A woman wears a pearl necklace", [("necklace", "white")]),
        ("She wears silver earrings and a red scarf", [("earrings", "silver"), ("scarf", "red")]),
        ("A man with a watch", [("bracelet", "")]),
    ],
)
def test_jewellery_is_on_its_owner(text: str, worn: list[tuple[str, str]]) -> None:
    told = read_words(text)
    assert [(one.name, one.colour) for one in told.people[0].clothes] == worn
    assert told.items == ()


def test_jewellery_without_an_owner_lies_there() -> None:
    told = read_words("A necklace lies on a table. A prisoner breaks his chains.")
    assert [item.noun for item in told.items] == ["necklace", "table", "chains"]
    assert not any(one.name == "necklace" for person in told.people for one in person.clothes)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("A king without a crown", "crown"),
        ("a sailor without a hat", "hat"),
        ("A knight with no helmet", "helmet"),
        ("a barefoot girl", "shoes"),
        ("She dances barefoot", "shoes"),
        ("A clean-shaven fisherman", "beard"),
    ],
)
def test_what_someone_has_not_on(text: str, name: str) -> None:
    person = read_words(text).people[0]
    assert person.without == (name,)
    assert person.headgear is None or name not in ("hat", "crown", "helmet")
    # The character's description says so too, so that each picture leaves it off.
    again = read_words(described(person, ("red",), chance("key"))).people[0]
    assert name in again.without
    look = look_of(again, 1)
    assert look.hat is None or name in ("shoes", "beard")
    assert look.beard is None or name != "beard"


def test_a_negation_ends_at_the_next_preposition() -> None:
    told = read_words("a woman without shoes on wet sand")
    assert [place.place for place in told.places] == ["beach"]


def test_a_deserted_place_has_no_crowd() -> None:
    assert "crowd" in read_words("A pianist in an empty theatre").absent
    assert "crowd" not in read_words("A pianist in a theatre").absent


def test_a_said_garment_leaves_the_rest_of_a_profession() -> None:
    boxer = read_words("A boxer in blue shorts").people[0]
    assert {(one.name, one.colour) for one in boxer.clothes} == {("gloves", "red"), ("shorts", "blue")}
    again = read_words(described(boxer, (), chance("key"))).people[0]
    assert not {"coat", "dress", "robe"} & {one.name for one in again.clothes}


@pytest.mark.parametrize(
    ("text", "nouns"),
    [
        ("Detail shot in pouring rain at a bus stop: a black dog", ["dog", "bus"]),
        ("At a train station, a suitcase", ["suitcase", "train"]),
        ("In a graveyard a lantern and a violin", ["lantern", "violin", "gravestone"]),
        ("At a bus stop the bus arrives, and a cat", ["bus", "cat"]),
        ("A cemetery at night", ["gravestone"]),
    ],
)
def test_what_a_place_brings_stands_behind_what_is_asked_for(text: str, nouns: list[str]) -> None:
    assert [item.noun for item in read_words(text).items] == nouns


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("An elephant and a lion watch him.", {"elephant", "lion"}),
        ("Two wolves guard them.", {"wolf"}),
        ("A gold watch on a table.", {"clock", "table"}),
    ],
)
def test_a_noun_before_a_pronoun_is_its_clauses_verb(words: str, names: set[str]) -> None:
    assert {item.name for item in read_words(words).items} == names


@pytest.mark.parametrize("words", ["A chef in a white hat.", "A baker.", "An old cook with a tall white hat."])
def test_a_cooks_hat_is_no_fedora(words: str) -> None:
    (cook,) = read_words(words).people
    assert cook.headgear
    assert (cook.headgear.name, cook.headgear.colour) == ("chef's hat", "white")


@pytest.mark.parametrize(
    ("words", "who"),
    [("Anna and Ben dance.", 2), ("Anna and her dog run.", 1), ("Cheeky and curious.", 0), ("Bold and free.", 0)],
)
def test_two_qualities_are_no_name(words: str, who: int) -> None:
    assert len(read_words(words).people) == who


def test_polar_bears_are_white_unless_they_are_said_to_be_another_colour() -> None:
    assert [item.colour for item in read_words("A polar bear, a brown bear").items] == ["white", "brown"]
