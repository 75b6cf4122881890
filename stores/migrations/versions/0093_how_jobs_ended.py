"""How a job ended at its provider, in the provider's own type, and whether it is certainly on the bill."""

import sqlalchemy as sa
from alembic import op

revision = "0093"
down_revision = "0092"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, length, comment in (
        ("said", 200, "the provider's own type of the error"),
        ("remedy", 20, "what the next purchase does differently"),
        ("billing", 20, "whether it is on the bill"),
        ("cancelled_from", 20, "where it was asked to stop"),
    ):
        column = sa.Column(name, sa.String(length=length), nullable=False, server_default="", comment=comment)
        op.add_column("provider_jobs", column)
    op.add_column(
        "spendings",
        sa.Column(
            "possible",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="may not be on the provider's bill",
        ),
    )
    op.execute("UPDATE spendings SET possible = true WHERE provider = 'fal' AND outcome IN ('unknown', 'refused')")
