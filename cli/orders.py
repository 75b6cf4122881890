"""What somebody wants made: checked as far as can be before a stack is started, completed from the Vault once it is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from cli.fetching import check_out
from cli.session import Session
from cli.upload import Upload, upload_song
from models.brief import MOST_CHARACTERS, Brief
from models.failures import InvalidInput, NotStored
from models.profiles import ProfileName
from models.song import SongRef
from models.styles import find_style
from settings import Settings

T = TypeVar("T")
_DEFAULT_STYLE = "Cinematic Realism"


@dataclass(frozen=True)
class Order:
    """What somebody wants made.

    Attributes:
        upload: A file that was accepted; None takes a song that is in the Vault.
        song_id: A song of the Vault; None takes the upload, or the song of `like`.
        like: The video whose song and brief are taken where nothing else is asked for.
        wishes: What was asked for of the brief, by field.
        characters: Names of characters locked in the Vault.
        still_model: Of all its stills; empty: the house's.
        clip_model: Of all its clips; empty: the house's.
        profile: Size and rate.
        out: Where to put the MP4.
    """

    upload: Upload | None
    profile: ProfileName
    out: Path | None
    song_id: str | None = None
    like: str | None = None
    wishes: dict[str, object] = field(default_factory=dict)
    characters: tuple[str, ...] = ()
    still_model: str = ""
    clip_model: str = ""

    def song(self, session: Session) -> SongRef:
        """The song, in the Vault.

        Raises:
            InvalidInput: There is no such song or video in the Vault.
        """
        if self.upload is not None:
            return self.upload.keep(session.stores, session.account_id)
        vault, account_id = session.stores.vault, session.account_id
        song_id = self.song_id or _of_vault(lambda: vault.video(account_id, self.like or "").song_id, self.like or "")
        try:
            return vault.song(account_id, song_id)
        except NotStored:
            raise InvalidInput(
                f"The song {song_id} is not in the Vault (any more): give its file instead.", code="unknown_song"
            ) from None

    def brief(self, session: Session) -> Brief:
        """The brief: the wishes, over that of the video that this one is to be like.

        Raises:
            InvalidInput: There is no such video or character in the Vault, or the brief can't be.
        """
        stores, account_id = session.stores, session.account_id
        brief = Brief(style=find_style(_DEFAULT_STYLE).slug)
        if self.like is not None:
            like = self.like
            brief = _of_vault(lambda: stores.vault.brief(account_id, like), like)
            # The same seed would make the same video once more.
            brief = brief.model_copy(update={"seed": (brief.seed + 1) % 2**32})
        ids = [stores.characters.named(account_id, name).character_id for name in self.characters]
        locked = {"character_ids": tuple(dict.fromkeys(ids))} if ids else {}
        return Brief.model_validate(brief.model_dump() | self.wishes | locked)


def make_order(
    song: str | None,
    style: str | None,
    prompt: str | None,
    *,
    enhance: bool = False,
    aspect: str = "9:16",
    profile: ProfileName,
    seed: int | None = None,
    out: Path | None,
    like: str | None = None,
    characters: tuple[str, ...] = (),
    still_model: str = "",
    clip_model: str = "",
) -> Order:
    """Check everything that can be checked before a stack is needed.

    Raises:
        InvalidInput: Song, style, prompt, aspect, models, number of characters or output path are unusable.
    """
    if aspect != "9:16":
        raise InvalidInput(f"The aspect ratio {aspect} is not made yet; leave it out or use 9:16.", code="aspect")
    if song is None and like is None:
        raise InvalidInput("Give a song, or --like with a video whose song is taken.", code="no_song")
    if len(characters) > MOST_CHARACTERS:
        raise InvalidInput(f"A video takes up to {MOST_CHARACTERS} characters.", code="characters")
    check_out(out)
    if still_model or clip_model:
        from engines.estimating import check_models  # late: with the provider's client, a third of a second

        settings = Settings()
        check_models(settings.media_choice() if settings.fal_key is not None else None, still_model, clip_model)
    wishes: dict[str, object] = {}
    if style:
        wishes["style"] = find_style(style).slug
    if prompt is not None:
        wishes["prompt"] = prompt.strip()
    if enhance:
        wishes["enhance"] = True
    if seed is not None:
        wishes["seed"] = seed
    Brief.model_validate(wishes)  # its complaints come before anything is stored
    upload, song_id = None, None
    if song is not None and song.startswith("song-") and not Path(song).exists():
        song_id = song
    elif song is not None:
        upload = upload_song(Path(song), Settings())
    return Order(upload, profile, out, song_id, like, wishes, characters, still_model, clip_model)


def _of_vault(look: Callable[[], T], video_id: str) -> T:
    try:
        return look()
    except NotStored:
        raise InvalidInput(f"There is no video {video_id} in the Vault.", code="no_video") from None
