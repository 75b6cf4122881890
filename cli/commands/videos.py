"""`generate`, `watch`, `timeline`, `cancel`."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from cli.live import show
from cli.options import Out, VideoId, Yes, YesHold, writable
from cli.output import Output
from cli.pages import address_of, open_page
from cli.session import Session
from models.credits import Operation
from models.failures import EchonosError, InvalidInput, NotFound, RunFailed
from models.prices import PRICES
from models.profiles import ProfileName
from models.progress import CLOSED, Progress, RunStatus
from models.standstill import PAUSES, StandstillCause
from models.views import TimelineView, short_ids

if TYPE_CHECKING:
    from services.orders import VideoWish

PATIENCE = timedelta(seconds=12)
"""How long an order waits for a worker before it says that none answers; the order then waits in Temporal."""


async def generate(
    song: Annotated[
        str | None, typer.Argument(help="An MP3, M4A, WAV, AAC, OGG or FLAC file of 1 to 20 minutes, or a song's id.")
    ] = None,
    style: Annotated[str | None, typer.Option(help="A preset; see `styles`. Default: Cinematic Realism.")] = None,
    prompt: Annotated[str | None, typer.Option(help="What the video shows, in a few sentences.")] = None,
    enhance: Annotated[bool, typer.Option("--enhance", help="Expand a short prompt first.")] = False,
    like: Annotated[
        str | None, typer.Option(help="A video whose song, brief and style are used where you give none.")
    ] = None,
    character: Annotated[
        list[str] | None, typer.Option(help="Who appears: a name from `characters list`. May be given three times.")
    ] = None,
    aspect: Annotated[str, typer.Option(help="The aspect ratio.")] = "9:16",
    profile: Annotated[ProfileName, typer.Option(help="full: 1080×1920, 30 fps; preview: 540×960, 24 fps.")] = (
        ProfileName.FULL
    ),
    seed: Annotated[int | None, typer.Option(min=0, max=2**32 - 1, help="Another number, another video.")] = None,
    out: Out = None,
    still_model: Annotated[str, typer.Option(help="Buy all stills from this model; see docs/providers.md.")] = "",
    clip_model: Annotated[str, typer.Option(help="Buy all clips from this model, as ENDPOINT or ENDPOINT@768P.")] = "",
    storyboard: Annotated[
        bool, typer.Option("--storyboard", help="Show all stills first, and wait until you approve them; see `board`.")
    ] = False,
    yes: YesHold = False,
    *,
    output: Output,
) -> None:
    """Make a music video of a song."""
    from cli.orders import make_order
    from cli.quotes import estimate_line, show_quote
    from models.cancellations import RULE
    from services.orders import quote_order

    order = make_order(
        song,
        style,
        prompt,
        enhance=enhance,
        aspect=aspect,
        profile=profile,
        seed=seed,
        like=like,
        characters=tuple(character or ()),
        still_model=still_model,
        clip_model=clip_model,
    )
    async with Session.open(output) as session:
        wish = order.wish(session).model_copy(update={"storyboard": storyboard})
        quote = quote_order(session.app, session.account_id, wish)
        show_quote(quote, output)
        if quote.spending is not None:
            output.say(estimate_line(quote.spending))
            output.say(RULE)
        output.ask("Make the video?", yes, "Nothing was started and nothing is charged.", default=True)
        answer = await make_video(session, wish.model_copy(update={"quoted": quote.price}), out)
    show_video(answer, output)


def show_video(answer: dict[str, Any], output: Output) -> None:
    """Print the path of a video, and its price; or how to go on with its storyboard."""
    if "path" not in answer:
        return output.answer(answer, _board_lines(answer["video_id"], answer["sentence"]))
    output.answer(answer, [f"{answer['credits_charged']} credits charged, {answer['balance']} left.", answer["path"]])


async def make_video(session: Session, wish: "VideoWish", out: Path | None) -> dict[str, Any]:
    """Order a video, watch its run, and fetch the MP4."""
    from services.orders import order_video
    from services.progress import follow

    app, output, account_id = session.app, session.output, session.account_id
    accepted = await order_video(app, account_id, wish, uuid4().hex, PATIENCE)
    output.say(accepted.sentence)
    held = "will be held" if accepted.waits_for_worker else "are held"
    output.say(f"{accepted.credits} credits {held}. Video {accepted.video_id}")
    steps = follow(app, account_id, accepted.video_id, until_parked=not output.live, until_board=True)
    progress = await show(steps, output)
    _check(progress)
    if progress.status is RunStatus.WAITING_FOR_ARTIST:
        return _waiting(progress)
    return await _answer(session, progress, out)


def _waiting(progress: Progress) -> dict[str, Any]:
    """A run that waits with its storyboard."""
    board = progress.board
    return {
        "video_id": progress.video_id,
        "status": progress.status.value,
        "sentence": progress.sentence,
        "board": None if board is None else board.model_dump(mode="json"),
    }


def _board_lines(video_id: str, sentence: str) -> list[str]:
    return [
        sentence,
        f"`starter.py board show {video_id}` shows the storyboard; `starter.py board approve {video_id}` has all of it "
        f"filmed; `starter.py watch {video_id}` follows it then.",
    ]


def _check(progress: Progress) -> None:
    if progress.standstill is not None and progress.standstill.cause in PAUSES:
        raise RunFailed(f"The run waits, its credits stay held. {progress.standstill.sentence}")
    if progress.status in (RunStatus.FAILED, RunStatus.CANCELLED):
        raise RunFailed(progress.failure.sentence if progress.failure else progress.sentence)
    if progress.status is RunStatus.NEEDS_ATTENTION:
        raise RunFailed(
            f"The run waits, its credits stay held: {progress.sentence} "
            f'`starter.py support retry {progress.video_id} --reason "…"` lets it try again, `support abandon` gives '
            "them back."
        )


async def _answer(session: Session, progress: Progress, out: Path | None) -> dict[str, Any]:
    from models.ids import generate_workflow_id
    from services.credits import balance
    from services.media import fetch_version
    from services.progress import run_id_of

    app, account_id, video_id = session.app, session.account_id, progress.video_id
    timeline, path = await fetch_version(app, account_id, video_id, progress.version, out, session.output.say)
    return {
        "video_id": video_id,
        "workflow_id": generate_workflow_id(video_id),
        "run_id": await run_id_of(app, video_id),
        "version": timeline.version,
        "path": str(path),
        "duration_s": float(timeline.frame_count / timeline.fps),
        "fps": float(timeline.fps),
        "width": timeline.width,
        "height": timeline.height,
        "credits_charged": progress.credits_charged,
        "balance": balance(app, account_id).available,
        "stages": [
            stage.model_dump(mode="json", include={"name", "status", "started_at", "finished_at", "done", "total"})
            for stage in progress.stages
        ],
        "scenes": [
            scene.model_dump(mode="json", include={"index", "section", "start_frame", "end_frame", "start_s", "end_s"})
            for scene in timeline.scenes
        ],
    }


async def watch(
    video_id: VideoId,
    out: Annotated[Path | None, typer.Option(help="Put the MP4 there once it is ready.", callback=writable)] = None,
    open_browser: Annotated[
        bool, typer.Option("--open", help="Open its page, which plays the video as far as it is.")
    ] = False,
    *,
    output: Output,
) -> None:
    """Follow a run until its draft is ready."""
    from services.media import fetch_version
    from services.progress import follow
    from services.videos import check_owned

    async with Session.open(output) as session:
        app, account_id = session.app, session.account_id
        if open_browser:
            await asyncio.to_thread(check_owned, app, account_id, video_id)
            open_page(address_of(session, f"/processing/{video_id}"), output.say)
        progress = await show(follow(app, account_id, video_id, until_parked=not output.live), output)
        _check(progress)
        waits = progress.status is RunStatus.WAITING_FOR_ARTIST
        lines = _board_lines(video_id, progress.sentence) if waits else [progress.sentence]
        if out is not None and not waits:
            _, path = await fetch_version(app, account_id, video_id, progress.version, out, output.say)
            lines.append(str(path))
    output.answer(progress, lines)


async def timeline(video_id: VideoId, *, output: Output) -> None:
    """The scenes of a video's newest version."""
    from cli.quotes import spending_lines
    from services.media import find_video_timeline
    from services.quotes import paid_for

    async with Session.open(output) as session:
        try:
            view = find_video_timeline(session.app, session.account_id, video_id).view
        except NotFound:
            raise await _not_in_the_vault(session, video_id) from None
        spending = paid_for(session.app, video_id)
    answer = view.model_dump(mode="json") | {"spending": spending.model_dump(mode="json")}
    output.answer(answer, [*_timeline_lines(view), *spending_lines(spending)])


