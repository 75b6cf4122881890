"""Reads people: nouns, names and pronouns, and what is said of their looks."""

from dataclasses import replace
from typing import Any, cast

from engines.providers.local.reading.facts import Worn
from engines.providers.local.reading.gathering import Qualities, hair
from engines.providers.local.reading.lexicon import NOUNS, Match, Sense, finite
from engines.providers.local.reading.looks import Sex, Skin
from engines.providers.local.reading.state import ARTICLES, OWN, State
from engines.providers.local.reading.tokens import Word
from engines.providers.local.reading.words.listing import listed
from engines.providers.local.reading.words.people import FEMALE_NAMES, GROUPS, KIN, MALE_NAMES
from engines.providers.local.reading.words.plain import FUNCTION, NUMBERS

_BACK = frozenset({"the", "his", "her", "their", "this", "that", "these", "those"})
_AMBIGUOUS = frozenset(
    {"rose", "grace", "will", "mark", "jack", "bill", "ray", "max", "may", "ivy", "ruby", "daisy", "luna"}
)
_SKINS: dict[str, Skin] = {"black": "dark", "brown": "brown", "white": "pale", "green": "green", "blue": "blue"}
_FIELDS = {"hair length": "hair_length", "hair style": "hair_style"}
_NARRATORS = {
    "me": (("narrator", "a person"),),
    "i": (("narrator", "a person"),),
    "you": (("beloved", "another person"),),
    "we": (("narrator", "a person"), ("beloved", "another person")),
}
_RELATIVE = frozenset({"that", "which", "only", "as", "than", "like", "what"})
_FEW = 6
_TOWARDS_CITIES = frozenset({"in", "to", "from", "through", "at", "near", "of", "across"})
BODY = listed(
    """eyes, eye, face, hands, hand, skin, lips, mouth, fingers, arms, arm, legs, feet, head,
    shoulders, shoulder, cheeks, ears"""
)
_PLAIN = frozenset({"man", "woman", "person"})


def take_person(state: State, sense: Sense, match: Match, at: int) -> None:
    """A noun for a person: a new one, an earlier one again, or who a name before it is."""
    given, words = state.given, state.phrase(at, match.length)
    # “Old man” is a man; “taxi driver” stays.
    noun = sense.phrase.split()[-1] if sense.sort == "person" and sense.phrase not in GROUPS else sense.phrase
    after = state.match(at + match.length)
    if noun in ("male", "female") and after and after.sense("person", "role"):
        given.looks["sex"] = noun
        return  # “a male soldier”
    if noun in GROUPS and _members(state, at + match.length):
        given.number = max(GROUPS[noun], given.number)
        return  # “a gang of boys” is boys
    if not match.plural and after and any(one.sort == "person" and one.phrase in GROUPS for one in after.senses):
        return  # “a boy band” is a band
    acting = after is not None and (
        after.sense("verb") or (finite(state.plain(at + match.length)) and noun.endswith("s"))
    )
    if noun in GROUPS and not match.plural and after and after.sense(*NOUNS) and not acting:
        return  # “a family house” shows no family
    if state.plain(at + match.length) == "'s" and state.plain(at + match.length + 1) not in BODY:
        known = [ref for ref, one in state.found.people.items() if one.role == noun]
        if not known or given.article in ("a", "an"):
            state.given = Qualities()
            return  # “a farmer's daughter” shows no farmer
    looks = given.looks
    little = looks.pop("_little", False)
    looks.pop("_length", None)
    facts = _of_noun(sense, bool(little)) if sense.sort == "person" else _of_role(state, sense, match, at)
    facts["age"] = _age(facts["age"], looks.pop("age", ""))
    if given.number > 1 or match.plural or noun in GROUPS:
        facts["count"] = given.number if given.number > 1 else GROUPS.get(noun, 3)
    if _apposition(state):
        _name_is(state, cast(str, state.last), noun, words, {**facts, **looks})
        return
    kin = given.article in OWN and (noun in KIN or noun in GROUPS)
    again = given.article in _BACK and not kin
    if kin:
        again = any(one.role == noun for one in state.found.people.values())
    if kin and not again:
        facts["kin"] = _whose(state, given.article)
    start = given.start if given.start >= 0 else at
    state.related(state.found.person(words, start, noun, given, again=again, **facts))


