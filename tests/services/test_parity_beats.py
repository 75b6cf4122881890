"""Corrected beats over HTTP and on the command line: the same revisions, the same offers, the same refusals."""

from functools import partial
from typing import Any

from cli.commands import beats
from tests.api.conftest import Api
from tests.services.test_parity_edits import Artist, artist

__all__ = ["artist"]

SHIFT = {"kind": "shift", "beats": 1}


class Song:
    """The song of an artist's video: 120 bpm, and a cut on every fourth downbeat."""

    def __init__(self, artist: Artist, song_id: str) -> None:
        self.artist, self.song_id = artist, song_id
        self.url = f"/api/v1/songs/{song_id}"

    @classmethod
    async def of(cls, artist: Artist) -> "Song":
        return cls(artist, (await artist.timeline())["song_id"])

    async def posts(self, path: str, *corrections: dict[str, Any], base: int) -> tuple[int, dict[str, Any]]:
        body = {"base_revision": base, "corrections": corrections}
        answer = await self.artist.person.http.post(f"{self.url}/{path}", json=body)
        return answer.status_code, dict(answer.json())

    async def reads(self, url: str) -> dict[str, Any]:
        return dict((await self.artist.person.http.get(url)).json())

    async def types(self, **options: Any) -> dict[str, Any]:
        return dict(await self.artist.terminal.run(partial(beats.beats, self.song_id, **options)))

    async def refused(self, **options: Any) -> tuple[str, str]:
        return await self.artist.terminal.refusal(partial(beats.beats, self.song_id, **options))


def ones(waveform: dict[str, Any]) -> list[float]:
    return [beat["t"] for beat in waveform["beats"] if beat["downbeat"]][:3]


async def test_a_correction_is_looked_at_kept_and_offered(api: Api, artist: Artist) -> None:
    song, balance = await Song.of(artist), api.balance(artist.person.account_id)
    first = await artist.timeline()
    status, seen = await song.posts("corrections/preview", SHIFT, base=1)
    assert (status, seen["base_revision"], seen["sentences"]) == (200, 1, ["Bars begin 1 beat later"])
    assert ones(seen["waveform"]) == [0.5, 2.5, 4.5]
    assert (await song.reads(song.url))["analysis_revision"] == 1, "a preview changes nothing"
    looked = await song.types(shift=1, look=True)
    assert (looked["analysis_revision"], looked["corrected"], looked["sentences"]) == (1, False, seen["sentences"])
    assert (await song.reads(f"{artist.url}/beats"))["is_used"] is True

    status, kept = await song.posts("corrections", SHIFT, base=1)
    assert (status, kept["analysis_revision"], kept["corrected"]) == (200, 2, True)
    assert await song.posts("corrections", SHIFT, base=1) == (200, kept), "a repeated call changes nothing"
    assert (await song.posts("corrections", {"kind": "double"}, base=1))[1]["code"] == "revision_moved"
    assert ones(await song.reads(f"{song.url}/waveform.json")) == [0.5, 2.5, 4.5]
    assert (await song.reads(f"{song.url}/analysis"))["corrections"] == ["Bars begin 1 beat later"]
    assert ones(await song.reads(f"{artist.url}/waveform.json")) == [0.0, 2.0, 4.0], "the video keeps its beats"
    assert await artist.timeline() == first

    offer = await song.reads(f"{artist.url}/beats")
    assert offer["sentence"] == "7 cuts lie off the corrected beats: move them."
    assert offer["edits"][0] == {"kind": "use_beats", "revision": 2}
    assert [edit["frame"] for edit in offer["edits"][1:]] == [64 * place + 4 for place in range(1, 8)]
    typed = await artist.terminal.run(partial(beats.use_beats, artist.video_id, look=True))
    assert typed == offer
    preview = await artist.asks("edits/preview", {"base_version": 1, "edits": offer["edits"]})
    assert [scene["start_frame"] for scene in preview["scenes"]] == [0, *(64 * place + 4 for place in range(1, 8))]
    assert preview["sentences"][0] == "The video follows the song's corrected beats and sections."

    assert (await artist.done(await artist.edits(*offer["edits"], base=1)))["version"] == 2
    moved = await artist.timeline()
    assert [scene["start_frame"] for scene in moved["scenes"]][1:] == [64 * place + 4 for place in range(1, 8)]
    assert moved["beats_id"] != first["beats_id"]
    assert (await song.reads(f"{artist.url}/beats"))["is_used"] is True
    assert ones(await song.reads(f"{artist.url}/waveform.json?version=1")) == [0.0, 2.0, 4.0]
    assert ones(await song.reads(f"{artist.url}/waveform.json")) == [0.5, 2.5, 4.5]
    assert (await artist.done(await artist.asks("undo", {})))["version"] == 3
    undone = await artist.timeline()
    assert undone["beats_id"] == first["beats_id"]
    assert (await song.reads(f"{artist.url}/beats"))["edits"] == offer["edits"]

    made = await artist.types(beats.use_beats)
    assert (made["version"], made["credits_charged"]) == (4, 0)
    used = await artist.timeline()
    assert used["beats_id"] == moved["beats_id"]
    assert [one["start_frame"] for one in used["scenes"]] == [one["start_frame"] for one in first["scenes"]]
    assert api.balance(artist.person.account_id) == balance


