"""What the tests' own processes make cheap (`tests/fakes/cheap.py`) costs in production what it must."""

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import text

from stores import database, profiles


def untouched(module: ModuleType) -> Any:
    """The module as production loads it."""
    assert module.__file__ is not None
    spec = importlib.util.spec_from_file_location("untouched", module.__file__)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def test_a_password_is_hashed_as_the_standard_recommends(sqlite_template: Path, tmp_path: Path) -> None:
    """RFC 9106, the second recommended option: 64 MiB, three passes, four lanes."""
    path = shutil.copyfile(sqlite_template, tmp_path / "echonos.db")
    opened = database.open_database(f"sqlite:///{path}")
    production = untouched(profiles)
    production.Profiles(opened).sign_up("ada@example.org", "correct horse battery")
    with opened.read() as connection:
        kept = connection.execute(text("SELECT password_hash FROM profiles")).scalar_one()
    opened.close()
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert production._NOBODY.startswith("$argon2id$v=19$m=65536,t=3,p=4$"), "an unknown address takes as long"


def test_a_commit_is_on_the_disk(tmp_path: Path) -> None:
    opened = untouched(database).open_database(f"sqlite:///{tmp_path}/echonos.db")
    with opened.read() as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 2
    opened.close()
