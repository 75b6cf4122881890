"""Hears the song: beats, bars, structure, energy."""
