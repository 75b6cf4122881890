"""An address belongs to the account that has verified it; until then, any account may claim it."""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("profiles") as profiles:
        profiles.drop_constraint(op.f("uq_profiles_email"), type_="unique")
    verified = sa.text("verified_at IS NOT NULL")
    op.create_index(
        "uq_profiles_verified_email",
        "profiles",
        ["email"],
        unique=True,
        sqlite_where=verified,
        postgresql_where=verified,
    )
    op.create_index("ix_profiles_email_created_at", "profiles", ["email", "created_at"])
