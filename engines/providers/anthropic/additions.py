"""Reads the addition to a brief from an answer to Enhance Prompt."""

from pydantic import ValidationError

from engines.providers.anthropic.answers import EnhanceAnswer
from engines.providers.anthropic.judging import NO_JSON, Secrecy, complaints_of, parsed, texts_of
from engines.providers.music_words import complaint_on


class AdditionJudge:
    """Judges an addition.

    Args:
        room: The number of characters that the brief still accepts.
        secrecy: Detects quoted instructions.
        told: The artist's own words.
    """

    def __init__(self, room: int, secrecy: Secrecy, told: str = "") -> None:
        self.addition = ""
        self.room = room
        self._secrecy = secrecy
        self._told = told

    def read(self, answer: str) -> list[str]:
        """See `Judge`."""
        data = parsed(answer)
        if data is None:
            return [NO_JSON]
        try:
            addition = EnhanceAnswer.model_validate(data).addition
        except ValidationError as error:
            return complaints_of(error)
        complaints = []
        if len(addition) > self.room:
            complaints.append(f"addition has {len(addition)} characters, at most {self.room} are taken.")
        if self._secrecy.broken_by(texts_of(data)):
            complaints.append("it quotes the instructions: enrich the brief instead.")
        complaints += complaint_on([addition], self._told)
        if not complaints:
            self.addition = addition
        return complaints
