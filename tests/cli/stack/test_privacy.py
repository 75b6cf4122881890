"""A data folder is its owner's alone."""

import os
import stat
import sys
from pathlib import Path

from cli.stack.privacy import make_private
from cli.stack.processes import Child


def modes(folder: Path) -> dict[str, int]:
    """The permissions of a folder and all that is in it."""
    return {str(path.relative_to(folder)): stat.S_IMODE(path.lstat().st_mode) for path in (folder, *folder.rglob("*"))}


def open_to_all(found: dict[str, int]) -> list[str]:
    return [name for name, mode in found.items() if mode & 0o077]


def test_a_new_folder_is_closed(tmp_path: Path) -> None:
    home = tmp_path / "deep" / "home"
    make_private(home, f"sqlite:///{home}/echonos.db")
    assert modes(home) == {".": 0o700, "echonos.db": 0o600}


def test_an_old_folder_is_closed(tmp_path: Path) -> None:
    """What an older version left, executable files among it."""
    home = tmp_path / "home"
    for folder in ("s3/filerldb2/00", "logs", "temporal", "mail"):
        (home / folder).mkdir(parents=True, mode=0o755)
    for name in ("s3/1.dat", "s3/filerldb2/00/LOG", "logs/api.log.1", "temporal/temporal.db-wal", "echonos.db-shm"):
        (home / name).write_bytes(b"private")
        (home / name).chmod(0o644)
    (home / "mail/tool").write_bytes(b"")
    (home / "mail/tool").chmod(0o755)
    make_private(home, f"sqlite:///{home}/echonos.db")
    found = modes(home)
    assert open_to_all(found) == []
    assert (found["mail/tool"], found["logs"], found["s3/1.dat"]) == (0o700, 0o700, 0o600)


def test_what_is_not_ours_stays_as_it_is(tmp_path: Path) -> None:
    """Also what a link of ours leads to."""
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    home.mkdir()
    for path in (home / "holiday.jpg", elsewhere):
        path.write_bytes(b"")
        path.chmod(0o644)
    (home / "stack.json").symlink_to(elsewhere)
    make_private(home, "postgresql://db/echonos")
    assert (modes(home)["holiday.jpg"], stat.S_IMODE(elsewhere.stat().st_mode)) == (0o644, 0o644)
    assert not (home / "echonos.db").exists()


def test_a_shared_folder_stays_shared(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(0o1777)
    make_private(home, f"sqlite:///{home}/echonos.db")
    assert modes(home) == {".": 0o1777, "echonos.db": 0o600}


def test_what_the_stacks_processes_make_is_private(tmp_path: Path) -> None:
    made = tmp_path / "made"
    child = Child(
        (sys.executable, "-c", f"open({str(made)!r}, 'w')"), env=os.environ, cwd=tmp_path, log=tmp_path / "log"
    )
    while child.exit_code is None:
        pass
    assert open_to_all({path.name: path.stat().st_mode & 0o777 for path in (made, tmp_path / "log")}) == []