async def test_commands_correct_and_take_back(artist: Artist) -> None:
    song = await Song.of(artist)
    renamed = await song.types(rename=["2=Bridge"], double=True)
    assert (renamed["analysis_revision"], renamed["corrected"]) == (2, True)
    assert renamed["analysis"]["corrections"] == ["Twice the tempo", "Section 2: bridge instead of verse"]
    assert [one["label"] for one in renamed["analysis"]["sections"]] == ["intro", "bridge", "chorus", "outro"]
    assert renamed["analysis"]["tempo_bpm"] == 240
    offer = await song.reads(f"{artist.url}/beats")
    assert offer["edits"] == [{"kind": "use_beats", "revision": 2}]
    await artist.types(beats.use_beats)
    scenes = (await artist.timeline())["scenes"]
    assert [scene["section"] for scene in scenes][2:4] == ["bridge", "bridge"]

    tapped = await song.types(tap="0.26,0.76,1.25,1.74,2.26", as_heard=True)
    assert (tapped["analysis_revision"], tapped["analysis"]["tempo_bpm"]) == (3, 120)
    assert tapped["analysis"]["corrections"] == ["Tapped: 120.0 bpm"]
    assert 0.2 < tapped["analysis"]["beats"][0]["time_s"] < 0.3
    heard = await song.types(as_heard=True)
    assert (heard["analysis_revision"], heard["corrected"]) == (4, False)
    assert heard["analysis"]["beats"][1]["time_s"] == 0.5
    shown = await song.types()
    assert (shown["analysis_revision"], shown["sentences"]) == (4, [])
    late = await artist.edits({"kind": "use_beats", "revision": 3}, base=2)
    assert (late["status"], late["code"]) == (409, "beats_moved")


async def test_page_and_commands_refuse_alike(api: Api, artist: Artist) -> None:
    song = await Song.of(artist)
    refusals: list[tuple[dict[str, Any], dict[str, Any], str]] = [
        ({"kind": "shift", "beats": 4}, {"shift": 4}, "no_change"),
        ({"kind": "as_heard"}, {"as_heard": True}, "no_change"),
        ({"kind": "rename", "section_index": 8, "label": "verse"}, {"rename": ["9=verse"]}, "no_section"),
        ({"kind": "tap", "times_s": [1, 1.5, 2.9, 60]}, {"tap": "1,1.5,2.9,60"}, "taps"),
    ]
    for correction, options, code in refusals:
        for path in ("corrections", "corrections/preview"):
            status, refused = await song.posts(path, correction, base=1)
            assert (status, refused["code"]) == (422, code), correction
        assert await song.refused(**options) == (code, refused["detail"])
    for body in ({"kind": "shift", "beats": 17}, {"kind": "tap", "times_s": [1, 2]}, {"kind": "rename"}, {"kind": "x"}):
        assert (await song.posts("corrections", body, base=1))[0] == 422
    assert (await song.posts("corrections", base=1))[0] == 422
    assert (await song.reads(song.url))["analysis_revision"] == 1

    nothing = await artist.edits({"kind": "use_beats", "revision": 1}, base=1)
    assert (nothing["status"], nothing["detail"]) == (422, "This changes nothing.")
    await song.types(shift=1)
    again = await artist.person.http.post(f"{song.url}/analysis", json={"again": True})
    assert (again.status_code, again.json()["code"]) == (409, "corrected")
    stranger = await api.sign_up()
    body = {"base_revision": 1, "corrections": [SHIFT]}
    for path in ("corrections", "corrections/preview"):
        assert (await stranger.http.post(f"{song.url}/{path}", json=body)).status_code == 404
    for path in ("beats", "waveform.json"):
        assert (await stranger.http.get(f"{artist.url}/{path}")).status_code == 404
