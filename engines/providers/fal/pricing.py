"""fal's public price list against our table: `doctor --prices` and the first contact report differences.

Source: https://fal.ai/docs/platform-apis/v1/models/pricing (2026-11-29). `GET /v1/models/pricing?endpoint_id=…` with
the account's key answers `prices` with `endpoint_id`, `unit_price`, `unit` and `currency`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from engines.providers.fal.rows import CLIP_ROWS, STILL_ROWS, Row
from models.failures import Misconfigured, ProviderUnavailable, RateLimited
from models.first_contact import Seen

PRICING_URL = "https://api.fal.ai/v1/models/pricing"
TIMEOUT_S = 20.0

_NEAR = 0.005
"""Prices that differ by a smaller share are only rounded differently."""

_WORDS = {"seconds": "second", "sec": "second", "s": "second", "images": "image", "1m token": "1m tokens"}


@dataclass(frozen=True)
class Listed:
    """A price in fal's list; `unit_price` None: the endpoint is not listed."""

    endpoint: str
    unit_price: float | None = None
    unit: str = ""
    currency: str = "USD"


async def listed_prices(key: str, endpoints: Sequence[str], url: str = "") -> list[Listed]:
    """Fetch prices, one endpoint per request: one unknown endpoint makes a common request fail.

    Args:
        key: The account's key.
        endpoints: The endpoints to ask about.
        url: The URL of the price list; empty: fal's own.

    Returns:
        One price per endpoint, in the same order.

    Raises:
        Misconfigured: The key is refused.
        RateLimited, ProviderUnavailable: fal does not answer now, or not with prices.
    """
    async with httpx.AsyncClient(timeout=TIMEOUT_S, headers={"Authorization": f"Key {key}"}) as client:
        return [await _listed(client, url or PRICING_URL, endpoint) for endpoint in endpoints]


async def _listed(client: httpx.AsyncClient, url: str, endpoint: str) -> Listed:
    try:
        response = await client.get(url, params={"endpoint_id": endpoint})
        answer: Any = response.json() if response.status_code < 300 else None
    except (httpx.HTTPError, ValueError) as error:
        raise ProviderUnavailable(f"fal's price list cannot be read: {type(error).__name__}.") from error
    if response.status_code in (401, 403):
        raise Misconfigured("fal refuses the key for its price list: set FAL_KEY to one that works.")
    if response.status_code == 429:
        raise RateLimited("fal asks to slow down")
    if response.status_code == 404:
        return Listed(endpoint)
    if answer is None:
        raise ProviderUnavailable(f"fal's price list answered {response.status_code}.")
    prices = answer.get("prices") if isinstance(answer, dict) else None
    for price in prices if isinstance(prices, list) else []:
        if isinstance(price, dict) and price.get("endpoint_id") == endpoint:
            usd = price.get("unit_price")
            known = usd if isinstance(usd, int | float) and not isinstance(usd, bool) else None
            return Listed(endpoint, known, str(price.get("unit", "")), str(price.get("currency", "USD")))
    return Listed(endpoint)


def table_endpoints(rows: Sequence[Row] = (*STILL_ROWS, *CLIP_ROWS)) -> list[str]:
    """Every endpoint of the table."""
    return [endpoint for row in rows for endpoint in (row.endpoint, row.edits) if endpoint]


def compare_prices(listed: Sequence[Listed], rows: Sequence[Row] = (*STILL_ROWS, *CLIP_ROWS)) -> Iterator[Seen]:
    """The differences between the table and fal's list.

    Args:
        listed: Prices from fal's list.
        rows: The table.

    Yields:
        One line per endpoint.
    """
    row_of: Mapping[str, Row] = {endpoint: row for row in rows for endpoint in (row.endpoint, row.edits) if endpoint}
    for one in listed:
        expected = _expected(row_of[one.endpoint])
        ours = " or ".join(f"${usd:g} per {unit}" for usd, unit in expected)
        if one.unit_price is None:
            yield Seen(
                part="price", differs=True, sentence=f"{one.endpoint} has no price at fal; the table has {ours}."
            )
            continue
        theirs = f"{one.currency} {one.unit_price:g} per {one.unit}"
        fits = one.currency.upper() == "USD" and any(
            _unit(one.unit) == unit and abs(one.unit_price - usd) <= _NEAR * usd for usd, unit in expected
        )
        sentence = f"{one.endpoint}: fal lists {theirs}" + ("." if fits else f"; the table has {ours}.")
        yield Seen(part="price", differs=not fits, sentence=sentence)


def _expected(row: Row) -> list[tuple[float, str]]:
    return list(dict.fromkeys((price.listed_usd or price.usd, price.listed_unit or price.unit) for price in row.prices))


def _unit(name: str) -> str:
    low = name.strip().lower()
    return _WORDS.get(low, low)
