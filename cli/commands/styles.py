"""`styles`: the presets."""

from typing import Annotated

import typer

from cli.output import Output
from models.styles import search_styles


async def styles(search: Annotated[str, typer.Argument(help="Words to look for.")] = "", *, output: Output) -> None:
    """The presets, all or those that match."""
    found = search_styles(search)
    lines = [f"{style.name:<20} {style.default_direction}" for style in found]
    output.answer({"styles": [s.model_dump(mode="json") for s in found]}, lines or ["No style matches."])
