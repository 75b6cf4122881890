"""Unsent words: of scenes in Studio, and of the brief on Create."""

import sqlalchemy as sa
from alembic import op

revision = "0120"
down_revision = "0110"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def _account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["account_id"], ["accounts.account_id"], name=op.f(f"fk_{table}_account_id_accounts")
    )


def upgrade() -> None:
    op.create_table(
        "scene_drafts",
        sa.Column("account_id", sa.String(length=200), nullable=False),
        sa.Column("video_id", sa.String(length=80), nullable=False),
        sa.Column("scene_index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.Text(), nullable=False, comment="the SceneDraft"),
        sa.Column("updated_at", _MOMENT, nullable=False),
        _account("scene_drafts"),
        sa.PrimaryKeyConstraint("account_id", "video_id", "scene_index", name=op.f("pk_scene_drafts")),
    )
    op.create_table(
        "brief_drafts",
        sa.Column("account_id", sa.String(length=200), nullable=False),
        sa.Column("document", sa.Text(), nullable=False, comment="the BriefDraft"),
        sa.Column("updated_at", _MOMENT, nullable=False),
        _account("brief_drafts"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_brief_drafts")),
    )