def _members(state: State, at: int) -> bool:
    """Whether “of” with a plural follows."""
    if state.plain(at) != "of":
        return False
    for one in (at + 1, at + 2):
        match = state.match(one)
        noun = match.sense(*NOUNS) if match else None
        if match and noun:
            return match.plural or noun.phrase in GROUPS
    return False


def _whose(state: State, article: str) -> str:
    """The person before a possessive."""
    if article == "'s":
        return state.last if state.last and state.person(state.last) else ""
    sex = {"his": "male", "her": "female"}.get(article, "")
    for ref, one in reversed(state.found.people.items()):
        if not sex or one.sex in (sex, ""):
            if sex and one.count == 1:
                state.found.enrich(ref, {"sex": sex})  # “a soldier and his wife”
            return ref
    return ""


def _of_noun(sense: Sense, little: bool) -> dict[str, Any]:
    age, sex = sense.value
    # A girl in a song is a young woman more often than a child.
    if sense.phrase in ("girl", "boy") and not little:
        age = "teen"
    return {"age": age, "sex": sex}


def _of_role(state: State, sense: Sense, match: Match, at: int) -> dict[str, Any]:
    sex, age, kind, clothes, headgear, holds = sense.value
    last = state.words[at + match.length - 1].plain
    if not sex and last.endswith(("woman", "women", "ess")):
        sex = "female"
    if not sex and last.endswith(("man", "men")):
        sex = "male"
    return {
        "age": age,
        "sex": sex,
        "kind": kind,
        "clothes": tuple(Worn(name, colour, True) for name, colour in clothes),
        "headgear": Worn(headgear[0], headgear[1], True) if headgear else None,
        "holds": holds,
    }


def _age(noun: str, said: str) -> str:
    """“A young boy” is a child, “an old boxer” is old."""
    return noun if not said or (noun in ("child", "teen") and said == "young") else said


def _apposition(state: State) -> bool:
    """“Mara, a young violinist”: the noun says who the name is."""
    start = state.given.start
    if start < 0 or state.words[start].pause != "," or state.verb is not None or not state.person(state.last):
        return False
    one = state.found.people[cast(str, state.last)]
    return bool(one.name) and one.role in _PLAIN and state.given.article != ""


def _name_is(state: State, ref: str, noun: str, words: str, facts: dict[str, Any]) -> None:
    one = state.found.people[ref]
    state.found.people[ref] = replace(one, role=noun, words=f"{one.words}, {words}", kind=facts.get("kind", one.kind))
    state.found.enrich(ref, {name: value for name, value in facts.items() if name not in ("count", "kind")})
    state.given = Qualities()


def take_crowd(state: State, sense: Sense, match: Match, at: int) -> None:
    """Many people; a small number, or one's own, are persons."""
    number = state.given.number
    person = match.sense("person", "role")
    if person and (number or state.given.article in OWN):
        take_person(state, person, match, at)
    elif 1 < number <= _FEW and not sense.phrase.startswith(("crowd", "people of")):
        words = state.phrase(at, match.length)
        state.related(state.found.person(words, at, sense.phrase, state.given, again=False, count=number))
    else:
        state.crowd = True
        state.given, state.last = Qualities(), None
        if state.link is None:
            state.subjects = []
        state.link = None


