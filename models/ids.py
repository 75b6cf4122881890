"""Ids of songs, videos, workflows and operations: derived from the request, so that the same one gives the same id."""

import hashlib
import re

from models.base import Model

LOCAL_ACCOUNT = "local"


LOCAL_PROVIDER = "local"


def analyze_workflow_id(song_id: str) -> str:
    """The one analysis of a song."""
    return f"analyze-{song_id}"


def generate_workflow_id(video_id: str) -> str:
    """The one run behind a video."""
    return f"generate-{video_id}"


def export_workflow_id(asset_id: str) -> str:
    """The one run of an export; the same inputs give the same export."""
    return f"export-{asset_id}"


_LIMITS_IN_IDS = (
    '{"draft_timeout_s":108000.0,"idle_timeout_s":2592000.0,"park_timeout_s":86400.0,"light_timeout_s":20.0,'
    '"heartbeat_timeout_s":10.0,"max_attempts":5,"retry_interval_s":1.0,"max_scenes":120,"reopen_timeout_s":60.0,'
    '"history_events":5000}'
)
"""Ids of exports once included the run's limits: with these defaults of that time the ids stay the same."""


def export_id_for(request: Model, method: int) -> str:
    """The id of an export: the same request, made by the same method, is the same export, for any `limits`."""
    wish = request.model_dump_json(exclude={"limits"})
    return "asset-" + digest_of(f'{wish[:-1]},"limits":{_LIMITS_IN_IDS}}}', method)


def remove_workflow_id(subject_id: str) -> str:
    """The one deletion of a song, a video or a character."""
    return f"remove-{subject_id}"


def generate_operation_key(video_id: str) -> str:
    """The ledger's key for the 200 credits of a generation."""
    return f"{generate_workflow_id(video_id)}/generate"


def studio_operation_key(video_id: str, operation_id: str) -> str:
    """The key of a Studio operation. Its hold belongs to the parent run, which exists before and after the child."""
    return f"{generate_workflow_id(video_id)}/{operation_id}"


def regenerate_workflow_id(video_id: str, operation_id: str) -> str:
    """The one workflow that makes a Studio operation's take."""
    return f"regenerate-{video_id}-{operation_id}"


def rebuild_workflow_id(video_id: str, version: int) -> str:
    """The one workflow that joins an older version again."""
    return f"rebuild-{video_id}-{version}"


def late_operation_key(operation_key: str) -> str:
    """The key of the second hold, taken and captured at once when a version is delivered after its refund."""
    return f"{operation_key}/late"


def workflow_id_of(operation_key: str) -> str:
    """The workflow whose run holds credits under a key."""
    return operation_key.rpartition("/")[0]


_VIDEO_IN_ID = re.compile(r"(?:generate|regenerate|rebuild)-(video-[0-9a-f]+)(?:-.*)?")


def video_of_workflow(workflow_id: str) -> str | None:
    """The video that a workflow makes or changes, by its id; None: another kind of workflow."""
    found = _VIDEO_IN_ID.fullmatch(workflow_id)
    return None if found is None else found[1]


def video_id_of(operation_key: str) -> str:
    """The video that was made or changed under a key."""
    return workflow_id_of(operation_key).removeprefix("generate-")


_VIDEO_ID = "video-[0-9a-f]{20}"


_GENERATION = re.compile(f"(?:generate-)?({_VIDEO_ID})")


_REGENERATION = re.compile(f"regenerate-({_VIDEO_ID})-(.+)")


def operation_key_of(name: str) -> str | None:
    """The operation key that a video's id or a workflow's id stands for; None if the name may be an operation's id."""
    if found := _GENERATION.fullmatch(name):
        return generate_operation_key(found[1])
    if found := _REGENERATION.fullmatch(name):
        return studio_operation_key(*found.groups())
    return None


def song_id_for(account_id: str, sha256: str, edition: int = 0) -> str:
    """A song's id: the same bytes are one song per account; after a deletion they get a new id.

    A deletion under way can therefore never remove the new song's objects.
    """
    return "song-" + (short_digest(account_id, sha256, str(edition)) if edition else short_digest(account_id, sha256))


def character_id_for(account_id: str, operation_id: str) -> str:
    """A character's id: the same operation locks one character."""
    return "character-" + short_digest(account_id, operation_id)


def footage_id_for(account_id: str, sha256: str, edition: int) -> str:
    """A picture's or clip's id: the same bytes are one per account; after a deletion they get a new id."""
    return "footage-" + short_digest(account_id, sha256, str(edition))


def video_id_for(account_id: str, operation_id: str) -> str:
    """A video's id: the same operation makes one video."""
    return "video-" + short_digest(account_id, operation_id)


def preview_id(request: Model) -> str:
    """The id of one preview of an enhanced brief: names the workflow, and its payments to the director."""
    return "enhance-" + digest_of(request)


def takeout_workflow_id(account_id: str, takeout_id: str) -> str:
    """The one workflow that makes an account's ZIP."""
    return f"takeout-{account_id}-{takeout_id}"


def erase_workflow_id(account_id: str) -> str:
    """The one workflow that erases an account."""
    return f"erase-{account_id}"


def digest_of(*parts: Model | str | int) -> str:
    """A short stable name for inputs, so that a repeated step writes the same key."""
    return short_digest(*(p.model_dump_json() if isinstance(p, Model) else str(p) for p in parts))


def short_digest(*parts: str) -> str:
    """Twenty hex digits that stand for some texts."""
    # Length-prefixed, so that ("ab", "c") and ("a", "bc") differ.
    return hashlib.sha256("".join(f"{len(p)}:{p}" for p in parts).encode()).hexdigest()[:20]
