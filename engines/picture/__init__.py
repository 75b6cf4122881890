"""Segments, soundtrack, joining and probing, through PyAV."""
