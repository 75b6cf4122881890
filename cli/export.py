"""Pieces of finished videos: asked for, waited for, fetched."""

from pathlib import Path

from cli.fetching import check_out
from cli.output import Output
from cli.session import Session, open_session
from engines.picture.exports.faces import check_showable
from models.exports import ExportRequest
from models.failures import InvalidInput, NotStored
from models.lyrics import MOST_BYTES, Lyrics, read_lyrics
from models.vault import AssetRef, ExportKind
from workflows.clients import start_export


async def export_piece(
    video_id: str, kind: ExportKind, version: int | None, lyrics: Path | None, out: Path | None, output: Output
) -> None:
    """Make a piece, or find the one that was made before, and put it where it is wanted."""
    check_out(out)
    words = _read(kind, lyrics)
    async with open_session(output) as session:
        request = _request(session, video_id, kind, version, words)
        output.say(f"Making the {kind} of version {request.version} …")
        piece: AssetRef = await (await start_export(session.client, request)).result()
        ending = Path(piece.object_key).suffix
        path = out or session.settings.home / "pieces" / f"{video_id}-v{piece.version}-{kind}{ending}"
        path.parent.mkdir(parents=True, exist_ok=True)
        session.stores.objects.get_file(piece.object_key, path)
    answer = piece.model_dump(mode="json") | {"path": str(path.absolute())}
    length = f" · {piece.duration_s:.1f} s" if piece.duration_s else ""
    output.answer(answer, [f"{piece.kind} · {piece.width}×{piece.height}{length}", str(path.absolute())])


def _read(kind: ExportKind, path: Path | None) -> Lyrics | None:
    """The lyrics, if this piece takes any; refused before a stack is started."""
    if kind is not ExportKind.LYRICS:
        if path is not None:
            raise InvalidInput("Lyrics belong to --as lyrics.", code="lyrics")
        return None
    if path is None:
        raise InvalidInput("A lyric video needs --lyrics with an LRC or SRT file.", code="lyrics")
    with path.open("rb") as file:
        lyrics = read_lyrics(file.read(MOST_BYTES + 1))
    for line in lyrics.lines:
        check_showable(line.text, f"Line {line.number} of the lyrics")
    return lyrics


def _request(
    session: Session, video_id: str, kind: ExportKind, version: int | None, lyrics: Lyrics | None
) -> ExportRequest:
    vault, account_id = session.stores.vault, session.account_id
    try:
        video = vault.video(account_id, video_id)
        timeline = vault.timeline(account_id, video_id, version)
    except NotStored:
        what = video_id if version is None else f"{video_id} version {version}"
        raise InvalidInput(f"There is no finished video {what} in the Vault.", code="no_video") from None
    try:
        artist = vault.song(account_id, video.song_id).artist or ""
    except NotStored:
        artist = ""
    return ExportRequest(
        account_id=account_id,
        video_id=video_id,
        version=timeline.version,
        kind=kind,
        title=video.title,
        artist=artist,
        style=video.style,
        lyrics=lyrics,
    )
