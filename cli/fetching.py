"""Fetching a version's MP4: joined again first, where it is not kept."""

import os
from pathlib import Path

from cli.session import Session
from models.failures import InvalidInput, NotStored
from models.timeline import Timeline
from models.vault import VideoRef
from workflows.studio_clients import rebuild


def check_out(out: Path | None) -> None:
    """Refuse an output path before anything is started for it.

    Raises:
        InvalidInput: No file can be written there.
    """
    if out is not None and (out.is_dir() or not os.access(out.absolute().parent, os.W_OK | os.X_OK)):
        raise InvalidInput(f"{out} cannot be written: name a file in a folder that exists.", code="out")


def known_video(session: Session, video_id: str) -> VideoRef:
    """A finished video of the account.

    Raises:
        InvalidInput: There is none.
    """
    try:
        return session.stores.vault.video(session.account_id, video_id)
    except NotStored:
        raise InvalidInput(f"There is no finished video {video_id} in the Vault.", code="no_video") from None


def known_timeline(session: Session, video_id: str, version: int | None = None) -> Timeline:
    """A version of a finished video, None of the newest.

    Raises:
        InvalidInput: There is none.
    """
    newest = known_video(session, video_id).latest_version
    if version is not None and not 1 <= version <= newest:
        raise InvalidInput(f"There is no version {version}; the newest is {newest}.", code="no_version")
    return session.stores.vault.timeline(session.account_id, video_id, version)


async def fetch(session: Session, timeline: Timeline, out: Path | None) -> Path:
    """Write a version's MP4 to `out`, or into the data folder."""
    path = out or session.settings.home / "videos" / f"{timeline.video_id}-v{timeline.version}.mp4"
    path.parent.mkdir(parents=True, exist_ok=True)
    if session.stores.objects.size(timeline.video_key) is None:
        session.output.say(f"Joining version {timeline.version} again …")
        await rebuild(session.client, session.account_id, timeline, session.settings.run_limits())
    session.stores.objects.get_file(timeline.video_key, path)
    return path.absolute()
