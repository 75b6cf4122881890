"""`account …`: the account's own settings."""

from typing import Annotated, Literal

import typer

from cli.options import command
from cli.output import Output
from cli.session import Session
from models.notices import MailSettings

account = typer.Typer(help="The account's settings.", no_args_is_help=True)


@command(account)
async def emails(
    videos: Annotated[
        Literal["on", "off"] | None, typer.Argument(help="Switch them on or off; without it, show what is set.")
    ] = None,
    *,
    output: Output,
) -> None:
    """E-mails when a draft is ready, was not made, or waits."""
    from services.telling import choose_mail, mail_settings

    async with Session.open(output) as session:
        app, account_id = session.app, session.account_id
        now = mail_settings(app, account_id) if videos is None else choose_mail(app, account_id, videos=videos == "on")
    output.answer(now, [_line(now)])


def _line(now: MailSettings) -> str:
    if now.address is None:
        return "Off: the account has no e-mail address."
    where = now.address if now.confirmed else f"{now.address}, once it is confirmed"
    return f"On: they go to {where}." if now.videos else "Off."
