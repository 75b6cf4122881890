"""What artists do in Studio: each operation, its take, and what became of it."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "operations",
        sa.Column("operation_key", sa.String(length=400), nullable=False),
        sa.Column("account_id", sa.String(length=200), nullable=False),
        sa.Column("video_id", sa.String(length=80), nullable=False),
        sa.Column("scene_index", sa.Integer(), nullable=True, comment="none where the whole video is meant"),
        sa.Column("order", sa.Text(), nullable=False, comment="the StudioOrder"),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("free_units", sa.BigInteger(), nullable=False),
        sa.Column(
            "free_retry", sa.Boolean(), nullable=False, comment="it used up the scene's free retry, unless it fails"
        ),
        sa.Column("take", sa.Text(), nullable=True, comment="the SceneTake, once it is made"),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True, comment="the FailureNote"),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('accepted', 'made', 'delivered', 'failed')", name=op.f("ck_operations_state")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name=op.f("fk_operations_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(["video_id"], ["videos.video_id"], name=op.f("fk_operations_video_id_videos")),
        sa.PrimaryKeyConstraint("operation_key", name=op.f("pk_operations")),
    )
    op.create_index(op.f("ix_operations_video_id_state"), "operations", ["video_id", "state"])
