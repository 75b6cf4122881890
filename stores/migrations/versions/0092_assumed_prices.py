"""What was paid at a price that is only assumed, because the model's own is not known."""

import sqlalchemy as sa
from alembic import op

revision = "0092"
down_revision = "0080"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("spendings", sa.Column("price_assumed", sa.Boolean(), server_default=sa.false(), nullable=False))
