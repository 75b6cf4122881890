"""`regenerate`, `choose`, `versions`, `close`: repairing single scenes. What they do is imported late."""

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.output import Output
from models.storyboard import CameraMove

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
VideoId = Annotated[str, typer.Argument(help="The video's id, as printed by `generate`.")]
SceneNumber = Annotated[int, typer.Option("--scene", help="The scene's number in `timeline`, counted from 1.")]
Out = Annotated[Path | None, typer.Option(help="Where to put the MP4; default: the data folder.")]


class Kind(StrEnum):
    """What is made anew."""

    IMAGE = "image"
    VIDEO = "video"


class Move(StrEnum):
    """Camera moves as they are typed: with hyphens."""

    PUSH_IN = "push-in"
    PULL_OUT = "pull-out"
    PAN_LEFT = "pan-left"
    PAN_RIGHT = "pan-right"
    TILT_UP = "tilt-up"
    TILT_DOWN = "tilt-down"
    CRANE_UP = "crane-up"
    ROLL = "roll"
    HANDHELD = "handheld"
    DRIFT = "drift"

    @property
    def move(self) -> CameraMove:
        """The move that is meant."""
        return CameraMove(self.value.replace("-", " "))


def regenerate(
    video_id: VideoId,
    scene: SceneNumber,
    kind: Annotated[Kind, typer.Option(help="image: a new still (10 credits); video: a new clip of it (50).")],
    prompt: Annotated[str | None, typer.Option(help="Of the still, or of the motion; default: the old one.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, max=2**32 - 1, help="Default: another one than before.")] = None,
    camera: Annotated[Move | None, typer.Option(help="Another camera move.")] = None,
    character: Annotated[list[str] | None, typer.Option(help="Who appears, by id; may be given again.")] = None,
    location: Annotated[str | None, typer.Option(help="Where it plays, by id.")] = None,
    out: Out = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before credits are held.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make one scene's image or video anew; everything else stays as it is, in a new version."""
    from cli.studio import regenerate_scene
    from models.studio import SceneEdit, StudioKind

    edit = SceneEdit(
        prompt=prompt,
        seed=seed,
        camera_move=camera.move if camera else None,
        character_ids=tuple(character) if character else None,
        location_id=location,
    )
    asyncio.run(regenerate_scene(video_id, scene, StudioKind(kind.value), edit, out, yes, Output(as_json)))


def choose(
    video_id: VideoId,
    scene: Annotated[int | None, typer.Option(help="The scene's number; with --take.")] = None,
    take: Annotated[
        str, typer.Option(help="A take of that scene as `timeline` shows it; `draft` is the first one.")
    ] = "",
    version: Annotated[int | None, typer.Option(help="Or: an older version to go back to.")] = None,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Show another take of a scene, or go back to an older version: free, and a new version."""
    from cli.studio import choose_version

    asyncio.run(choose_version(video_id, scene, take, version, out, Output(as_json)))


def versions(
    video_id: VideoId,
    version: Annotated[int | None, typer.Option(help="Fetch this one; joined again if need be.")] = None,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """A video's versions, or one of them as an MP4."""
    from cli.studio import show_versions

    asyncio.run(show_versions(video_id, version, out, Output(as_json)))


def close(video_id: VideoId, as_json: AsJson = False) -> None:
    """Close a video's run once its operations are done; the next regeneration opens it again."""
    from cli.studio import close_run

    asyncio.run(close_run(video_id, Output(as_json)))
