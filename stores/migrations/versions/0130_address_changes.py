"""Changes of an account's e-mail address that wait to be confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0130"
down_revision = "0120"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "address_changes",
        sa.Column("account_id", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False, comment="the new one"),
        sa.Column("old_hash", sa.String(length=64), nullable=False),
        sa.Column("new_hash", sa.String(length=64), nullable=False),
        sa.Column("old_agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("new_agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name=op.f("fk_address_changes_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_address_changes")),
    )
    for name in ("old_hash", "new_hash", "expires_at"):
        op.create_index(op.f(f"ix_address_changes_{name}"), "address_changes", [name])
