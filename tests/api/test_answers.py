"""A browser that follows a link always gets a page, never JSON; programs get problems."""

import re
from pathlib import Path

import pytest

from api.problems import problem_of
from api.web.assets import FOLDER
from models.failures import EchonosError, JobCrashed, MediaCorrupt, Misconfigured, RunFailed
from tests.api.conftest import Api

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "Sec-Fetch-Mode": "navigate"}
ROOMS = ("api", "models", "workflows", "activities", "services", "gateways", "temporal", "engines")
LINKS = {
    "/no/such/page": 404,
    "/enter?token=used-before": 404,
    "/static/no-such-build/js/none.js": 404,
    "/api/v1/nothing": 404,
    "/api/v1/quotes": 405,
    "/credits?before=x": 404,
    "/api/v1/styles/none/picture": 404,
    "/api/v1/videos/none/versions/1/video?download=1": 404,
    "/api/v1/videos/none/versions/x/video": 422,
    "/vault?search=%00": 400,
}


NEXT = {
    "/studio/v?scene=3": "/studio/v?scene=3",
    "/?again=v": "/?again=v",
    "//evil.example": "/",
    "/\\evil.example": "/",
    "/\t/evil.example": "/",
    "https://evil.example": "/",
    "/studio/v\r\nSet-Cookie: a=b": "/",
    "": "/",
}


async def test_a_browser_never_reads_json(api: Api) -> None:
    artist = await api.sign_up()
    for address, status in LINKS.items():
        answer = await artist.http.get(address, headers=BROWSER)
        assert answer.status_code == status, (address, answer.text)
        assert answer.headers["content-type"].startswith("text/html"), address
        assert 'href="/"' in answer.text, "there is a way on"
        if address.startswith("/api/"):
            for program in ({}, BROWSER | {"Sec-Fetch-Mode": "cors"}):
                problem = await artist.http.get(address, headers=program)
                assert problem.headers["content-type"] == "application/problem+json", address
    for headers in ({"Host": "evil.example"}, {"X-Long": "x" * 40_000}):
        answer = await artist.http.get("/", headers=BROWSER | headers)
        assert answer.headers["content-type"].startswith("text/html"), headers
    used = await artist.http.get("/enter?token=used-before", headers=BROWSER)
    assert "used before or is too old" in used.text

    wanted = "/api/v1/videos/a/versions/1/video?download=1"
    answer = await api.stranger().get(wanted, headers=BROWSER)
    there = "/login?next=%2Fapi%2Fv1%2Fvideos%2Fa%2Fversions%2F1%2Fvideo%3Fdownload%3D1"
    assert (answer.status_code, answer.headers["location"]) == (303, there)
    for wanted, led in NEXT.items():
        answer = await artist.http.get("/login", params={"next": wanted})
        assert (answer.status_code, answer.headers["location"]) == (303, led), wanted


@pytest.mark.parametrize(
    "failure", [JobCrashed("its process died"), RunFailed("It broke."), MediaCorrupt("no picture")]
)
def test_only_a_wrong_setting_is_blamed_on_the_settings(failure: EchonosError) -> None:
    told = problem_of(failure)
    assert (told.status_code, told.code) == (500, "our_mistake")
    assert "configured" not in str(told.detail)
    assert "configured" in str(problem_of(Misconfigured("no price id is set")).detail)


def _sentences(path: Path) -> list[str]:
    """Strings of a file that read as sentences: two blanks and more, and no documentation."""
    text = path.read_text()
    if path.suffix == ".html":
        return re.findall(r">([^<{}]+)<", text)
    if path.suffix == ".py":
        text = re.sub(r'"""[\s\S]*?"""', "", text)
    text = re.sub(r"^\s*(#|//|\*|/\*).*$", "", text, flags=re.M)
    return [found for found in re.findall(r"[\"'`]([^\"'`\n]+)[\"'`]", text) if found.count(" ") >= 2]


FOR_OPERATORS = {
    "profiles.py": "a worker of another version",
    "deployments.py": "`starter.py deploy`",
    "diagnosis.py": "`starter.py doctor`",
    "temporal_checks.py": "`starter.py doctor`",
    "worker_versions.py": "`starter.py drain`",
    "measures.py": "figures for support",
    "standstill.py": "why a run does not answer",
    "people.py": "words that prompts are read for",
    "steps.py": "a failure that is retried",
    "waiting.py": "a failure that is retried",
    "support.html": "our own people",
    "support.js": "our own people",
}
"""Files whose sentences never reach an artist."""


def test_no_sentence_speaks_of_machinery() -> None:
    house = Path(__file__).parents[2]
    files = [path for room in ROOMS for path in (house / room).rglob("*.py")]
    files += [*FOLDER.rglob("*.js"), *(FOLDER.parent / "templates").rglob("*.html")]
    wrong = [
        (path.name, sentence)
        for path in files
        if path.name not in FOR_OPERATORS
        for sentence in _sentences(path)
        if re.search(r"\bworkers?\b", sentence, re.I)
    ]
    assert wrong == []
    assert len(files) > 150
