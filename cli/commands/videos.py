"""`generate`, `watch`, `timeline`, `cancel`. What they do is imported late: help must come at once."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from cli.output import Output
from models.profiles import ProfileName

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
VideoId = Annotated[str, typer.Argument(help="The video's id, as printed by `generate`.")]


def generate(
    song: Annotated[
        str | None, typer.Argument(help="An MP3, M4A, WAV, AAC, OGG or FLAC file of 1 to 20 minutes, or a song's id.")
    ] = None,
    style: Annotated[str | None, typer.Option(help="A preset; see `styles`. Default: Cinematic Realism.")] = None,
    prompt: Annotated[str | None, typer.Option(help="What the video shows, in a few sentences.")] = None,
    enhance: Annotated[bool, typer.Option("--enhance", help="Expand a short prompt first.")] = False,
    like: Annotated[
        str | None, typer.Option(help="A video whose song, brief and style are taken where you give none.")
    ] = None,
    character: Annotated[
        list[str] | None, typer.Option(help="Who appears: a name from `characters list`. May be given three times.")
    ] = None,
    aspect: Annotated[str, typer.Option(help="The aspect ratio.")] = "9:16",
    profile: Annotated[ProfileName, typer.Option(help="full: 1080×1920, 30 fps; preview: 540×960, 24 fps.")] = (
        ProfileName.FULL
    ),
    seed: Annotated[int | None, typer.Option(min=0, max=2**32 - 1, help="Another number, another video.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where to put the MP4; default: the data folder.")] = None,
    still_model: Annotated[str, typer.Option(help="Buy all stills from this model; see docs/providers.md.")] = "",
    clip_model: Annotated[str, typer.Option(help="Buy all clips from this model, as ENDPOINT or ENDPOINT@768P.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before credits are held.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make a music video of a song."""
    from cli.orders import make_order
    from cli.videos import generate_video

    order = make_order(
        song,
        style,
        prompt,
        enhance=enhance,
        aspect=aspect,
        profile=profile,
        seed=seed,
        out=out,
        like=like,
        characters=tuple(character or ()),
        still_model=still_model,
        clip_model=clip_model,
    )
    asyncio.run(generate_video(order, yes, Output(as_json)))


def watch(
    video_id: VideoId,
    out: Annotated[Path | None, typer.Option(help="Put the MP4 there once it is ready.")] = None,
    as_json: AsJson = False,
) -> None:
    """Follow a run until its draft is ready."""
    from cli.videos import watch_video

    asyncio.run(watch_video(video_id, out, Output(as_json)))


def timeline(video_id: VideoId, as_json: AsJson = False) -> None:
    """The scenes of a video's newest version."""
    from cli.videos import timeline_video

    asyncio.run(timeline_video(video_id, Output(as_json)))


def cancel(video_id: VideoId, yes: Yes = False, as_json: AsJson = False) -> None:
    """Cancel a run. Before its draft the credits come back, less what bought pieces keep; later the video stays."""
    from cli.videos import cancel_video

    asyncio.run(cancel_video(video_id, yes, Output(as_json)))
