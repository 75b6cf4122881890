"""What a person looks like in full: the brief's words, and plain looks where it says nothing."""

from collections.abc import Iterable, Sequence
from random import Random

from engines.providers.local.reading import Item, Person, read_words
from engines.providers.local.reading.looks import ACCESSORIES, APART, COLOURS, LOWER, HairLength, HairStyle
from engines.providers.local.reading.visible import worn_words

_MOST_WORDS = 10
_ROLE = {"": "person", "female": "woman", "male": "man"}
_HAIR_COLOURS = ("brown", "black", "blond", "brown", "black")
_LENGTHS: dict[str, tuple[HairLength, ...]] = {
    "female": ("long", "medium", "long"),
    "male": ("short", "short", "medium"),
    "": ("short", "medium"),
}
_ADDED = ACCESSORIES | LOWER
"""Clothes that another one goes with."""
_OVER_LEGS = ("t-shirt", "shirt", "vest")
"""Garments below which the clothes of the legs are visible."""

_CLOTHES = {
    "female": ("coat", "dress", "sweater", "jacket", "shirt"),
    "male": ("coat", "jacket", "sweater", "shirt", "suit"),
    "": ("coat", "jacket", "sweater"),
}
_CLOTH_COLOURS = ("dark blue", "red", "dark green", "grey", "brown", "white", "yellow", "black", "teal")
_BODIES = frozenset({"person"})
_AN = frozenset("aeiou")
_ARTICLES = frozenset(
    {"a", "an", "the", "his", "her", "their", "my", "our", "your", "one", "another", "this", "that", "some"}
)
_PLAIN_WORDS = frozenset({"he", "she", "him", "her", "they", "them", "a person", "another person"})


def described(person: Person, colours: Sequence[str], rng: Random) -> str:
    """A person in words that fix its look for every picture.

    Args:
        person: As read from the brief.
        colours: Names of colours that suit the palette, for clothes of which nothing is said.
        rng: Decides what the brief leaves open.

    Returns:
        A noun phrase, such as “an old fisherman with grey hair and a white beard, in a yellow raincoat and a hat”.
    """
    base = _base(person)
    known = next(iter(read_words(base).people), None) or person
    article, _, rest = base.partition(" ")
    if person.sex and not known.sex and rest and article in ("a", "an", "the") and person.kind in _BODIES:
        base = f"{'a' if article == 'an' else article} {person.sex} {rest}"
    if person.kind not in _BODIES or person.count > 1:
        return _joined(base, [], _worn(person, known, said_only=True))
    features = _features(person, known, rng)
    text = _joined(base, features, [*_chosen(person, colours, rng), *_worn(person, known)])
    bare = [f"no {name}" for name in person.without if name not in known.without]
    return f"{text}, {listed(bare)}" if bare else text


def _base(person: Person) -> str:
    words = " ".join(person.words.split()).strip(" ,")
    if words.lower() in _PLAIN_WORDS or (person.name and words == person.name):
        noun = {"child": "child", "teen": "teenager"}.get(person.age, _ROLE[person.sex])
        if person.age == "child" and person.sex:
            noun = "little girl" if person.sex == "female" else "little boy"
        adjective = f"{person.age} " if person.age in ("old", "young") else ""
        base = f"{adjective}{noun}"
        article = "an" if base[0] in _AN else "a"
        return f"{person.name}, {article} {base}" if person.name else f"{article} {base}"
    if person.name and person.name in words:
        return words
    low = lowered(words)
    bare = low.split()[0] not in _ARTICLES and person.count == 1 and not low.endswith("s")
    return f"{'an' if low[0] in _AN else 'a'} {low}" if bare else low


def lowered(words: str) -> str:
    """Words in the middle of a sentence: lower case, but for names; Title Case is lowered too."""
    parts = words.split()[:_MOST_WORDS]
    titled = len(parts) > 1 and all(part[:1].isupper() for part in parts)
    return " ".join(
        part
        if index and part[:1].isupper() and not titled
        else part
        if part.isupper() and len(part) > 1
        else part.lower()
        for index, part in enumerate(parts)
    )


def thing_words(item: Item) -> str:
    """A thing in the brief's words, with an article."""
    words = lowered(item.words)
    bare = item.count == 1 and words.split()[0] not in _ARTICLES and not words.endswith("s")
    return f"{'an' if words[0] in _AN else 'a'} {words}" if bare else words


