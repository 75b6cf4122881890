"""MP4 files as tables and byte ranges: finished tracks are joined without a look at their packets.

Only files of this house are read: what `SegmentWriter` and `AacSoundtrackMaker` write, and what was joined from it.
"""
