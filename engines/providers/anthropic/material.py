"""The model's material: song, brief and earlier decisions, as JSON that no string can break out of."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from models.brief import Brief
from models.profiles import PROFILES
from models.song import Section, SongAnalysis
from models.storyboard import Scene, Shot
from models.styles import find_style
from models.treatment import Casting, Character, Treatment

_ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}
TITLE_MAX_CHARS = 200


def document(tag: str, data: Mapping[str, Any]) -> str:
    """A JSON document between tags; tags within its strings are escaped, so they close nothing."""
    text = json.dumps(data, ensure_ascii=False, indent=1).translate(_ESCAPES)
    return f"<{tag}>\n{text}\n</{tag}>"


class Handles:
    """Short names of characters and locations: the model never sees the ids of an artist's Vault.

    Args:
        treatment: The treatment with the characters and locations to name.
    """

    def __init__(self, treatment: Treatment) -> None:
        self._characters = {f"C{n}": one.character_id for n, one in enumerate(treatment.characters, 1)}
        self._locations = {f"L{n}": one.location_id for n, one in enumerate(treatment.locations, 1)}
        self._names = {real: short for short, real in (*self._characters.items(), *self._locations.items())}

    def character_id(self, handle: str) -> str | None:
        """The character behind a handle."""
        return self._characters.get(handle)

    def location_id(self, handle: str) -> str | None:
        """The location behind a handle."""
        return self._locations.get(handle)

    def of(self, real: str) -> str:
        """The handle of a character or location."""
        return self._names[real]


def song_facts(analysis: SongAnalysis, title: str) -> dict[str, Any]:
    """The song's form."""
    return {
        "title": title[:TITLE_MAX_CHARS],
        "duration_s": round(analysis.duration_s, 1),
        "tempo_bpm": round(analysis.tempo_bpm),
        "key": analysis.key or "unknown",
        "sections": [
            {
                "section": number,
                "label": section.label,
                "letter": section.letter,
                "start_s": round(section.start_s, 1),
                "end_s": round(section.end_s, 1),
                "energy": round(section.energy, 2),
                "sung": _sung(analysis, section),
            }
            for number, section in enumerate(analysis.sections, 1)
        ],
    }


def _sung(analysis: SongAnalysis, section: Section) -> str:
    sung = analysis.is_sung(section.start_s, section.end_s)
    return "unknown" if sung is None else "yes" if sung else "no"


def brief_facts(brief: Brief, locked: Sequence[Character] = ()) -> dict[str, Any]:
    """The artist's brief."""
    style = find_style(brief.style)
    return {
        "brief": brief.prompt.strip() or style.default_direction,
        "style": style.name,
        "style_words": style.style_words,
        "style_direction": style.default_direction,
        "locked_characters": [{"name": one.name, "description": one.description} for one in locked],
    }


def story_facts(
    brief: Brief,
    treatment: Treatment,
    handles: Handles,
    casting: Casting | None = None,
    analysis: SongAnalysis | None = None,
) -> dict[str, Any]:
    """The treatment and, once decided, the cast: the same in every question about a video, so that it is cached."""
    facts: dict[str, Any] = {
        **brief_facts(brief),
        "title": treatment.title,
        "logline": treatment.logline,
        "mood_arc": treatment.mood_arc,
        "motifs": list(treatment.motifs),
        "characters": [
            {"id": handles.of(one.character_id), "name": one.name, "description": one.description}
            for one in treatment.characters
        ],
        "locations": [
            {"id": handles.of(one.location_id), "name": one.name, "description": one.description}
            for one in treatment.locations
        ],
    }
    if analysis is not None:
        facts["song"] = song_facts(analysis, treatment.title)
    cast = {one.section_index: one for one in casting.sections} if casting else {}
    facts["sections"] = [
        {
            "section": one.section_index + 1,
            "summary": one.summary,
            "mood": one.mood,
            "time_of_day": one.time_of_day,
            "weather": one.weather,
        }
        | (
            {
                "characters": [handles.of(who) for who in cast[one.section_index].character_ids],
                "location": handles.of(cast[one.section_index].location_id),
            }
            if one.section_index in cast
            else {}
        )
        for one in treatment.sections
    ]
    return facts


def scene_facts(scenes: Sequence[Scene], analysis: SongAnalysis) -> list[dict[str, Any]]:
    """The scenes to film: number and section, length, energy."""
    fps = _rate(scenes, analysis)
    return [
        {
            "scene": scene.index + 1,
            "section": scene.section_index + 1,
            "label": scene.section,
            "length_s": round(scene.frame_count / fps, 1),
            "energy": round(scene.energy, 2),
        }
        for scene in scenes
    ]


def _rate(scenes: Sequence[Scene], analysis: SongAnalysis) -> float:
    """Frames a second, of the best fitting profile: scenes have frames, sections have seconds."""
    if not scenes:
        return 1.0
    first, last = scenes[0], scenes[-1]
    start_s, end_s = analysis.sections[first.section_index].start_s, analysis.sections[last.section_index].end_s
    guess = (last.end_frame - first.start_frame) / max(0.1, end_s - start_s)
    return min((float(profile.fps) for profile in PROFILES.values()), key=lambda fps: abs(fps - guess))


def shot_facts(scene: Scene, shot: Shot, handles: Handles) -> dict[str, Any]:
    """A decided shot."""
    return {
        "scene": scene.index + 1,
        "section": scene.section_index + 1,
        "energy": round(scene.energy, 2),
        "framing": shot.framing.value,
        "lens_mm": shot.lens_mm,
        "camera_move": shot.camera_move.value,
        "light": shot.light,
        "time_of_day": shot.time_of_day,
        "weather": shot.weather,
        "location": handles.of(shot.location_id),
        "characters": [handles.of(who) for who in shot.character_ids],
        "action": shot.action,
    }
