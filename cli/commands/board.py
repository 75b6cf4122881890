"""`board`: a video's storyboard, before clips are ordered. Edits are free; so is each scene's first new still."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any
from uuid import uuid4

import typer

from cli.commands.footage import Begin, Kept, OwnFile, Standing, focus_of, kept_footage
from cli.options import VideoId, Yes, YesHold, command
from cli.output import Output
from cli.session import Session
from models.board_edits import Appear, BoardEdit, Pace, Reword, SetPace
from models.boarding import followed
from models.boards import Board, BoardAnswer, BoardStepState
from models.edits import Merge, MoveCut, Reorder, Repeat, ShowTake, Split, Swap
from models.failures import NotFound, RunFailed
from models.footage import OwnShot
from models.studio import RestoredBy, takes_of
from models.timeline import TimelineScene
from models.views import short_ids, whole_id

board = typer.Typer(help="See and edit a video's storyboard before its clips are ordered.", no_args_is_help=True)

Scene = Annotated[int, typer.Option("--scene", min=1, help="The scene's number in `board show`, counted from 1.")]
At = Annotated[float, typer.Option("--at", min=0, help="The moment in the video, in seconds; the nearest beat counts.")]
FOLLOW_LOOK_S = 0.2


@command(board, "show")
async def show_board(video_id: VideoId, *, output: Output) -> None:
    """The scenes of a storyboard, with all their stills."""
    from services.boards import BoardView, find_board

    async with Session.open(output) as session:
        view: BoardView = await asyncio.to_thread(find_board, session.app, session.account_id, video_id)
    shown = view.board
    characters = {one.character_id: one.name for one in view.treatment.characters}
    locations = {one.location_id: one.name for one in view.treatment.locations}
    answer = shown.model_dump(mode="json") | {
        "open": view.is_open,
        "undo": view.undoing.undo,
        "redo": view.undoing.redo,
        "painting": sorted(view.painting),
        "characters": characters,
        "locations": locations,
        "cancelling": view.terms.model_dump(mode="json") | {"kept": view.terms.kept, "sentence": view.terms.sentence},
    }
    approved = f"{len(shown.approved)} of {len(shown.timeline.scenes)} scenes are approved"
    lines = [f"{video_id} · revision {shown.revision} · {approved}"]
    for name, known in (("Characters", characters), ("Places", locations)):
        lines += [f"{name}: {', '.join(f'{one} {called}' for one, called in known.items())}"] if known else []
    for scene in shown.timeline.scenes:
        lines.append(_line(shown, scene, scene.identity in view.painting))
    output.answer(answer, [*lines, f"If you cancel now: {view.terms.sentence}"])


@command(board, "approve")
async def approve(
    video_id: VideoId,
    scene: Annotated[
        list[int] | None, typer.Option("--scene", min=1, help="A scene's number; may be given again.")
    ] = None,
    section: Annotated[
        list[int] | None,
        typer.Option("--section", min=1, help="A section's number in `board show`; may be given again."),
    ] = None,
    yes: Yes = False,
    *,
    output: Output,
) -> None:
    """Have scenes filmed as they are: all, or single scenes and sections. The others can still be edited."""
    from services.boards import approve_board, find_board

    async with Session.open(output) as session:
        app, account_id = session.app, session.account_id
        shown = (await asyncio.to_thread(find_board, app, account_id, video_id)).board
        ids = [_scene(shown, number).identity for number in scene or ()]
        everything = not scene and not section
        if everything:
            output.ask("Film the whole storyboard?", yes or output.as_json, "Nothing was approved.", default=True)
        answer = await approve_board(
            app,
            account_id,
            video_id,
            uuid4().hex,
            shown.revision,
            everything=everything,
            sections=[number - 1 for number in section or ()],
            scenes=ids,
        )
    along = f" {len(answer.approved_along)} scenes that they show are approved along." if answer.approved_along else ""
    said = f"{len(answer.approved)} of {len(answer.scene_ids)} scenes are approved.{along}"
    output.answer(_done(answer), [said])


@command(board, "repaint")
async def repaint(
    video_id: VideoId,
    scene: Scene,
    prompt: Annotated[str | None, typer.Option(help="Other words for the still; default: the scene's.")] = None,
    yes: YesHold = False,
    *,
    output: Output,
) -> None:
    """Make a scene's still anew: once free, then at the price of an image in Studio."""
    from cli.quotes import show_quote
    from services.boards import find_board, find_board_step, repaint_still

    async with Session.open(output) as session:
        app, account_id = session.app, session.account_id
        view = await asyncio.to_thread(find_board, app, account_id, video_id)
        wanted = _scene(view.board, scene)
        quote = view.quotes[wanted.identity]
        show_quote(quote, output)
        output.ask("Make it again?", yes or output.as_json, "Nothing was started and nothing is charged.", default=True)
        ticket = await repaint_still(
            app, account_id, video_id, uuid4().hex, view.board.revision, wanted.identity, prompt, quote.price
        )
        while True:
            step = await asyncio.to_thread(find_board_step, app, account_id, video_id, ticket.operation_id)
            if step.state is not BoardStepState.ACCEPTED:
                break
            await asyncio.sleep(FOLLOW_LOOK_S)
    if step.state is BoardStepState.FAILED:
        raise RunFailed(step.failure.sentence if step.failure is not None else "The still could not be made.")
    charged = f"{step.price} credits" if step.price else "nothing"
    output.answer(step, [f"Scene {scene} has a new still, for {charged}."])


