"""Exports from one generation: loops, teasers, reframes, lyric videos and posters."""
