"""Plausible answers to the director's questions, made only from the request."""

import json
import re
from collections.abc import Callable
from typing import Any

Answer = dict[str, Any]

FRAMINGS = ("wide shot", "medium shot", "close-up", "low angle shot", "full shot")
MOVES = ("push in", "drift", "handheld", "crane up", "pan left")
HOURS = ("dusk", "night")


def documents(body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Material and task of a request's first turn."""
    text = "\n".join(block["text"] for block in body["messages"][0]["content"])
    found = [re.search(rf"<{tag}>\n(.*?)\n</{tag}>", text, re.DOTALL) for tag in ("material", "task")]
    assert all(found), "a question brings its material and its task"
    material, task = (json.loads(match.group(1)) for match in found if match)
    return material, task


def question(body: dict[str, Any]) -> str:
    """The question of a request: vision, casting, shots, prompts, addition or rewrite."""
    return str(documents(body)[1]["write"])


def answer(body: dict[str, Any]) -> Answer:
    material, task = documents(body)
    return _ANSWERS[task["write"]](material, task)


def _vision(material: Answer, task: Answer) -> Answer:
    brief = material["brief"]
    known = len(material["locked_characters"])
    return {
        "title": "Under the Last Lamp",
        "logline": "A stranger crosses a city that has forgotten the day, and finds the one window still lit.",
        "mood_arc": "Hushed and watchful at first, then rising, and in the choruses wide open before it lets go.",
        "motifs": ["a lit window", "a paper boat"],
        "characters": []
        if known
        else [
            {"name": "The wanderer", "description": "A tall woman of thirty with cropped hair in a long grey coat."},
            {"name": "The boy", "description": "A barefoot boy of ten with a shaved head and a yellow raincoat."},
        ],
        "locations": [
            {"name": "the canal street", "description": "A narrow street along a canal, wet stones, one humming lamp."},
            {"name": "the rooftop", "description": "A flat roof above the city, aerials, forgotten laundry."},
            {
                "name": "the old station",
                "description": "A vast empty hall with a stopped clock and tall dusty windows.",
            },
        ],
        "sections": [
            {
                "section": number,
                "summary": f"The way goes on: a new turn of the story, with an echo of {_plain(brief)[:40] or 'it'}.",
                "mood": "restless and tender",
                "time_of_day": HOURS[number % 2],
                "weather": "rain",
            }
            for number in task["sections"]
        ],
    }


def _casting(material: Answer, task: Answer) -> Answer:
    characters = [one["id"] for one in material["characters"]]
    locations = [one["id"] for one in material["locations"]]
    return {
        "sections": [
            {
                "section": number,
                "characters": characters[: 1 + number % 2],
                "location": locations[number % len(locations)],
            }
            for number in task["sections"]
        ]
    }


def _shots(material: Answer, task: Answer) -> Answer:
    cast = {one["section"]: one for one in material["sections"]}
    return {
        "shots": [
            {
                "scene": scene["scene"],
                "framing": FRAMINGS[scene["scene"] % len(FRAMINGS)],
                "lens_mm": 35,
                "camera_move": MOVES[scene["scene"] % len(MOVES)],
                "light": "one warm lamp against blue dusk",
                "time_of_day": "dusk",
                "weather": "rain",
                "location": cast[scene["section"]]["location"],
                "characters": cast[scene["section"]]["characters"][:1],
                "action": f"walks past the window and looks back, step {scene['scene']}, coat heavy with rain",
            }
            for scene in task["scenes"]
        ]
    }


def _prompts(material: Answer, task: Answer) -> Answer:
    people = {one["id"]: one["description"] for one in material["characters"]}
    places = {one["id"]: one["description"] for one in material["locations"]}
    return {
        "prompts": [
            {
                "scene": shot["scene"],
                "image": _plain(
                    f"{shot['framing'].capitalize()} at dusk: {' '.join(people[who] for who in shot['characters'])} "
                    f"{shot['action']}. {places[shot['location']]} {shot['light']}, rain on every surface."
                )[: task["image_max_chars"]],
                "motion": f"Rain runs down the glass while the coat swings with step {shot['scene']}.",
            }
            for shot in task["scenes"]
        ]
    }


def _rewrite(material: Answer, task: Answer) -> Answer:
    (scene,) = task["scenes"]
    return {
        "prompts": [
            {
                "scene": scene["scene"],
                "image": "Wide shot at dusk: the wanderer stands before a closed door, a single red leaf at her feet.",
                "motion": "The leaf turns in the wind while she breathes out.",
            }
        ]
    }


def _addition(material: Answer, task: Answer) -> Answer:
    return {
        "addition": "It happens after midnight in a city of canals, one lamp humming over wet stones. "
        "A woman in a grey coat walks alone; as the light rises, every window lights up at once."
    }


def _plain(text: str) -> str:
    """A well-behaved model's use of an artist's words: no markup, no code."""
    return " ".join(re.sub(r"[^\w\s,.;:'’!?-]|https?:|www\.|data:", " ", text).split())


_ANSWERS: dict[str, Callable[[Answer, Answer], Answer]] = {
    "vision": _vision,
    "casting": _casting,
    "shots": _shots,
    "prompts": _prompts,
    "addition": _addition,
    "rewrite": _rewrite,
}
