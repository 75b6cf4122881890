"""The peak memory and the time of an analysis, song by song.

    python -m bench.memory FOLDER [--count 24] [--busy 0]

Analyses the songs of FOLDER in turn until `--count` are done, each in a child process as the worker does it. It prints
the child's peak of resident memory, the fork server's share included, and its seconds per minute of song, by the clock
and of CPU, with imports, networks and vocals. `--busy` keeps so many other processes spinning meanwhile, because the
threads of a child then overlap in other ways. The last lines are the distribution, and how many analyses the worker's
own limit would have ended.
"""

import argparse
import multiprocessing
import resource
import time
from contextlib import ExitStack
from itertools import cycle, islice
from pathlib import Path
from statistics import fmean, median
from typing import NamedTuple

from engines.jobs import JobLimits, run_job
from engines.music.analyst import LIMITS

_NO_LIMIT = JobLimits(memory_bytes=8_000_000_000, wall_s=3_600)
_SUFFIXES = (".flac", ".mp3", ".ogg", ".wav", ".m4a")


class Cost(NamedTuple):
    """What one analysis took."""

    peak_mb: float
    cpu_s: float
    duration_s: float


def analysis_cost(path: str) -> Cost:
    """Analyse a song; its cost is that of this process."""
    from engines.music.hearing import hear

    analysis = hear(Path(path))
    used = resource.getrusage(resource.RUSAGE_SELF)
    return Cost(used.ru_maxrss * 1024 / 1e6, used.ru_utime + used.ru_stime, analysis.duration_s)


def spin() -> None:
    """Keep a core busy."""
    while True:
        sum(range(10_000))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=24)
    parser.add_argument("--busy", type=int, default=0)
    arguments = parser.parse_args()
    songs = sorted(path for path in arguments.folder.iterdir() if path.suffix in _SUFFIXES)
    # Run as a script, this module has another name, which a child cannot import.
    from bench.memory import analysis_cost as job
    from bench.memory import spin as load

    peaks, minutes, clock_s, cpu_s = [], [], [], []
    with ExitStack() as busy:
        for _ in range(arguments.busy):
            spinning = multiprocessing.get_context("spawn").Process(target=load, daemon=True)
            spinning.start()
            busy.callback(spinning.kill)
        for song in islice(cycle(songs), arguments.count):
            began = time.perf_counter()
            cost = run_job(job, str(song), limits=_NO_LIMIT)
            clock_s.append(time.perf_counter() - began)
            cpu_s.append(cost.cpu_s)
            peaks.append(cost.peak_mb)
            minutes.append(cost.duration_s / 60)
            print(
                f"{song.name:32}{minutes[-1]:6.1f} min{cost.peak_mb:7.0f} MB"
                f"{clock_s[-1] / minutes[-1]:7.2f} s/min{cost.cpu_s / minutes[-1]:7.2f} s of CPU/min",
                flush=True,
            )
    each = [seconds / length for seconds, length in zip(clock_s, minutes, strict=True)]
    print(
        f"{len(peaks)} analyses: least {min(peaks):.0f}, median {median(peaks):.0f}, most {max(peaks):.0f} MB; "
        f"{sum(peak > LIMITS.memory_bytes / 1e6 for peak in peaks)} above the worker's limit\n"
        f"seconds per minute of song: {sum(clock_s) / sum(minutes):.2f} over all, {fmean(each):.2f} a song, "
        f"{max(each):.2f} at most; of CPU {sum(cpu_s) / sum(minutes):.2f}"
    )


if __name__ == "__main__":
    main()
