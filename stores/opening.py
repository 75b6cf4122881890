"""The stores of one process, opened together."""

from dataclasses import dataclass

from stores.account_data import AccountData
from stores.boards import Boards
from stores.catalogue import Catalogue
from stores.characters import Characters
from stores.database import Database, migrate, open_database
from stores.deletion import DeletionStore
from stores.drafts import Drafts
from stores.footage import Footage
from stores.ledger import Ledger
from stores.local_cache import LocalCache
from stores.objects import S3Objects
from stores.operations import Operations
from stores.orders import Orders
from stores.permits import Permits
from stores.provider_jobs import JobBook
from stores.spending import SpendingBook
from stores.statement import Statements
from stores.support import SupportLog
from stores.vault import Vault


@dataclass(frozen=True)
class Stores:
    """Ledger and Vault share a database, so that delivery and settlement are single transactions."""

    database: Database
    objects: S3Objects
    ledger: Ledger
    vault: Vault
    catalogue: Catalogue
    characters: Characters
    footage: Footage
    operations: Operations
    boards: Boards
    deletion: DeletionStore
    support: SupportLog
    spending: SpendingBook
    jobs: JobBook
    permits: Permits
    orders: Orders
    drafts: Drafts
    statements: Statements
    account_data: AccountData


def open_stores(
    *,
    database_url: str,
    s3_endpoint: str | None,
    s3_region: str,
    s3_access_key: str,
    s3_secret_key: str,
    s3_bucket: str,
    local_cache: LocalCache | None = None,
) -> Stores:
    """Open all stores; the database is migrated first, which is safe when several processes do it at once."""
    migrate(database_url)
    database = open_database(database_url)
    objects = S3Objects(s3_endpoint, s3_region, s3_access_key, s3_secret_key, s3_bucket, local_cache)
    return Stores(
        database=database,
        objects=objects,
        ledger=Ledger(database),
        vault=Vault(database),
        catalogue=Catalogue(database),
        characters=Characters(database),
        footage=Footage(database),
        operations=Operations(database),
        boards=Boards(database),
        deletion=DeletionStore(database),
        support=SupportLog(database),
        spending=SpendingBook(database),
        jobs=JobBook(database),
        permits=Permits(database),
        orders=Orders(database),
        drafts=Drafts(database),
        statements=Statements(database),
        account_data=AccountData(database),
    )
