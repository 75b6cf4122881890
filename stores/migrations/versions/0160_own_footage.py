"""Pictures and clips of the artists' own."""

import sqlalchemy as sa
from alembic import op

revision = "0160"
down_revision = "0150"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "footage",
        sa.Column("footage_id", sa.String(length=80), nullable=False),
        sa.Column("account_id", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="of the file; of a removed one its id"),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False, comment="the FootageRef"),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.Column("removed_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.account_id"], name=op.f("fk_footage_account_id_accounts")),
        sa.PrimaryKeyConstraint("footage_id", name=op.f("pk_footage")),
    )
    op.create_index(op.f("ix_footage_account_id_added_at"), "footage", ["account_id", "added_at"])
