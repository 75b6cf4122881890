"""`live-smoke`: a first contact with the services behind the keys, for very little money, and where our tables differ.

It buys one still, one short clip and one clip that is cancelled, sends one malformed request and one prompt that is
refused, asks each of Anthropic's models in use once, and opens one checkout at Stripe in test mode. Nothing is retried,
nothing is booked, and nothing is bought before a person agrees.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import typer

from cli.output import Output
from models.brief import Brief
from models.claude_models import claude_model, price_of
from models.credits import OFFERS
from models.directing import Directing, DirectingStage
from models.failures import EchonosError, InvalidInput
from models.first_contact import Seen, ToBuy
from models.media_models import PromptLimits
from models.spending import MICRO_USD, PaidCall
from settings import Settings

if TYPE_CHECKING:
    from engines.providers.fal.first_contact import FirstContact

_ANSWER_TOKENS = 2_048
_QUESTION_TOKENS = 3_000
_MOST_CALLS = 3
"""A question is repaired twice at most."""


async def smoke(
    settings: Settings, most_usd: float, yes: bool, output: Output, every_model: bool = False, pricing_url: str = ""
) -> bool:
    """Say what will be bought, ask, buy, compare, report.

    Args:
        settings: With the keys of the services that are to be looked at.
        most_usd: More than this is never spent.
        yes: Do not ask.
        output: Where the report goes.
        every_model: Send a malformed request to each clip model of the table.
        pricing_url: Of fal's price list; empty: fal's own.

    Returns:
        Whether everything was as our tables say.

    Raises:
        InvalidInput: No key is set, Stripe's is one for real money, it would cost too much, or a person said no.
    """
    check_keys(settings)
    shopping = shopping_list(settings, every_model)
    at_most = sum(one.most_usd for one in shopping)
    if at_most > most_usd:
        raise InvalidInput(
            f"This would cost up to ${at_most:.2f}, more than ${most_usd:.2f}; nothing was bought. "
            "Allow more with --most-usd, or leave keys or --every-model out.",
            code="too_dear",
        )
    for wanted in shopping:
        output.say(f"up to ${wanted.most_usd:.3f}  {wanted.what}")
    output.say(f"up to ${at_most:.2f}  in all")
    if not yes and not typer.confirm("Buy this?", default=False, err=output.as_json):
        raise InvalidInput("Nothing was bought.", code="declined")
    seen = []
    async for one in _look(settings, every_model, pricing_url):
        output.say(f"{'DIFFERS' if one.differs else 'ok':<8}{one.part:<18}{one.sentence}")
        seen.append(one)
    differs = [one for one in seen if one.differs]
    lines = [f"{one.part}: {one.sentence}" for one in differs] or ["Everything is as our tables say."]
    answer = {"as_in_tables": not differs, "most_usd": at_most, "seen": [one.model_dump() for one in seen]}
    output.answer(answer, lines)
    return not differs


def check_keys(settings: Settings) -> None:
    """Refuse what must not be touched.

    Raises:
        InvalidInput: There is no key at all, or Stripe's is one for real money.
    """
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


def shopping_list(settings: Settings, every_model: bool = False) -> list[ToBuy]:
    """What will be bought, and for how much at most."""
    wanted: list[ToBuy] = []
    if settings.fal_key is not None:
        wanted += _fal(settings, "").shopping(every_model)
    if settings.anthropic_api_key is not None:
        for model in settings.directing.models():
            price, _ = price_of(model, settings.token_prices)
            once = _QUESTION_TOKENS * max(price.input_usd, price.long_input_usd) * price.cache_write_factor
            once += _ANSWER_TOKENS * max(price.output_usd, price.long_output_usd)
            wanted.append(ToBuy(what=f"one answer of {model}", most_usd=once * _MOST_CALLS / MICRO_USD))
    if settings.stripe_api_key is not None:
        wanted.append(ToBuy(what="one checkout at Stripe in test mode, which nobody pays", most_usd=0))
    return wanted


async def _look(settings: Settings, every_model: bool, pricing_url: str) -> AsyncIterator[Seen]:
    if settings.fal_key is not None:
        try:
            async for one in _fal(settings, pricing_url).look(every_model):
                yield one
        except EchonosError as error:
            yield Seen(part="fal", differs=True, sentence=error.message)
    if settings.anthropic_api_key is not None:
        for model in settings.directing.models():
            for one in await asyncio.to_thread(_ask, settings, model):
                yield one
    if settings.stripe_api_key is not None:
        for one in await asyncio.to_thread(_check_out, settings):
            yield one


def _fal(settings: Settings, pricing_url: str) -> "FirstContact":
    from engines.providers.fal.adapters import choose
    from engines.providers.fal.first_contact import FirstContact

    assert settings.fal_key is not None
    choice = choose(settings.fal_tier, settings.fal_still_endpoint, settings.fal_clip_endpoint)
    return FirstContact(settings.fal_key.get_secret_value(), choice, pricing_url=pricing_url)


def _ask(settings: Settings, model: str) -> list[Seen]:
    """One question, by the same way as a director's."""
    from engines.providers.anthropic import AnthropicDirector

    assert settings.anthropic_api_key is not None
    calls: list[PaidCall] = []
    stage = DirectingStage(model=model, max_tokens=_ANSWER_TOKENS)
    director = AnthropicDirector(
        settings.anthropic_api_key.get_secret_value(),
        settings.anthropic_base_url,
        Directing(enhance=stage),
        settings.token_prices,
        PromptLimits(),
        record=calls.append,
    )
    try:
        director.enhance(Brief(prompt="A fox walks home through the first snow."))
    except EchonosError as error:
        return [Seen(part=model, differs=True, sentence=error.message)]
    finally:
        director.close()
    row = claude_model(model)
    seen = []
    for call in calls:
        tokens = call.input_tokens + call.cache_read_tokens + call.cache_write_tokens
        unpriced = call.cost_micro_usd is None or not price_of(call.model, settings.token_prices)[1]
        said = f"outcome {call.outcome}, {tokens} tokens in, {call.output_tokens} out"
        cost = "no price is known" if unpriced else f"${(call.cost_micro_usd or 0) / MICRO_USD:.5f}"
        wrong = call.outcome != "used" or call.model != model or unpriced or not tokens or not call.output_tokens
        seen.append(Seen(part=model, differs=wrong, sentence=f"{said}, {cost} (row of {row.seen_on})."))
    if not calls:
        seen.append(Seen(part=model, differs=True, sentence="The answer named no usage."))
    return seen


def _check_out(settings: Settings) -> list[Seen]:
    """A page that nobody pays, for the first offer that has a price at Stripe."""
    from stores.database import open_database
    from stores.purchases import Purchases
    from stores.stripe_gateway import StripeGateway

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
