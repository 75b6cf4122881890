"""Who may use which route: every route stands here once. One that does not fails the walk in test_routes.py."""

from enum import StrEnum


class For(StrEnum):
    """Who a route is for."""

    STRANGERS = "strangers"
    READ = "tokens that may look"
    WRITE = "tokens that may change what costs nothing"
    SPEND = "tokens that may start what costs credits"
    OWNER = "a person who is logged in, and no token"
    SUPPORT = "a person with the role; for all others it is not there"


_ROUTES = {
    For.STRANGERS: (
        "POST /accounts",
        "POST /accounts/address-confirmations",
        "POST /accounts/verification",
        "GET /healthz",
        "POST /password-resets",
        "PUT /password-resets/{token}",
        "GET /products",
        "GET /readyz",
        "POST /session",
        "GET /styles",
        "GET /styles/{slug}/picture",
        "POST /webhooks/fal/{job_key}",
        "POST /webhooks/stripe",
    ),
    For.READ: (
        "GET /balance",
        "GET /briefs/draft",
        "GET /characters",
        "GET /characters/{character_id}",
        "GET /characters/{character_id}/deletion",
        "GET /characters/{character_id}/references/{number}",
        "GET /ledger",
        "POST /quotes",
        "GET /session",
        "GET /songs",
        "GET /songs/{song_id}",
        "GET /songs/{song_id}/analysis",
        "GET /songs/{song_id}/analysis/progress",
        "GET /songs/{song_id}/deletion",
        "GET /songs/{song_id}/waveform.json",
        "GET /songs/{song_id}/waveform.svg",
        "GET /videos",
        "GET /videos/{video_id}",
        "GET /videos/{video_id}/cancellation",
        "GET /videos/{video_id}/deletion",
        "GET /videos/{video_id}/drafts",
        "GET /videos/{video_id}/events",
        "GET /videos/{video_id}/exports",
        "GET /videos/{video_id}/exports/{export_id}",
        "GET /videos/{video_id}/exports/{export_id}/file",
        "GET /videos/{video_id}/progress",
        "GET /videos/{video_id}/regenerations",
        "GET /videos/{video_id}/regenerations/{operation_id}",
        "GET /videos/{video_id}/scenes/{index}/clip",
        "GET /videos/{video_id}/scenes/{index}/still",
        "GET /videos/{video_id}/timeline",
        "GET /videos/{video_id}/versions",
        "GET /videos/{video_id}/versions/{version}/video",
    ),
    For.WRITE: (
        "DELETE /briefs/draft",
        "PUT /briefs/draft",
        "POST /briefs/enhancement",
        "POST /characters",
        "DELETE /characters/{character_id}",
        "PATCH /characters/{character_id}",
        "POST /song-uploads",
        "POST /song-uploads/{upload_id}/completion",
        "POST /songs",
        "DELETE /songs/{song_id}",
        "PATCH /songs/{song_id}",
        "POST /songs/{song_id}/analysis",
        "DELETE /videos/{video_id}",
        "PATCH /videos/{video_id}",
        "POST /videos/{video_id}/cancellation",
        "POST /videos/{video_id}/closing",
        "POST /videos/{video_id}/exports",
        "DELETE /videos/{video_id}/regenerations/{operation_id}",
        "POST /videos/{video_id}/scenes/{index}/choices",
        "PUT /videos/{video_id}/scenes/{index}/draft",
        "POST /videos/{video_id}/versions/{version}/restoration",
    ),
    For.SPEND: (
        "POST /checkouts",
        "POST /test-purchases",
        "POST /videos",
        "POST /videos/{video_id}/scenes/{index}/regenerations",
    ),
    For.OWNER: (
        "POST /account/email",
        "POST /account/erasure",
        "POST /account/takeouts",
        "GET /account/takeouts/{takeout_id}",
        "GET /account/second-factor",
        "POST /account/second-factor",
        "PUT /account/second-factor",
        "DELETE /account/second-factor",
        "POST /account/recovery-codes",
        "POST /session/confirmation",
        "GET /sessions",
        "DELETE /sessions",
        "DELETE /sessions/{session_id}",
        "PUT /account/password",
        "POST /accounts/verification-letters",
        "DELETE /session",
        "GET /tokens",
        "POST /tokens",
        "DELETE /tokens/{token_id}",
    ),
    For.SUPPORT: (
        "GET /support/runs",
        "POST /support/runs/{video_id}/abandonment",
        "POST /support/runs/{video_id}/retry",
    ),
}

ACCESS = {
    (line.split()[0], line.split()[1] if "healthz" in line or "readyz" in line else f"/api/v1{line.split()[1]}"): who
    for who, lines in _ROUTES.items()
    for line in lines
}
"""Who a route is for, by method and path."""