async def _not_in_the_vault(session: Session, video_id: str) -> EchonosError:
    """Why no version is stored: unknown (raised as such), still being made, never finished, or another account's."""
    from services.progress import follow

    progress = await anext(follow(session.app, session.account_id, video_id))
    if progress.status in (RunStatus.RUNNING, RunStatus.WAITING_FOR_ARTIST, RunStatus.NEEDS_ATTENTION):
        return InvalidInput(
            f"{video_id} is not finished yet: {_state_of(progress)} `starter.py watch {video_id}` follows it.",
            code="not_finished",
        )
    if progress.version:
        return InvalidInput(f"{video_id} is not in this account's Vault.", code="no_video")
    why = progress.failure.sentence if progress.failure else progress.sentence
    return InvalidInput(f"{video_id} was never finished: {why}", code="never_finished")


def _state_of(progress: Progress) -> str:
    return progress.sentence if progress.standstill is None else progress.standstill.sentence


def _timeline_lines(view: TimelineView) -> list[str]:
    lines = [f"{view.video_id} · version {view.version} of {len(view.versions)} · {len(view.scenes)} scenes"]
    for scene in view.scenes:
        notes = [*scene.marks]
        if scene.reprise_of is not None:
            notes.append(f"reprise of {scene.reprise_of + 1}")
        if len(scene.takes) > 1:
            takes = short_ids([take.take_id for take in scene.takes])
            notes.append(f"{len(takes)} takes: {', '.join(takes.values())}")
        said = f" ({'; '.join(notes)})" if notes else ""
        lines.append(
            f"{scene.number:4} {scene.start_s:7.2f} – {scene.end_s:7.2f}  {scene.section:<12} {scene.prompt[:60]}{said}"
        )
        if scene.in_picture:
            lines.append(f"{'':25}In the picture: {scene.in_picture}")
        if scene.not_drawn:
            lines.append(f"{'':25}Not drawn: {', '.join(scene.not_drawn)}")
    if view.asked:
        lines += ["The brief's words:", *(f"  {one.sentence}" for one in view.asked)]
    return lines


async def cancel(video_id: VideoId, yes: Yes = False, *, output: Output) -> None:
    """Cancel a run. Before its draft the credits come back, less those kept for bought media; later the video stays."""
    from services.cancelling import stop_terms, stop_video
    from services.credits import balance
    from services.progress import follow

    async with Session.open(output) as session:
        app, account_id = session.app, session.account_id
        terms = await stop_terms(app, account_id, video_id)
        last = await anext(follow(app, account_id, video_id))
        if last.status not in CLOSED:
            if terms.kept and not yes:
                output.say(terms.sentence)
                output.ask("Cancel the video?", yes, "The video goes on; nothing has changed.")
            await stop_video(app, account_id, video_id, PRICES[Operation.GENERATE] if yes else terms.kept)
            async for progress in follow(app, account_id, video_id, until_closed=True):
                last, stands = progress, progress.standstill
                if stands is not None and stands.cause is StandstillCause.PAUSED:
                    last = progress.model_copy(update={"sentence": f"It will be cancelled. {stands.sentence}"})
                    break
        left = balance(app, account_id).available
        answer = {"video_id": video_id, "status": last.status.value, "sentence": last.sentence, "balance": left}
    output.answer(answer, [last.sentence, f"Balance: {left}."])
