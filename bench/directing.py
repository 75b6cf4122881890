"""The saving from prompt caching in a video directed by Claude, against the local server that speaks Anthropic's API.

    python -m bench.directing [--begins-after 0.3]

A song of 3.7 minutes in ten sections is directed: its sections are asked about at once, and each answer begins only
after a while, as a model's does. The server counts four characters as one token and keeps the API's cache rules. Prints
one JSON object: `cache_hits_ratio` is hits / calls that could hit, and 1.0 means that each prefix was written once and
read ever after; `cost_ratio` is what was paid / what the same calls would cost without a cache.
"""

import argparse
import json
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby

import structlog

from engines.cutting import BeatPlanner
from engines.providers.anthropic import AnthropicDirector
from models.brief import Brief
from models.directing import TOKEN_PRICES, Directing
from models.media_models import PromptLimits
from models.profiles import PROFILES, ProfileName
from models.spending import MICRO_USD, PaidCall
from models.storyboard import Scene
from tests.engines.local.director.conftest import made_song
from tests.fakes.anthropic_server import KEY, AnthropicServer, thought_over

SHARED = ("shots", "prompts")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--begins-after", type=float, default=0.3, help="Seconds until an answer begins.")
    arguments = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    paid: list[PaidCall] = []
    song, brief = made_song(), Brief(prompt="A courier crosses a rainy neon city at night.", style="cyberpunk", seed=1)
    scenes = BeatPlanner().plan(song, PROFILES[ProfileName.PREVIEW], 120, 1).scenes
    sections = [list(group) for _, group in groupby(scenes, key=lambda scene: scene.section_index)]
    with AnthropicServer() as server:
        for question in ("vision", "casting", *SHARED):
            server.plan(question, *[thought_over(arguments.begins_after)] * len(sections))
        director = AnthropicDirector(KEY, server.url, Directing(), TOKEN_PRICES, PromptLimits(), record=paid.append)
        begun = time.monotonic()
        treatment = director.envision(brief, song, "Benchmark")
        casting = director.cast(brief, song, treatment)

        def direct(section: list[Scene]) -> None:
            shots = director.specify_shots(brief, song, treatment, casting, section)
            director.write_prompts(brief, treatment, casting, section, shots)

        with ThreadPoolExecutor(len(sections)) as pool:
            list(pool.map(direct, sections))
        took_s = time.monotonic() - begun
        director.close()
        hits = sum(one.cache_read > 0 for one in server.asked)
        prefixes = {name: server.of(name)[-1].cache_read for name in SHARED}
    cost = sum(call.cost_micro_usd or 0 for call in paid)
    answer = {
        "scenes": len(scenes),
        "sections": len(sections),
        "calls": len(paid),
        "cache_hits": hits,
        "cache_hits_ratio": round(hits / (len(SHARED) * (len(sections) - 1)), 3),
        "cached_prefix_tokens": prefixes,
        "cost_usd": round(cost / MICRO_USD, 4),
        "cost_ratio": round(cost / sum(map(without_cache, paid)), 3),
        "wall_s": round(took_s, 2),
    }
    print(json.dumps(answer, indent=2))


def without_cache(call: PaidCall) -> int:
    """The call's cost with every token fresh."""
    fresh = call.input_tokens + call.cache_read_tokens + call.cache_write_tokens
    price = TOKEN_PRICES[call.model]
    return price.cost_micro_usd(fresh=fresh, cache_write=0, cache_read=0, output=call.output_tokens)


if __name__ == "__main__":
    main()
