"""The servers that other tests lean on."""

from uuid import uuid4

from temporalio.client import Client
from temporalio.common import SearchAttributePair, TypedSearchAttributes

from models.search_attributes import SEARCH_ATTRIBUTES, SearchAttribute
from models.setting_values import StoreOptions
from stores.opening import open_stores


async def test_temporal_knows_our_search_attributes(temporal: Client) -> None:
    key = SEARCH_ATTRIBUTES[SearchAttribute.STAGE]
    handle = await temporal.start_workflow(
        "Unserved",
        id=f"servers-{uuid4()}",
        task_queue="unserved",
        search_attributes=TypedSearchAttributes([SearchAttributePair(key, "clips")]),
    )
    assert (await handle.describe()).typed_search_attributes[key] == "clips"


def test_stores_open_on_the_real_servers(store_options: StoreOptions) -> None:
    stores = open_stores(**store_options)
    try:
        stores.objects.put_bytes("servers/a", b"kept", "text/plain")
        assert stores.objects.get_bytes("servers/a") == b"kept"
        stores.ledger.open_account("servers")
        assert stores.ledger.balance("servers").available == 250
    finally:
        stores.database.close()
