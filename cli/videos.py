"""Making, watching, listing and cancelling videos."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import typer

from cli.exits import RunFailed
from cli.fetching import check_out, fetch, known_timeline
from cli.live import show
from cli.orders import Order
from cli.output import Output
from cli.quotes import show_quote
from cli.session import Session, open_session
from cli.spending import estimate_line, spending_lines, spending_of
from cli.watching import watch as watch_run
from models.brief import Brief
from models.credits import PRICES, Operation, Quote
from models.failures import EchonosError, InvalidInput, NotStored
from models.generation import AnalyzeRequest, GenerateRequest
from models.orders import Order as KeptOrder
from models.paid_media import SpendingPlan
from models.profiles import NEWEST_REVISION, PROFILES
from models.progress import Progress, RunStatus
from models.routing import video_id_for
from models.song import SongAnalysis, SongRef
from models.stops import RULE
from models.views import TimelineView, short_ids
from services.stopping import stop_terms, stop_video
from stores.database import utc_now
from workflows.clients import GenerateHandle, generation, start_analysis, start_generation
from workflows.studio_clients import progress_from_vault

_KEPT = KeptOrder.model_fields.keys() - {"ordered_at"}


async def generate_video(order: Order, yes: bool, output: Output) -> None:
    """Quote, ask, make."""
    async with open_session(output) as session:
        song, brief = order.song(session), order.brief(session)
        session.stores.ledger.check_order(session.account_id)
        quote = session.stores.ledger.quote(session.account_id, Operation.GENERATE)
        spending = _spending_on(session, song, order)
        _agree(quote.model_copy(update={"spending": spending}), yes, output)
        answer = await make_video(session, order, song, brief, quote.price)
    show_video(answer, output)


def _spending_on(session: Session, song: SongRef, order: Order) -> SpendingPlan | None:
    """What it will cost at providers; None where nothing is bought."""
    settings = session.settings
    if settings.fal_key is None:
        return None
    # Late: the provider's client takes a third of a second to import, which those without a key need not wait for.
    from engines.estimating import SpendingEstimator

    estimator = SpendingEstimator.of(*settings.media_choice()).other(order.still_model, order.clip_model)
    analysis = None
    if song.analysis_key is not None:
        analysis = SongAnalysis.from_bytes(session.stores.objects.get_bytes(song.analysis_key))
    return estimator.estimate(song.duration_s, analysis, PROFILES[order.profile])


def _agree(quote: Quote, yes: bool, output: Output) -> None:
    show_quote(quote, output)
    if quote.spending is not None:
        output.say(estimate_line(quote.spending))
        output.say(RULE)
    if not yes and not typer.confirm("Make the video?", default=True, err=output.as_json):
        raise InvalidInput("Nothing was started and nothing is charged.", code="declined")


def show_video(answer: dict[str, Any], output: Output) -> None:
    """What was made, where it is, and what it cost."""
    output.answer(answer, [f"{answer['credits_charged']} credits charged, {answer['balance']} left.", answer["path"]])


async def make_video(
    session: Session, order: Order, song: SongRef, brief: Brief, quoted: int | None = None
) -> dict[str, Any]:
    """Start the song's analysis and the run, at the price that was shown if one was, watch it, and fetch the MP4."""
    output, account_id = session.output, session.account_id
    if song.analysis_key is None:
        await start_analysis(session.client, AnalyzeRequest(account_id=account_id, song_id=song.song_id))
    operation_id = uuid4().hex
    request = GenerateRequest(
        account_id=account_id,
        video_id=video_id_for(account_id, operation_id),
        song_id=song.song_id,
        song_title=song.title,
        brief=brief,
        profile=order.profile,
        profile_revision=NEWEST_REVISION,
        still_model=order.still_model,
        clip_model=order.clip_model,
        limits=session.settings.run_limits(),
        quoted=quoted,
    )
    kept = KeptOrder(**{name: getattr(request, name) for name in _KEPT}, ordered_at=utc_now())
    session.stores.orders.add(kept)  # before the start: the page lists it from its first moment
    try:
        admission = await start_generation(session.client, request, operation_id)
    except EchonosError:
        session.stores.orders.withdraw(account_id, request.video_id)
        raise
    output.say(f"{admission.amount} credits are held. Video {request.video_id}")
    handle = generation(session.client, request.video_id)
    progress = await show(watch_run(handle, until_parked=not output.live), output)
    _check(progress)
    return await _answer(session, handle, progress, order.out)


def _check(progress: Progress) -> None:
    if progress.status in (RunStatus.FAILED, RunStatus.CANCELLED):
        raise RunFailed(progress.failure.sentence if progress.failure else progress.sentence)
    if progress.status is RunStatus.NEEDS_ATTENTION:
        raise RunFailed(
            f"The run waits, its credits stay held: {progress.sentence} "
            f"`starter.py support retry {progress.video_id}` lets it try again, `support abandon` gives them back."
        )


