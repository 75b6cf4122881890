"""Examples for every body in the OpenAPI document: one realistic value a property, combined by the schemas.

A property's own `examples`, an enumeration or a constant come first; then the table below, by name; then the default.
"""

from typing import Any

_MOMENT, _LATER = "2026-05-04T18:30:00Z", "2026-05-04T18:35:00Z"
_VIDEO, _OPERATION = "video-0123456789abcdef0123", "0123456789abcdef0123"
_BASE = f"/api/v1/videos/{_VIDEO}"

VALUES: dict[str, Any] = {
    "account": "account-0123456789abcdef0123",
    "account_id": "account-0123456789abcdef0123",
    "actor": "ada@example.org",
    "address": "ada@example.org",
    "affordable": True,
    "again": True,
    "analysed": True,
    "analysis_revision": 1,
    "analysis_version": 2,
    "answer_by": _LATER,
    "approved": False,
    "artist": "Ada and the Engines",
    "aspect": "9:16",
    "at": _MOMENT,
    "attempt": 2,
    "audio_url": "/api/v1/songs/song-0123456789abcdef0123/audio",
    "available": 250,
    "balance_after": 50,
    "balance_before": 250,
    "base_revision": 1,
    "base_version": 1,
    "beat_confidence": 0.93,
    "beats": 4,
    "beats_id": _OPERATION,
    "beats_per_bar": 4,
    "body": "(the bytes of the file)",
    "bpm": 120.0,
    "breaks_s": [61.5],
    "camera_move": "push-in",
    "cell_height": 135,
    "cell_width": 240,
    "changed": [3],
    "channels": 2,
    "character_id": "character-0123456789abcdef0123",
    "character_ids": ["character-0123456789abcdef0123"],
    "chosen": True,
    "clip_url": f"{_BASE}/scenes/0/clip?version=1",
    "confidence": 0.9,
    "confirmed": True,
    "corrections": "Bars begin 1 beat later",
    "created_at": _MOMENT,
    "credits": 200,
    "credits_charged": 200,
    "csrf_token": "7b0c…64 characters of hexadecimal digits",
    "current": True,
    "cut_strength": 0.5,
    "days": 90,
    "description": "a woman in a red coat, short black hair",
    "device": "Firefox on Linux",
    "done": 12,
    "downbeat": True,
    "download": False,
    "download_url": f"{_BASE}/versions/1/video?download=1",
    "drops_s": [92.0],
    "duration_s": 184.2,
    "email": "ada@example.org",
    "enabled": True,
    "end_frame": 96,
    "end_s": 4.0,
    "end_scene": 6,
    "energy": 0.62,
    "enhance": False,
    "everything": False,
    "expected_finish_at": _LATER,
    "expires_at": "2026-08-02T18:30:00Z",
    "expires_s": 3_600,
    "export_id": "asset-0123456789abcdef0123",
    "fields": {"key": "staged/…", "policy": "eyJ…"},
    "file_url": f"{_BASE}/exports/asset-0123456789abcdef0123/file",
    "filename": "walk.mov",
    "finished_at": _LATER,
    "footage_id": "footage-0123456789abcdef0123",
    "first_scene": 0,
    "force": False,
    "format": "mov",
    "fps": 24.0,
    "fraction_done": 0.45,
    "frame": 96,
    "frame_count": 4_421,
    "free_images": 0,
    "free_units": 0,
    "frozen": False,
    "has_alpha": False,
    "height": 1_920,
    "held": 200,
    "hop_s": 0.5,
    "in_frame": 0,
    "in_s": 2.5,
    "index": 0,
    "is_changed": False,
    "is_hdr": False,
    "is_longer_than_clip": False,
    "kept": True,
    "key": "A minor",
    "keywords": ["night", "rain", "shadow"],
    "last_failure": "The painter did not answer.",
    "last_seen_at": _LATER,
    "latest": True,
    "latest_version": 1,
    "letter": "A",
    "location_id": "l1",
    "longest_frames": 900,
    "loudness_lufs": -9.8,
    "marks": [],
    "media_type": "video/mp4",
    "monthly": False,
    "motion_prompt": "slow push in, rain falling",
    "name": "Ada",
    "number": 1,
    "old": "correct horse battery",
    "open": True,
    "operation_id": _OPERATION,
    "operation_key": f"regenerate/{_VIDEO}/{_OPERATION}",
    "other_id": 5,
    "painting": False,
    "part_bytes": 8_000_000,
    "password": "correct horse battery",
    "paused": False,
    "peaks": [0.12, 0.58, 0.91, 0.44],
    "picture_url": "/api/v1/styles/film-noir/picture?v=0123456789abcdef",
    "pieces": 0,
    "position": 1,
    "posted": 450,
    "poster_url": f"{_BASE}/scenes/0/still?version=1&width=480",
    "price": 50,
    "price_cents": 1_000,
    "prompt": "A detective walks home through the rain.",
    "quoted": 50,
    "reason": "The provider answers again.",
    "receivable": 0,
    "received_bytes": 16_000_000,
    "recovery_codes_left": 10,
    "references": ["/api/v1/characters/character-0123456789abcdef0123/references/0"],
    "renewable": False,
    "repaint_price": 10,
    "revision": 3,
    "running": True,
    "sample_rate_hz": 44_100,
    "scene": 3,
    "scene_id": 3,
    "scene_index": 3,
    "second_factor_at": _MOMENT,
    "secret": "echonos_…43 characters, shown once",
    "section": "chorus",
    "section_index": 1,
    "seed": 7,
    "sentence": "Twelve of forty scenes have their picture.",
    "session_id": "session-0123456789abcdef0123",
    "share_id": "share-0123456789abcdef0123",
    "shortest_frames": 21,
    "signed_in_at": _MOMENT,
    "size_bytes": 24_000_000,
    "song_id": "song-0123456789abcdef0123",
    "song_title": "Night Drive",
    "stage": "image_generation",
    "stands_still": False,
    "start_frame": 0,
    "start_s": 0.0,
    "started_at": _MOMENT,
    "state": "needs_attention",
    "status": "ok",
    "still_url": f"{_BASE}/scenes/0/still?version=1",
    "stored_at": _LATER,
    "storyboard": False,
    "strip_columns": 6,
    "strip_frames": 24,
    "strip_url": "/api/v1/footage/footage-0123456789abcdef0123/strip",
    "strongest_chorus": False,
    "style": "film-noir",
    "style_name": "Film Noir",
    "subject_id": _VIDEO,
    "summary": "Night Drive · film-noir",
    "t": 0.5,
    "take": "draft",
    "take_id": "draft",
    "tempo_bpm": 120.0,
    "test_purchases": False,
    "text": "Draft of “Night Drive”",
    "time_s": 0.5,
    "title": "Night Drive",
    "token": "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4",
    "token_id": "token-0123456789abcdef0123",
    "total": 40,
    "transaction_id": 42,
    "true_peak_dbtp": -1.0,
    "type": "ProviderUnavailable",
    "updated_at": _LATER,
    "upload_id": "0123456789abcdef0123456789abcdef",
    "url": "https://checkout.stripe.com/c/pay/cs_live_…",
    "values": [0.2, 0.4, 0.9, 0.7],
    "verified": True,
    "version": 1,
    "versions": 2,
    "video_id": _VIDEO,
    "video_url": f"{_BASE}/versions/1/video",
    "videos": 1,
    "waits_for": "",
    "waits_for_worker": False,
    "warned": False,
    "waveform": [0.12, 0.58, 0.91, 0.44],
    "width": 1_080,
    "workflow_id": f"regenerate-{_VIDEO}-{_OPERATION}",
    "x": 0.5,
    "y": 0.3,
}
"""By the property's name, which means the same in every body."""

