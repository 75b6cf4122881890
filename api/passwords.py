"""Which passwords are refused: those that guessers try first. Existing ones go on working until they are changed.

zxcvbn (Wheeler, USENIX Security 2016) ships lists of common passwords, names and words, and estimates how many guesses
a password takes with them, with keyboard runs, dates, repeats and the usual replacements of letters.
"""

from math import log10

from api.problems import Problem

FEWEST_GUESSES_LOG10 = 7.0
LOOKED_AT_CHARS = 32
"""Its search grows with the square of the length and more: one second for 72 chosen characters, 0.2 s for these."""

OUR_WORDS = ("echonos", "music", "video")


def refuse_common(password: str, email: str | None, field: str = "password") -> None:
    """Refuse a new password that is easy to guess. Takes a moment: call it where hashing is done.

    Args:
        password: The new one, long enough.
        email: The account's address, whose parts are no secret.
        field: Where the request has it.

    Raises:
        Problem: 422, it is a common one or close to one.
    """
    from zxcvbn import zxcvbn  # late: its lists take a while to load, and most requests bring no new password

    known = (email or "").lower()
    parts = [
        part
        for part in (known, known.partition("@")[0], *known.replace("@", ".").replace("+", ".").split("."))
        if len(part) > 2
    ]
    estimate = zxcvbn(password[:LOOKED_AT_CHARS], user_inputs=[*parts, *OUR_WORDS])
    if log10(max(1.0, float(estimate["guesses"]))) < FEWEST_GUESSES_LOG10:
        raise Problem(
            422,
            "common_password",
            "This password is among the first that guessers try: take another one, for instance four unrelated words.",
            field,
        )
