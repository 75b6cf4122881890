"""Whether two analyses at once take longer, in sum, than one after the other.

    python -m bench.together [SONG]

Without a song the demo song is taken. Prints one JSON object; the ratio is (both at once) / (one after the other), and
1.0 or less holds.
"""

import argparse
import json
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from engines.demo_song.rendering import render_demo_song
from engines.jobs import no_pulse
from engines.music.analyst import MusicAnalyst


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("song", nargs="?", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        song = arguments.song or Path(folder) / "demo.flac"
        if arguments.song is None:
            render_demo_song(song)
        analyst = MusicAnalyst()
        analyst.analyze(song, no_pulse)  # the fork server and the disk's cache are warm for both
        begun = time.monotonic()
        for _ in range(2):
            analyst.analyze(song, no_pulse)
        in_turn_s = time.monotonic() - begun
        begun = time.monotonic()
        with ThreadPoolExecutor(2) as pool:
            for _ in pool.map(lambda _: analyst.analyze(song, no_pulse), range(2)):
                pass
        at_once_s = time.monotonic() - begun
    answer = {"in_turn_s": in_turn_s, "at_once_s": at_once_s, "ratio": at_once_s / in_turn_s}
    print(json.dumps({name: round(value, 3) for name, value in answer.items()}, indent=2))


if __name__ == "__main__":
    main()
