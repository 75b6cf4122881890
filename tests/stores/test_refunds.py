"""Support's refunds, on both databases: found by any name, and given once."""

import pytest

from models.credits import HoldState, Operation, Unit
from models.failures import InvalidInput
from models.ids import (
    generate_operation_key,
    generate_workflow_id,
    late_operation_key,
    regenerate_workflow_id,
    studio_operation_key,
    video_id_for,
)
from models.prices import PRICES
from stores.ledger import Ledger
from tests.stores.test_ledger import end_of, gift, hold_of


@pytest.mark.parametrize("operation", Operation)
def test_what_was_charged_is_refunded_once(ledger: Ledger, operation: Operation) -> None:
    ledger.hold(hold_of("v/op", operation))
    with pytest.raises(InvalidInput, match="still under way"):
        ledger.refund("ada", "v/op", "sorry", "support/kim")
    ledger.capture(end_of("v/op"))
    for _ in range(2):
        receipt = ledger.refund("ada", "v/op", "sorry for the noise", "support/kim")
        assert (receipt.amount, receipt.balance.available) == (PRICES[operation], 250)
    with pytest.raises(InvalidInput, match="given back before"):
        ledger.refund("ada", "v/op", "and for the colours", "support/kim")
    assert ledger.balance("ada").available == 250
    newest = ledger.history("ada")[0]
    assert (newest.text, newest.actor) == ("Sorry for the noise", "support/kim")


def test_a_free_image_is_refunded_as_a_free_image(ledger: Ledger) -> None:
    ledger.grant(gift("free", 1, unit=Unit.FREE_IMAGE))
    ledger.hold(hold_of("v/op", Operation.REGENERATE_IMAGE))
    ledger.capture(end_of("v/op"))
    for _ in range(2):
        balance = ledger.refund("ada", "v/op", "sorry", "kim").balance
        assert (balance.available, balance.free_images) == (250, 1)


@pytest.mark.parametrize("free_images", [0, 1])
def test_what_took_nothing_is_not_refunded(ledger: Ledger, free_images: int) -> None:
    if free_images:
        ledger.grant(gift("free", free_images, unit=Unit.FREE_IMAGE))
    ledger.hold(hold_of("v/released", Operation.REGENERATE_IMAGE))
    ledger.release(end_of("v/released"))
    ledger.hold(hold_of("v/free", Operation.REGENERATE_IMAGE, free_because="the scene fell back"))
    ledger.capture(end_of("v/free"))
    for key in ("v/released", "v/free", "v/unknown"):
        with pytest.raises(InvalidInput, match="Nothing was charged"):
            ledger.refund("ada", key, "sorry", "kim")
    assert ledger.balance("ada").free_images == free_images


def test_a_charge_is_found_by_the_names_that_support_sees(ledger: Ledger) -> None:
    ledger.grant(gift("g", 1_000))
    videos = [video_id_for("ada", name) for name in "abc"]
    for video_id, operation_id in zip(videos, ("op_1", "op-1", "op_1"), strict=True):
        ledger.hold(hold_of(generate_operation_key(video_id)))
        ledger.hold(hold_of(studio_operation_key(video_id, operation_id), Operation.REGENERATE_IMAGE))
    first, second, _ = videos
    late = late_operation_key(generate_operation_key(first))
    ledger.hold(hold_of(late))
    keys = {
        first: generate_operation_key(first),
        generate_workflow_id(first): generate_operation_key(first),
        regenerate_workflow_id(first, "op_1"): studio_operation_key(first, "op_1"),
        "op-1": studio_operation_key(second, "op-1"),
    }
    for name, key in keys.items():
        found = ledger.find_charge(name)
        assert (found.operation_key, found.account_id, found.state) == (key, "ada", HoldState.HELD)
    with pytest.raises(InvalidInput, match="Several operations"):
        ledger.find_charge("op_1")
    unknown = ("", "1", "%", "op", "generate", "late", video_id_for("ada", "d"), regenerate_workflow_id(second, "op_1"))
    for name in unknown:
        with pytest.raises(InvalidInput, match="Nothing was ever charged"):
            ledger.find_charge(name)
