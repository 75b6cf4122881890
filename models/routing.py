"""Names that other processes rely on: task queues, workflow ids, search attributes, object keys.

Workflow ids say what they do, so that starting the same thing twice is refused or joined, never doubled.
"""

import hashlib
import re

from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes

from models.base import Model

QUEUE = "echonos"
"""Workflows and light activities."""

RENDER_QUEUE = "echonos-render"
"""CPU work; a worker takes as many at once as it has cores."""

DEPLOYMENT = "echonos"
"""The worker deployment, whose versions are told apart where worker versioning is on."""

PROVIDER_QUEUE = "echonos-provider"
"""Steps that wait for a provider: many at once in one event loop, no CPU."""

LOCAL_ACCOUNT = "local"
LOCAL_PROVIDER = "local"

RECONCILE_SCHEDULE = "reconcile-credits"
VERIFY_SCHEDULE = "verify-ledger"
TIDY_SCHEDULE = "tidy-up"
PAINT_STYLES_ID = "paint-styles"
JOBS_SCHEDULE = "reconcile-jobs"


class SearchAttribute:
    """Search attributes, all keywords without personal data; temporal-dev.yaml registers the same names."""

    ACCOUNT = "EchonosAccount"
    SONG = "EchonosSong"
    VIDEO = "EchonosVideo"
    STYLE = "EchonosStyle"
    STAGE = "EchonosStage"
    STATE = "EchonosState"
    PROVIDER = "EchonosProvider"
    """Who makes the pictures: `local`, or whoever they are bought from."""


def keywords(values: dict[str, str]) -> TypedSearchAttributes:
    """Search attributes of a start, all keywords."""
    pairs = [SearchAttributePair(SearchAttributeKey.for_keyword(name), value) for name, value in values.items()]
    return TypedSearchAttributes(pairs)


def analyze_workflow_id(song_id: str) -> str:
    """The one analysis of a song."""
    return f"analyze-{song_id}"


def generate_workflow_id(video_id: str) -> str:
    """The one run behind a video."""
    return f"generate-{video_id}"


def export_workflow_id(asset_id: str) -> str:
    """The making of one piece; the same inputs are the same piece."""
    return f"export-{asset_id}"


def asset_id_for(request: Model, method: int) -> str:
    """A piece's id: the same request, made by the same method, is the same piece."""
    return "asset-" + digest_of(request, method)


def asset_key(account_id: str, video_id: str, asset_id: str, ending: str) -> str:
    """Where a piece lies: with its video, whose deletion takes it along."""
    return f"{video_prefix(account_id, video_id)}pieces/{asset_id}.{ending}"


def remove_workflow_id(subject_id: str) -> str:
    """The deletion of a song, a video or a character."""
    return f"remove-{subject_id}"


def generate_operation_key(video_id: str) -> str:
    """The ledger's key for the 200 credits of a generation."""
    return f"{generate_workflow_id(video_id)}/generate"


def studio_operation_key(video_id: str, operation_id: str) -> str:
    """The key of a Studio operation. Its hold is the parent run's, which is there before and after the child."""
    return f"{generate_workflow_id(video_id)}/{operation_id}"


def regenerate_workflow_id(video_id: str, operation_id: str) -> str:
    """The one workflow that makes a Studio operation's take."""
    return f"regenerate-{video_id}-{operation_id}"


def rebuild_workflow_id(video_id: str, version: int) -> str:
    """The one workflow that joins an older version again."""
    return f"rebuild-{video_id}-{version}"


def late_operation_key(operation_key: str) -> str:
    """The key of the hold that is taken and captured at once when a version is delivered after its refund."""
    return f"{operation_key}/late"


def workflow_id_of(operation_key: str) -> str:
    """The workflow whose run holds credits under a key."""
    return operation_key.rpartition("/")[0]


def video_id_of(operation_key: str) -> str:
    """The video that was made, or changed, under a key."""
    return workflow_id_of(operation_key).removeprefix("generate-")


_VIDEO_ID = "video-[0-9a-f]{20}"
_GENERATION = re.compile(f"(?:generate-)?({_VIDEO_ID})")
_REGENERATION = re.compile(f"regenerate-({_VIDEO_ID})-(.+)")


def operation_key_of(name: str) -> str | None:
    """The key of what people name by a video's id or a workflow's; None where it must be an operation's own id."""
    if found := _GENERATION.fullmatch(name):
        return generate_operation_key(found[1])
    if found := _REGENERATION.fullmatch(name):
        return studio_operation_key(*found.groups())
    return None


def song_id_for(account_id: str, sha256: str, edition: int = 0) -> str:
    """A song's id: the same bytes are one song per account, and another one after they were deleted.

    Nothing that still removes the deleted song's objects can then meet the new one's.
    """
    return "song-" + (_digest(account_id, sha256, str(edition)) if edition else _digest(account_id, sha256))


def character_id_for(account_id: str, operation_id: str) -> str:
    """A character's id: the same operation locks one character."""
    return "character-" + _digest(account_id, operation_id)


