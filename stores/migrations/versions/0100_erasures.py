"""Erased accounts: their ids stay in the ledger, without access."""

import sqlalchemy as sa
from alembic import op

revision = "0100"
down_revision = "0094"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("account_id", sa.String(length=200), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.account_id"], name=op.f("fk_erasures_account_id_accounts")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_erasures")),
    )
