"""Known devices, second factors, listed sessions with an idle end, security events, outcomes in support's audit."""

import sqlalchemy as sa
from alembic import op

revision = "0101"
down_revision = "0100"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["account_id"], ["accounts.account_id"], name=op.f(f"fk_{table}_account_id_accounts")
    )


def upgrade() -> None:
    op.add_column("sessions", sa.Column("last_seen_at", _MOMENT, nullable=True, comment="none: begun before this"))
    op.add_column("sessions", sa.Column("signed_in_at", _MOMENT, nullable=True, comment="none: when it began"))
    op.add_column("sessions", sa.Column("second_factor_at", _MOMENT, nullable=True))
    op.add_column("sessions", sa.Column("device", sa.String(length=100), nullable=True))
    op.add_column(
        "sessions", sa.Column("host_cookie", sa.Boolean(), server_default=sa.false(), nullable=False, comment="__Host-")
    )
    op.add_column("support_actions", sa.Column("outcome", sa.String(length=400), nullable=True, comment="none: done"))
    op.create_table(
        "devices",
        sa.Column("device_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=200), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        _account("devices"),
        sa.PrimaryKeyConstraint("device_hash", name=op.f("pk_devices")),
    )
    op.create_index(op.f("ix_devices_account_id"), "devices", ["account_id"], unique=False)
    op.create_index(op.f("ix_devices_expires_at"), "devices", ["expires_at"], unique=False)
    op.create_table(
        "second_factors",
        sa.Column("account_id", sa.String(length=200), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False, comment="base32, shared with the app"),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("confirmed_at", _MOMENT, nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=True, comment="of the newest code that was taken"),
        _account("second_factors"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_second_factors")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=200), nullable=False),
        _account("recovery_codes"),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_recovery_codes")),
    )
    op.create_index(op.f("ix_recovery_codes_account_id"), "recovery_codes", ["account_id"], unique=False)
    op.create_table(
        "security_events",
        sa.Column("event_id", _ROW_NUMBER, autoincrement=True, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("account_id", sa.String(length=200), nullable=True, comment="none: no account has the address"),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.String(length=400), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_security_events")),
    )
    op.create_index(
        op.f("ix_security_events_account_id_event_id"), "security_events", ["account_id", "event_id"], unique=False
    )
    op.create_index(op.f("ix_security_events_at"), "security_events", ["at"], unique=False)
