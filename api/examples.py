"""Examples for every body in the OpenAPI document: one believable value a property, put together by the schemas.

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
    "affordable": True,
    "again": True,
    "analysed": True,
    "analysis_revision": 1,
    "analysis_version": 2,
    "artist": "Ada and the Engines",
    "aspect": "9:16",
    "at": _MOMENT,
    "attempt": 2,
    "available": 250,
    "balance_after": 50,
    "balance_before": 250,
    "beat_confidence": 0.93,
    "beats": 4,
    "beats_per_bar": 4,
    "body": "(the bytes of the file)",
    "bpm": 120.0,
    "breaks_s": [61.5],
    "camera_move": "push-in",
    "channels": 2,
    "character_id": "character-0123456789abcdef0123",
    "character_ids": ["character-0123456789abcdef0123"],
    "chosen": True,
    "clip_url": f"{_BASE}/scenes/0/clip?version=1",
    "confidence": 0.9,
    "created_at": _MOMENT,
    "credits": 200,
    "credits_charged": 200,
    "current": True,
    "csrf_token": "7b0c…64 characters of hexadecimal digits",
    "cut_strength": 0.5,
    "days": 90,
    "device": "Firefox on Linux",
    "description": "a woman in a red coat, short black hair",
    "done": 12,
    "downbeat": True,
    "download_url": f"{_BASE}/versions/1/video?download=1",
    "drops_s": [92.0],
    "duration_s": 184.2,
    "email": "ada@example.org",
    "enabled": True,
    "end_frame": 96,
    "end_s": 4.0,
    "energy": 0.62,
    "enhance": False,
    "expected_finish_at": _LATER,
    "expires_at": "2026-08-02T18:30:00Z",
    "expires_s": 3_600,
    "export_id": "asset-0123456789abcdef0123",
    "fields": {"key": "staged/…", "policy": "eyJ…"},
    "file_url": f"{_BASE}/exports/asset-0123456789abcdef0123/file",
    "finished_at": _LATER,
    "force": False,
    "fps": 24.0,
    "fraction_done": 0.45,
    "frame_count": 4_421,
    "free_images": 0,
    "free_units": 0,
    "height": 1_920,
    "held": 200,
    "hop_s": 0.5,
    "index": 0,
    "kept": True,
    "key": "A minor",
    "keywords": ["night", "rain", "shadow"],
    "last_failure": "The painter did not answer.",
    "last_seen_at": _LATER,
    "latest": True,
    "latest_version": 1,
    "letter": "A",
    "location_id": "l1",
    "loudness_lufs": -9.8,
    "marks": [],
    "media_type": "video/mp4",
    "monthly": False,
    "motion_prompt": "slow push in, rain falling",
    "name": "Ada",
    "number": 1,
    "old": "correct horse battery",
    "operation_id": _OPERATION,
    "operation_key": f"regenerate/{_VIDEO}/{_OPERATION}",
    "password": "correct horse battery",
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
    "recovery_codes_left": 10,
    "references": ["/api/v1/characters/character-0123456789abcdef0123/references/0"],
    "renewable": False,
    "running": True,
    "sample_rate_hz": 44_100,
    "scene": 3,
    "scene_index": 3,
    "secret": "echonos_…43 characters, shown once",
    "second_factor_at": _MOMENT,
    "section": "chorus",
    "seed": 7,
    "sentence": "Twelve of forty scenes have their picture.",
    "session_id": "session-0123456789abcdef0123",
    "signed_in_at": _MOMENT,
    "size_bytes": 24_000_000,
    "song_id": "song-0123456789abcdef0123",
    "song_title": "Night Drive",
    "stage": "image_generation",
    "start_frame": 0,
    "start_s": 0.0,
    "started_at": _MOMENT,
    "state": "needs_attention",
    "status": "ok",
    "still_url": f"{_BASE}/scenes/0/still?version=1",
    "stored_at": _LATER,
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
    "waveform": [0.12, 0.58, 0.91, 0.44],
    "width": 1_080,
    "workflow_id": f"regenerate-{_VIDEO}-{_OPERATION}",
}
"""By the property's name, which means the same in every body."""

ABSENT = {"failure", "next_cursor", "reprise_of", "temporal_url", "waiting"}
"""Properties that are null where all goes well."""


def example_of(schema: dict[str, Any], schemas: dict[str, dict[str, Any]], name: str = "body") -> Any:
    """A value that fits a schema.

    Args:
        schema: Of a body or a property, as OpenAPI has it.
        schemas: The document's components.
        name: The property's.

    Returns:
        Plain JSON.

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
    """Give every body of an OpenAPI document its example; those that have one keep it."""
    schemas = document["components"]["schemas"]
    for operations in document["paths"].values():
        for operation in operations.values():
            bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
            for media in (media for body in bodies for media in body.get("content", {}).values()):
                if "schema" in media and "example" not in media and "examples" not in media:
                    media["example"] = example_of(media["schema"], schemas)
