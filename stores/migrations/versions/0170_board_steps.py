"""Storyboards: the orders of their artists, and their revisions."""

import sqlalchemy as sa
from alembic import op

revision = "0170"
down_revision = "0160"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "board_steps",
        sa.Column("operation_key", sa.String(length=400), nullable=False),
        sa.Column("account_id", sa.String(length=200), nullable=False),
        sa.Column("video_id", sa.String(length=80), nullable=False, comment="not delivered yet, or never"),
        sa.Column("operation_id", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("asked", sa.String(length=40), nullable=False, comment="digest of the order"),
        sa.Column("scene_id", sa.Integer(), nullable=True, comment="of a repaint"),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=True, comment="the revision that it made"),
        sa.Column("board_key", sa.Text(), nullable=False, comment="where that revision is stored"),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("free_units", sa.BigInteger(), nullable=False),
        sa.Column("free", sa.Boolean(), nullable=False, comment="it used up the scene's free repaint, unless it fails"),
        sa.Column("failure", sa.Text(), nullable=True, comment="the FailureNote"),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('accepted', 'applied', 'failed')", name=op.f("ck_board_steps_state")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name=op.f("fk_board_steps_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("operation_key", name=op.f("pk_board_steps")),
        sa.UniqueConstraint("video_id", "revision", name=op.f("uq_board_steps_video_id_revision")),
    )
