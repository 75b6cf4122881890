"""Which bought clip a segment was cut from, and from which frame on: the segment's key names both by a digest only."""

from collections.abc import Container, Iterable, Sequence

from models.ids import digest_of, short_digest
from models.object_keys import is_footage
from models.profiles import Profile, profile_of
from models.timeline import LONGEST_SCENE_S, Timeline, TimelineScene

CONFORM_METHOD = "ClipConformer"
"""Part of the keys of conformed segments: with another one, all of them are made anew."""


def conformed_digest(
    footage: str, frames: int, profile: Profile, method: str = CONFORM_METHOD, first_frame: int = 0
) -> str:
    """The digest in the key of a segment that a bought clip fills.

    Args:
        footage: The digest in the clip's key.
        frames: The segment's length.
        profile: The segment's format.
        method: How it was conformed.
        first_frame: Of the clip, where the segment begins.
    """
    part = (first_frame,) if first_frame else ()
    return digest_of("conform", footage, *part, frames, profile, method)


def bought_part(
    segment: str,
    frames: int,
    profile: Profile,
    clips: Sequence[str],
    later: Container[int] = (),
    method: str = CONFORM_METHOD,
) -> tuple[str, int] | None:
    """The part of a bought clip that a segment shows.

    Args:
        segment: The segment's key.
        frames: The segment's length.
        profile: The segment's format.
        clips: The keys of the video's bought clips.
        later: The scenes whose clips the segment may show from a later frame on.
        method: How it was conformed.

    Returns:
        The clip's key and its first frame that is shown; None: the segment was made in another way.
    """
    wanted = digest_in(segment)
    for key in clips:
        if conformed_digest(digest_in(key), frames, profile, method) == wanted:
            return key, 0
    end = (str(frames), profile.model_dump_json(), method)
    for key in (key for key in clips if scene_in(key) in later):
        for first in range(1, int(LONGEST_SCENE_S * profile.fps)):
            # `conformed_digest`, with the profile written once.
            if short_digest("conform", digest_in(key), str(first), *end) == wanted:
                return key, first
    return None


def part_behind(
    timeline: Timeline,
    scene: TimelineScene,
    clips: Iterable[str],
    method: str = CONFORM_METHOD,
    made: tuple[str, int] | None = None,
) -> tuple[str, int] | None:
    """The part of a bought clip that a scene shows, which no edit has reached.

    Args:
        timeline: The version.
        scene: The scene.
        clips: Keys of the video's objects, its bought clips among them.
        method: How clips are conformed.
        made: Of another take of the scene: the key and the length in frames of its segment.

    Returns:
        The clip's key and its first frame that is shown; None: the segment was made in another way.
    """
    segment, frames = made or (scene.segment_key, scene.frame_count)
    bought = [key for key in clips if is_footage(key) and key.endswith(".mp4")]
    return bought_part(
        segment,
        frames,
        profile_of(timeline.profile, timeline.profile_revision),
        bought,
        origins(timeline, scene) - {scene.identity},
        method,
    )


def with_beginnings(timeline: Timeline, clips: Iterable[str]) -> Timeline:
    """A version for people: scenes that no edit has reached say where in another scene's clip they begin, too."""
    known = list(clips)

    def begun(scene: TimelineScene) -> TimelineScene:
        part = part_behind(timeline, scene, known) if shows_part(timeline, scene) else None
        return scene if part is None or not part[1] else scene.model_copy(update={"in_frame": part[1]})

    return timeline.model_copy(update={"scenes": tuple(map(begun, timeline.scenes))}) if known else timeline


def shows_part(timeline: Timeline, scene: TimelineScene) -> bool:
    """Whether a scene that no edit has reached may go on with another scene's clip."""
    return not scene.clip_key and len(origins(timeline, scene)) > 1


def origins(timeline: Timeline, scene: TimelineScene) -> frozenset[int]:
    """The ids of the scenes whose bought clip a scene may show: its own, and of all that it shows again."""
    found, ahead = set[int](), [scene]
    while ahead:
        one = ahead.pop()
        ids = {one.identity, one.still_scene, one.reprise_of, one.shows_scene} - {None} - found
        found |= {number for number in ids if number is not None}
        ahead += [shown for number in ids if number is not None and (shown := timeline.find(number)) is not None]
    return frozenset(found)


def scene_in(key: str) -> int:
    """The scene in the name of a scene's piece."""
    return int(key.rpartition("/")[2].partition("-")[0])


def digest_in(key: str) -> str:
    """The digest in the name of a scene's piece."""
    return key.rpartition("/")[2].partition("-")[2].removesuffix(".mp4")
