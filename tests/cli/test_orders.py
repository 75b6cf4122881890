"""What the command line orders is listed from its first moment, wherever it is looked at."""

from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select

from bootstrap import Application
from cli.commands import videos
from cli.orders import make_order
from cli.output import Output
from cli.session import Session
from cli.stack import StackState
from models.brief import Brief
from models.failures import InsufficientCredits, InvalidInput
from models.orders import Order as KeptOrder
from models.profiles import ProfileName
from models.progress import Progress
from services.orders import VideoWish
from settings import Settings
from stores.schema_access import orders
from temporal.generation import generation
from tests.fakes.world import World, stores, world

__all__ = ["stores", "world"]


@pytest.fixture
def session(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    async def seen(*_: Any) -> Progress:
        return Progress(video_id="")

    async def nothing(*_: Any) -> dict[str, Any]:
        return {}

    monkeypatch.setattr(videos, "show", seen)
    monkeypatch.setattr(videos, "_answer", nothing)
    settings, output = Settings(home=tmp_path), Output(as_json=True)
    return Session(Application(settings, world.client, world.stores), cast(StackState, None), output, world.account_id)


async def test_an_order_is_listed_while_it_is_made(session: Session, world: World, tmp_path: Path) -> None:
    brief = Brief(prompt="a fox", style="film-noir")
    wish = VideoWish(song_id=world.add_song(tmp_path), brief=brief, profile=ProfileName.TINY)
    await videos.make_video(session, wish, None)
    with pytest.raises(InsufficientCredits):  # 50 credits are left
        await videos.make_video(session, wish, None)
    with world.stores.database.read() as connection:
        (kept,) = connection.scalars(select(orders.c.document))  # the refused one is gone
    order = KeptOrder.model_validate_json(kept)
    world.handles.append(generation(world.client, order.video_id))
    assert (order.account_id, order.brief, order.song_title) == (world.account_id, brief, "Song")


@pytest.mark.parametrize("field", ["still_model", "clip_model"])
def test_a_model_that_cannot_be_bought_from_is_refused_before_a_stack_is_started(
    field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish: dict[str, Any] = {"profile": ProfileName.TINY, field: "unknown/model"}
    with pytest.raises(InvalidInput, match="set FAL_KEY"):
        make_order("song-1", None, None, **wish)
    monkeypatch.setenv("FAL_KEY", "key")
    with pytest.raises(InvalidInput, match=r"'unknown/model' is not known here; known are .*(nano-banana|h3-max)"):
        make_order("song-1", None, None, **wish)
    known = {"still_model": "google/nano-banana-2.1@4k", "clip_model": "minimax/h3-max/image-to-video"}[field]
    assert getattr(make_order("song-1", None, None, **(wish | {field: known})), field) == known
