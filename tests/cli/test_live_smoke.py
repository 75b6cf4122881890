"""The first contact, against the fakes: it finds nothing where all is as our tables say, and each wrong row."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from cli.app import app
from cli.commands import live_smoke
from cli.output import Output
from engines.providers.fal import first_contact, pricing
from engines.providers.fal.adapters import ClipModel
from engines.providers.fal.fields import Field, Kind
from engines.providers.fal.rows import CLIP_ROWS, SEEDANCE, STILL_ROWS, Price, Row
from models.failures import InvalidInput
from services import diagnosis
from settings import Settings
from tests.fakes import fal_models
from tests.fakes.anthropic_server import KEY, AnthropicServer, anthropic_server
from tests.fakes.fal_server import KEY as FAL_KEY
from tests.fakes.fal_server import FalServer

__all__ = ["anthropic_server"]


@pytest.fixture
def stripe_url() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            page = {"id": "cs_test_1", "object": "checkout.session", "url": "https://pay.example/cs_test_1"}
            data = json.dumps(page).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def keys(
    anthropic_server: AnthropicServer,
    fal_server: FalServer,
    stripe_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Settings:
    fal_server.behaviour.job = lambda number, arguments: (
        "policy" if arguments["prompt"] == first_contact.REFUSED_PROMPT else "ok"
    )
    monkeypatch.setattr(pricing, "PRICING_URL", f"https://{fal_server.address}/v1/models/pricing")
    monkeypatch.setattr(first_contact, "POLL_S", 0.02)
    return Settings(
        home=tmp_path,
        fal_key=SecretStr(FAL_KEY),
        anthropic_api_key=SecretStr(KEY),
        anthropic_base_url=anthropic_server.url,
        stripe_api_key=SecretStr("sk_test_1"),
        stripe_api_base=stripe_url,
        stripe_prices={"top-up-250": "price_250"},
    )


Seen = dict[str, list[str]]


@pytest.fixture
def look(keys: Settings, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    async def looked(settings: Settings = keys, most_usd: float = 1.0, **more: Any) -> Seen:
        capsys.readouterr()
        as_in_tables = await live_smoke.smoke(settings, most_usd, True, Output(as_json=True), **more)
        answer = json.loads(capsys.readouterr().out.splitlines()[-1])  # the command sends what is logged elsewhere
        differs: Seen = {}
        for one in answer["seen"]:
            if one["differs"]:
                differs.setdefault(one["part"], []).append(one["sentence"])
        assert as_in_tables is not bool(differs)
        assert {"still", "clip", "cancelled clip", "malformed request", "refused prompt", "price"} <= {
            one["part"] for one in answer["seen"]
        }
        return differs

    return looked


async def test_all_is_as_our_tables_say(
    look: Callable[..., Any], keys: Settings, fal_server: FalServer, anthropic_server: AnthropicServer
) -> None:
    assert await look() == {}
    assert [one["endpoint"] for one in fal_server.submissions].count(SEEDANCE.endpoint) == 3
    assert len(fal_server.submissions) == 5, "a still, a refused one, a clip, a cancelled one, a malformed one"
    assert {asked.body["model"] for asked in anthropic_server.asked} == set(keys.directing.models())
    assert await look(every_model=True, most_usd=5.0) == {}


def with_row(monkeypatch: pytest.MonkeyPatch, row: Row) -> None:
    rows = [row if one.endpoint == row.endpoint else one for one in CLIP_ROWS]
    monkeypatch.setattr(first_contact, "CLIP_ROWS", tuple(rows))
    table = (*STILL_ROWS, *rows)
    monkeypatch.setattr(first_contact, "compare_prices", lambda listed: pricing.compare_prices(listed, table))


WRONG = {
    "duration as integer": (
        replace(SEEDANCE, fields={**SEEDANCE.fields, "duration": Field(Kind.INTEGER, least=2, most=12)}),
        "clip",
        "duration",
    ),
    "a field that is not there": (
        replace(SEEDANCE, fixed={**SEEDANCE.fixed, "fps": 24}, fields={**SEEDANCE.fields, "fps": Field(Kind.INTEGER)}),
        "malformed request",
        "fps",
    ),
    "a price of yesterday": (
        replace(SEEDANCE, prices=(Price(0.006, "second", "480p", listed_usd=0.6, listed_unit="1m tokens"),)),
        "price",
        SEEDANCE.endpoint,
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
async def test_a_wrong_row_is_found(look: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    row, part, words = WRONG[wrong]
    with_row(monkeypatch, row)
    monkeypatch.setattr(first_contact, "cheapest_clip", lambda: ClipModel(row, "480p"))
    differs = await look()
    assert any(words in sentence for sentence in differs[part]), differs


async def test_a_service_that_has_changed_is_found(
    look: Callable[..., Any], fal_server: FalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(fal_models.PRICES, "minimax/h3-max/image-to-video", (0.11, "seconds"))
    monkeypatch.setattr("tests.fakes.fal_server.billable_units", lambda endpoint, arguments: 0.5)
    fal_server.behaviour.job = lambda number, arguments: "short" if "duration" in arguments else "ok"
    differs = await look()
    assert "USD 0.11 per seconds; the table has" in differs["price"][0]
    assert "2 s were bought" in differs["clip"][0]
    assert "fal bills 0.5 units" in differs["clip"][1]
    assert "was not refused" in differs["refused prompt"][0]


async def test_it_ends_and_says_so_where_a_service_is_away(
    look: Callable[..., Any], keys: Settings, fal_server: FalServer
) -> None:
    fal_server.behaviour.submission = lambda number, arguments: "500"
    away = {"anthropic_base_url": "http://127.0.0.1:1", "stripe_api_base": "http://127.0.0.1:1"}
    differs = await look(keys.model_copy(update=away))
    assert {"still", "clip", "cancelled clip", "refused prompt", "stripe"} <= differs.keys()
    assert differs.keys() >= set(keys.directing.models())


@pytest.mark.parametrize(
    ("change", "most_usd", "code"),
    [
        ({}, 0.1, "too_dear"),
        ({"stripe_api_key": SecretStr("sk_live_1")}, 1.0, "live_key"),
        ({"stripe_api_key": SecretStr("rk_live_1")}, 1.0, "live_key"),
        ({"fal_key": None, "anthropic_api_key": None, "stripe_api_key": None}, 1.0, "no_keys"),
    ],
)
async def test_nothing_is_bought_where_it_must_not(
    keys: Settings, fal_server: FalServer, change: dict[str, Any], most_usd: float, code: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await live_smoke.smoke(keys.model_copy(update=change), most_usd, True, Output(as_json=True))
    assert refused.value.code == code
    assert fal_server.submissions == []


async def test_a_person_is_asked_first(
    keys: Settings, fal_server: FalServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("typer.confirm", lambda *_, **__: False)
    with pytest.raises(InvalidInput, match="Nothing was bought"):
        await live_smoke.smoke(keys, 1.0, False, Output(as_json=False))
    told = capsys.readouterr()
    assert "one clip of 2 s from" in told.out + told.err
    assert fal_server.submissions == []


async def test_doctor_compares_prices(
    keys: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = await diagnosis.prices(keys)
    assert len(found) == len(fal_models.PRICES)
    assert all(one.works for one in found)
    monkeypatch.delitem(fal_models.PRICES, "google/nano-banana-2.1/edit")
    monkeypatch.setitem(fal_models.PRICES, "fal-ai/kling-video/v3/pro/image-to-video", (0.112, "videos"))
    wrong = {one.sentence.split(" has ")[0].split(":")[0] for one in await diagnosis.prices(keys) if not one.works}
    assert wrong == {"google/nano-banana-2.1/edit", "fal-ai/kling-video/v3/pro/image-to-video"}
    (refused,) = await diagnosis.prices(keys.model_copy(update={"fal_key": SecretStr("unknown")}))
    assert (refused.works, "refuses the key" in refused.sentence) == (False, True)
    (none,) = await diagnosis.prices(keys.model_copy(update={"fal_key": None}))
    assert none.works


def test_both_commands_are_there() -> None:
    names = {command.callback.__name__ for command in app.registered_commands if command.callback}
    assert {"live_smoke", "doctor"} <= names
