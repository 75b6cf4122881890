"""The tables of the web backend, in the same database: access, stored answers, rate limits.

Credentials (session cookies, links in e-mails, API tokens) are stored as SHA-256 digests only. They are random and
long, so a plain digest is enough; passwords are not, and go through argon2.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from stores.moments import UtcDateTime
from stores.schema import metadata

profiles = Table(
    "profiles",
    metadata,
    Column("account_id", String(200), ForeignKey("accounts.account_id"), primary_key=True),
    Column("email", String(254), comment="none where an identity provider knows the person"),
    Column("password_hash", Text),
    Column("verified_at", UtcDateTime),
    Column("roles", String(200), nullable=False, server_default=text("''"), comment="comma-separated"),
    Column("created_at", UtcDateTime, nullable=False),
    Column(
        "tell_since",
        UtcDateTime,
        comment="since when the account wants e-mails about its videos; none: it does not",
    ),
    # The account that has verified an address owns it; before that it is a claim, and several accounts may claim it.
    Index(
        "uq_profiles_verified_email",
        "email",
        unique=True,
        sqlite_where=text("verified_at IS NOT NULL"),
        postgresql_where=text("verified_at IS NOT NULL"),
    ),
    Index("ix_profiles_email_created_at", "email", "created_at"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("session_hash", String(64), primary_key=True),
    Column("account_id", String(200), ForeignKey("accounts.account_id"), nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
    Column("last_seen_at", UtcDateTime, comment="none: begun before this"),
    Column("signed_in_at", UtcDateTime, comment="none: when it began"),
    Column("second_factor_at", UtcDateTime),
    Column("device", String(100)),
    Column("host_cookie", Boolean, nullable=False, server_default=false(), comment="__Host-"),
)

devices = Table(
    "devices",
    metadata,
    Column("device_hash", String(64), primary_key=True),
    Column("account_id", String(200), ForeignKey("accounts.account_id"), nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)

second_factors = Table(
    "second_factors",
    metadata,
    Column("account_id", String(200), ForeignKey("accounts.account_id"), primary_key=True),
    Column("secret", String(64), nullable=False, comment="base32, shared with the app"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("confirmed_at", UtcDateTime),
    Column("last_step", BigInteger, comment="of the newest code that was taken"),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("account_id", String(200), ForeignKey("accounts.account_id"), nullable=False, index=True),
)

security_events = Table(
    "security_events",
    metadata,
    Column("event_id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("account_id", String(200), comment="none: no account has the address"),
    Column("kind", String(40), nullable=False),
    Column("actor", String(200), nullable=False),
    Column("detail", String(400), nullable=False),
    Index(None, "account_id", "event_id"),
)

links = Table(
    "links",
    metadata,
    Column("link_hash", String(64), primary_key=True),
    Column("purpose", String(20), nullable=False),
    Column("account_id", String(200), ForeignKey("accounts.account_id"), nullable=False, index=True),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("token_id", String(80), primary_key=True),
    Column("account_id", String(200), ForeignKey("accounts.account_id"), nullable=False, index=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("name", String(100), nullable=False),
    Column("scopes", String(200), nullable=False, comment="comma-separated"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
)

shares = Table(
    "shares",
    metadata,
    Column("share_id", String(80), primary_key=True),
    Column("account_id", String(200), ForeignKey("accounts.account_id"), nullable=False, index=True),
    Column("video_id", String(80), ForeignKey("videos.video_id"), nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("download", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
    Column("revoked_at", UtcDateTime),
)

notices = Table(
    "notices",
    metadata,
    Column("notice_key", String(200), primary_key=True, comment="the video, and what became of it"),
    Column("account_id", String(200), ForeignKey("accounts.account_id"), nullable=False, index=True),
    Column("quiet_hash", String(64), nullable=False, unique=True, comment="of the link that ends these e-mails"),
    Column("claimed_at", UtcDateTime, nullable=False, index=True),
    Column("sent_at", UtcDateTime),
)

address_changes = Table(
    "address_changes",
    metadata,
    Column("account_id", String(200), ForeignKey("accounts.account_id"), primary_key=True),
    Column("email", String(254), nullable=False, comment="the new one"),
    Column("old_hash", String(64), nullable=False, index=True),
    Column("new_hash", String(64), nullable=False, index=True),
    Column("old_agreed_at", UtcDateTime),
    Column("new_agreed_at", UtcDateTime),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)

welcomed_mailboxes = Table(
    "welcomed_mailboxes",
    metadata,
    Column("mailbox_digest", String(64), primary_key=True),
    Column("account_id", String(200), comment="none: it was erased"),
    Column("at", UtcDateTime, nullable=False),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("account_id", String(200), ForeignKey("accounts.account_id"), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("request_hash", String(64), nullable=False),
    Column("status", Integer),
    Column("answer", Text, comment="none while the first request is at work"),
    Column("created_at", UtcDateTime, nullable=False, index=True),
)

rate_limits = Table(
    "rate_limits",
    metadata,
    Column("bucket", String(64), primary_key=True, comment="a digest: it is made from addresses"),
    Column("hits", Integer, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)

orders = Table(
    "orders",
    metadata,
    Column("video_id", String(80), primary_key=True),
    Column("account_id", String(200), ForeignKey("accounts.account_id"), nullable=False),
    Column("document", Text, nullable=False, comment="the Order"),
    Column("ordered_at", UtcDateTime, nullable=False),
    Index(None, "account_id", "ordered_at"),
)

scene_drafts = Table(
    "scene_drafts",
    metadata,
    Column("account_id", String(200), ForeignKey("accounts.account_id"), primary_key=True),
    Column("video_id", String(80), primary_key=True),
    Column("scene_index", Integer, primary_key=True, autoincrement=False),
    Column("document", Text, nullable=False, comment="the SceneDraft"),
    Column("updated_at", UtcDateTime, nullable=False),
)

brief_drafts = Table(
    "brief_drafts",
    metadata,
    Column("account_id", String(200), ForeignKey("accounts.account_id"), primary_key=True),
    Column("document", Text, nullable=False, comment="the BriefDraft"),
    Column("updated_at", UtcDateTime, nullable=False),
)

# Storyboards: a row for each order of an artist, and for each revision. Their words are objects.
board_steps = Table(
    "board_steps",
    metadata,
    Column("operation_key", String(400), primary_key=True),
    Column("account_id", String(200), ForeignKey("accounts.account_id"), nullable=False),
    Column("video_id", String(80), nullable=False, comment="not delivered yet, or never"),
    Column("operation_id", String(80), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("asked", String(40), nullable=False, comment="digest of the order"),
    Column("scene_id", Integer, comment="of a repaint"),
    Column("state", String(20), nullable=False),
    Column("revision", Integer, comment="the revision that it made"),
    Column("board_key", Text, nullable=False, comment="where that revision is stored"),
    Column("price", BigInteger, nullable=False),
    Column("free_units", BigInteger, nullable=False),
    Column("free", Boolean, nullable=False, comment="it used up the scene's free repaint, unless it fails"),
    Column("failure", Text, comment="the FailureNote"),
    Column("accepted_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    CheckConstraint("state IN ('accepted', 'applied', 'failed')", name="state"),
    # Of two that build on the same revision, one is refused.
    UniqueConstraint("video_id", "revision"),
)
