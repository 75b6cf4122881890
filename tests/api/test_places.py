"""Where scenes lie on the song: of a plan, and then of a version; and the stills that reprises show meanwhile."""

import threading
from typing import Any

from models.progress import RunStatus, SceneStatus
from temporal.generation import generation
from tests.api.conftest import Api
from tests.api.test_watching import order
from tests.fakes.world import World

ON_THE_SONG = ("start_frame", "end_frame", "start_s", "end_s", "section")


def _tiled(told: dict[str, Any]) -> list[tuple[Any, ...]]:
    places = told["places"]
    edges = [0, *(place["end_frame"] for place in places)]
    assert [place["start_frame"] for place in places] == edges[:-1]
    assert edges[-1] == told["frame_count"]
    assert abs(places[-1]["end_s"] - told["duration_s"]) < 1e-9
    return [tuple(place[name] for name in ON_THE_SONG) for place in places]


async def test_places_are_known_once_planned_and_stay_in_the_version(api: Api, world: World) -> None:
    planning, joining = threading.Event(), threading.Event()

    def plan(_count: int) -> None:
        planning.wait(200)

    def assemble(_count: int) -> None:
        joining.wait(200)

    world.faults.plans |= {"plan": plan, "assemble": assemble}
    try:
        person = await api.sign_up()
        video_id = await order(api, person)
        url, run = f"/api/v1/videos/{video_id}", generation(api.backend.client, video_id)
        early = await person.http.get(f"{url}/places")
        assert (early.status_code, early.json()["code"]) == (404, "not_planned_yet")
        planning.set()
        await world.until(run, lambda p: bool(p.scenes) and SceneStatus.PENDING not in (p.scenes[0], p.scenes[-1]))
        planned = (await person.http.get(f"{url}/places")).json()
        assert planned["version"] == 0
        assert {place["camera_move"] for place in planned["places"]} == {"push in"}
        last = planned["places"][-1]
        assert [place["still_of"] for place in planned["places"]] == [*range(last["index"]), 0]
        assert (await person.http.get(planned["audio_url"])).status_code == 307
        # The last scene shows the first one's still again: it has none of its own.
        stills = [await person.http.get(f"{url}/scenes/{index}/still") for index in (0, last["index"])]
        keys = [still.headers["location"].partition("?")[0] for still in stills]
        assert keys[0] == keys[1]
        assert keys[0].endswith(".png")
    finally:
        planning.set()
        joining.set()
    await world.until(run, lambda p: p.status is RunStatus.DRAFT_READY)
    made = (await person.http.get(f"{url}/places")).json()
    assert made["version"] == 1
    assert _tiled(made) == _tiled(planned)
    other = await api.sign_up()
    assert (await other.http.get(f"{url}/places")).status_code == 404
