"""How pictures reach a provider: by links that outlive queue and run where our store can be reached, else inside."""

import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import cv2
import httpx
import numpy as np
import pytest
from pydantic import SecretStr
from temporalio.client import Client

from bootstrap import SHARED_S, open_media
from engines.providers.fal import FalClient, choose
from engines.providers.fal.client import LEAST_SIDE
from models.progress import RunStatus
from settings import Settings
from stores.opening import Stores
from tests.fakes.engines import Faults
from tests.fakes.fal_server import KEY, FalServer
from tests.fakes.world import QUICK, World, stores
from workflows.policies import COLLECT_TIMEOUT, ORDER_TIMEOUT

__all__ = ["stores"]

OUTSIDE = "https://media.echonos.example"


def buying(s3: Settings, **changes: object) -> Settings:
    return s3.model_copy(update={"fal_key": SecretStr(KEY), **changes})


def test_a_link_outlives_the_wait_for_a_permit_the_queue_and_the_run(s3: Settings) -> None:
    share = open_media(buying(s3, s3_public_endpoint=OUTSIDE)).terms.share_url
    assert share is not None
    link = urlsplit(share("accounts/ada/still.png"))
    assert f"{link.scheme}://{link.hostname}" == OUTSIDE, "the address that is seen from outside is what is signed"
    expires_s = float(parse_qs(link.query)["X-Amz-Expires"][0])
    assert expires_s >= (ORDER_TIMEOUT + COLLECT_TIMEOUT).total_seconds()
    assert expires_s <= 7 * 86_400, "S3 signs for a week at most"


@pytest.mark.parametrize("changed", ["", "method", "key", "signature"])
def test_a_link_reads_that_one_object_and_nothing_else(stores: Stores, s3: Settings, changed: str) -> None:
    share = open_media(buying(s3, s3_public_endpoint=OUTSIDE)).terms.share_url
    assert share is not None
    key = f"accounts/{uuid4().hex}/still.png"
    for name in (key, f"{key}-of-another"):
        stores.objects.put_bytes(name, b"picture", "image/png")
    link = urlsplit(share(key))
    path, query = link.path, link.query
    if changed == "key":
        path += "-of-another"
    elif changed == "signature":
        query = query[:-1] + ("0" if query[-1] != "0" else "1")
    # As a proxy in front of the store passes it on.
    url, headers = f"{s3.s3_endpoint}{path}?{query}", {"Host": link.netloc}
    answer = httpx.put(url, headers=headers, content=b"x") if changed == "method" else httpx.get(url, headers=headers)
    if not changed:
        assert (answer.status_code, answer.content) == (200, b"picture")
    else:
        assert answer.status_code == 403
    assert stores.objects.get_bytes(key) == b"picture"


@pytest.mark.parametrize(
    "address", [None, "http://127.0.0.1:8333", "http://10.1.2.3", "http://[::1]:8333", "http://minio:9000"]
)
def test_a_store_that_nobody_outside_reaches_shares_no_links(s3: Settings, address: str | None) -> None:
    assert open_media(buying(s3, s3_public_endpoint=address)).terms.share_url is None


def test_settings_of_a_local_stack_name_no_store_and_share_no_links(tmp_path: Path) -> None:
    assert open_media(Settings(home=tmp_path, fal_key=SecretStr(KEY))).terms.share_url is None


@pytest.mark.parametrize(
    ("endpoint", "host"),
    [("https://s3.echonos.example", "s3.echonos.example"), (None, "amazonaws.com")],
    ids=["its own address", "AWS"],
)
def test_a_store_whose_own_address_is_reached_needs_no_other(s3: Settings, endpoint: str | None, host: str) -> None:
    share = open_media(buying(s3, s3_endpoint=endpoint)).terms.share_url
    assert share is not None
    assert (urlsplit(share("accounts/ada/still.png")).hostname or "").endswith(host)


@pytest.mark.parametrize(
    ("address", "called"),
    [("http://127.0.0.1:8080", False), ("http://localhost", False), ("https://echonos.example", True)],
)
def test_webhooks_are_asked_for_where_a_provider_can_call(s3: Settings, address: str, called: bool) -> None:
    url = open_media(buying(s3, public_url=address)).terms.webhook_url
    assert (url is not None) is called
    if url is not None:
        assert url("generate-1.clip.003.0") == f"{address}/api/v1/webhooks/fal/generate-1.clip.003.0"


@pytest.fixture
async def paid(temporal: Client, stores: Stores) -> AsyncIterator[World]:
    """A world that buys, with a store that its provider reaches."""
    world = World(temporal, stores, Faults())
    world.engines.scenes, world.engines.duration_s, world.engines.in_frame = 4, 16.0, ("c1",)
    world.provider = FalClient(KEY, choose())
    share = stores.objects.presigned_get
    world.terms = dataclasses.replace(
        world.terms, capacity=10, poll_s=0.05, most_poll_s=0.2, share_url=lambda key: share(key, SHARED_S)
    )
    await world.work()
    yield world
    await world.end()


async def test_references_and_first_pictures_travel_as_links(
    paid: World, fal_server: FalServer, tmp_path: Path
) -> None:
    handle, _ = await paid.start(paid.request(paid.add_song(tmp_path), QUICK))
    await paid.until(handle, lambda progress: progress.status is RunStatus.DRAFT_READY)
    sent = [one["arguments"] for one in fal_server.submissions]
    links = [link for one in sent for link in (one.get("image_url"), *one.get("image_urls", ())) if link]
    assert len(links) == 3 + 3, "each made scene's still has a reference, and each clip a first picture"
    for link in links:
        answer = httpx.get(link)
        assert answer.status_code == 200
        picture = cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_COLOR)
        assert picture is not None, "a still, or an enlarged copy of one"
        assert min(picture.shape[:2]) >= LEAST_SIDE
