"""The Vault's lists: search in any language, stable pages, new titles, pieces."""

from contextlib import suppress
from datetime import UTC, datetime
from fractions import Fraction
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.credits import GrantRequest, GrantSource, HoldRequest, Operation
from models.failures import InvalidInput
from models.profiles import ProfileName
from models.song import AudioFacts
from models.timeline import Timeline
from models.vault import ExportKind, ExportRef, PageQuery
from stores.catalogue import Catalogue
from stores.database import Database
from stores.ledger import Ledger
from stores.vault import Vault
from tests.fakes.amounts import examples
from tests.fakes.clock import Clock

NOW = datetime(2027, 1, 1, 12, tzinfo=UTC)


class Shop:
    """Songs and videos for the account `ada`, each a second after the previous one."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.vault, self.catalogue, self.clock = Vault(database, clock), Catalogue(database), clock
        self.ledger = Ledger(database, clock)
        self.number = count()
        for account_id in ("ada", "bob"):
            self.ledger.open_account(account_id)
        grant = GrantRequest(account_id="ada", key="much", amount=10_000, source=GrantSource.GOODWILL)
        self.ledger.grant(grant)

    def song(self, title: str, artist: str | None = None, account_id: str = "ada") -> str:
        facts = AudioFacts(
            container="flac",
            codec="flac",
            duration_s=90.0,
            sample_rate_hz=44_100,
            channels=2,
            size_bytes=9_000_000,
            sha256=f"{next(self.number):064x}",
            artist=artist,
        )
        self.clock.forward(seconds=1)
        return self.vault.add_song(account_id, facts, title, "key").song_id

    def video(self, song_id: str, title: str, style: str = "film-noir", version: int = 1) -> str:
        self.clock.forward(seconds=1)
        video_id = f"video-{title}"
        timeline = Timeline(
            video_id=video_id,
            version=version,
            song_id=song_id,
            profile=ProfileName.TINY,
            fps=Fraction(8),
            width=90,
            height=160,
            frame_count=720,
            soundtrack_key="s",
            scenes=(),
        )
        key = f"generate-{video_id}/{version}"
        self.ledger.hold(HoldRequest(account_id="ada", operation=Operation.GENERATE, operation_key=key))
        assert self.vault.deliver_version("ada", key, timeline, title, style)
        return video_id

    def titles(self, search: str) -> list[str]:
        return [song.title for song in self.catalogue.songs("ada", PageQuery(search=search)).songs]


@pytest.fixture
def shop(database: Database, clock: Clock) -> Shop:
    return Shop(database, clock)


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", ["Привет МИР", "Ärger", "100% you_and_me", "Neon Nights"]),
        ("neon", ["Neon Nights"]),
        ("NIGHTS neon", ["Neon Nights"]),
        ("ÄRGER", ["Ärger"]),
        ("a\u0308rger", ["Ärger"]),
        ("мир", ["Привет МИР"]),
        ("ada love", ["Neon Nights"]),
        ("100%", ["100% you_and_me"]),
        ("0%y", []),
        ("_", ["100% you_and_me"]),
        ("%", ["100% you_and_me"]),
        ("\\", []),
        ("neon'; DROP TABLE songs; --", []),
        ("ne\x00on", ["Neon Nights"]),
        ("neon \x00", ["Neon Nights"]),
    ],
)
def test_search_finds_titles_and_artists_in_any_case(shop: Shop, search: str, found: list[str]) -> None:
    for title, artist in (("Neon Nights", "Ada Lovelace"), ("100% you_and_me", None), ("Ärger", None)):
        shop.song(title, artist)
    shop.song("Привет МИР")
    shop.song("Neon of another account", account_id="bob")
    assert shop.titles(search) == found


@pytest.mark.parametrize("together", [True, False], ids=["at one moment", "one after the other"])
def test_pages_hold_every_song_once_also_when_songs_come_and_go(shop: Shop, together: bool) -> None:
    ids = []
    for number in range(7):
        ids.append(shop.song(f"Song {number}"))
        if together:
            shop.clock.forward(seconds=-1)
    seen: list[str] = []
    cursor = None
    for wanted in (3, 3, 1):
        page = shop.catalogue.songs("ada", PageQuery(limit=3, cursor=cursor))
        assert len(page.songs) == wanted
        seen += [song.song_id for song in page.songs]
        cursor = page.next_cursor
        shop.clock.forward(seconds=60)
        shop.song("A new one, on top")
    assert cursor is None
    assert sorted(seen) == sorted(ids)
    if not together:
        assert seen == ids[::-1]


@given(cursor=st.text(max_size=60) | st.just("WyIyMDI3LTAxLTAxVDAwOjAwOjAwIiwgM10") | st.just("W10"))
@settings(max_examples=examples(50))
def test_a_foreign_cursor_is_refused_or_harmless(shop: Shop, cursor: str) -> None:
    with suppress(InvalidInput):
        shop.catalogue.songs("ada", PageQuery(cursor=cursor))


def test_a_cursor_of_nobody_is_refused(shop: Shop) -> None:
    with pytest.raises(InvalidInput) as refused:
        shop.catalogue.songs("ada", PageQuery(cursor="nonsense"))
    assert refused.value.code == "no_page"


def test_videos_are_found_by_title_and_style_and_listed_per_song(shop: Shop) -> None:
    first, second = shop.song("First"), shop.song("Second")
    shop.video(first, "Rain", "film-noir")
    shop.video(first, "Rain", version=2)
    shop.video(second, "Sun", "golden-hour")
    (rain,) = shop.catalogue.videos("ada", PageQuery(search="NOIR rain")).videos
    assert (rain.title, rain.latest_version) == ("Rain", 2)
    assert [v.title for v in shop.catalogue.videos("ada").videos] == ["Sun", "Rain"]
    assert [v.title for v in shop.catalogue.videos("ada", song_id=second).videos] == ["Sun"]
    page = shop.catalogue.videos("ada", PageQuery(limit=1))
    (older,) = shop.catalogue.videos("ada", PageQuery(limit=1, cursor=page.next_cursor)).videos
    assert older.title == "Rain"
    assert shop.catalogue.videos("bob").videos == ()


def test_new_titles_are_found_and_the_old_ones_are_not(shop: Shop) -> None:
    song_id = shop.song("Demo 3", "Ada")
    video_id = shop.video(song_id, "Demo 3")
    assert shop.catalogue.rename_song("ada", song_id, "  Neon\nNights ").title == "Neon Nights"
    assert shop.catalogue.rename_video("ada", video_id, "The Film").title == "The Film"
    assert (shop.titles("demo"), shop.titles("nights"), shop.titles("ada")) == ([], ["Neon Nights"], ["Neon Nights"])
    assert shop.vault.song("ada", song_id).title == "Neon Nights"
    assert shop.vault.video("ada", video_id).title == "The Film"
    assert shop.catalogue.videos("ada", PageQuery(search="film noir")).videos[0].title == "The Film"
    for title, code in ((" \t", "title_empty"), ("a" * 201, "title_too_long")):
        with pytest.raises(InvalidInput) as refused:
            shop.catalogue.rename_song("ada", song_id, title)
        assert refused.value.code == code
    for rename in (shop.catalogue.rename_song, shop.catalogue.rename_video):
        with pytest.raises(KeyError):
            rename("bob", song_id, "Mine")


def test_pieces_are_listed_once_and_only_with_their_video(shop: Shop) -> None:
    video_id = shop.video(shop.song("Song"), "Rain")
    piece = ExportRef(
        asset_id="asset-1",
        account_id="ada",
        video_id=video_id,
        version=1,
        kind=ExportKind.CANVAS,
        object_key="k",
        media_type="video/mp4",
        size_bytes=5,
        width=720,
        height=1280,
        duration_s=6,
        made_at=NOW,
    )
    for size_bytes in (5, 6):
        assert shop.catalogue.add_export(piece.model_copy(update={"size_bytes": size_bytes})) == piece
    assert shop.catalogue.exports("ada", video_id) == [piece]
    assert shop.catalogue.export("ada", "asset-1") == piece
    assert shop.catalogue.exports("bob", video_id) == []
    with pytest.raises(KeyError):
        shop.catalogue.export("bob", "asset-1")
    with pytest.raises(KeyError):
        shop.catalogue.add_export(piece.model_copy(update={"asset_id": "asset-2", "account_id": "bob"}))
