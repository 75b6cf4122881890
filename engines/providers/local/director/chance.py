"""Reproducible chance: the same words give the same choices, on every machine and in every process."""

import hashlib
import random

from models.brief import Brief
from models.treatment import Treatment


def chance(*parts: str | int) -> random.Random:
    """A generator seeded by words and numbers (Python's own `hash` differs between processes)."""
    return random.Random(number(*parts))


def number(*parts: str | int) -> int:
    """A number in 0…2³²-1 for words and numbers."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def video_key(brief: Brief, treatment: Treatment) -> str:
    """The key of all choices after the treatment: seed, brief, and through the title also the song."""
    return f"{brief.seed}|{brief.style}|{brief.prompt}|{treatment.title}"
