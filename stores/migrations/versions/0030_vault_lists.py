"""The Vault's lists: search, deletion, characters, and the pieces made from a video."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("songs", "videos"):
        op.add_column(
            table,
            sa.Column(
                "search_text",
                sa.Text(),
                server_default=sa.text("''"),
                nullable=False,
                comment="folded, for any language",
            ),
        )
    removed = "deleted; the row stays for the videos made of it"
    op.add_column("songs", sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True, comment=removed))
    removed = "deleted; nothing may be delivered under this id any more"
    op.add_column("videos", sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True, comment=removed))
    for table in ("videos", "undelivered"):
        op.add_column(table, sa.Column("brief", sa.Text(), nullable=True, comment="the Brief it was made with"))
    op.create_index(op.f("ix_songs_account_id_added_at"), "songs", ["account_id", "added_at"])
    op.create_index(op.f("ix_videos_song_id"), "videos", ["song_id"])
    op.create_table(
        "characters",
        sa.Column("character_id", sa.String(length=80), nullable=False),
        sa.Column("account_id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "folded_name",
            sa.Text(),
            nullable=False,
            comment="the name in one case; a removed one gives its name back",
        ),
        sa.Column("document", sa.Text(), nullable=False, comment="the CharacterRef"),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name=op.f("fk_characters_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("character_id", name=op.f("pk_characters")),
        sa.UniqueConstraint("account_id", "folded_name", name=op.f("uq_characters_account_id_folded_name")),
    )
    op.create_index(op.f("ix_characters_account_id_added_at"), "characters", ["account_id", "added_at"])
    op.create_table(
        "assets",
        sa.Column("asset_id", sa.String(length=80), nullable=False),
        sa.Column("account_id", sa.String(length=200), nullable=False),
        sa.Column("video_id", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("document", sa.Text(), nullable=False, comment="the ExportRef"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.account_id"], name=op.f("fk_assets_account_id_accounts")),
        sa.ForeignKeyConstraint(["video_id"], ["videos.video_id"], name=op.f("fk_assets_video_id_videos")),
        sa.PrimaryKeyConstraint("asset_id", name=op.f("pk_assets")),
    )
    op.create_index(op.f("ix_assets_video_id"), "assets", ["video_id"])
    _make_searchable("songs", "song_id")
    _make_searchable("videos", "video_id")


def _make_searchable(name: str, key: str) -> None:
    """What was stored before is found by its title, folded as the code of today folds it."""
    table = sa.table(name, sa.column(key), sa.column("title"), sa.column("search_text"))
    connection = op.get_bind()
    for row in connection.execute(sa.select(table.c[key], table.c.title)).all():
        folded = unicodedata.normalize("NFKC", row.title).casefold()
        connection.execute(sa.update(table).where(table.c[key] == row[0]).values(search_text=folded))
