"""The cost of intake: CPU seconds and bytes of the working copy, for each given song.

    python -m bench.intake SONG …

Prints one JSON object per song. CPU is the child's: on a busy machine the wall clock says nothing.
"""

import json
import resource
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from engines.intake.decoding import Wishes, measure_song

_NO_LIMIT_BYTES = 10_000_000_000


def main() -> None:
    """Measure each song in this process."""
    for name in sys.argv[1:]:
        with TemporaryDirectory() as folder:
            before = resource.getrusage(resource.RUSAGE_SELF)
            facts = measure_song(
                Path(name), None, Wishes(0, 1_200, _NO_LIMIT_BYTES, Path(folder) / "working.flac", 600)
            )
            after = resource.getrusage(resource.RUSAGE_SELF)
        cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        minutes = facts.duration_s / 60
        print(json.dumps({
            "song": Path(name).name,
            "codec": facts.codec,
            "duration_s": round(facts.duration_s, 3),
            "cpu_s": round(cpu_s, 2),
            "cpu_s_per_minute": round(cpu_s / minutes, 3),
            "upload_mb": round(facts.size_bytes / 1e6, 2),
            "copy_mb": round(facts.copy_bytes / 1e6, 2),
            "copy_mb_per_minute": round(facts.copy_bytes / 1e6 / minutes, 2),
        }))  # fmt: skip


if __name__ == "__main__":
    main()
