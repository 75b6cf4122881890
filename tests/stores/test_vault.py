"""The Vault: content-addressed songs, versions that stand or fall with their hold."""

from fractions import Fraction

import pytest

from models.credits import HoldRequest, Operation, SettleRequest
from models.failures import Conflict, InsufficientCredits, InvalidInput, NotStored
from models.profiles import ProfileName
from models.song import AudioFacts, Heard
from models.timeline import Timeline, TimelineScene
from stores.catalogue import Catalogue
from stores.database import Database
from stores.ledger import Ledger
from stores.vault import Vault

FACTS = AudioFacts(
    container="flac",
    codec="flac",
    duration_s=90.0,
    sample_rate_hz=44_100,
    channels=2,
    size_bytes=9_000_000,
    sha256="ab" * 32,
    title="Neon",
    artist="An Artist",
)
KEY = "generate-video-1/generate"


def timeline_of(song_id: str, video_id: str = "video-1", version: int = 1) -> Timeline:
    scene = TimelineScene(
        index=0, section_index=0, section="intro", start_frame=0, end_frame=720, start_s=0.0, end_s=90.0
    )
    return Timeline(
        video_id=video_id,
        version=version,
        song_id=song_id,
        profile=ProfileName.TINY,
        fps=Fraction(8),
        width=90,
        height=160,
        frame_count=720,
        soundtrack_key="s",
        video_key=f"v{version}",
        scenes=(scene,),
    )


@pytest.fixture
def vault(database: Database) -> Vault:
    return Vault(database)


@pytest.fixture
def catalogue(database: Database) -> Catalogue:
    return Catalogue(database)


@pytest.fixture
def ledger(database: Database) -> Ledger:
    ledger = Ledger(database)
    ledger.open_account("ada")
    ledger.open_account("bob")
    return ledger


def hold(ledger: Ledger, key: str = KEY, account_id: str = "ada") -> HoldRequest:
    request = HoldRequest(account_id=account_id, operation=Operation.GENERATE, operation_key=key)
    ledger.hold(request)
    return request


def test_the_same_bytes_are_one_song_per_account(vault: Vault, catalogue: Catalogue, ledger: Ledger) -> None:
    song = vault.add_song("ada", FACTS, "Neon", "k1")
    assert vault.add_song("ada", FACTS, "Another title", "k2") == song
    assert vault.add_song("bob", FACTS, "Neon", "k3").song_id != song.song_id
    assert [s.song_id for s in catalogue.songs("ada").songs] == [song.song_id]


def test_an_id_with_a_nul_is_nobodys(vault: Vault) -> None:
    """SQLite finds nothing, PostgreSQL refuses such text: neither is a defect."""
    with pytest.raises((KeyError, InvalidInput)):
        vault.song("account-1", "song\0")


def test_an_analysis_is_remembered(vault: Vault, ledger: Ledger) -> None:
    song = vault.add_song("ada", FACTS, "Neon", "k1")
    vault.record_analysis("ada", song.song_id, "a", "s")
    again = vault.song("ada", song.song_id)
    assert (again.analysis_key, again.soundtrack_key, again.title) == ("a", "s", "Neon")
    with pytest.raises(KeyError):
        vault.record_analysis("bob", song.song_id, "a", "s")


def test_a_delivered_version_is_listed_and_its_hold_captured(
    vault: Vault, catalogue: Catalogue, ledger: Ledger
) -> None:
    song = vault.add_song("ada", FACTS, "Neon", "k1")
    hold(ledger)
    assert catalogue.videos("ada").videos == ()
    timeline = timeline_of(song.song_id)
    assert vault.deliver_version("ada", KEY, timeline, "Neon", "film-noir")
    assert vault.deliver_version("ada", KEY, timeline, "Neon", "film-noir")
    settlement = ledger.settle(SettleRequest(account_id="ada", operation_key=KEY))
    assert (settlement.outcome, settlement.credits, settlement.balance.available) == ("captured", 200, 50)
    assert vault.deliver_version("ada", KEY, timeline, "Neon", "film-noir")
    assert ledger.settle(SettleRequest(account_id="ada", operation_key=KEY)).outcome == "captured"
    (video,) = catalogue.videos("ada").videos
    assert (video.title, video.style, video.latest_version) == ("Neon", "film-noir", 1)
    assert vault.timeline("ada", video.video_id, 1) == timeline
    assert [v.video_key for v in vault.versions("ada", video.video_id)] == ["v1"]


