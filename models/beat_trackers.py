"""Which beat tracker hears songs, and who may use it for what."""

from enum import StrEnum


class BeatTrackerName(StrEnum):
    """A tracker behind the port `engines.music.networks.BeatTracker`."""

    MADMOM = "madmom"
    """The networks that hear best; their models are CC BY-NC-SA 4.0: non-commercial."""

    LIBROSA = "librosa"
    """Onsets and dynamic programming; ISC licence, no models."""


MADMOM_REFUSED = (
    "madmom's models are for non-commercial use only (CC BY-NC-SA 4.0), so outside development songs are not heard "
    "with them. If you have a licence for your use, set ECHONOS_MADMOM_LICENCE=true. Otherwise set "
    "ECHONOS_BEAT_TRACKER=librosa, which hears less well, or put another tracker behind the port "
    "(`engines/music/networks.py`): Beat This! is MIT, models included, and downloads its checkpoint from "
    "https://cloud.cp.jku.at/index.php/s/7ik4RrBKTS273gp."
)
