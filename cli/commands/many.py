"""`studio regenerate`: several scenes made again with one change."""

import sys
from typing import Annotated
from uuid import uuid4

import typer

from cli.commands.editing import studio
from cli.commands.studio import Kind
from cli.options import VideoId, YesHold, command
from cli.output import Output
from cli.session import Session
from models.many_scenes import ManyScenes
from models.studio import StudioKind, StudioState

__all__ = ["studio"]


def _numbers(text: str) -> list[int]:
    """Places of scenes, from 0: “2,5-7” are 1, 4, 5 and 6."""
    found: list[int] = []
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()):
            raise typer.BadParameter("name scenes by their numbers in `timeline`, like 2,5-7.")
        found += range(int(first) - 1, int(last or first))
    if not found:
        raise typer.BadParameter(f"{text} names no scene.")
    return found


@command(studio)
async def regenerate(
    video_id: VideoId,
    scenes: Annotated[str, typer.Option(help="Their numbers in `timeline`, like 2,5-7.")],
    kind: Annotated[Kind, typer.Option(help="image: new stills (10 credits each); video: new clips (50 each).")],
    find: Annotated[str, typer.Option(help="A word or phrase of all their prompts, in any case; with --replace.")] = "",
    replace: Annotated[str, typer.Option(help="What stands in its place; empty: it is left out.")] = "",
    add: Annotated[str, typer.Option(help="Or: a sentence at the end of all their prompts.")] = "",
    like: Annotated[
        int | None, typer.Option(min=1, help="Or: a scene whose place, hour, weather and light they take; for images.")
    ] = None,
    yes: YesHold = False,
    *,
    output: Output,
) -> None:
    """Make several scenes again with one change; each is an operation and a version of its own."""
    from cli.quotes import show_quote
    from services.credits import balance
    from services.many_scenes import order_scenes, plan_scenes
    from services.media import find_timeline
    from services.studio import follow_operation

    places = _numbers(scenes)
    async with Session.open(output) as session:
        app, account_id = session.app, session.account_id
        newest = find_timeline(app, account_id, video_id).version
        wish = ManyScenes(
            kind=StudioKind(kind.value),
            scenes=tuple(places),
            find=find,
            replace=replace,
            add=add,
            like=None if like is None else like - 1,
            version=newest,
        )
        batch = plan_scenes(app, account_id, video_id, wish)
        for order in batch.orders:
            words = order.edit.prompt or f"as in scene {like}"
            output.say(f"Scene {(order.scene_index or 0) + 1}, {order.quoted} credits: {words}")
        show_quote(batch.total, output)
        unasked = yes or output.as_json or not sys.stdin.isatty()
        output.ask("Make them again?", unasked, "Nothing was started and nothing is charged.", default=True)
        wish = wish.model_copy(update={"quoted": batch.total.price})
        tickets = await order_scenes(app, account_id, video_id, wish, uuid4().hex)
        done = [
            await follow_operation(app, account_id, video_id, one, output.say, until_parked=not output.live)
            for one in tickets
        ]
        left = balance(app, account_id).available
    failed = [one for one in done if one.state is StudioState.FAILED]
    answer = {
        "video_id": video_id,
        "operations": [one.model_dump(mode="json", exclude={"take"}) for one in done],
        "credits_charged": sum(one.price for one in done if one.state is StudioState.DELIVERED),
        "balance": left,
    }
    lines = [
        f"Scene {(one.order.scene_index or 0) + 1}: "
        + (f"version {one.version}." if one.version else f"{one.failure.sentence if one.failure else 'It failed.'}")
        for one in done
    ]
    output.answer(answer, [*lines, f"{len(done) - len(failed)} of {len(done)} were made; {left} credits left."])
