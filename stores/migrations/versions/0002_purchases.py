"""Purchases."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payments",
        sa.Column("payment_intent", sa.String(length=200), nullable=False),
        sa.Column("purchase_id", sa.String(length=200), nullable=False, comment="may be learnt before the purchase is"),
        sa.PrimaryKeyConstraint("payment_intent", name=op.f("pk_payments")),
    )
    op.create_index("ix_payments_purchase_id", "payments", ["purchase_id"])

    op.create_table(
        "reversals",
        sa.Column(
            "reversal_id",
            sa.String(length=200),
            nullable=False,
            comment="charge id for refunds, dispute id for disputes",
        ),
        sa.Column("payment_intent", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False, comment="what went back to the payer, in total"),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("reversal_id", name=op.f("pk_reversals")),
    )
    op.create_index("ix_reversals_payment_intent", "reversals", ["payment_intent"])

    op.create_table(
        "purchases",
        sa.Column(
            "purchase_id",
            sa.String(length=200),
            nullable=False,
            comment="invoice id for plans, payment intent for top-ups",
        ),
        sa.Column("account_id", sa.String(length=200), nullable=False),
        sa.Column("offer_id", sa.String(length=80), nullable=False),
        sa.Column("credits", sa.BigInteger(), nullable=False),
        sa.Column("paid_cents", sa.BigInteger(), nullable=False),
        sa.Column(
            "taken_back", sa.BigInteger(), nullable=False, comment="credits that refunds and disputes have taken so far"
        ),
        sa.Column("bought_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("taken_back BETWEEN 0 AND credits", name=op.f("ck_purchases_taken_back")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.account_id"], name=op.f("fk_purchases_account_id_accounts")),
        sa.PrimaryKeyConstraint("purchase_id", name=op.f("pk_purchases")),
    )
    # Plain ALTER TABLE: a batch could copy the table and lose its append-only triggers.
    op.add_column("journal", sa.Column("available_after", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
