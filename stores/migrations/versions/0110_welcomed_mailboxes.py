"""Mailboxes whose welcome credits were given: those of all confirmed addresses."""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0110"
down_revision = "0101"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = op.create_table(
        "welcomed_mailboxes",
        sa.Column("mailbox_digest", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=200), nullable=True, comment="none: it was erased"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("mailbox_digest", name=op.f("pk_welcomed_mailboxes")),
    )
    profiles = sa.table(
        "profiles",
        sa.column("account_id", sa.String),
        sa.column("email", sa.String),
        sa.column("verified_at", sa.DateTime(timezone=True)),
    )
    confirmed = sa.select(profiles.c.account_id, profiles.c.email, profiles.c.verified_at).where(
        profiles.c.email.is_not(None), profiles.c.verified_at.is_not(None)
    )
    found: dict[str, dict[str, object]] = {}
    for row in op.get_bind().execute(confirmed.order_by(profiles.c.verified_at)):
        digest = _mailbox_digest(row.email)
        found.setdefault(digest, {"mailbox_digest": digest, "account_id": row.account_id, "at": row.verified_at})
    if found:
        op.bulk_insert(table, list(found.values()))


def _mailbox_digest(email: str) -> str:
    """As it was defined when this migration was written."""
    local, _, domain = email.strip().casefold().rpartition("@")
    local = local.partition("+")[0] or local
    if domain in {"gmail.com", "googlemail.com"}:
        local, domain = local.replace(".", ""), "gmail.com"
    return hashlib.sha256(f"mailbox\n{local}@{domain}".encode()).hexdigest()
