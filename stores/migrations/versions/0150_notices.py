"""E-mails about finished videos: since when an account wants them, and which were sent."""

import sqlalchemy as sa
from alembic import op

revision = "0150"
down_revision = "0140"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("notice_key", sa.String(length=200), nullable=False, comment="the video, and what became of it"),
        sa.Column("account_id", sa.String(length=200), nullable=False),
        sa.Column("quiet_hash", sa.String(length=64), nullable=False, comment="of the link that ends these e-mails"),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.account_id"], name=op.f("fk_notices_account_id_accounts")),
        sa.PrimaryKeyConstraint("notice_key", name=op.f("pk_notices")),
        sa.UniqueConstraint("quiet_hash", name=op.f("uq_notices_quiet_hash")),
    )
    for name in ("account_id", "claimed_at"):
        op.create_index(op.f(f"ix_notices_{name}"), "notices", [name])
    op.create_index(op.f("ix_holds_ended_at"), "holds", ["ended_at"])
    comment = "since when the account wants e-mails about its videos; none: it does not"
    op.add_column("profiles", sa.Column("tell_since", sa.DateTime(timezone=True), nullable=True, comment=comment))
