"""Artists' own stops of generations, and how many clips the run behind a job plans."""

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stops",
        sa.Column("operation_key", sa.String(length=400), nullable=False),
        sa.Column("account_id", sa.String(length=200), nullable=False),
        sa.Column(
            "kept", sa.BigInteger(), nullable=False, comment="credits, fixed when the artist stopped the generation"
        ),
        sa.Column("stills_bought", sa.Integer(), nullable=False),
        sa.Column("clips_bought", sa.Integer(), nullable=False),
        sa.Column("clips_planned", sa.Integer(), nullable=False, comment="0: not known"),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.account_id"], name=op.f("fk_stops_account_id_accounts")),
        sa.PrimaryKeyConstraint("operation_key", name=op.f("pk_stops")),
    )
    op.create_index(op.f("ix_stops_account_id_stopped_at"), "stops", ["account_id", "stopped_at"])
    op.add_column(
        "provider_jobs",
        sa.Column(
            "planned_clips",
            sa.Integer(),
            nullable=False,
            server_default=sa.text("0"),
            comment="of the run, as planned",
        ),
    )
