"""Reads words for pictures: one grammar for the director, which reads briefs, and the painter, which reads prompts."""

from engines.providers.local.reading.facts import Item, Person, Reading, Relation, Setting, Sky, Worn
from engines.providers.local.reading.reader import read_words

__all__ = ["Item", "Person", "Reading", "Relation", "Setting", "Sky", "Worn", "read_words"]
