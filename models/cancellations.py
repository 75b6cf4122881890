"""An artist's stop of a generation: the credits kept, by what had been bought until then."""

from datetime import datetime, timedelta

from pydantic import Field

from models.base import Model

KEPT_FOR_STILLS = 40
"""Credits kept once a still was bought."""

KEPT_FOR_CLIPS = 160
"""Credits kept once all planned clips were bought; for fewer clips, their share."""

_TENS = 10

RULE = (
    f"If you cancel after a still was bought, {KEPT_FOR_STILLS} credits are kept, and {KEPT_FOR_CLIPS} more in "
    "proportion to the clips that were bought; if we cannot deliver, everything comes back."
)
"""Part of the quote if pictures are bought."""

FREE_STOPS = 10
"""Free stops in `FREE_STOPS_WINDOW`; after them new orders wait. Refunds never wait."""

FREE_STOPS_WINDOW = timedelta(hours=24)


class StopTerms(Model):
    """The terms of a stop at this moment."""

    stills_bought: int = Field(default=0, ge=0, description="scenes whose still was bought")
    clips_bought: int = Field(default=0, ge=0, description="scenes whose clip was bought")
    clips_planned: int = Field(default=0, ge=0, description="0: not known before a clip is ordered")
    held: int = Field(default=0, ge=0, description="credits that are held for the generation")

    @property
    def kept(self) -> int:
        """Credits kept, in whole tens; none if nothing was bought, as with the local engines."""
        if not self.stills_bought:
            return 0
        share = KEPT_FOR_CLIPS * self.clips_bought // self.clips_planned if self.clips_planned else 0
        return min(self.held, KEPT_FOR_STILLS + share // _TENS * _TENS)

    @property
    def returned(self) -> int:
        """Credits released."""
        return self.held - self.kept

    @property
    def sentence(self) -> str:
        """The sentence shown before the artist confirms."""
        if not self.held:
            return "Nothing is held for this video, so nothing is kept."
        if not self.kept:
            return f"All {self.held} credits come back."
        bought = _counted(self.stills_bought, "still")
        if self.clips_bought:
            bought += f" and {_counted(self.clips_bought, 'clip')}"
        verb = "was" if self.stills_bought + self.clips_bought == 1 else "were"
        return f"{bought} {verb} bought: {self.kept} credits are kept, {self.returned} come back."


class Stop(Model):
    """An accepted stop. It takes effect even if the process that accepted it dies."""

    operation_key: str
    account_id: str
    terms: StopTerms
    kept: int = Field(description="credits; fixed when the stop was accepted")
    stopped_at: datetime


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