def take_name(state: State, word: Word, at: int, match: Match | None) -> bool:
    """A proper name, of the person before it or of a new one."""
    low = word.plain
    known = low in FEMALE_NAMES or low in MALE_NAMES
    called = state.plain(at - 1) in ("called", "named") and not match
    if not word.text[:1].isupper() or not (known or called) or (match and match.length > 1):
        return False
    if match and (low in _AMBIGUOUS or state.titled or word.pause == "."):
        return False
    sex: Sex = "female" if low in FEMALE_NAMES else "male" if low in MALE_NAMES else ""
    people = state.found.people
    for ref, one in people.items():
        if one.name == word.text:
            state.given = Qualities()
            state.related(ref)
            return True
    beside = called or word.pause == "," or (at > 0 and not word.pause and state.last is not None)
    if state.person(state.last) and beside and state.plain(at - 1) not in ("and", "or"):
        one = people[cast(str, state.last)]
        if not one.name and (not sex or one.sex in (sex, "")) and one.count == 1:
            people[one.ref] = replace(one, name=word.text, sex=one.sex or sex)
            return True
    if called:
        return state.last is not None  # a dog called Rex
    role = {"female": "woman", "male": "man"}.get(sex, "person")
    state.related(state.found.person(word.text, word.at, role, state.given, again=False, sex=sex, name=word.text))
    return True


def take_strange_name(state: State, word: Word) -> bool:
    """A capital where no sentence begins, or before a verb or “who”: a city after “in” or “to”, else a person."""
    before = state.plain(word.at - 1) if not word.pause else ""
    after = state.match(word.at + 1)
    verb = after is not None and after.sense("verb") is not None and not after.sense("link")
    told = state.plain(word.at + 1) in ("who", "is") or verb or _with_another(state, word.at + 1)
    if word.text.isupper() and len(word.text) > 1:
        return False
    if before in _TOWARDS_CITIES:
        state.related(state.found.place(word.text, word.at, "street", Qualities()))
        return True
    if word.pause == "." and not told:
        return False
    state.related(state.found.person(word.text, word.at, "person", state.given, again=False, name=word.text))
    return True


def _with_another(state: State, at: int) -> bool:
    """Whether “and” joins a name to someone: “Anna and Ben”, “Anna and her dog”, but “Cheeky and curious”."""
    if state.plain(at) != "and" or at + 1 >= len(state.words):
        return False
    other = state.words[at + 1]
    if other.text[:1].isupper() or other.plain in ARTICLES or other.plain in NUMBERS:
        return True
    after = state.match(at + 1)
    return after is not None and after.sense("person", "role", "thing") is not None


def take_pronoun(state: State, plain: str) -> None:
    """Who “he”, “she” or “they” goes back to; a new person if none was named."""
    state.drop()
    if plain in _NARRATORS:
        _narrator(state, plain)
        return
    if plain in ("they", "them"):
        state.subjects, state.verb, state.link = list(state.found.people)[-2:], None, None
        for ref in state.subjects:
            state.mention(ref)
        return
    sex: Sex = "male" if plain in ("he", "him") else "female"
    known = state.found.pronoun(sex)
    ref = known or ""
    if not ref:
        role = "man" if sex == "male" else "woman"
        ref = state.found.person(plain, 0, role, Qualities(), again=False, sex=sex)
    if plain in ("he", "she"):
        state.who, state.subjects, state.verb, state.link, state.last = ref, [ref], None, None, ref
        state.mention(ref)
    else:
        state.related(ref)


def _narrator(state: State, plain: str) -> None:
    """“I”, “you” and “we” are seen too: one person each."""
    if state.plain(state.at - 1) in _RELATIVE:
        return  # “a story that only we can see”
    others = [ref for ref, one in state.found.people.items() if one.role not in ("narrator", "beloved")]
    pairs = _NARRATORS[plain][:1] if plain == "we" and others else _NARRATORS[plain]
    refs = others[-1:] if plain == "we" else []
    for role, said in pairs:
        known = [ref for ref, one in state.found.people.items() if one.role == role]
        made = known or [state.found.person(said, 0, role, Qualities(), again=False)]
        refs.append(made[0])
        state.mention(made[0])
    joint = state.joined and state.verb is None and bool(state.subjects)
    state.subjects = [*state.subjects, *refs] if joint else refs
    state.verb, state.link, state.joined = None, None, False
    state.who = state.last = refs[0]


