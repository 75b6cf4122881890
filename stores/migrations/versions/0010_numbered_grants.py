"""Grants are numbered as they come, so that two of one moment, date and priority have an order too."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0060"
branch_labels = None
depends_on = None

_NUMBER = """
UPDATE grants SET number = (
    SELECT count(*) FROM grants AS earlier
    WHERE earlier.account_id = grants.account_id
    AND (earlier.effective_at < grants.effective_at
         OR (earlier.effective_at = grants.effective_at AND earlier.grant_id <= grants.grant_id))
)
"""
_COUNT = """
UPDATE accounts SET grants_made = (SELECT count(*) FROM grants WHERE grants.account_id = accounts.account_id)
"""


def upgrade() -> None:
    op.add_column(
        "grants",
        sa.Column(
            "number",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="among the account's, as they came",
        ),
    )
    op.add_column(
        "accounts",
        sa.Column(
            "grants_made",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="the number of its last grant",
        ),
    )
    op.execute(_NUMBER)
    op.execute(_COUNT)
