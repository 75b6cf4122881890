"""`songs beats`: what its options mean, before anything is started."""

import asyncio
from typing import Any

import pytest
import typer

from cli.commands.beats import beats
from cli.output import Output
from cli.session import Session

WRONG: list[dict[str, Any]] = [
    {"rename": ["bridge"]},
    {"rename": ["0=verse"]},
    {"rename": ["2=refrain"]},
    {"rename": ["two=verse"]},
    {"rename": ["2"]},
    {"tap": "0.5;1.0;1.5;2.0"},
    {"tap": "0.5,1.0,,1.5"},
]


@pytest.mark.parametrize("options", WRONG, ids=str)
def test_options_that_mean_nothing_are_refused_first(options: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(_: Output) -> None:
        raise AssertionError("nothing is to be opened")

    monkeypatch.setattr(Session, "open", opened)
    with pytest.raises(typer.BadParameter, match="like"):
        asyncio.run(beats("song-1", **options, output=Output(as_json=True)))
