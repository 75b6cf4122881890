"""Orders of videos: checked as far as possible before a stack starts, completed from the Vault afterwards."""

from dataclasses import dataclass, field
from pathlib import Path

from cli.session import Session
from models.brief import MOST_CHARACTERS, Brief
from models.failures import InvalidInput
from models.profiles import ProfileName
from models.styles import find_style
from services.orders import VideoWish, named_characters, wish_like
from services.quotes import check_models
from services.songs import CheckedSong, add_song, check_song
from settings import Settings

_DEFAULT_STYLE = "Cinematic Realism"


@dataclass(frozen=True)
class Order:
    """The order of a video.

    Attributes:
        upload: An accepted file; None uses a song of the Vault.
        song_id: A song of the Vault; None uses the upload, or the song of `like`.
        like: The video whose song and brief fill in what the order leaves out.
        wishes: The given fields of the brief.
        characters: Names of characters locked in the Vault.
        still_model: The model for stills; empty: the installation's.
        clip_model: The model for clips; empty: the installation's.
        profile: Size and rate.
    """

    upload: CheckedSong | None
    profile: ProfileName
    song_id: str | None = None
    like: str | None = None
    wishes: dict[str, object] = field(default_factory=dict)
    characters: tuple[str, ...] = ()
    still_model: str = ""
    clip_model: str = ""

    def wish(self, session: Session) -> VideoWish:
        """The order, completed from the Vault; an upload is added to it first.

        Raises:
            NotFound: There is no such video in the Vault.
            InvalidInput: There is no such character in the Vault, or the brief is invalid.
        """
        app, account_id = session.app, session.account_id
        like = None if self.like is None else wish_like(app, account_id, self.like)
        brief = Brief(style=find_style(_DEFAULT_STYLE).slug) if like is None else like.brief
        ids = named_characters(app, account_id, self.characters)
        wishes = self.wishes | ({"character_ids": ids} if ids else {})
        song_id = self.song_id or (like.song_id if like is not None else "")
        if self.upload is not None:
            song_id = add_song(app, account_id, self.upload).song_id
        return VideoWish(
            song_id=song_id,
            brief=Brief.model_validate(brief.model_dump() | wishes),
            profile=self.profile,
            still_model=self.still_model,
            clip_model=self.clip_model,
        )


def make_order(
    song: str | None,
    style: str | None,
    prompt: str | None,
    *,
    enhance: bool = False,
    aspect: str = "9:16",
    profile: ProfileName,
    seed: int | None = None,
    like: str | None = None,
    characters: tuple[str, ...] = (),
    still_model: str = "",
    clip_model: str = "",
) -> Order:
    """Check everything that needs no stack.

    Raises:
        InvalidInput: Song, style, prompt, aspect, models, or number of characters are unusable.
    """
    if aspect != "9:16":
        raise InvalidInput(f"The aspect ratio {aspect} is not made yet; leave it out or use 9:16.", code="aspect")
    if song is None and like is None:
        raise InvalidInput("Give a song, or --like with a video whose song is taken.", code="no_song")
    if len(characters) > MOST_CHARACTERS:
        raise InvalidInput(f"A video takes up to {MOST_CHARACTERS} characters.", code="characters")
    check_models(Settings(), still_model, clip_model)
    wishes: dict[str, object] = {}
    if style:
        wishes["style"] = find_style(style).slug
    if prompt is not None:
        wishes["prompt"] = prompt.strip()
    if enhance:
        wishes["enhance"] = True
    if seed is not None:
        wishes["seed"] = seed
    Brief.model_validate(wishes)  # refuses before anything is stored
    upload, song_id = None, None
    if song is not None and song.startswith("song-") and not Path(song).exists():
        song_id = song
    elif song is not None:
        upload = check_song(Path(song), Settings())
    return Order(upload, profile, song_id, like, wishes, characters, still_model, clip_model)
