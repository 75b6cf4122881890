"""`demo`: a video of the demo song, or of the user's own, with nothing to set up."""

from pathlib import Path
from typing import Annotated

import typer

from cli.commands.credits import grant_goodwill
from cli.commands.videos import make_video, show_video
from cli.options import writable
from cli.output import Output
from cli.session import Session
from models.credits import Operation
from models.prices import PRICES
from models.profiles import ProfileName

DEMO_PROMPT = "A courier in a red jacket crosses a rainy neon city at night. Lanterns, wet streets, a rooftop at dawn."
DEMO_STYLE = "Cyberpunk"


async def demo(
    song: Annotated[str, typer.Option(help="Your own song; default: a song that Echonos composes.")] = "",
    style: Annotated[str, typer.Option(help="A preset; see `styles`.")] = "",
    prompt: Annotated[str, typer.Option(help="What the video shows.")] = "",
    out: Annotated[str, typer.Option(help="Where to put the MP4.")] = "",
    profile: Annotated[ProfileName, typer.Option(help="full takes about four times as long.")] = ProfileName.PREVIEW,
    *,
    output: Output,
) -> None:
    """Make a video of a demo song, or of SONG; tops up the local account when it is short, and says so."""
    from cli.orders import make_order
    from services.songs import demo_song
    from settings import Settings

    path = writable(Path(out) if out else None)
    if not song:
        output.say("Composing a demo song …")
        song, prompt = str(demo_song(Settings())), prompt or DEMO_PROMPT
    order = make_order(song, style or DEMO_STYLE, prompt, profile=profile)
    async with Session.open(output) as session:
        output.say(f"Temporal UI, while this runs: {session.stack.temporal_ui_url}")
        short = PRICES[Operation.GENERATE] - session.app.stores.ledger.balance(session.account_id).available
        if short > 0:
            grant_goodwill(session, short, "make demo")
            output.say(f"The local account was {short} credits short: granted for the demo.")
        answer = await make_video(session, order.wish(session), path)
    show_video(answer, output)