def take_hair(state: State, adjective: bool) -> None:
    """“Grey hair” or “grey-haired”."""
    state.about = True
    looks: dict[str, Any] = {key: value for key, value in state.given.looks.items() if not key.startswith("_")}
    if looks.get("build") == "small":
        looks["hair_length"] = "short"
        del looks["build"]
    if state.given.looks.get("_length"):
        looks["hair_length"] = state.given.looks["_length"]
    if state.given.colours:
        looks["hair_colour"] = hair(state.given.colours.pop())
    if adjective:
        state.given.looks = looks
    elif state.who:
        state.found.enrich(state.who, looks)
        state.given = Qualities()


def take_body(state: State, plain: str) -> None:
    """Parts of the body keep their colours to themselves; skin has one of its own."""
    if plain == "skin" and state.given.colours and state.who:
        state.found.enrich(state.who, {"skin": _SKINS.get(state.given.colours[0], "")})
    state.given, state.link = Qualities(), None


def take_look(state: State, sense: Sense, match: Match, at: int) -> None:
    """A beard, glasses, curls: of the person before, or of the noun that comes."""
    field = _FIELDS.get(sense.sort, sense.sort)
    after = state.plain(at + match.length)
    noun = sense.sort in ("beard", "eyewear", "hair length", "hair style", "skin") and state.who is not None
    listed_on = state.joined and state.about
    behind = state.link in ("with", "in") or state.wears or state.last == state.who or listed_on
    state.about = True
    if noun and behind and after not in ("hair", "haired") and state.ends(at + match.length):
        looks: dict[str, Any] = {field: sense.value}
        if state.given.colours and field in ("beard", "hair_style", "hair_length"):
            looks["hair_colour"] = hair(state.given.colours[-1])
        if sense.value == "beard" and state.given.looks.get("_length") == "long":
            looks["beard"] = "long beard"
        state.found.enrich(cast(str, state.who), looks)
        state.given = Qualities()
        return
    state.given.looks.setdefault(field, sense.value)


def take_bare(state: State, sense: Sense, match: Match, at: int) -> None:
    """“Barefoot”: of the person before, or of the noun that comes."""
    if state.who and state.ends(at + match.length):
        state.found.strip(state.who, sense.value)
    else:
        state.given.looks["without"] = (sense.value,)


def take_clothes(state: State, sense: Sense, match: Match, at: int) -> None:
    """Clothes and what is on the head, of the person before."""
    colour = state.given.colours[0] if state.given.colours else ""
    worn = state.link in ("with", "in") or state.wears or state.given.article in OWN
    if state.negated:
        state.absent.add(str(sense.value))
        if state.who:
            state.found.strip(state.who, str(sense.value))
    elif state.who and (worn or state.last == state.who or (state.joined and state.about)):
        if sense.sort == "garment":
            state.found.dress(state.who, sense.value, colour)
        else:
            state.found.cap(state.who, sense.value, colour)
        state.last, state.joined = state.who, False
    # “A burning backlight, flares across the lens” dresses no one; “red dress, black boots” does.
    state.about = True
    state.given, state.link = Qualities(), None


def _noun_follows(state: State, at: int) -> bool:
    for one in (at, at + 1):
        if one >= len(state.words) or state.words[one].pause:
            return False
        match = state.match(one)
        if match is not None and match.sense("verb", "link") and not match.sense(*NOUNS):
            return False
        if match is not None and match.sense(*NOUNS):
            return True
        if state.plain(one) in FUNCTION:
            return False
    return False


def dressed_in(state: State, colour: str, at: int) -> bool:
    """“A woman in red”: a colour that no noun follows is what she wears."""
    who = state.who
    if who is None or state.link != "in" or state.last not in (who, None) or _noun_follows(state, at):
        return False
    sex = state.found.people[who].sex
    state.found.dress(who, "dress" if sex == "female" else "suit" if sex == "male" else "jacket", colour)
    state.link = None
    return True
