"""MP4 files as tables and byte ranges: finished tracks are joined without reading their packets.

Only our own files are read: those of `SegmentWriter` and `AacSoundtrackMaker`, and videos joined from them.
"""