def video_id_for(account_id: str, operation_id: str) -> str:
    """A video's id: the same operation makes one video."""
    return "video-" + _digest(account_id, operation_id)


def preview_id(request: Model) -> str:
    """One look at what a brief would become: the workflow's id, and what its director is paid for."""
    return "enhance-" + digest_of(request)


def song_prefix(account_id: str, song_id: str) -> str:
    """Where a song's objects live."""
    return f"accounts/{account_id}/songs/{song_id}/"


def working_copy_key(account_id: str, song_id: str) -> str:
    """Where the copy of a song lies that everything later reads; songs from before there were copies have none."""
    return f"{song_prefix(account_id, song_id)}working-1.flac"


def analysis_key(account_id: str, song_id: str, revision: int, version: int) -> str:
    """Where a song's analysis lies. Each revision has a key of its own, because videos go on with the one they had."""
    name = "analysis-1" if revision == 1 else f"analysis-r{revision}-v{version}"
    return f"{song_prefix(account_id, song_id)}{name}.json"


def waveform_key(analysis: str) -> str:
    """Where the drawing of an analysis lies: beside it, so that both change at once."""
    folder, slash, name = analysis.rpartition("/")
    return f"{folder}{slash}waveform{name.removeprefix('analysis')}"


def soundtrack_key(account_id: str, song_id: str, revision: int, method: int) -> str:
    """Where a song's soundtrack lies, encoded in this way."""
    again = "" if revision == 1 else f"-r{revision}"
    return f"{song_prefix(account_id, song_id)}soundtrack-{method}{again}.m4a"


TAKEOUTS = "takeouts/"
"""ZIPs of whole accounts; swept after some days."""


def takeout_key(account_id: str, takeout_id: str) -> str:
    """Where a ZIP of everything that an account has lies."""
    return f"{TAKEOUTS}{account_id}/{takeout_id}.zip"


def takeout_workflow_id(account_id: str, takeout_id: str) -> str:
    """The one workflow that makes an account's ZIP."""
    return f"takeout-{account_id}-{takeout_id}"


def erase_workflow_id(account_id: str) -> str:
    """The one workflow that erases an account."""
    return f"erase-{account_id}"


def account_prefix(account_id: str) -> str:
    """Where all objects of an account's Vault live."""
    return f"accounts/{account_id}/"


STAGED = "staged/"
"""Uploads that went past us and are not checked yet; swept after a day."""


def staged_prefix(account_id: str) -> str:
    """Where an account's direct uploads wait."""
    return f"{STAGED}{account_id}/"


def staged_key(account_id: str, upload_id: str) -> str:
    """Where a direct upload waits for its check."""
    return f"{staged_prefix(account_id)}{upload_id}"


UPLOAD_FORMS = "upload-forms/"
"""One small object for each form for a direct upload that was given out; swept with the uploads."""


def upload_forms_prefix(account_id: str) -> str:
    """Where an account's forms are noted."""
    return f"{UPLOAD_FORMS}{account_id}/"


def video_prefix(account_id: str, video_id: str) -> str:
    """Where a video's objects live."""
    return f"accounts/{account_id}/videos/{video_id}/"


def character_prefix(account_id: str, character_id: str) -> str:
    """Where a character's reference images live."""
    return f"accounts/{account_id}/characters/{character_id}/"


def still_key(account_id: str, video_id: str, scene_index: int, digest: str) -> str:
    """Where a scene's still lies."""
    return f"{video_prefix(account_id, video_id)}stills/{scene_index:03d}-{digest}.png"


def segment_key(account_id: str, video_id: str, scene_index: int, digest: str) -> str:
    """Where a scene's segment lies."""
    return f"{video_prefix(account_id, video_id)}segments/{scene_index:03d}-{digest}.mp4"


def footage_key(account_id: str, video_id: str, scene_index: int, digest: str) -> str:
    """Where a scene's clip lies as the provider delivered it."""
    return f"{video_prefix(account_id, video_id)}footage/{scene_index:03d}-{digest}.mp4"


def is_scene_piece(key: str) -> bool:
    """Whether a key is a still's, a segment's or a clip's: those are named after what is in them and never change."""
    return any(folder in key for folder in ("/stills/", "/segments/", "/footage/"))


def portrait_key(account_id: str, video_id: str, character_id: str) -> str:
    """Where the reference still of one of a video's characters lies."""
    return f"{video_prefix(account_id, video_id)}cast/{digest_of(character_id)}.png"


def joined_key(account_id: str, video_id: str, *parts: str) -> str:
    """Where the MP4 lies that is joined from these parts: versions that show the same share one."""
    return f"{video_prefix(account_id, video_id)}versions/{_digest(*parts)}.mp4"


def digest_of(*parts: Model | str | int) -> str:
    """A short stable name for inputs: doing a step twice writes the same key."""
    return _digest(*(p.model_dump_json() if isinstance(p, Model) else str(p) for p in parts))


def _digest(*parts: str) -> str:
    # Length-prefixed, so that ("ab", "c") and ("a", "bc") differ.
    return hashlib.sha256("".join(f"{len(p)}:{p}" for p in parts).encode()).hexdigest()[:20]
