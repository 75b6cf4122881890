"""No test finds what another one left in the PostgreSQL database that it used before."""

from sqlalchemy import text

from stores.database import open_database
from stores.ledger import Ledger
from tests.fakes.clock import Clock
from tests.fakes.databases import Databases

HOLDINGS = "SELECT (SELECT count(*) FROM accounts), (SELECT count(*) FROM entries), (SELECT count(*) FROM journal)"


def test_a_used_database_comes_back_empty_and_one_of_another_shape_does_not(postgres: Databases) -> None:
    numbers = []
    with postgres.migrated() as first:
        database = open_database(first)
        Ledger(database, Clock()).open_account("ada")
        with database.read() as connection:
            numbers.append(connection.execute(text("SELECT max(entry_id) FROM entries")).scalar_one())
            assert 0 not in connection.execute(text(HOLDINGS)).one()
    with postgres.migrated() as again:
        assert again == first
        database.close()
        database = open_database(again)
        with database.read() as connection:
            assert connection.execute(text(HOLDINGS)).one() == (0, 0, 0)
        Ledger(database, Clock()).open_account("eve")
        with database.write() as connection:
            numbers.append(connection.execute(text("SELECT max(entry_id) FROM entries")).scalar_one())
            connection.execute(text("ALTER TABLE entries DISABLE TRIGGER USER"))
        database.close()
    assert numbers[0] == numbers[1] > 0
    with postgres.migrated() as another:
        assert another != first
