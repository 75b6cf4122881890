"""Smoke test of the paid services for little money: reports where our tables differ.

It buys one still, one short clip and one clip that is cancelled, sends one malformed request and one prompt that is
refused, asks each of Anthropic's models in use once, and opens one checkout at Stripe in test mode. Nothing is retried,
and nothing is booked.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from models.failures import EchonosError, InvalidInput
from models.first_contact import Seen, ToBuy
from models.prices import OFFERS
from settings import Settings

if TYPE_CHECKING:
    from engines.providers.fal.first_contact import FirstContact


def plan(settings: Settings, most_usd: float, every_model: bool = False) -> list[ToBuy]:
    """The purchases, each with its greatest cost.

    Args:
        most_usd: The limit of the whole cost.
        every_model: Send a malformed request to each clip model of the table.

    Raises:
        InvalidInput: No key is set, Stripe's is one for real money, or it would cost too much.
    """
    _check_keys(settings)
    shopping = _shopping_list(settings, every_model)
    at_most = sum(one.most_usd for one in shopping)
    if at_most > most_usd:
        raise InvalidInput(
            f"This would cost up to ${at_most:.2f}, more than ${most_usd:.2f}; nothing was bought. "
            "Allow more with --most-usd, or leave keys or --every-model out.",
            code="too_dear",
        )
    return shopping


def _check_keys(settings: Settings) -> None:
    keys = (settings.fal_key, settings.anthropic_api_key, settings.stripe_api_key)
    if not any(keys):
        raise InvalidInput(
            "No key is set: set FAL_KEY, ANTHROPIC_API_KEY or ECHONOS_STRIPE_API_KEY (a test key).", code="no_keys"
        )
    if settings.stripe_api_key is not None:
        kind = settings.stripe_api_key.get_secret_value()
        if not kind.startswith(("sk_test_", "rk_test_")):
            raise InvalidInput(
                "Stripe's key is not one for test mode: set a key that begins with sk_test_, or unset it. "
                "Nothing was asked of Stripe.",
                code="live_key",
            )


def _shopping_list(settings: Settings, every_model: bool) -> list[ToBuy]:
    wanted: list[ToBuy] = []
    if settings.fal_key is not None:
        wanted += _fal(settings).shopping(every_model)
    if settings.anthropic_api_key is not None:
        from engines.providers.anthropic.first_contact import to_buy

        wanted += [to_buy(model, settings.token_prices) for model in settings.directing.models()]
    if settings.stripe_api_key is not None:
        wanted.append(ToBuy(what="one unpaid checkout at Stripe in test mode", most_usd=0))
    return wanted


async def look(settings: Settings, every_model: bool) -> AsyncIterator[Seen]:
    """Buy one of each and yield the results, once a person has agreed to the `plan`.

    Args:
        every_model: Send a malformed request to each clip model of the table.
    """
    if settings.fal_key is not None:
        try:
            async for one in _fal(settings).look(every_model):
                yield one
        except EchonosError as error:
            yield Seen(part="fal", differs=True, sentence=error.message)
    if settings.anthropic_api_key is not None:
        from engines.providers.anthropic.first_contact import ask

        key, url = settings.anthropic_api_key.get_secret_value(), settings.anthropic_base_url
        for model in settings.directing.models():
            for one in await asyncio.to_thread(ask, key, url, model, settings.token_prices):
                yield one
    if settings.stripe_api_key is not None:
        for one in await asyncio.to_thread(_check_out, settings):
            yield one


def _fal(settings: Settings) -> "FirstContact":
    from engines.providers.fal.adapters import choose
    from engines.providers.fal.first_contact import FirstContact

    assert settings.fal_key is not None
    choice = choose(settings.fal_tier, settings.fal_still_endpoint, settings.fal_clip_endpoint)
    return FirstContact(settings.fal_key.get_secret_value(), choice)


def _check_out(settings: Settings) -> list[Seen]:
    from gateways.stripe import StripeGateway
    from stores.database import open_database
    from stores.purchases import Purchases

    offers = [offer_id for offer_id in OFFERS if offer_id in settings.stripe_prices]
    if not offers:
        return [Seen(part="stripe", differs=True, sentence="No offer has a price id: set ECHONOS_STRIPE_PRICES.")]
    assert settings.stripe_api_key is not None
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'unused.db'}")
        try:
            gateway = StripeGateway(
                settings.stripe_api_key.get_secret_value(),
                "whsec_unused",
                settings.stripe_prices,
                Purchases(database),
                settings.stripe_api_base,
            )
            url = settings.public_url
            page = gateway.checkout("live-smoke", offers[0], url, url, f"live-smoke-{uuid4().hex}")
        except EchonosError as error:
            return [Seen(part="stripe", differs=True, sentence=f"{offers[0]}: {error.message}")]
        finally:
            database.close()
    is_test = page.session_id.startswith("cs_test_")
    fits = is_test and page.url.startswith("https://")
    said = f"A checkout for {offers[0]} was opened in {'test' if is_test else 'another than test'} mode"
    return [Seen(part="stripe", differs=not fits, sentence=f"{said}{'' if page.url else ', without a page'}.")]