async def _answer(session: Session, handle: GenerateHandle, progress: Progress, out: Path | None) -> dict[str, Any]:
    timeline = known_timeline(session, progress.video_id, progress.version)
    path = await fetch(session, timeline, out)
    described = await handle.describe()
    return {
        "video_id": progress.video_id,
        "workflow_id": handle.id,
        "run_id": described.run_id,
        "version": timeline.version,
        "path": str(path),
        "duration_s": float(timeline.frame_count / timeline.fps),
        "fps": float(timeline.fps),
        "width": timeline.width,
        "height": timeline.height,
        "credits_charged": progress.credits_charged,
        "balance": session.stores.ledger.balance(session.account_id).available,
        "stages": [
            stage.model_dump(mode="json", include={"name", "status", "started_at", "finished_at", "done", "total"})
            for stage in progress.stages
        ],
        "scenes": [
            scene.model_dump(mode="json", include={"index", "section", "start_frame", "end_frame", "start_s", "end_s"})
            for scene in timeline.scenes
        ],
    }


async def watch_video(video_id: str, out: Path | None, output: Output) -> None:
    """Follow a run, and fetch its newest version into `out` if one is given."""
    check_out(out)
    async with open_session(output) as session:
        progress = await _followed(session, video_id)
        _check(progress)
        lines = [progress.sentence]
        if out is not None:
            lines.append(str(await fetch(session, known_timeline(session, video_id, progress.version), out)))
    output.answer(progress, lines)


async def _followed(session: Session, video_id: str) -> Progress:
    """The run's last progress; of one that has expired, what the Vault knows."""
    handle, output = generation(session.client, video_id), session.output
    try:
        return await show(watch_run(handle, until_parked=not output.live), output)
    except InvalidInput:
        try:
            return progress_from_vault(session.stores.vault.timeline(session.account_id, video_id))
        except NotStored:
            pass
        raise


async def timeline_video(video_id: str, output: Output) -> None:
    """Show the newest version's scenes with their takes, and the versions."""
    async with open_session(output) as session:
        stores = session.stores
        try:
            timeline = stores.vault.timeline(session.account_id, video_id)
        except NotStored:
            raise await _not_in_the_vault(session, video_id) from None
        takes = stores.operations.takes(session.account_id, video_id)
        versions = stores.vault.versions(session.account_id, video_id)
        view = TimelineView.of(timeline, takes, versions, stores.operations.of_video(session.account_id, video_id))
        spending = spending_of(stores.spending.of(video_id), stores.jobs.of_video(video_id))
    answer = view.model_dump(mode="json") | {"spending": spending.model_dump(mode="json")}
    output.answer(answer, [*_timeline_lines(view), *spending_lines(spending)])


async def _not_in_the_vault(session: Session, video_id: str) -> EchonosError:
    """Why no version is there: unknown (raised as such), still being made, never finished, or somebody else's."""
    progress = await anext(watch_run(generation(session.client, video_id)))
    if progress.status in (RunStatus.RUNNING, RunStatus.NEEDS_ATTENTION):
        return InvalidInput(
            f"{video_id} is not finished yet: {progress.sentence} `starter.py watch {video_id}` follows it.",
            code="not_finished",
        )
    if progress.version:
        return InvalidInput(f"{video_id} is not in this account's Vault.", code="no_video")
    why = progress.failure.sentence if progress.failure else progress.sentence
    return InvalidInput(f"{video_id} was never finished: {why}", code="never_finished")


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
    return lines


async def cancel_video(video_id: str, yes: bool, output: Output) -> None:
    """Say what is kept, ask, cancel a run and wait for its end."""
    async with open_session(output) as session:
        ledger, account_id = session.stores.ledger, session.account_id
        handle = generation(session.client, video_id)
        last = await anext(watch_run(handle))
        if last.status in (RunStatus.RUNNING, RunStatus.NEEDS_ATTENTION, RunStatus.DRAFT_READY):
            terms = await stop_terms(ledger, account_id, video_id)
            if terms.kept and not yes:
                output.say(terms.sentence)
                if not typer.confirm("Cancel the video?", default=False, err=output.as_json):
                    raise InvalidInput("The video goes on; nothing has changed.", code="declined")
            accepted = PRICES[Operation.GENERATE] if yes else terms.kept
            await stop_video(session.client, ledger, account_id, video_id, accepted)
            last = [progress async for progress in watch_run(handle, until_closed=True)][-1]
        balance = session.stores.ledger.balance(session.account_id).available
        answer = {"video_id": video_id, "status": last.status.value, "sentence": last.sentence, "balance": balance}
    output.answer(answer, [last.sentence, f"Balance: {balance}."])
