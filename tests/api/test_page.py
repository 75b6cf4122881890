"""The page's own routes: where strangers are sent, what is escaped, what browsers may keep."""

import re

import pytest

from api.web.assets import BUILD, FOLDER, asset
from api.web.templating import FOLDER as TEMPLATES
from api.web.templating import render
from api.web.words import megabytes
from tests.api.conftest import Api

SURFACES = ("/", "/vault", "/credits", "/account", "/support", "/preview/v", "/studio/v", "/processing/v", "/board/v")


async def test_strangers_log_in_and_come_back(api: Api) -> None:
    for path in SURFACES[1:]:
        answer = await api.stranger().get(f"{path}?show=songs")
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/login?next=%2F"), path
    assert (await api.stranger().get("/")).headers["location"] == "/login"


async def test_every_surface_is_private_and_has_no_inline_script_or_style(api: Api) -> None:
    artist = await api.sign_up()
    for path in SURFACES[:4]:
        answer = await artist.http.get(path)
        assert answer.status_code == 200, path
        assert answer.headers["cache-control"] == "no-store"
        assert "<style" not in answer.text
        assert " style=" not in answer.text
        assert "<script>" not in answer.text
        assert " onclick=" not in answer.text


async def test_what_is_not_yours_is_a_page_that_says_so(api: Api) -> None:
    artist = await api.sign_up()
    for path in SURFACES[4:]:
        answer = await artist.http.get(path)
        assert answer.status_code == 404, path
        assert answer.headers["content-type"].startswith("text/html")
        assert "Nothing of yours is under this address." in answer.text


@pytest.mark.parametrize(
    "address",
    [
        f"/credits?before={10**30}",
        "/credits?before=-1",
        "/credits?before=x",
        "/vault?cursor=x",
        f"/vault?cursor={'x' * 5_000}",
        f"/vault?search={'x' * 5_000}",
        "/vault?show=songs&cursor=WzEsMl0",
        f"/preview/{'x' * 5_000}",
        "/preview/'%20OR%201=1",
        "/support?state=none",
    ],
)
async def test_addresses_that_mean_nothing_are_pages_too(api: Api, address: str) -> None:
    artist = await api.sign_up()
    answer = await artist.http.get(address)
    assert answer.status_code == 404, answer.text
    assert "Nothing of yours is under this address." in answer.text


async def test_support_is_there_for_those_with_the_role(api: Api) -> None:
    helper = await api.sign_up()
    api.make_supporter(helper.account_id)
    without = await helper.http.get("/support")
    assert (without.status_code, without.headers["location"]) == (303, "/account?support=1")
    await api.enrol(helper)
    answer = await helper.http.get("/support")
    assert answer.status_code == 200
    assert 'href="/support"' in answer.text


async def test_titles_are_text_and_never_markup(api: Api) -> None:
    artist = await api.sign_up()
    api.add_song(artist.account_id, title='<script>alert("x")</script>')
    answer = await artist.http.get("/vault", params={"show": "songs", "search": '"><script>alert(1)</script>'})
    assert "<script>alert" not in answer.text
    shelf = await artist.http.get("/vault", params={"show": "songs"})
    assert "&lt;script&gt;alert" in shelf.text


async def test_assets_are_kept_for_good_under_their_own_build_only(api: Api) -> None:
    http = api.stranger()
    for path in sorted(FOLDER.rglob("*.js")):
        answer = await http.get(asset(path.relative_to(FOLDER).as_posix()))
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/javascript")
        assert "immutable" in answer.headers["cache-control"]
    other = await http.get("/static/another-build/js/shell.js")
    assert (other.status_code, other.headers["cache-control"]) == (200, "no-cache")
    assert (await http.get(f"/static/{BUILD}/../../app.py")).status_code == 404


async def test_the_typeface_is_our_own_and_kept_for_good(api: Api) -> None:
    answer = await api.stranger().get(asset("fonts/inter.woff"))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "font/woff")
    assert answer.content[:4] == b"wOFF"
    assert 10_000 < len(answer.content) < 120_000
    assert "immutable" in answer.headers["cache-control"]


def test_a_page_of_nobody_renders_without_a_session() -> None:
    text = render("wrong.html", session=None, heading="Not here", sentence="a < b", again="")
    assert "a &lt; b" in text


def test_a_form_that_a_module_sends_does_nothing_before_the_module_is_there() -> None:
    """Otherwise the browser sends it to the page's own address, and what was typed is gone."""
    forms = [form for page in TEMPLATES.glob("*.html") for form in re.findall(r"<form [^>]*>", page.read_text())]
    assert len(forms) > 15
    # A dialog is opened by its module.
    assert [form for form in forms if "method=" not in form and 'id="own-form"' not in form] == []


@pytest.mark.parametrize(
    ("size_bytes", "shown"),
    [(1, "1 kB"), (12_400, "12 kB"), (99_999, "100 kB"), (100_000, "0.1 MB"), (12_340_000, "12.3 MB")],
)
def test_a_small_file_is_not_said_to_have_no_bytes(size_bytes: int, shown: str) -> None:
    assert megabytes(size_bytes) == shown
