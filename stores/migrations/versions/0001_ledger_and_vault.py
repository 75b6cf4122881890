"""Ledger and vault."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("account_id", sa.String(length=200), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receivable", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("receivable >= 0", name=op.f("ck_accounts_receivable")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_accounts")),
    )
    op.create_table(
        "grants",
        sa.Column("grant_id", sa.String(length=80), nullable=False),
        sa.Column("account_id", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_from", sa.String(length=80), nullable=True),
        sa.Column("available", sa.BigInteger(), nullable=False),
        sa.Column("held", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_grants_amount")),
        sa.CheckConstraint("available >= 0", name=op.f("ck_grants_available")),
        sa.CheckConstraint("held >= 0", name=op.f("ck_grants_held")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.account_id"], name=op.f("fk_grants_account_id_accounts")),
        sa.ForeignKeyConstraint(["returned_from"], ["grants.grant_id"], name=op.f("fk_grants_returned_from_grants")),
        sa.PrimaryKeyConstraint("grant_id", name=op.f("pk_grants")),
    )
    with op.batch_alter_table("grants", schema=None) as batch_op:
        batch_op.create_index(
            "ix_grants_open",
            ["account_id"],
            unique=False,
            sqlite_where=sa.text("available > 0 OR held > 0"),
            postgresql_where=sa.text("available > 0 OR held > 0"),
        )

    op.create_table(
        "holds",
        sa.Column("hold_id", sa.String(length=80), nullable=False),
        sa.Column("operation_key", sa.String(length=400), nullable=False),
        sa.Column("account_id", sa.String(length=200), nullable=False),
        sa.Column("operation", sa.String(length=40), nullable=False),
        sa.Column("credits", sa.BigInteger(), nullable=False),
        sa.Column("free_units", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("captured", sa.BigInteger(), nullable=False, comment="credits taken in the end"),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('held', 'captured', 'released')", name=op.f("ck_holds_state")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.account_id"], name=op.f("fk_holds_account_id_accounts")),
        sa.PrimaryKeyConstraint("hold_id", name=op.f("pk_holds")),
        sa.UniqueConstraint("operation_key", name=op.f("uq_holds_operation_key")),
    )
    with op.batch_alter_table("holds", schema=None) as batch_op:
        batch_op.create_index(
            "ix_holds_standing",
            ["held_at"],
            unique=False,
            sqlite_where=sa.text("state = 'held'"),
            postgresql_where=sa.text("state = 'held'"),
        )

    op.create_table(
        "journal",
        sa.Column(
            "transaction_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column(
            "key", sa.String(length=400), nullable=True, comment="idempotency key; none where the ledger acts by itself"
        ),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False, comment="the request, to compare a repeated key with"),
        sa.Column("answer", sa.Text(), nullable=False, comment="the first answer, given again to a repeated key"),
        sa.Column("hold_id", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.account_id"], name=op.f("fk_journal_account_id_accounts")),
        sa.PrimaryKeyConstraint("transaction_id", name=op.f("pk_journal")),
        sa.UniqueConstraint("key", name=op.f("uq_journal_key")),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_journal_account_id_transaction_id"), ["account_id", "transaction_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_journal_hold_id"), ["hold_id"], unique=False)

    op.create_table(
        "songs",
        sa.Column("song_id", sa.String(length=80), nullable=False),
        sa.Column("account_id", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False, comment="the SongRef"),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.account_id"], name=op.f("fk_songs_account_id_accounts")),
        sa.PrimaryKeyConstraint("song_id", name=op.f("pk_songs")),
        sa.UniqueConstraint("account_id", "sha256", name=op.f("uq_songs_account_id_sha256")),
    )
    op.create_table(
        "undelivered",
        sa.Column("operation_key", sa.String(length=400), nullable=False),
        sa.Column("account_id", sa.String(length=200), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("style", sa.String(length=80), nullable=False),
        sa.Column("timeline", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name=op.f("fk_undelivered_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("operation_key", name=op.f("pk_undelivered")),
    )
    op.create_table(
        "entries",
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("transaction_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False, comment="an account, or `house`"),
        sa.Column("book", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("grant_id", sa.String(length=80), nullable=True),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_entries_amount")),
        sa.ForeignKeyConstraint(["grant_id"], ["grants.grant_id"], name=op.f("fk_entries_grant_id_grants")),
        sa.ForeignKeyConstraint(
            ["transaction_id"], ["journal.transaction_id"], name=op.f("fk_entries_transaction_id_journal")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_entries")),
    )
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entries_transaction_id"), ["transaction_id"], unique=False)

    op.create_table(
        "videos",
        sa.Column("video_id", sa.String(length=80), nullable=False),
        sa.Column("account_id", sa.String(length=200), nullable=False),
        sa.Column("song_id", sa.String(length=80), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("style", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.account_id"], name=op.f("fk_videos_account_id_accounts")),
        sa.ForeignKeyConstraint(["song_id"], ["songs.song_id"], name=op.f("fk_videos_song_id_songs")),
        sa.PrimaryKeyConstraint("video_id", name=op.f("pk_videos")),
    )
    with op.batch_alter_table("videos", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_videos_account_id_created_at"), ["account_id", "created_at"], unique=False)

    op.create_table(
        "versions",
        sa.Column("video_id", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("operation_key", sa.String(length=400), nullable=False),
        sa.Column("timeline", sa.Text(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["video_id"], ["videos.video_id"], name=op.f("fk_versions_video_id_videos")),
        sa.PrimaryKeyConstraint("video_id", "version", name=op.f("pk_versions")),
        sa.UniqueConstraint("operation_key", name=op.f("uq_versions_operation_key")),
    )
    _forbid_changes()


def _forbid_changes() -> None:
    """Journal and entries only ever grow: the database itself refuses anything else."""
    if op.get_bind().dialect.name == "sqlite":
        for table in ("journal", "entries"):
            for change in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        return
    op.execute(
        "CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in ("journal", "entries"):
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
        )
