"""The note on what is visible in a still: what was asked for, as far as it is seen, with looks as they are drawn."""

from collections.abc import Mapping

from engines.providers.local.painter.manifest import CROWD, Manifest
from engines.providers.local.painter.people.look import Beard, Glasses, Look
from engines.providers.local.painter.reading import Subject
from engines.providers.local.painter.staging import Actor, Cast
from engines.providers.local.reading.visible import seen
from models.in_picture import LEAST_SHARE, InPicture, SeenPerson

_BEARDS: dict[Beard, str] = {
    "full": "beard", "long": "long beard", "stubble": "stubble", "moustache": "moustache", "goatee": "beard",
}  # fmt: skip
_EYEWEAR: dict[Glasses, str] = {"clear": "glasses", "dark": "sunglasses"}


def in_picture(subject: Subject, cast: Cast, manifest: Manifest) -> InPicture:
    """What is visible in a painted picture.

    Args:
        subject: What was asked for.
        cast: Who and what was drawn.
        manifest: How much of each is seen.
    """
    shares = manifest.shares()
    # By slot, not by role: two men are two people.
    actors = {actor.figure.person.slot: actor for actor in reversed(cast.actors) if actor.figure.person}
    held = {name for actor in actors.values() if _visible(shares, actor.ref) for name, _ in actor.holds}
    crowd = subject.crowd and _visible(shares, CROWD)
    note = seen(subject.words, shares, subject.place, subject.weather, subject.time, held=held, crowd=crowd)
    people = tuple(_drawn(person, actors[person.slot]) if person.slot in actors else person for person in note.people)
    return note.model_copy(update={"people": people})


def _visible(shares: Mapping[str, float], ref: str) -> bool:
    return shares.get(ref, 0.0) >= LEAST_SHARE


def _drawn(person: SeenPerson, actor: Actor) -> SeenPerson:
    """A person with the looks that the words left open."""
    look = actor.look
    return person.model_copy(
        update={
            "age": person.age or look.age,
            "sex": "female" if look.sex == "woman" else "male",
            "beard": _BEARDS[look.beard] if look.beard else "",
            "eyewear": _EYEWEAR[look.glasses] if look.glasses else "",
            "clothes": tuple(worn for worn in person.clothes if _worn(worn, look)),
            "behind": actor.behind,
            "holds": tuple(name for name, _ in actor.holds),
        }
    )


def _worn(words: str, look: Look) -> bool:
    """Whether a garment of the words is drawn: one under a closed coat, or behind a being's own body, is not."""
    return any(words == name or words.endswith(f" {name}") for name in look.drawn)
