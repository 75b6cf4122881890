"""The databases that what is heard from other services is kept in."""

from tests.stores.conftest import (
    clock,
    database,
    database_url,
    ledger,
    postgres,
    sqlite_template,
)

__all__ = ["clock", "database", "database_url", "ledger", "postgres", "sqlite_template"]
