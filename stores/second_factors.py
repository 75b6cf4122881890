"""Second factors: codes of an authenticator app (TOTP, RFC 6238), and recovery codes that work once.

The secret of an app must be stored in plain, to compute its codes; it grants no access without the password. Recovery
codes are random and long, so their digests are enough.
"""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime

import pyotp
from sqlalchemy import Connection, delete, func, insert, select, update

from models.access import FactorState
from models.secrets import digest_secret
from stores import schema_access as tables
from stores.database import Database, utc_now

ISSUER = "Echonos"
RECOVERY_CODES = 10
DRIFT_STEPS = 1
"""Clocks of telephones may be half a minute off (RFC 6238, 5.2)."""

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_CHARS = 4, 4


class SecondFactors:
    """The second factors of all accounts.

    Args:
        database: A migrated database.
        clock: Returns the current time, aware; tests pass their own.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    def propose(self, account_id: str) -> str | None:
        """Propose a new factor.

        Args:
            account_id: The account.

        Returns:
            The new secret in base32, for the app; it takes effect once `confirm` has checked a code of it. None if a
            factor is already in use.
        """
        secret, table = pyotp.random_base32(), tables.second_factors
        with self._database.write() as connection:
            mine = table.c.account_id == account_id
            connection.execute(delete(table).where(mine, table.c.confirmed_at.is_(None)))
            if connection.execute(select(table.c.account_id).where(mine)).first():
                return None
            row = {"account_id": account_id, "secret": secret, "created_at": self._clock()}
            connection.execute(insert(table), row)
        return secret

    def confirm(self, account_id: str, code: str) -> tuple[str, ...] | None:
        """Activate the proposed factor.

        Args:
            account_id: The account.
            code: A code of the app that got the proposed secret.

        Returns:
            The recovery codes, which are never shown again; None if the code is wrong or nothing was proposed.
        """
        table = tables.second_factors
        with self._database.write() as connection:
            mine = table.c.account_id == account_id
            row = connection.execute(select(table).where(mine, table.c.confirmed_at.is_(None))).first()
            step = None if row is None else self._step_of(row.secret, code)
            if step is None:
                return None
            connection.execute(update(table).where(mine).values(confirmed_at=self._clock(), last_step=step))
            return _new_codes(connection, account_id)

    def renew_codes(self, account_id: str) -> tuple[str, ...] | None:
        """New recovery codes, which replace all older ones; None if the account has no factor."""
        with self._database.write() as connection:
            return _new_codes(connection, account_id) if _is_in_use(connection, account_id) else None

    def check(self, account_id: str, code: str) -> str | None:
        """Check a code; each code works once.

        Args:
            account_id: The account.
            code: Six digits of the app, or a recovery code; blanks and hyphens are ignored.

        Returns:
            `app` or `recovery`, the kind of the code; None if it is wrong, was used before, or no factor is in use.
        """
        table, codes, plain = tables.second_factors, tables.recovery_codes, _plain(code)
        with self._database.write() as connection:
            mine = (table.c.account_id == account_id) & table.c.confirmed_at.is_not(None)
            row = connection.execute(select(table).where(mine)).first()
            if row is None:
                return None
            step = self._step_of(row.secret, plain)
            if step is not None:
                # In one statement: of two requests with the same code only one succeeds.
                newer = table.c.last_step.is_(None) | (table.c.last_step < step)
                taken = connection.execute(update(table).where(mine, newer).values(last_step=step)).rowcount
                return "app" if taken else None
            used = delete(codes).where(
                codes.c.account_id == account_id, codes.c.code_hash == _digest(account_id, plain)
            )
            return "recovery" if connection.execute(used).rowcount else None

    def state(self, account_id: str) -> FactorState:
        """Whether a factor is in use, and how many recovery codes are left."""
        codes = tables.recovery_codes
        count = select(func.count()).select_from(codes).where(codes.c.account_id == account_id)
        with self._database.read() as connection:
            if not _is_in_use(connection, account_id):
                return FactorState()
            return FactorState(enabled=True, recovery_codes_left=connection.execute(count).scalar_one())

    def remove(self, account_id: str) -> bool:
        """Switch the factor off, with its recovery codes; False if there is none."""
        with self._database.write() as connection:
            was_in_use = _is_in_use(connection, account_id)
            for table in (tables.second_factors, tables.recovery_codes):
                connection.execute(delete(table).where(table.c.account_id == account_id))
            return was_in_use

    def _step_of(self, secret: str, code: str) -> int | None:
        """The time step of this code, within the drift."""
        totp, plain = pyotp.TOTP(secret), _plain(code)
        now = totp.timecode(self._clock())
        steps: Sequence[int] = range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1)
        fits = [step for step in steps if secrets.compare_digest(totp.generate_otp(step).encode(), plain.encode())]
        return max(fits, default=None)


def app_link(secret: str, name: str) -> str:
    """The `otpauth:` address through which an authenticator app imports a secret."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def _is_in_use(connection: Connection, account_id: str) -> bool:
    table = tables.second_factors
    mine = select(table.c.account_id).where(table.c.account_id == account_id, table.c.confirmed_at.is_not(None))
    return connection.execute(mine).first() is not None


def _new_codes(connection: Connection, account_id: str) -> tuple[str, ...]:
    table = tables.recovery_codes
    made = tuple(
        "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_CHARS)) for _ in range(_GROUPS))
        for _ in range(RECOVERY_CODES)
    )
    connection.execute(delete(table).where(table.c.account_id == account_id))
    rows = [{"account_id": account_id, "code_hash": _digest(account_id, _plain(code))} for code in made]
    connection.execute(insert(table), rows)
    return made


def _plain(code: str) -> str:
    return "".join(code.split()).replace("-", "").lower()


def _digest(account_id: str, code: str) -> str:
    return digest_secret(f"{account_id}/{code}")
