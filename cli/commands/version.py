"""`version`: the checkout's version, from its git tags."""

import shutil
import subprocess

from cli.output import Output
from settings import CHECKOUT

UNKNOWN = "unknown"


async def version(*, output: Output) -> None:
    """The version from git's tags; give it to workers as ECHONOS_BUILD_ID."""
    found = described()
    output.answer({"version": found}, [found])


def described() -> str:
    """`git describe` of the checkout; `unknown` without git or outside a checkout."""
    git = shutil.which("git")
    if git is None:
        return UNKNOWN
    asked = [git, "-C", str(CHECKOUT), "describe", "--tags", "--match", "v[0-9]*", "--always", "--dirty"]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False)
    return answer.stdout.strip() or UNKNOWN
