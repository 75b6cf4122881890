"""How much memory an analysis takes at its peak, song by song.

    python -m bench.memory FOLDER [--count 24]

Analyses the songs of FOLDER in turn until `--count` are done, each in a child process as the worker does it, and prints
the peaks of resident memory, the fork server's share included. Run it while the machine is busy, too: then the threads
of a child overlap in other ways.
"""

import argparse
import resource
from itertools import cycle, islice
from pathlib import Path
from statistics import median

from engines.jobs import JobLimits, run_job

_NO_LIMIT = JobLimits(memory_bytes=8_000_000_000, wall_s=3_600)


def peak_mb(path: str) -> float:
    """Analyse a song and return the peak of this process."""
    from engines.music.hearing import hear

    hear(Path(path))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3 * 1.024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=24)
    arguments = parser.parse_args()
    songs = sorted(
        path for path in arguments.folder.iterdir() if path.suffix in (".flac", ".mp3", ".ogg", ".wav", ".m4a")
    )
    from bench.memory import (
        peak_mb as job,
    )  # run as a script, this module has another name, which a child cannot import

    peaks = []
    for song in islice(cycle(songs), arguments.count):
        peaks.append(run_job(job, str(song), limits=_NO_LIMIT))
        print(f"{song.name:32}{peaks[-1]:8.0f} MB", flush=True)
    peaks.sort()
    print(f"least {peaks[0]:.0f}, median {median(peaks):.0f}, most {peaks[-1]:.0f} MB of {len(peaks)} analyses")


if __name__ == "__main__":
    main()