@command(board, "move-cut")
async def move_cut(video_id: VideoId, scene: Scene, at: At, *, output: Output) -> None:
    """Move the cut before a scene to another beat."""
    await _edit(video_id, lambda b: MoveCut(scene_id=_scene(b, scene).identity, frame=_frame(b, at)), output)


@command(board)
async def split(video_id: VideoId, scene: Scene, at: At, *, output: Output) -> None:
    """Cut a scene in two at a beat."""
    await _edit(video_id, lambda b: Split(scene_id=_scene(b, scene).identity, frame=_frame(b, at)), output)


@command(board)
async def merge(video_id: VideoId, scene: Scene, *, output: Output) -> None:
    """Join a scene with the one after it; the first one's picture goes on."""
    await _edit(video_id, lambda b: Merge(scene_id=_scene(b, scene).identity), output)


@command(board)
async def swap(
    video_id: VideoId,
    scene: Scene,
    other: Annotated[int, typer.Option("--with", min=1, help="The number of the other scene.")],
    *,
    output: Output,
) -> None:
    """Let two scenes change places; the cuts stay."""

    def edit(shown: Board) -> BoardEdit:
        return Swap(scene_id=_scene(shown, scene).identity, other_id=_scene(shown, other).identity)

    await _edit(video_id, edit, output)


@command(board)
async def reorder(
    video_id: VideoId,
    scene: Scene,
    to: Annotated[int, typer.Option("--to", min=1, help="The number that it gets.")],
    *,
    output: Output,
) -> None:
    """Move a scene to another place; the cuts stay."""
    await _edit(video_id, lambda b: Reorder(scene_id=_scene(b, scene).identity, position=to - 1), output)


@command(board)
async def repeat(
    video_id: VideoId,
    scene: Scene,
    other: Annotated[int, typer.Option("--of", min=1, help="The number of the scene that is shown again.")],
    *,
    output: Output,
) -> None:
    """Show in a scene what another one shows: it gets no clip of its own."""

    def edit(shown: Board) -> BoardEdit:
        return Repeat(scene_id=_scene(shown, scene).identity, other_id=_scene(shown, other).identity)

    await _edit(video_id, edit, output)


@command(board)
async def choose(
    video_id: VideoId,
    scene: Scene,
    still: Annotated[str, typer.Option("--still", help="One of its stills in `board show`; `draft` is the first.")],
    *,
    output: Output,
) -> None:
    """Show another still of a scene."""

    def edit(shown: Board) -> BoardEdit:
        wanted = _scene(shown, scene)
        ids = [take.take_id for take in takes_of(wanted, shown.takes)]
        return ShowTake(scene_id=wanted.identity, take=whole_id(still, ids))

    await _edit(video_id, edit, output)


@command(board)
async def own(
    video_id: VideoId,
    file: OwnFile,
    scene: Scene,
    begin: Begin = 0,
    focus: Kept = "0.5,0.5",
    still: Standing = False,
    *,
    output: Output,
) -> None:
    """Show a picture or clip of your own in a scene: it gets no other clip."""
    from services.boards import find_board, place_own

    kept = focus_of(focus)
    async with Session.open(output) as session:
        app, account_id = session.app, session.account_id
        shown = (await asyncio.to_thread(find_board, app, account_id, video_id)).board
        wanted = _scene(shown, scene).identity
        footage = kept_footage(session, file)
        shot = OwnShot(footage_id=footage.footage_id, in_s=begin, focus=kept, stands_still=still)
        answer = await place_own(app, account_id, video_id, uuid4().hex, shown.revision, wanted, shot)
    output.answer(_done(answer) | {"footage_id": footage.footage_id}, [_told(answer)])


