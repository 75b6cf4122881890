"""API tokens: shown once, stored as digests, revocable, scoped."""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import uuid4

from sqlalchemy import insert, select, update

from models.access import ApiToken, Profile, Scope
from models.secrets import digest_secret, new_secret
from stores import schema_access as tables
from stores.database import Database, utc_now
from stores.profiles import profile_of

PREFIX = "echonos_"
"""The start of every token, so that scanners for leaked secrets recognise one."""


class Tokens:
    """The tokens of all accounts.

    Args:
        database: A migrated database.
        clock: Returns the current time, aware; tests pass their own.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    def issue(
        self, account_id: str, name: str, scopes: Iterable[Scope], expires_at: datetime | None = None
    ) -> tuple[ApiToken, str]:
        """Create a token.

        Args:
            account_id: The owning account.
            name: The artist's name for the token.
            scopes: What the token may do.
            expires_at: When it expires; None: never.

        Returns:
            The token, and its secret, which is never shown again.
        """
        secret = new_secret(PREFIX)
        token = ApiToken(
            token_id=f"token-{uuid4().hex[:20]}",
            name=name,
            scopes=frozenset(scopes),
            created_at=self._clock(),
            expires_at=expires_at,
        )
        row = {
            "token_id": token.token_id,
            "account_id": account_id,
            "token_hash": digest_secret(secret),
            "name": name,
            "scopes": ",".join(sorted(token.scopes)),
            "created_at": token.created_at,
            "expires_at": expires_at,
        }
        with self._database.write() as connection:
            connection.execute(insert(tables.api_tokens), row)
        return token, secret

    def find(self, secret: str) -> tuple[Profile, frozenset[Scope]] | None:
        """The profile of a token and its scopes; None if it is revoked, expired or unknown."""
        token, profile = tables.api_tokens.c, tables.profiles
        query = (
            select(profile, token.scopes)
            .join(tables.api_tokens, token.account_id == profile.c.account_id)
            .where(
                token.token_hash == digest_secret(secret),
                token.revoked_at.is_(None),
                token.expires_at.is_(None) | (token.expires_at > self._clock()),
            )
        )
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return None if row is None else (profile_of(row), _scopes(row.scopes))

    def list(self, account_id: str) -> list[ApiToken]:
        """The account's tokens that are not revoked, newest first."""
        token = tables.api_tokens.c
        query = select(tables.api_tokens).where(token.account_id == account_id, token.revoked_at.is_(None))
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(token.created_at.desc(), token.token_id)).all()
        return [
            ApiToken(
                token_id=row.token_id,
                name=row.name,
                scopes=_scopes(row.scopes),
                created_at=row.created_at,
                expires_at=row.expires_at,
            )
            for row in rows
        ]

    def revoke(self, account_id: str, token_id: str) -> bool:
        """Revoke a token at once; False if the account has no such token."""
        table = tables.api_tokens
        mine = (table.c.account_id == account_id) & (table.c.token_id == token_id) & table.c.revoked_at.is_(None)
        with self._database.write() as connection:
            return connection.execute(update(table).where(mine).values(revoked_at=self._clock())).rowcount > 0


def _scopes(text: str) -> frozenset[Scope]:
    return frozenset(Scope(name) for name in text.split(",") if name)
