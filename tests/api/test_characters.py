"""Characters over HTTP: pictures by content only, within limits."""

import io

import pytest
from PIL import Image

from models.vault import MOST_REFERENCES
from tests.api.conftest import Api

URL = "/api/v1/characters"
WHO = {"name": "Ada", "description": "a woman in a red coat"}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def png() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((512, 512), 60).convert("RGB").save(out, "PNG")
    return out.getvalue()


async def test_a_character_is_locked(api: Api) -> None:
    person = await api.sign_up()
    made = await person.http.post(URL, data=WHO, files=[("references", ("../a.png", png()))])
    assert made.status_code == 201, made.text
    assert len(made.json()["references"]) == 1
    listed = (await person.http.get(URL)).json()["items"]
    assert [one["name"] for one in listed] == ["Ada"]


async def test_pictures_are_decoded_by_turns(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []

    class Turn:
        """Counts instead of waiting."""

        async def __aenter__(self) -> None:
            taken.append("a turn")

        async def __aexit__(self, *_: object) -> None:
            """Wait for nothing."""

    monkeypatch.setattr(api.backend.concurrency, "checking", Turn())
    person = await api.sign_up()
    made = await person.http.post(URL, data=WHO, files=[("references", ("a.png", png()))] * 2)
    assert (made.status_code, len(taken)) == (201, 2)


@pytest.mark.parametrize("pictures", [[SVG], [], [b"x"] * (MOST_REFERENCES + 1)], ids=["svg", "none", "too-many"])
async def test_what_is_no_reference_is_refused(api: Api, pictures: list[bytes]) -> None:
    person = await api.sign_up()
    files = [("references", ("a.png", picture, "image/png")) for picture in pictures]
    answer = await person.http.post(URL, data=WHO, files=files)
    assert answer.status_code in (415, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert (await person.http.get(URL)).json()["items"] == []
