"""Python releases whose fixes matter here: each closes a hole that strangers could reach through our use of it."""

from models.base import Model

Release = tuple[int, int, int]


class KnownFix(Model):
    """One fix in the standard library."""

    release: Release
    name: str
    why: str


KNOWN_FIXES = (
    KnownFix(
        release=(3, 11, 10),
        name="CVE-2024-7592",
        why="one cookie of backslashes keeps http.cookies busy for seconds",
    ),
    KnownFix(
        release=(3, 11, 10),
        name="CVE-2024-6923",
        why="line breaks in an e-mail's headers could add headers of a stranger's",
    ),
    KnownFix(
        release=(3, 11, 12),
        name="CVE-2025-0938",
        why="urlsplit took hosts with brackets that other parsers read as another host",
    ),
)


def missing_fixes(release: Release) -> tuple[KnownFix, ...]:
    """The fixes that a Python release lacks.

    Args:
        release: Major, minor and micro version.

    Returns:
        The missing fixes, oldest first.
    """
    return tuple(fix for fix in KNOWN_FIXES if fix.release > release)


def python_sentence(release: Release) -> str:
    """Whether a Python release has the known fixes, in a sentence: if not, what to install and why."""
    own, missing = _words(release), missing_fixes(release)
    if not missing:
        return f"{own}, with the known fixes."
    reasons = "; ".join(f"{fix.name}, {fix.why}" for fix in missing)
    return f"{own} lacks fixes that {_words(missing[-1].release)} has ({reasons}): install that or a later one."


def _words(release: Release) -> str:
    return "Python " + ".".join(map(str, release))
