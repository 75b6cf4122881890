"""Several scenes with one change, over HTTP and on the command line: the same plan, the same refusals."""

from collections.abc import Callable
from functools import partial
from uuid import uuid4

import pytest
import typer

from cli.commands.many import regenerate
from cli.commands.studio import Kind
from tests.api.conftest import Api
from tests.api.test_many_scenes import IMAGE, desk_of
from tests.api.test_studio import keyed
from tests.fakes.world import World
from tests.services.conftest import Terminal


async def test_both_sides_make_the_same_scenes_again(
    api: Api, world: World, terminal_for: Callable[..., Terminal]
) -> None:
    desk = await desk_of(api, world)
    terminal, video_id = terminal_for(desk.person.account_id), desk.url.rpartition("/")[2]
    command = partial(regenerate, video_id, kind=Kind.IMAGE, yes=True)
    for change, wish in (
        ({"scenes": "1-2", "find": "unheard of"}, {"scenes": [0, 1], "find": "unheard of"}),
        ({"scenes": "1,99", "add": "Snow."}, {"scenes": [0, 98], "add": "Snow."}),
        ({"scenes": "1"}, {"scenes": [0]}),
        ({"scenes": "2", "like": 2}, {"scenes": [1], "like": 1}),
    ):
        refused = (await desk.http.post(desk.many, json={"kind": "image"} | wish, headers=keyed(uuid4().hex))).json()
        assert await terminal.refusal(partial(command, **change)) == (refused["code"], refused["detail"])
    before = desk.balance()
    wish = {"kind": "image", "scenes": [0, 2, 3], "add": "Snow falls."}
    planned = (await desk.http.post(f"{desk.many}/preview", json=wish)).json()
    typed = await terminal.run(partial(command, scenes="1,3-4", add="Snow falls."))
    assert [one["order"]["edit"]["prompt"] for one in typed["operations"]] == [
        one["prompt"] for one in planned["scenes"]
    ]
    assert (typed["credits_charged"], typed["balance"]) == (planned["price"], before - 3 * IMAGE)
    assert [one["version"] for one in (await desk.http.get(f"{desk.url}/versions")).json()["items"]] == [1, 2, 3, 4]


@pytest.mark.parametrize("wrong", ["", "x", "1-x", "-1", "1,,2", "3-2"])
async def test_numbers_that_name_no_scenes_are_refused(wrong: str, terminal_for: Callable[..., Terminal]) -> None:
    with pytest.raises(typer.BadParameter, match="scene"):
        await regenerate("video-0", scenes=wrong, kind=Kind.IMAGE, output=terminal_for("local").output)
