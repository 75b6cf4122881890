"""Providers' webhooks: only signed ones are accepted, and repeated ones change nothing."""

import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import stripe
from pydantic import SecretStr

from gateways.fal_webhooks import FalWebhooks, WebhookVerifier
from models.paid_media import Job, JobState, PieceKind
from settings import Settings
from tests.api.conftest import Api
from tests.fakes.fal_server import FalServer

SECRET = "whsec_of_this_test"
STRIPE = "/api/v1/webhooks/stripe"
NEWS = json.dumps({"request_id": "r1", "status": "OK", "payload": {"images": [{"url": "https://x"}]}}).encode()


@pytest.fixture
async def provider(serve: Callable[[Settings], Any], api_settings: Settings) -> AsyncIterator[Api]:
    """A process that sells and buys."""
    changes = {
        "stripe_api_key": SecretStr("sk_test_1"),
        "stripe_webhook_secret": SecretStr(SECRET),
        "stripe_prices": {"top-up-250": "price_250"},
        "fal_key": SecretStr("id:key"),
    }
    async with serve(api_settings.model_copy(update=changes)) as running:
        yield running


def paid(account_id: str) -> str:
    session = {
        "id": "cs_1",
        "mode": "payment",
        "payment_status": "paid",
        "payment_intent": "pi_1",
        "amount_total": 1_000,
        "metadata": {"account_id": account_id, "price_id": "price_250"},
    }
    event = {"id": "evt_1", "object": "event", "type": "checkout.session.completed", "data": {"object": session}}
    return json.dumps(event)


async def test_a_payment_is_credited_once(provider: Api) -> None:
    ada, stripes = await provider.sign_up(), provider.stranger()
    before, body = provider.balance(ada.account_id), paid(ada.account_id)
    for _ in range(2):
        signature = stripe.WebhookSignature.generate_signature_header(body, SECRET)
        answer = await stripes.post(STRIPE, content=body, headers={"Stripe-Signature": signature})
        assert (answer.status_code, answer.json()["sentence"]) == (200, "Noted.")
    assert provider.balance(ada.account_id) == before + 250


@pytest.mark.parametrize("secret", [None, "whsec_of_somebody_else"])
async def test_an_unsigned_payment_is_refused(provider: Api, secret: str | None) -> None:
    ada = await provider.sign_up()
    before, body = provider.balance(ada.account_id), paid(ada.account_id)
    signed = {"Stripe-Signature": stripe.WebhookSignature.generate_signature_header(body, secret)} if secret else {}
    answer = await provider.stranger().post(STRIPE, content=body, headers=signed)
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert provider.balance(ada.account_id) == before


@pytest.mark.parametrize("thing", [[], {"mode": []}, {"payment_intent": None}, {"amount_total": -1}, {"currency": {}}])
async def test_an_odd_payment_is_a_bad_request(provider: Api, thing: Any) -> None:
    ada = await provider.sign_up()
    before, event = provider.balance(ada.account_id), json.loads(paid(ada.account_id))
    event["data"]["object"] = event["data"]["object"] | thing if isinstance(thing, dict) else thing
    body = json.dumps(event)
    signed = {"Stripe-Signature": stripe.WebhookSignature.generate_signature_header(body, SECRET)}
    answer = await provider.stranger().post(STRIPE, content=body, headers=signed)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_event"), answer.text
    assert provider.balance(ada.account_id) == before


async def test_news_of_a_job_is_noted_if_fal_signed_it(provider: Api, fal_server: FalServer) -> None:
    ada = await provider.sign_up()
    jobs, key = provider.backend.stores.jobs, "generate-video-1.still.003.0"
    keys = WebhookVerifier(f"https://{fal_server.address}/.well-known/jwks.json")
    provider.backend.__dict__["fal"] = FalWebhooks(jobs, keys)  # its address of keys is no setting: it is fal's
    jobs.intend(
        Job(
            job_key=key,
            workflow_id="generate-video-1",
            account_id=ada.account_id,
            video_id="video-1",
            provider="fal",
            model="model",
            kind=PieceKind.STILL,
            scene_index=3,
            state=JobState.INTENDED,
            price_micro_usd=40_000,
            intended_at=datetime.now(UTC),
        )
    )
    url, fal = f"/api/v1/webhooks/fal/{key}", provider.stranger()

    forged = await fal.post(url, content=NEWS, headers=fal_server.signature("r1", b"{}"))
    assert forged.status_code in (400, 422), forged.text
    known = jobs.find(key)
    assert known is not None
    assert known.state is JobState.INTENDED

    for _ in range(2):
        answer = await fal.post(url, content=NEWS, headers=fal_server.signature("r1", NEWS))
        assert (answer.status_code, answer.json()["sentence"]) == (200, "Noted.")
    known = jobs.find(key)
    assert known is not None
    assert (known.state, known.request_id) == (JobState.SUBMITTED, "r1")

    other = await fal.post(f"{url}-other", content=NEWS, headers=fal_server.signature("r1", NEWS))
    assert (other.status_code, other.json()["sentence"]) == (200, "Not about us.")


async def test_a_call_that_repeats_pictures_is_dropped_and_the_job_is_asked_about(
    provider: Api, fal_server: FalServer
) -> None:
    """A body beyond the limit is answered, and its job is polled for the result."""
    ada = await provider.sign_up()
    jobs, key = provider.backend.stores.jobs, "generate-video-2.clip.003.0"
    keys = WebhookVerifier(f"https://{fal_server.address}/.well-known/jwks.json")
    provider.backend.__dict__["fal"] = FalWebhooks(jobs, keys)
    jobs.intend(
        Job(
            job_key=key,
            workflow_id="generate-video-2",
            account_id=ada.account_id,
            video_id="video-2",
            provider="fal",
            model="model",
            kind=PieceKind.CLIP,
            scene_index=3,
            state=JobState.INTENDED,
            price_micro_usd=40_000,
            intended_at=datetime.now(UTC),
        )
    )
    picture = "data:image/jpeg;base64," + "A" * 3_000_000
    detail = [{"loc": ["body", "image_url"], "type": "image_too_small", "msg": "", "input": picture}]
    news = {"request_id": "r2", "status": "ERROR", "error": "Invalid status code: 422", "payload": {"detail": detail}}
    body = json.dumps(news).encode()
    url, fal = f"/api/v1/webhooks/fal/{key}", provider.stranger()

    forged = await fal.post(url, content=body + b" ", headers=fal_server.signature("r2", body))
    assert forged.status_code in (400, 422), forged.text
    known = jobs.find(key)
    assert known is not None
    assert known.state is JobState.INTENDED

    for _ in range(2):
        answer = await fal.post(url, content=body, headers=fal_server.signature("r2", body))
        assert (answer.status_code, answer.json()["sentence"]) == (200, "Noted.")
    known = jobs.find(key)
    assert known is not None
    assert (known.state, known.request_id, known.answer) == (JobState.SUBMITTED, "r2", None)
    assert jobs.landed([key]) == {key}, "who waits for it is woken"