def test_nothing_is_delivered_to_a_refunded_run_except_late_and_paid(
    vault: Vault, catalogue: Catalogue, ledger: Ledger
) -> None:
    song = vault.add_song("ada", FACTS, "Neon", "k1")
    request = hold(ledger)
    assert ledger.settle(SettleRequest(account_id="ada", operation_key=KEY)).outcome == "released"
    timeline = timeline_of(song.song_id)
    assert not vault.deliver_version("ada", KEY, timeline, "Neon", "film-noir")
    assert not vault.deliver_version("ada", KEY, timeline, "Neon", "film-noir")
    assert catalogue.videos("ada").videos == ()
    hold(ledger, "other/generate")
    with pytest.raises(InsufficientCredits):
        vault.settle_late(request)
    assert catalogue.videos("ada").videos == ()
    ledger.settle(SettleRequest(account_id="ada", operation_key="other/generate"))
    for _ in range(2):
        assert vault.settle_late(request).outcome == "captured"
    assert ledger.balance("ada").available == 50
    assert vault.deliver_version("ada", KEY, timeline, "Neon", "film-noir")
    assert [v.version for v in vault.versions("ada", "video-1")] == [1]
    settled = ledger.settle(SettleRequest(account_id="ada", operation_key=KEY))
    assert (settled.outcome, settled.credits) == ("captured", 200), "the operation was paid for, late"
    assert ledger.balance("ada").available == 50
    assert ledger.verify().differences == ()


def test_late_delivery_needs_something_kept_aside(vault: Vault, ledger: Ledger) -> None:
    with pytest.raises(KeyError):
        vault.settle_late(HoldRequest(account_id="ada", operation=Operation.GENERATE, operation_key=KEY))
    assert ledger.balance("ada").available == 250


def test_a_version_number_belongs_to_one_operation(vault: Vault, ledger: Ledger) -> None:
    song = vault.add_song("ada", FACTS, "Neon", "k1")
    hold(ledger)
    vault.deliver_version("ada", KEY, timeline_of(song.song_id), "Neon", "film-noir")
    with pytest.raises(InvalidInput, match="another operation"):
        vault.deliver_version("ada", "studio-1", timeline_of(song.song_id), "Neon", "film-noir")


def test_accounts_do_not_see_each_other(vault: Vault, catalogue: Catalogue, ledger: Ledger) -> None:
    song = vault.add_song("ada", FACTS, "Neon", "k1")
    hold(ledger)
    vault.deliver_version("ada", KEY, timeline_of(song.song_id), "Neon", "film-noir")
    assert catalogue.videos("bob").videos == ()
    for call in (
        lambda: vault.song("bob", song.song_id),
        lambda: vault.video("bob", "video-1"),
        lambda: vault.versions("bob", "video-1"),
        lambda: vault.timeline("bob", "video-1", 1),
        lambda: vault.timeline("ada", "video-1", 2),
    ):
        with pytest.raises(KeyError):
            call()
    hold(ledger, "bobs", "bob")
    with pytest.raises(InvalidInput, match="no video"):
        vault.deliver_version("bob", "bobs", timeline_of(song.song_id, version=2), "Neon", "film-noir")
    with pytest.raises(InvalidInput, match="no song"):
        vault.deliver_version("bob", "bobs", timeline_of(song.song_id, video_id="video-2"), "Neon", "film-noir")
    assert catalogue.videos("bob").videos == ()


def test_a_correction_is_the_next_revision_and_remembers_what_was_heard(vault: Vault, ledger: Ledger) -> None:
    song = vault.add_song("ada", FACTS, "Neon", "source").song_id
    assert not vault.record_analysis("ada", song, "heard", "sound").corrected
    first = vault.record_correction("ada", song, "shifted", "heard", 1)
    assert (first.analysis_key, first.heard_key, first.analysis_revision, first.corrected) == (
        "shifted",
        "heard",
        2,
        True,
    )
    assert vault.record_correction("ada", song, "shifted", "heard", 1) == first, "a repetition changes nothing"
    for base in (1, 3):
        with pytest.raises(Conflict) as refused:
            vault.record_correction("ada", song, "doubled", "heard", base)
        assert refused.value.code == "revision_moved"
    assert vault.song("ada", song) == first
    back = vault.record_correction("ada", song, "heard", None, 2)
    assert (back.analysis_key, back.analysis_revision, back.corrected) == ("heard", 3, False)
    for account_id, name in (("bob", song), ("ada", "song-none")):
        with pytest.raises(NotStored):
            vault.record_correction(account_id, name, "shifted", "heard", 3)


def test_an_analysis_that_began_before_a_correction_does_not_replace_it(vault: Vault, ledger: Ledger) -> None:
    song = vault.add_song("ada", FACTS, "Neon", "source").song_id
    vault.record_analysis("ada", song, "heard", "sound")
    corrected = vault.record_correction("ada", song, "shifted", "heard", 1)
    late = Heard(revision=2, analysis_version=2, duration_s=90)
    assert vault.record_analysis("ada", song, "heard-2", "sound", late) == corrected
    asked = Heard(revision=3, analysis_version=2, duration_s=90)
    again = vault.record_analysis("ada", song, "heard-3", "sound", asked)
    assert (again.analysis_key, again.analysis_revision, again.corrected) == ("heard-3", 3, False)
