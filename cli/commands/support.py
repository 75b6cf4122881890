"""`support …`: find runs that wait for a person, and help them. Every action leaves an audit entry."""

import asyncio
import getpass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.commands.reasons import in_words
from cli.output import Output
from models.progress import RunStatus, StageName

support = typer.Typer(help="Find runs that wait for a person, and help them.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
VideoId = Annotated[str, typer.Argument(help="The video's id.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the audit.", callback=in_words)]
Note = Annotated[str, typer.Option("--reason", help="Why; kept in the audit.")]
Actor = Annotated[str, typer.Option("--as", help="Who acts; kept in the audit.", default_factory=getpass.getuser)]


class StageOption(StrEnum):
    """Stages as they are typed: with hyphens."""

    AUDIO_ANALYSIS = "audio-analysis"
    CREATIVE_VISION = "creative-vision"
    CASTING = "casting"
    SEQUENCE_PLANNING = "sequence-planning"
    SHOT_SPECIFICATION = "shot-specification"
    PROMPT_ENGINEERING = "prompt-engineering"
    IMAGE_GENERATION = "image-generation"
    VIDEO_GENERATION = "video-generation"
    ASSEMBLY = "assembly"

    @property
    def stage(self) -> StageName:
        """The stage that is meant."""
        return next(stage for stage in StageName if stage.slug == self.value)


@support.command("list")
def list_runs(
    state: Annotated[RunStatus, typer.Option(help="Only runs in this state.")] = RunStatus.NEEDS_ATTENTION,
    as_json: AsJson = False,
) -> None:
    """Runs in a state, oldest first."""
    from cli.support import show_runs

    asyncio.run(show_runs(state, Output(as_json)))


@support.command()
def show(
    name: Annotated[str, typer.Argument(metavar="VIDEO|ACCOUNT", help="A video's id, or an account's.")],
    actor: Actor,
    as_json: AsJson = False,
) -> None:
    """One run (stages, pending steps, credits, what support did), or one account with what happened to its safety."""
    from cli.support import show as show_it

    asyncio.run(show_it(name, Output(as_json), actor))


@support.command()
def retry(
    actor: Actor,
    video_id: Annotated[str, typer.Argument(help="The video's id.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="All parked runs: after a provider was away.")] = False,
    reason: Note = "",
    as_json: AsJson = False,
) -> None:
    """Let a parked run, or all of them, try again."""
    from cli.support import retry_all, retry_run

    if everything == bool(video_id):
        raise typer.BadParameter("name a video, or say --all.")
    if everything:
        asyncio.run(retry_all(reason, actor, Output(as_json)))
    else:
        asyncio.run(retry_run(video_id, reason, actor, Output(as_json)))


@support.command()
def abandon(video_id: VideoId, reason: Reason, actor: Actor, as_json: AsJson = False) -> None:
    """Give up a run before its draft, or Studio operations that wait; the credits go back."""
    from cli.support import abandon_run

    asyncio.run(abandon_run(video_id, reason, actor, Output(as_json)))


@support.command()
def reset(
    video_id: VideoId,
    to: Annotated[StageOption, typer.Option(help="The stage to do again, with all that follow.")],
    reason: Reason,
    actor: Actor,
    as_json: AsJson = False,
) -> None:
    """Do a run again from a stage on; what was charged is not charged twice."""
    from cli.support import reset_run

    asyncio.run(reset_run(video_id, to.stage, reason, actor, Output(as_json)))


@support.command()
def refund(
    name: Annotated[str, typer.Argument(metavar="ID", help="A video's id, a Studio operation's, or their workflow's.")],
    reason: Reason,
    actor: Actor,
    as_json: AsJson = False,
) -> None:
    """Give back what a delivered video, or one Studio operation on it, cost; once for each."""
    from cli.support import refund_charge

    asyncio.run(refund_charge(name, reason, actor, Output(as_json)))


@support.command("take-out")
def take_out(
    account_id: Annotated[str, typer.Argument(help="The account.")],
    reason: Reason,
    actor: Actor,
    out: Annotated[Path, typer.Option(help="The ZIP to write.")],
    as_json: AsJson = False,
) -> None:
    """Write everything of an account into a ZIP: files, prompts, credits, log-ins; no secrets."""
    from cli.account_data import take_out as pack

    asyncio.run(pack(account_id, out, reason, actor, Output(as_json)))


@support.command()
def erase(
    account_id: Annotated[str, typer.Argument(help="The account.")],
    reason: Reason,
    actor: Actor,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Erase an account at its person's wish. The ledger's entries stay, under an id that leads to no person."""
    from cli.account_data import erase as erase_it

    asyncio.run(erase_it(account_id, reason, actor, yes, Output(as_json)))


@support.command()
def grant(
    account_id: Annotated[str, typer.Argument(help="The account.")],
    credits_: Annotated[int, typer.Argument(metavar="CREDITS", min=1, max=1_000_000, help="How many credits.")],
    reason: Reason,
    actor: Actor,
    as_json: AsJson = False,
) -> None:
    """Give credits to any account."""
    from cli.support import grant_to_account

    asyncio.run(grant_to_account(account_id, credits_, reason, actor, Output(as_json)))


PaymentId = Annotated[str, typer.Argument(help="The payment's id, as `support payments` lists it.")]


@support.command()
def payments(as_json: AsJson = False) -> None:
    """Payments that nothing was granted for: no account goes with them, or they are not what the offer costs."""
    from cli.payments import show_payments

    asyncio.run(show_payments(Output(as_json)))


@support.command()
def assign(
    payment_id: PaymentId,
    account_id: Annotated[str, typer.Argument(help="The account.")],
    reason: Reason,
    actor: Actor,
    as_json: AsJson = False,
) -> None:
    """Grant what such a payment was for to an account; once."""
    from cli.payments import assign_payment

    asyncio.run(assign_payment(payment_id, account_id, reason, actor, Output(as_json)))


@support.command()
def dismiss(payment_id: PaymentId, reason: Reason, actor: Actor, as_json: AsJson = False) -> None:
    """Grant nothing for such a payment: it was given back, or settled otherwise."""
    from cli.payments import dismiss_payment

    asyncio.run(dismiss_payment(payment_id, reason, actor, Output(as_json)))
