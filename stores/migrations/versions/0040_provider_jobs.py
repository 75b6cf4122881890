"""Jobs that are bought from providers, and the permits that cap them."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0030"
branch_labels = None
depends_on = None

_OPEN = sa.text("ended_at IS NULL AND state <> 'withdrawn'")


def upgrade() -> None:
    op.create_table(
        "provider_jobs",
        sa.Column("job_key", sa.String(length=400), nullable=False, comment="workflow id, piece, scene and revision"),
        sa.Column("workflow_id", sa.String(length=200), nullable=False),
        sa.Column("account_id", sa.String(length=200), nullable=False),
        sa.Column("video_id", sa.String(length=80), nullable=False),
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("scene_index", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("price_micro_usd", sa.BigInteger(), nullable=False),
        sa.Column("request_id", sa.String(length=200), nullable=True),
        sa.Column("status_url", sa.Text(), nullable=False),
        sa.Column("response_url", sa.Text(), nullable=False),
        sa.Column("cancel_url", sa.Text(), nullable=False),
        sa.Column("unknowns", sa.Integer(), nullable=False, comment="submissions whose fate was never learnt"),
        sa.Column("answer", sa.Text(), nullable=True, comment="what its webhook brought"),
        sa.Column("result", sa.Text(), nullable=True, comment="the stored piece"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("failure", sa.String(length=40), nullable=False),
        sa.Column("intended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name=op.f("fk_provider_jobs_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("job_key", name=op.f("pk_provider_jobs")),
    )
    op.create_index(op.f("ix_provider_jobs_workflow_id"), "provider_jobs", ["workflow_id"])
    op.create_index(op.f("ix_provider_jobs_video_id"), "provider_jobs", ["video_id"])
    op.create_index(
        "ix_provider_jobs_open", "provider_jobs", ["intended_at"], sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    op.create_table(
        "provider_permits",
        sa.Column("job_key", sa.String(length=400), nullable=False),
        sa.Column("provider", sa.String(length=200), nullable=False, comment="one provider key"),
        sa.Column("account_id", sa.String(length=200), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lapses_at", sa.DateTime(timezone=True), nullable=False, comment="unless its holder renews it"),
        sa.PrimaryKeyConstraint("job_key", name=op.f("pk_provider_permits")),
    )
    op.create_index(op.f("ix_provider_permits_provider"), "provider_permits", ["provider"])