def _features(person: Person, known: Person, rng: Random) -> list[str]:
    """Hair, beard, glasses, skin: said ones first, hair always."""
    old = person.age == "old"
    clothes = {worn.colour for worn in person.clothes}
    apart = [one for one in _HAIR_COLOURS if not _near(one, clothes)] or _HAIR_COLOURS
    colour = person.hair_colour or ("grey" if old else rng.choice(apart))
    length = person.hair_length or rng.choice(_LENGTHS[person.sex])
    style: HairStyle = person.hair_style
    features = []
    if known.hair_length == "bald":
        pass
    elif length == "bald":
        features.append("a shaved head")
    elif not (known.hair_colour and (known.hair_length or known.hair_style)):
        features.append(_hair(length, style, colour))
    if person.beard and not known.beard:
        shade = f"{person.hair_colour or 'grey'} " if old or person.hair_colour else ""
        features.append({"stubble": "stubble"}.get(person.beard, f"a {_shaded(person.beard, shade)}"))
    if person.eyewear and not known.eyewear:
        features.append(person.eyewear)
    if person.skin and not known.skin:
        features.append(f"{person.skin} skin")
    return features


def _shaded(beard: str, shade: str) -> str:
    return f"long {shade}beard" if beard == "long beard" else f"{shade}{beard}"


def _hair(length: str, style: str, colour: str) -> str:
    if style in ("braid", "ponytail", "bun", "afro", "mohawk", "bob"):
        noun = {"bob": "bob cut", "braid": "braid"}.get(style, style)
        return f"a {colour} {noun}" if style != "afro" else f"a {colour} afro"
    if style == "dreadlocks":
        return f"{colour} dreadlocks"
    words = [word for word in (length if length != "medium" else "shoulder length", style) if word]
    return (
        f"{' '.join(words)} {colour} hair" if length != "medium" else f"{style} {colour} shoulder length hair".strip()
    )


def _worn(person: Person, known: Person, *, said_only: bool = False) -> list[str]:
    have = {worn.name for worn in known.clothes if not worn.implied}
    worn = [
        _articled(worn_words(one)) for one in person.clothes if one.name not in have and not (said_only and one.implied)
    ]
    head = person.headgear
    if head and not (known.headgear and not known.headgear.implied) and not (said_only and head.implied):
        worn.append(_articled(worn_words(head)))
    return worn


def _chosen(person: Person, colours: Sequence[str], rng: Random) -> list[str]:
    if any(worn.name not in _ADDED for worn in person.clothes):
        return []
    said = {worn.colour for worn in person.clothes} | {person.hair_colour}
    choice = [one for one in dict.fromkeys([*colours, *_CLOTH_COLOURS]) if one in COLOURS and not _near(one, said)]
    garment = rng.choice(_CLOTHES[person.sex])
    if person.age == "child":
        garment = rng.choice(
            ("sweater", "jacket", "dress") if person.sex == "female" else ("sweater", "jacket", "t-shirt")
        )
    if garment in ("suit", "coat") and person.age in ("teen",):
        garment = "hoodie"
    if any(worn.name in LOWER for worn in person.clothes):
        garment = rng.choice(_OVER_LEGS)
    return [_articled(f"{rng.choice(choice[:6])} {garment}")]


def _near(colour: str, others: Iterable[str]) -> bool:
    """Whether a colour beside another one would hide it."""
    own = _channels(colour)
    return any(
        max(abs(a - b) for a, b in zip(own, _channels(other), strict=True)) / 255 < APART
        for other in others
        if other in COLOURS
    )


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(COLOURS[colour].removeprefix("#")))


def _articled(words: str) -> str:
    plural = words.endswith("s") and not words.endswith(("dress", "overalls"))
    if plural or words.endswith(("armour", "overalls")):
        return words
    return f"{'an' if words[0] in _AN else 'a'} {words}"


def _joined(base: str, features: Sequence[str], worn: Sequence[str]) -> str:
    text = base
    if features:
        text += f" with {listed(features)}"
    if worn:
        text += f" in {listed(worn)}"
    return text


def listed(words: Sequence[str]) -> str:
    """“a, b and c”."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
