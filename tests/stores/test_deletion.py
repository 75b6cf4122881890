"""Deletion: its preview, what stays, and what can be added again."""

import pytest

from models.credits import HoldRequest, Operation, SettleRequest
from models.failures import InvalidInput, ProviderUnavailable
from models.object_keys import song_prefix, video_prefix, working_copy_key
from models.vault import ExportKind, ExportRef, Shelf
from stores.characters import Characters
from stores.database import Database
from stores.deletion import DeletionStore
from tests.fakes.clock import Clock
from tests.stores.test_catalogue import NOW, Shop


@pytest.fixture
def shop(database: Database, clock: Clock) -> Shop:
    return Shop(database, clock)


@pytest.fixture
def desk(database: Database, clock: Clock) -> DeletionStore:
    return DeletionStore(database, clock)


def remove(desk: DeletionStore, shelf: Shelf, subject_id: str) -> tuple[str, ...]:
    desk.hide("ada", shelf, subject_id)
    removal = desk.forget("ada", shelf, subject_id)
    assert desk.forget("ada", shelf, subject_id) == removal, "a repeated step gives the same answer"
    return removal.prefixes


def test_a_song_without_videos_goes_with_all_its_objects(shop: Shop, desk: DeletionStore) -> None:
    song_id = shop.song("Neon")
    assert "“Neon”" in desk.plan("ada", Shelf.SONG, song_id).sentence
    assert remove(desk, Shelf.SONG, song_id) == (song_prefix("ada", song_id),)
    assert shop.catalogue.songs("ada").songs == ()
    for call in (lambda: shop.vault.song("ada", song_id), lambda: desk.plan("ada", Shelf.SONG, song_id)):
        with pytest.raises(KeyError):
            call()


def test_videos_of_a_deleted_song_stay_until_the_last_one_goes(shop: Shop, desk: DeletionStore) -> None:
    song_id = shop.song("Neon")
    first, second = shop.video(song_id, "Rain"), shop.video(song_id, "Sun")
    plan = desk.plan("ada", Shelf.SONG, song_id)
    assert plan.videos == 2
    assert "The 2 videos made of it stay" in plan.sentence
    upload = ("key", working_copy_key("ada", song_id))
    assert remove(desk, Shelf.SONG, song_id) == upload, "soundtrack and analysis are still needed"
    assert len(shop.catalogue.videos("ada").videos) == 2
    assert shop.vault.timeline("ada", first).song_id == song_id
    assert remove(desk, Shelf.VIDEO, first) == (video_prefix("ada", first),)
    assert remove(desk, Shelf.VIDEO, second) == (video_prefix("ada", second), song_prefix("ada", song_id))


@pytest.mark.parametrize("recorded", [True, False], ids=["recorded", "of a failed analysis"])
def test_a_songs_working_copy_goes_with_its_upload(shop: Shop, desk: DeletionStore, recorded: bool) -> None:
    song_id = shop.song("Neon")
    shop.video(song_id, "Rain")
    if recorded:
        shop.vault.record_copy("ada", song_id, 1_000)
    assert remove(desk, Shelf.SONG, song_id) == ("key", working_copy_key("ada", song_id))


def test_the_same_bytes_after_a_deletion_are_another_song(shop: Shop, desk: DeletionStore) -> None:
    song_id = shop.song("Neon")
    facts_number = shop.number
    remove(desk, Shelf.SONG, song_id)
    shop.number = iter([0, 0, 0])  # type: ignore[assignment]
    again = shop.song("Neon again")
    assert again != song_id
    assert shop.song("And again") == again
    remove(desk, Shelf.SONG, again)
    assert shop.song("Third time") not in (song_id, again)
    shop.number = facts_number


def test_while_a_song_is_hidden_its_bytes_wait(shop: Shop, desk: DeletionStore) -> None:
    song_id = shop.song("Neon")
    desk.hide("ada", Shelf.SONG, song_id)
    assert shop.catalogue.songs("ada").songs == ()
    shop.number = iter([0])  # type: ignore[assignment]
    with pytest.raises(ProviderUnavailable, match="just being deleted"):
        shop.song("Neon")
    desk.show("ada", Shelf.SONG, song_id)
    assert shop.vault.song("ada", song_id).title == "Neon"


def test_a_deleted_video_is_gone_for_good_and_its_entries_stay(shop: Shop, desk: DeletionStore) -> None:
    song_id = shop.song("Neon")
    video_id = shop.video(song_id, "Rain")
    shop.video(song_id, "Rain", version=2)
    piece = ExportRef(
        asset_id="asset-1",
        account_id="ada",
        video_id=video_id,
        version=1,
        kind=ExportKind.POSTER,
        object_key="k",
        media_type="image/png",
        size_bytes=5,
        width=1,
        height=1,
        made_at=NOW,
    )
    shop.catalogue.add_export(piece)
    history = shop.ledger.history("ada")
    assert "2 versions and 1 export" in desk.plan("ada", Shelf.VIDEO, video_id).sentence
    remove(desk, Shelf.VIDEO, video_id)
    assert shop.ledger.history("ada") == history
    assert shop.ledger.verify().differences == ()
    assert shop.catalogue.videos("ada").videos == ()
    assert shop.catalogue.exports("ada", video_id) == []
    assert shop.catalogue.songs("ada").songs[0].song_id == song_id
    assert not shop.vault.is_delivered("ada", video_id)
    desk.show("ada", Shelf.VIDEO, video_id)
    for call in (
        lambda: shop.vault.video("ada", video_id),
        lambda: shop.vault.brief("ada", video_id),
        lambda: shop.vault.timeline("ada", video_id),
        lambda: shop.catalogue.rename_video("ada", video_id, "Again"),
    ):
        with pytest.raises(KeyError):
            call()
    with pytest.raises(InvalidInput, match="no video"):
        shop.video(song_id, "Rain", version=3)


def test_only_standing_holds_of_drafts_protect(shop: Shop, desk: DeletionStore) -> None:
    for key, operation in (
        ("generate-a/generate", Operation.GENERATE),
        ("generate-b/x", Operation.REGENERATE_IMAGE),
        ("generate-c/generate", Operation.GENERATE),
    ):
        shop.ledger.hold(HoldRequest(account_id="ada", operation=operation, operation_key=key))
    shop.ledger.settle(SettleRequest(account_id="ada", operation_key="generate-c/generate"))
    assert desk.drafts_in_the_making("ada") == ["generate-a"]
    assert desk.drafts_in_the_making("bob") == []


def test_nobody_deletes_another_accounts_things(shop: Shop, desk: DeletionStore) -> None:
    song_id = shop.song("Neon")
    desk.hide("bob", Shelf.SONG, song_id)
    assert desk.forget("bob", Shelf.SONG, song_id).prefixes == ()
    with pytest.raises(KeyError):
        desk.plan("bob", Shelf.SONG, song_id)
    assert shop.vault.song("ada", song_id).title == "Neon"


def test_a_deleted_characters_name_is_free_again(shop: Shop, desk: DeletionStore, database: Database) -> None:
    characters = Characters(database)
    characters.add("ada", "character-1", "Mara", "a tall woman", ["k"])
    assert "stay exactly as they are" in desk.plan("ada", Shelf.CHARACTER, "character-1").sentence
    assert remove(desk, Shelf.CHARACTER, "character-1") == ("accounts/ada/characters/character-1/",)
    with pytest.raises(KeyError):
        characters.get("ada", "character-1")
    assert characters.add("ada", "character-2", "Mara", "another woman", ["k"]).name == "Mara"
