"""JSON bodies of a video's places on its song."""

from pydantic import Field

from api.shapes import PREFIX, shared
from models.base import Model
from services.places import Place, Places


class PlaceShape(Model):
    """A scene's place on the song."""

    index: int
    section: str
    letter: str
    start_frame: int
    end_frame: int
    start_s: float
    end_s: float
    energy: float
    camera_move: str | None = Field(description="null: not chosen yet")
    still_of: int = Field(description="the place whose still it shows: another one's in a reprise", examples=[0])


class PlacesShape(Model):
    """Where each scene lies on the song, to play stills and clips in time with it."""

    video_id: str
    version: int = Field(description="the newest stored version; 0: in the making")
    song_id: str
    audio_url: str
    fps: float
    width: int
    height: int
    frame_count: int
    duration_s: float
    places: tuple[PlaceShape, ...]


def places_shape(found: Places) -> PlacesShape:
    """A video's places as JSON shows them."""

    def place(one: Place) -> PlaceShape:
        times = {"start_s": float(one.start_frame / found.fps), "end_s": float(one.end_frame / found.fps)}
        return PlaceShape(**shared(PlaceShape, one) | times | {"camera_move": one.camera_move or None})

    facts = {
        "audio_url": f"{PREFIX}/songs/{found.song_id}/audio",
        "fps": float(found.fps),
        "duration_s": float(found.frame_count / found.fps),
        "places": tuple(map(place, found.places)),
    }
    return PlacesShape(**shared(PlacesShape, found) | facts)