@command(board)
async def words(
    video_id: VideoId,
    scene: Scene,
    image: Annotated[str | None, typer.Option(help="What its still shows.")] = None,
    motion: Annotated[str | None, typer.Option(help="What moves in its clip.")] = None,
    *,
    output: Output,
) -> None:
    """Change a scene's words; after other words for its image, make its still anew with `board repaint`."""

    def edit(shown: Board) -> BoardEdit:
        return Reword(scene_id=_scene(shown, scene).identity, image=image, motion=motion)

    await _edit(video_id, edit, output)


@command(board)
async def appear(
    video_id: VideoId,
    scene: Scene,
    character: Annotated[list[str] | None, typer.Option(help="Who appears, by id; may be given again.")] = None,
    empty: Annotated[bool, typer.Option("--no-character", help="The scene shows no character.")] = False,
    location: Annotated[str | None, typer.Option(help="Where it plays, by id.")] = None,
    *,
    output: Output,
) -> None:
    """Change who appears in a scene, or where it plays; then make its still anew."""
    cast = () if empty else tuple(character) if character else None

    def edit(shown: Board) -> BoardEdit:
        return Appear(scene_id=_scene(shown, scene).identity, character_ids=cast, location_id=location)

    await _edit(video_id, edit, output)


@command(board, "pace")
async def set_pace(
    video_id: VideoId,
    section: Annotated[int, typer.Option("--section", min=1, help="The section's number in `board show`.")],
    pace: Annotated[Pace, typer.Argument(help="calmer: scenes are joined; busier: scenes are cut in two.")],
    *,
    output: Output,
) -> None:
    """Make a section calmer or busier."""
    await _edit(video_id, lambda _: SetPace(section_index=section - 1, pace=pace), output)


@command(board)
async def undo(video_id: VideoId, *, output: Output) -> None:
    """Undo the last step: the scenes are as before it. Stills and what is approved stay."""
    await _restore(video_id, RestoredBy.UNDO, output)


@command(board)
async def redo(video_id: VideoId, *, output: Output) -> None:
    """Redo the last step that was undone."""
    await _restore(video_id, RestoredBy.REDO, output)


async def _restore(video_id: str, way: RestoredBy, output: Output) -> None:
    from services.boards import find_board, restore_board

    async with Session.open(output) as session:
        app, account_id = session.app, session.account_id
        shown = (await asyncio.to_thread(find_board, app, account_id, video_id)).board
        answer = await restore_board(app, account_id, video_id, uuid4().hex, way, shown.revision)
    output.answer(_done(answer), [_told(answer)])


async def _edit(video_id: str, edit: Callable[[Board], BoardEdit], output: Output) -> None:
    from services.boards import edit_board, find_board

    async with Session.open(output) as session:
        app, account_id = session.app, session.account_id
        shown = (await asyncio.to_thread(find_board, app, account_id, video_id)).board
        answer = await edit_board(app, account_id, video_id, uuid4().hex, (edit(shown),), shown.revision)
    output.answer(_done(answer), [_told(answer)])


def _told(answer: BoardAnswer) -> str:
    return f"Revision {answer.revision}: {len(answer.scene_ids)} scenes, {len(answer.approved)} approved."


def _done(answer: BoardAnswer) -> dict[str, Any]:
    kept = {"operation_id", "revision", "scene_ids", "approved", "approved_along", "clips_planned"}
    return answer.model_dump(mode="json", include=kept)


def _scene(shown: Board, number: int) -> TimelineScene:
    """The scene with a number on the newest revision."""
    scenes = shown.timeline.scenes
    if number > len(scenes):
        raise NotFound(f"There is no scene {number}; the storyboard has {len(scenes)} scenes.", "no_scene")
    return scenes[number - 1]


def _frame(shown: Board, at_s: float) -> int:
    return round(at_s * shown.timeline.fps)


def _line(shown: Board, scene: TimelineScene, is_painted: bool) -> str:
    other = followed(shown.timeline, scene)
    stills = takes_of(scene, shown.takes)
    notes = [*scene.marks, *(["approved"] if scene.identity in shown.approved else [])]
    notes += ["its still is being made anew"] if is_painted else []
    notes += [] if other is None else [f"shows the clip of {other.index + 1}"]
    if len(stills) > 1:
        names = short_ids([take.take_id for take in stills])
        notes.append(f"{len(stills)} stills: {', '.join(names.values())}")
    said = f" ({'; '.join(notes)})" if notes else ""
    place = f"{scene.index + 1:4} {scene.start_s:7.2f} – {scene.end_s:7.2f}"
    return f"{place}  {scene.section_index + 1:2} {scene.section:<12} {scene.prompt[:60]}{said}"
