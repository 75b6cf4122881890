"""Keys of objects in the store. A key never depends on the name of a class, so that a rename moves nothing."""

from models.ids import digest_of, short_digest


def export_key(account_id: str, video_id: str, asset_id: str, ending: str) -> str:
    """The key of an export: beside its video, so that deleting the video deletes it."""
    return f"{video_prefix(account_id, video_id)}pieces/{asset_id}.{ending}"


def song_prefix(account_id: str, song_id: str) -> str:
    """The prefix of a song's objects."""
    return f"accounts/{account_id}/songs/{song_id}/"


def working_copy_key(account_id: str, song_id: str) -> str:
    """The key of the working copy that all later steps read; songs from before such copies have none."""
    return f"{song_prefix(account_id, song_id)}working-1.flac"


def analysis_key(account_id: str, song_id: str, revision: int, version: int) -> str:
    """The key of a song's analysis. Each revision has its own key, because older videos keep theirs."""
    name = "analysis-1" if revision == 1 else f"analysis-r{revision}-v{version}"
    return f"{song_prefix(account_id, song_id)}{name}.json"


def correction_key(account_id: str, song_id: str, revision: int, version: int, digest: str) -> str:
    """The key of an analysis that the artist corrected, by its revision and what was corrected."""
    return f"{song_prefix(account_id, song_id)}analysis-r{revision}-v{version}-{digest}.json"


def waveform_key(analysis: str) -> str:
    """The key of an analysis's plot: derived from its key, so that both change together."""
    folder, slash, name = analysis.rpartition("/")
    return f"{folder}{slash}waveform{name.removeprefix('analysis')}"


def soundtrack_key(account_id: str, song_id: str, revision: int, method: int) -> str:
    """The key of a song's soundtrack, encoded by this method."""
    again = "" if revision == 1 else f"-r{revision}"
    return f"{song_prefix(account_id, song_id)}soundtrack-{method}{again}.m4a"


TAKEOUTS = "takeouts/"
"""ZIPs of whole accounts; swept after some days."""


def takeout_key(account_id: str, takeout_id: str) -> str:
    """The key of an account's ZIP."""
    return f"{TAKEOUTS}{account_id}/{takeout_id}.zip"


def account_prefix(account_id: str) -> str:
    """The prefix of an account's objects in the Vault."""
    return f"accounts/{account_id}/"


STAGED = "staged/"
"""Direct uploads that are not checked yet; swept after a day."""


def staged_prefix(account_id: str) -> str:
    """The prefix of an account's direct uploads."""
    return f"{STAGED}{account_id}/"


def staged_key(account_id: str, upload_id: str) -> str:
    """The key of a direct upload that awaits its check."""
    return f"{staged_prefix(account_id)}{upload_id}"


UPLOAD_FORMS = "upload-forms/"
"""One small object per issued upload form; swept with the uploads."""


def upload_forms_prefix(account_id: str) -> str:
    """The prefix of an account's issued upload forms."""
    return f"{UPLOAD_FORMS}{account_id}/"


def video_prefix(account_id: str, video_id: str) -> str:
    """The prefix of a video's objects."""
    return f"accounts/{account_id}/videos/{video_id}/"


def character_prefix(account_id: str, character_id: str) -> str:
    """The prefix of a character's reference images."""
    return f"accounts/{account_id}/characters/{character_id}/"


def still_key(account_id: str, video_id: str, scene_index: int, digest: str) -> str:
    """The key of a scene's still."""
    return f"{video_prefix(account_id, video_id)}stills/{scene_index:03d}-{digest}.png"


def segment_key(account_id: str, video_id: str, scene_index: int, digest: str) -> str:
    """The key of a scene's segment."""
    return f"{video_prefix(account_id, video_id)}segments/{scene_index:03d}-{digest}.mp4"


def footage_key(account_id: str, video_id: str, scene_index: int, digest: str) -> str:
    """The key of a scene's clip as the provider delivered it."""
    return f"{video_prefix(account_id, video_id)}footage/{scene_index:03d}-{digest}.mp4"


def is_scene_piece(key: str) -> bool:
    """Whether a key is a still's, a segment's or a clip's: those are named by content and never change."""
    return any(folder in key for folder in ("/stills/", "/segments/", "/footage/"))


def is_segment(key: str) -> bool:
    """Whether a key is a segment's."""
    return "/segments/" in key


def is_footage(key: str) -> bool:
    """Whether a key is that of a clip as the provider delivered it."""
    return "/footage/" in key


def own_footage_prefix(account_id: str, footage_id: str) -> str:
    """The prefix of a picture's or clip's objects in the Vault."""
    return f"accounts/{account_id}/own-footage/{footage_id}/"


def own_clip_key(account_id: str, video_id: str, footage_id: str, ending: str) -> str:
    """The key of an own clip's copy in a video: it stays when the Vault's is deleted."""
    return f"{video_prefix(account_id, video_id)}own/{footage_id}.{ending}"


def is_own_clip(key: str) -> bool:
    """Whether a key is that of an own clip in a video."""
    return "/own/" in key


def is_still(key: str) -> bool:
    """Whether a key is a still's: an own picture is a clip of one frame."""
    return "/stills/" in key


def portrait_key(account_id: str, video_id: str, character_id: str) -> str:
    """The key of the reference still of one of a video's characters."""
    return f"{video_prefix(account_id, video_id)}cast/{digest_of(character_id)}.png"


def joined_key(account_id: str, video_id: str, *parts: str) -> str:
    """The key of the MP4 joined from these parts: versions with the same content share one."""
    return f"{video_prefix(account_id, video_id)}versions/{short_digest(*parts)}.mp4"
