"""Reasons: what is kept beside an action on money must say something."""

import typer


def in_words(reason: str) -> str:
    """A reason without the space around it.

    Raises:
        BadParameter: Nothing is left of it.
    """
    if not reason.strip():
        raise typer.BadParameter("say why, in a few words.")
    return reason.strip()
