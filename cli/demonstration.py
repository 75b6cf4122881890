"""The demonstration: a song, credits if need be, and a video."""

from pathlib import Path

from cli.credits import grant_goodwill
from cli.orders import make_order
from cli.output import Output
from cli.session import open_session
from cli.videos import make_video, show_video
from models.credits import PRICES, Operation
from models.profiles import ProfileName
from settings import Settings

DEMO_PROMPT = "A courier in a red jacket crosses a rainy neon city at night. Lanterns, wet streets, a rooftop at dawn."
DEMO_STYLE = "Cyberpunk"


async def demonstrate(
    song: Path | None, style: str, prompt: str, out: Path | None, profile: ProfileName, output: Output
) -> None:
    """Make a video of `song`, or of a song that Echonos composes; top up the local account when it is short."""
    if song is None:
        output.say("Composing a demo song …")
        song, prompt = _demo_song(), prompt or DEMO_PROMPT
    order = make_order(str(song), style or DEMO_STYLE, prompt, profile=profile, out=out)
    async with open_session(output) as session:
        output.say(f"Temporal UI, while this runs: {session.stack.temporal_ui_url}")
        short = PRICES[Operation.GENERATE] - session.stores.ledger.balance(session.account_id).available
        if short > 0:
            grant_goodwill(session, short, "make demo")
            output.say(f"The local account was {short} credits short: granted for the demo.")
        answer = await make_video(session, order, order.song(session), order.brief(session))
    show_video(answer, output)


def _demo_song() -> Path:
    from engines.demo_song.rendering import render_demo_song

    path = Settings().home / "demo-song.flac"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part.flac")
        render_demo_song(unfinished)
        unfinished.rename(path)
    return path
