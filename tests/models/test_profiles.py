"""Revisions of profiles: old keys stay, new videos get new settings."""

import pytest

from models.failures import ProviderUnavailable
from models.generation import AssembleStep, ClipStep
from models.paid_media import ConformStep
from models.profiles import FIRST_REVISION, NEWEST_REVISION, PROFILES, ProfileName, profile_of
from models.studio import Retake
from models.timeline import Timeline

AS_FIRST_WRITTEN = {
    "full": '{"name":"full","width":1080,"height":1920,"fps":"30","x264_preset":"superfast","crf":20,"gop_frames":60}',
    "preview": (
        '{"name":"preview","width":540,"height":960,"fps":"24","x264_preset":"superfast","crf":23,"gop_frames":48}'
    ),
    "tiny": '{"name":"tiny","width":90,"height":160,"fps":"8","x264_preset":"ultrafast","crf":30,"gop_frames":16}',
}


@pytest.mark.parametrize("name", list(ProfileName))
def test_the_first_revision_is_written_as_before_there_were_any(name: ProfileName) -> None:
    """Segments' keys are made of it."""
    assert profile_of(name, FIRST_REVISION).model_dump_json() == AS_FIRST_WRITTEN[name]


@pytest.mark.parametrize("name", list(ProfileName))
def test_new_videos_have_settings_and_keys_of_their_own(name: ProfileName) -> None:
    old, new = profile_of(name, FIRST_REVISION), PROFILES[name]
    assert new == profile_of(name, NEWEST_REVISION)
    assert new.model_dump_json() != old.model_dump_json()
    assert (new.width, new.height, new.fps) == (old.width, old.height, old.fps)


@pytest.mark.parametrize("model", [ClipStep, AssembleStep, ConformStep, Retake, Timeline])
def test_documents_without_a_revision_are_of_the_first_and_keep_their_digests(
    model: type[ClipStep | AssembleStep | ConformStep | Retake | Timeline],
) -> None:
    field = model.model_fields["profile_revision"]
    assert field.default == FIRST_REVISION
    assert field.exclude_if is not None
    assert field.exclude_if(FIRST_REVISION)
    assert not field.exclude_if(NEWEST_REVISION)


def test_a_revision_of_the_future_waits_for_a_worker_that_knows_it() -> None:
    with pytest.raises(ProviderUnavailable, match="revision 99 of the profile full"):
        profile_of(ProfileName.FULL, 99)
