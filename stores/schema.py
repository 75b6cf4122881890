"""The tables that ledger and Vault share: one database, so that "version stored" and "credits taken" are one truth.

`entries` and `journal` are append-only (triggers refuse anything else). The caches beside them, `available` and `held`
of a grant, `state` of a hold and `receivable` of an account, can be recomputed from them at any time; `Ledger.verify`
does so.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from stores.moments import UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite numbers rows by itself only in a column of exactly this type.
_RowNumber = BigInteger().with_variant(Integer, "sqlite")

# Queries must repeat these conditions word for word and without parameters, so that the partial indexes serve them.
GRANT_IS_OPEN = text("(available > 0 OR held > 0)")
HOLD_STANDS = text("state = 'held'")

accounts = Table(
    "accounts",
    metadata,
    Column("account_id", String(200), primary_key=True),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("receivable", BigInteger, nullable=False, server_default=text("0")),
    Column("grants_made", Integer, nullable=False, server_default=text("0"), comment="the number of its last grant"),
    CheckConstraint("receivable >= 0", name="receivable"),
)

journal = Table(
    "journal",
    metadata,
    Column("transaction_id", _RowNumber, primary_key=True, autoincrement=True),
    Column("key", String(400), unique=True, comment="idempotency key; none where the ledger acts by itself"),
    Column("kind", String(40), nullable=False),
    Column("account_id", String(200), ForeignKey("accounts.account_id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("body", Text, nullable=False, comment="the request, to compare a repeated key with"),
    Column("answer", Text, nullable=False, comment="the first answer, given again to a repeated key"),
    Column("hold_id", String(80), index=True),
    Column("available_after", BigInteger, nullable=False, server_default=text("0")),
    Index(None, "account_id", "transaction_id"),
)

entries = Table(
    "entries",
    metadata,
    Column("entry_id", _RowNumber, primary_key=True, autoincrement=True),
    Column("transaction_id", _RowNumber, ForeignKey("journal.transaction_id"), nullable=False, index=True),
    Column("owner", String(200), nullable=False, comment="an account, or `house`"),
    Column("book", String(40), nullable=False),
    Column("unit", String(40), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("grant_id", String(80), ForeignKey("grants.grant_id")),
    CheckConstraint("amount <> 0", name="amount"),
)

grants = Table(
    "grants",
    metadata,
    Column("grant_id", String(80), primary_key=True),
    Column("account_id", String(200), ForeignKey("accounts.account_id"), nullable=False),
    Column("unit", String(40), nullable=False),
    Column("source", String(40), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("number", Integer, nullable=False, server_default=text("0"), comment="among the account's, as they came"),
    Column("effective_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("returned_from", String(80), ForeignKey("grants.grant_id")),
    Column("available", BigInteger, nullable=False),
    Column("held", BigInteger, nullable=False),
    CheckConstraint("available >= 0", name="available"),
    CheckConstraint("held >= 0", name="held"),
    CheckConstraint("amount > 0", name="amount"),
    Index(
        "ix_grants_open",
        "account_id",
        sqlite_where=GRANT_IS_OPEN,
        postgresql_where=GRANT_IS_OPEN,
    ),
)

holds = Table(
    "holds",
    metadata,
    Column("hold_id", String(80), primary_key=True),
    Column("operation_key", String(400), nullable=False, unique=True),
    Column("account_id", String(200), ForeignKey("accounts.account_id"), nullable=False),
    Column("operation", String(40), nullable=False),
    Column("credits", BigInteger, nullable=False),
    Column("free_units", BigInteger, nullable=False),
    Column("state", String(20), nullable=False),
    Column("captured", BigInteger, nullable=False, comment="credits taken in the end"),
    Column("held_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime, index=True),
    CheckConstraint("state IN ('held', 'captured', 'released')", name="state"),
    Index(
        "ix_holds_standing",
        "held_at",
        sqlite_where=HOLD_STANDS,
        postgresql_where=HOLD_STANDS,
    ),
)

stops = Table(
    "stops",
    metadata,
    Column("operation_key", String(400), primary_key=True),
    Column("account_id", String(200), ForeignKey("accounts.account_id"), nullable=False),
    Column("kept", BigInteger, nullable=False, comment="credits, fixed when the artist stopped the generation"),
    Column("stills_bought", Integer, nullable=False),
    Column("clips_bought", Integer, nullable=False),
    Column("clips_planned", Integer, nullable=False, comment="0: not known"),
    Column("stopped_at", UtcDateTime, nullable=False),
    Index(None, "account_id", "stopped_at"),
)

purchases = Table(
    "purchases",
    metadata,
    Column("purchase_id", String(200), primary_key=True, comment="invoice id for plans, payment intent for top-ups"),
    Column("account_id", String(200), ForeignKey("accounts.account_id"), nullable=False),
    Column("offer_id", String(80), nullable=False),
    Column("credits", BigInteger, nullable=False),
    Column("paid_cents", BigInteger, nullable=False),
    Column("taken_back", BigInteger, nullable=False, comment="credits that refunds and disputes have taken so far"),
    Column("bought_at", UtcDateTime, nullable=False),
    CheckConstraint("taken_back BETWEEN 0 AND credits", name="taken_back"),
)

payments = Table(
    "payments",
    metadata,
    Column("payment_intent", String(200), primary_key=True),
    Column("purchase_id", String(200), nullable=False, index=True, comment="may be learnt before the purchase is"),
)

reversals = Table(
    "reversals",
    metadata,
    Column("reversal_id", String(200), primary_key=True, comment="charge id for refunds, dispute id for disputes"),
    Column("payment_intent", String(200), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("cents", BigInteger, nullable=False, comment="what went back to the payer, in total"),
    Column("is_final", Boolean, nullable=False),
    Column("told_at", BigInteger, nullable=False, server_default=text("0")),
)

stray_payments = Table(
    "stray_payments",
    metadata,
    Column("payment_id", String(200), primary_key=True, comment="invoice id for plans, payment intent for top-ups"),
    Column("offer_id", String(80), nullable=False),
    Column("paid_cents", BigInteger, nullable=False),
    Column("currency", String(10), nullable=False),
    Column("reason", String(400), nullable=False),
    Column("email", String(320), nullable=False),
    Column("account_id", String(200), nullable=False, comment="empty: none is known"),
    Column("payment_intent", String(200), nullable=False),
    Column("period_ends_at", UtcDateTime),
    Column("is_new_subscription", Boolean, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("settled_at", UtcDateTime),
)

erasures = Table(
    "erasures",
    metadata,
    Column("account_id", String(200), ForeignKey("accounts.account_id"), primary_key=True),
    Column("erased_at", UtcDateTime, nullable=False),
)

songs = Table(
    "songs",
    metadata,
    Column("song_id", String(80), primary_key=True),
    Column("account_id", String(200), ForeignKey("accounts.account_id"), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("document", Text, nullable=False, comment="the SongRef"),
    Column("added_at", UtcDateTime, nullable=False),
    Column("search_text", Text, nullable=False, server_default=text("''"), comment="folded, for any language"),
    Column("removed_at", UtcDateTime, comment="deleted; the row stays for the videos made of it"),
    UniqueConstraint("account_id", "sha256"),
    Index(None, "account_id", "added_at"),
)

videos = Table(
    "videos",
    metadata,
    Column("video_id", String(80), primary_key=True),
    Column("account_id", String(200), ForeignKey("accounts.account_id"), nullable=False),
    Column("song_id", String(80), ForeignKey("songs.song_id"), nullable=False),
    Column("title", Text, nullable=False),
    Column("style", String(80), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("brief", Text, comment="the Brief it was made with"),
    Column("search_text", Text, nullable=False, server_default=text("''"), comment="folded, for any language"),
    Column("removed_at", UtcDateTime, comment="deleted; nothing may be delivered under this id any more"),
    Index(None, "account_id", "created_at"),
    Index(None, "song_id"),
)

versions = Table(
    "versions",
    metadata,
    Column("video_id", String(80), ForeignKey("videos.video_id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("operation_key", String(400), nullable=False, unique=True),
    Column("timeline", Text, nullable=False),
    Column("stored_at", UtcDateTime, nullable=False),
)

characters = Table(
    "characters",
    metadata,
    Column("character_id", String(80), primary_key=True),
    Column("account_id", String(200), ForeignKey("accounts.account_id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("folded_name", Text, nullable=False, comment="the name in one case; a removed one gives its name back"),
    Column("document", Text, nullable=False, comment="the CharacterRef"),
    Column("search_text", Text, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Column("removed_at", UtcDateTime),
    UniqueConstraint("account_id", "folded_name"),
    Index(None, "account_id", "added_at"),
)

footage = Table(
    "footage",
    metadata,
    Column("footage_id", String(80), primary_key=True),
    Column("account_id", String(200), ForeignKey("accounts.account_id"), nullable=False),
    Column("sha256", String(64), nullable=False, comment="of the file; of a removed one its id"),
    Column("title", Text, nullable=False),
    Column("document", Text, nullable=False, comment="the FootageRef"),
    Column("search_text", Text, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Column("removed_at", UtcDateTime),
    Index(None, "account_id", "added_at"),
)

assets = Table(
    "assets",
    metadata,
    Column("asset_id", String(80), primary_key=True),
    Column("account_id", String(200), ForeignKey("accounts.account_id"), nullable=False),
    Column("video_id", String(80), ForeignKey("videos.video_id"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("document", Text, nullable=False, comment="the ExportRef"),
    Column("made_at", UtcDateTime, nullable=False),
)

operations = Table(
    "operations",
    metadata,
    Column("operation_key", String(400), primary_key=True),
    Column("account_id", String(200), ForeignKey("accounts.account_id"), nullable=False),
    Column("video_id", String(80), ForeignKey("videos.video_id"), nullable=False),
    Column("scene_index", Integer, comment="none where the whole video is meant"),
    Column("order", Text, nullable=False, comment="the StudioOrder"),
    Column("state", String(20), nullable=False),
    Column("base_version", Integer, nullable=False),
    Column("price", BigInteger, nullable=False),
    Column("free_units", BigInteger, nullable=False),
    Column("free_retry", Boolean, nullable=False, comment="it used up the scene's free retry, unless it fails"),
    Column("take", Text, comment="the SceneTake, once it is made"),
    Column("version", Integer),
    Column("failure", Text, comment="the FailureNote"),
    Column("accepted_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    CheckConstraint("state IN ('accepted', 'made', 'delivered', 'failed')", name="state"),
    Index(None, "video_id", "state"),
)

undelivered = Table(
    "undelivered",
    metadata,
    Column("operation_key", String(400), primary_key=True),
    Column("account_id", String(200), ForeignKey("accounts.account_id"), nullable=False),
    Column("title", Text, nullable=False),
    Column("style", String(80), nullable=False),
    Column("timeline", Text, nullable=False),
    Column("brief", Text, comment="the Brief it was made with"),
    Column("kept_at", UtcDateTime, nullable=False),
)

support_actions = Table(
    "support_actions",
    metadata,
    Column("action_id", _RowNumber, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(200), nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject", String(400), nullable=False, comment="a video or an account"),
    Column("reason", Text, nullable=False),
    Column("outcome", String(400), comment="none: done"),
)

spendings = Table(
    "spendings",
    metadata,
    Column("spending_id", _RowNumber, primary_key=True, autoincrement=True),
    Column("key", String(400), nullable=False, unique=True, comment="provider/id: the provider's own id of the call"),
    Column("account_id", String(200), ForeignKey("accounts.account_id"), nullable=False),
    Column("video_id", String(80), nullable=False, index=True, comment="may not be delivered yet, or never"),
    Column("provider", String(40), nullable=False),
    Column("model", String(200), nullable=False),
    Column("stage", String(40), nullable=False),
    Column("scene_index", Integer),
    Column("cost_micro_usd", BigInteger),
    Column("price_assumed", Boolean, nullable=False, server_default=false()),
    Column("input_tokens", BigInteger, nullable=False),
    Column("cache_read_tokens", BigInteger, nullable=False),
    Column("cache_write_tokens", BigInteger, nullable=False),
    Column("output_tokens", BigInteger, nullable=False),
    Column("outcome", String(40), nullable=False),
    Column("possible", Boolean, nullable=False, server_default=false(), comment="may not be on the provider's bill"),
    Column("at", UtcDateTime, nullable=False),
)

# Queries for open jobs must repeat this word for word, so that the partial index below serves them.
JOB_IS_OPEN = text("ended_at IS NULL AND state <> 'withdrawn'")

provider_jobs = Table(
    "provider_jobs",
    metadata,
    Column("job_key", String(400), primary_key=True, comment="workflow id, piece, scene and revision"),
    Column("workflow_id", String(200), nullable=False, index=True),
    Column("account_id", String(200), ForeignKey("accounts.account_id"), nullable=False),
    Column("video_id", String(80), nullable=False, index=True),
    Column("provider", String(40), nullable=False),
    Column("model", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("scene_index", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("price_micro_usd", BigInteger, nullable=False),
    Column("request_id", String(200)),
    Column("status_url", Text, nullable=False),
    Column("response_url", Text, nullable=False),
    Column("cancel_url", Text, nullable=False),
    Column("unknowns", Integer, nullable=False, comment="submissions whose fate was never learnt"),
    Column("planned_clips", Integer, nullable=False, server_default=text("0"), comment="of the run, as planned"),
    Column("answer", Text, comment="what its webhook brought"),
    Column("result", Text, comment="the stored piece"),
    Column("reason", Text, nullable=False),
    Column("failure", String(40), nullable=False),
    Column("said", String(200), nullable=False, server_default="", comment="the provider's own type of the error"),
    Column("remedy", String(20), nullable=False, server_default="", comment="what the next purchase does differently"),
    Column("billing", String(20), nullable=False, server_default="", comment="whether it is on the bill"),
    Column("cancelled_from", String(20), nullable=False, server_default="", comment="where it was asked to stop"),
    Column("intended_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Index("ix_provider_jobs_open", "intended_at", sqlite_where=JOB_IS_OPEN, postgresql_where=JOB_IS_OPEN),
)

provider_permits = Table(
    "provider_permits",
    metadata,
    Column("job_key", String(400), primary_key=True),
    Column("provider", String(200), nullable=False, index=True, comment="one provider key"),
    Column("account_id", String(200), nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("granted_at", UtcDateTime),
    Column("lapses_at", UtcDateTime, nullable=False, comment="unless its holder renews it"),
)
