"""Refuses passwords that guessers try first. Existing ones work until they are changed.

zxcvbn (Wheeler, USENIX Security 2016) ships lists of common passwords, names and words, and estimates how many guesses
a password takes with them, with keyboard runs, dates, repeats and the usual replacements of letters.
"""

from math import log10

from models.failures import InvalidInput

FEWEST_GUESSES_LOG10 = 7.0
LOOKED_AT_CHARS = 32
"""zxcvbn's time grows with more than the square of the length: 1 s for the worst 72 characters, 0.2 s for these."""

OUR_WORDS = ("echonos", "music", "video")


def refuse_common(password: str, email: str | None, field: str = "password") -> None:
    """Refuse a new password that is easy to guess. Slow: call it where hashing is done.

    Args:
        email: The account's address, whose parts are easy to guess.

    Raises:
        InvalidInput: `common_password`: it is common, or close to a common one.
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
        raise InvalidInput(
            "This password is among the first that guessers try: take another one, for instance four unrelated words.",
            "common_password",
            field,
        )
