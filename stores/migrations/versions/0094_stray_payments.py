"""Payments that wait for support, and the time of each refund or dispute event, so that the latest one counts."""

import sqlalchemy as sa
from alembic import op

revision = "0094"
down_revision = "0093"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reversals", sa.Column("told_at", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.create_table(
        "stray_payments",
        sa.Column(
            "payment_id",
            sa.String(length=200),
            nullable=False,
            comment="invoice id for plans, payment intent for top-ups",
        ),
        sa.Column("offer_id", sa.String(length=80), nullable=False),
        sa.Column("paid_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("account_id", sa.String(length=200), nullable=False, comment="empty: none is known"),
        sa.Column("payment_intent", sa.String(length=200), nullable=False),
        sa.Column("period_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_new_subscription", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("payment_id", name=op.f("pk_stray_payments")),
    )
