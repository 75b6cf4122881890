"""How much slower another account is served during an attack.

    python -m bench.security [--rounds 5]

Runs the attacks of the security tests, one after the other, against a real stack on loopback; meanwhile another account
opens a page, asks for its progress and uploads a song. Prints one JSON object: for each attack the median time of each
request, as a multiple of its median without an attack. Attackers, server and neighbour share the same cores.
"""

import argparse
import json
import statistics
import tempfile
from pathlib import Path

from tests.security.attacks import ATTACKS
from tests.security.house import Neighbour, running_house


def medians(neighbour: Neighbour, rounds: int) -> dict[str, float]:
    """The median seconds of the neighbour's requests, by name."""
    took = [neighbour.served() for _ in range(rounds)]
    return {name: statistics.median(one[name] for one in took) for name in took[0]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="echonos-bench-") as folder, running_house(Path(folder) / "home") as house:
        neighbour = Neighbour(house.sign_up())
        medians(neighbour, rounds)  # warm
        peace = medians(neighbour, rounds)
        slower = {}
        for name, attack in ATTACKS.items():
            with attack(house):
                slower[name] = {what: round(s / peace[what], 1) for what, s in medians(neighbour, rounds).items()}
    print(json.dumps({"times_as_long_as_in_peace": slower}, indent=2))


if __name__ == "__main__":
    main()
