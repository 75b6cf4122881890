"""Studio's sentences about versions, and the shortest beginning of an id."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.failures import InvalidInput
from models.studio import StudioKind, StudioOperation, StudioOrder, StudioState
from models.vault import VersionRef
from models.views import short_ids, version_views, whole_id

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def operation(version: int | None, kind: StudioKind, scene: int | None, restored: int | None = None) -> StudioOperation:
    order = StudioOrder(
        account_id="ada", video_id="v", operation_id=f"op{version}", kind=kind, scene_index=scene, version=restored
    )
    state = StudioState.FAILED if version is None else StudioState.DELIVERED
    return StudioOperation(
        order=order, operation_key=f"k{version}", state=state, base_version=1, version=version, accepted_at=NOW
    )


def test_each_version_says_what_is_new_in_it() -> None:
    operations = [
        operation(2, StudioKind.IMAGE, 0),
        operation(None, StudioKind.IMAGE, 5),
        operation(3, StudioKind.VIDEO, 11),
        operation(4, StudioKind.CHOOSE, 2),
        operation(5, StudioKind.RESTORE, None, 1),
    ]
    versions = [VersionRef(video_id="v", version=number, stored_at=NOW) for number in range(1, 6)]
    views = version_views(versions, operations)
    assert [view.change for view in views] == [
        "The first draft",
        "Scene 1 with a new image",
        "Scene 12 with a new clip",
        "Scene 3 with another take",
        "As version 1 was",
    ]
    assert [view.version for view in views if view.is_kept] == [1, 5]


@given(st.lists(st.text("0123456789abcdef", min_size=1, max_size=32), unique=True, max_size=30))
def test_what_is_shown_of_an_id_means_it(ids: list[str]) -> None:
    for one, shown in short_ids(ids).items():
        assert whole_id(shown, ids) == one


def test_a_beginning_that_several_have_is_refused() -> None:
    ids = ["draft", "abcdef12", "abcdef99"]
    assert short_ids(ids) == {"draft": "draft", "abcdef12": "abcdef1", "abcdef99": "abcdef9"}
    with pytest.raises(InvalidInput, match="2 takes"):
        whole_id("abc", ids)
    assert whole_id("", ids) == ""
    assert whole_id("zzz", ids) == "zzz", "the Vault says that there is none"
