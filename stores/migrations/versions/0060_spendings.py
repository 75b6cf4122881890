"""What runs have paid to providers."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "spendings",
        sa.Column(
            "spending_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column(
            "key", sa.String(length=400), nullable=False, comment="provider/id: the provider's own id of the call"
        ),
        sa.Column("account_id", sa.String(length=200), nullable=False),
        sa.Column("video_id", sa.String(length=80), nullable=False, comment="may not be delivered yet, or never"),
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("scene_index", sa.Integer(), nullable=True),
        sa.Column("cost_micro_usd", sa.BigInteger(), nullable=True),
        sa.Column("input_tokens", sa.BigInteger(), nullable=False),
        sa.Column("cache_read_tokens", sa.BigInteger(), nullable=False),
        sa.Column("cache_write_tokens", sa.BigInteger(), nullable=False),
        sa.Column("output_tokens", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.account_id"], name=op.f("fk_spendings_account_id_accounts")),
        sa.PrimaryKeyConstraint("spending_id", name=op.f("pk_spendings")),
        sa.UniqueConstraint("key", name=op.f("uq_spendings_key")),
    )
    op.create_index(op.f("ix_spendings_video_id"), "spendings", ["video_id"])