ABSENT = {
    "board",
    "clip_frames",
    "failure",
    "follows",
    "new_clip_price",
    "next_cursor",
    "redo",
    "reprise_of",
    "shows_scene",
    "temporal_url",
    "undo",
    "waiting",
}
"""Properties that are null where all goes well."""


def example_of(schema: dict[str, Any], schemas: dict[str, dict[str, Any]], name: str = "body") -> Any:
    """A value that fits a schema.

    Raises:
        KeyError: A property has neither examples of its own nor a line in `VALUES`.
    """
    if name in ABSENT:
        return None
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rpartition("/")[2]], schemas, name)
    if "examples" in schema:
        return schema["examples"][0]
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return example_of(schema[choice][0], schemas, name)
    if "properties" in schema:
        return {key: example_of(inner, schemas, key) for key, inner in schema["properties"].items()}
    if schema.get("type") == "array" and not isinstance(VALUES.get(name), list):
        return [example_of(schema["items"], schemas, name)]
    return VALUES[name]


def add_examples(document: dict[str, Any]) -> None:
    """Add an example to every body of an OpenAPI document that has none."""
    schemas = document["components"]["schemas"]
    for operations in document["paths"].values():
        for operation in operations.values():
            bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
            for media in (media for body in bodies for media in body.get("content", {}).values()):
                if "schema" in media and "example" not in media and "examples" not in media:
                    media["example"] = example_of(media["schema"], schemas)
