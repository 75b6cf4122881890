"""What has become of the words of a brief: the scenes of a version that show them, or why none does."""

from collections.abc import Mapping, Sequence

from pydantic import Field

from models.base import Model
from models.in_picture import InPicture
from models.timeline import TimelineScene
from models.treatment import Promise

_ARTICLES = frozenset({"a", "an", "the", "his", "her", "their", "my", "our", "your", "its", "some"})
_UNSEEN = "no scene of this version shows it"


class AskedWords(Model):
    """Words of the brief, and what has become of them."""

    words: str = Field(description="the brief's words", examples=["a red boat"])
    scenes: tuple[int, ...] = Field(default=(), description="scenes that show it, counted from 1", examples=[[1, 4, 5]])
    why: str = Field(default="", description="why no scene does; empty if one does", examples=["not understood"])
    sentence: str = Field(description="the same for people", examples=["a red boat: scenes 1, 4, 5"])

    @classmethod
    def of(cls, words: str, scenes: Sequence[int] = (), why: str = "") -> "AskedWords":
        """Words with their sentence."""
        said = f"scene{'s' if len(scenes) > 1 else ''} {_runs(scenes)}" if scenes else why
        return cls(words=words, scenes=tuple(scenes), why=why, sentence=f"{words}: {said}")


def asked_words(
    promises: Sequence[Promise], scenes: Sequence[TimelineScene], pictures: Mapping[str, InPicture]
) -> tuple[AskedWords, ...]:
    """What has become of each of the treatment's promises.

    Args:
        promises: From the treatment, in the brief's order.
        scenes: The version's scenes.
        pictures: What is visible in their stills, by key. A still without a note counts as its words say.

    Returns:
        One for each promise, in order.
    """
    return tuple(_one(promise, scenes, pictures) for promise in promises)


def _one(promise: Promise, scenes: Sequence[TimelineScene], pictures: Mapping[str, InPicture]) -> AskedWords:
    core = _core(promise.words)
    if promise.why:
        return AskedWords.of(promise.words, why=promise.why)
    found = [
        scene.index + 1
        for scene in scenes
        if core in scene.prompt.lower()
        and all(core not in words.lower() for words in pictures.get(scene.still_key, InPicture()).not_drawn)
    ]
    return AskedWords.of(promise.words, found, "" if found else _UNSEEN)


def _core(words: str) -> str:
    """Words without their article, as prompts have them."""
    parts = words.lower().split()
    return " ".join(parts[1:] if len(parts) > 1 and parts[0] in _ARTICLES else parts)


def _runs(numbers: Sequence[int]) -> str:
    """“1 to 4, 7”."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)
