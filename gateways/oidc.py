"""Bearer tokens of an OpenID Connect issuer, verified with its published keys.

The issuer's discovery document names the URL of its keys (OpenID Connect Discovery 1.0). These two URLs are the only
ones that are fetched; nothing in a token can name another.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
import jwt
from jwt import PyJWKSet
from pydantic import Field

from gateways.published_keys import PublishedKeys, fetch_object
from models.base import Model
from models.failures import ProviderUnavailable
from models.ids import digest_of

_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
"""Asymmetric algorithms only: with a shared-secret algorithm, a public key would serve as the secret."""

LEEWAY_S = 30
KEYS_LIFETIME_S = 600.0
UNKNOWN_KEY_EVERY_S = 30.0
"""An unknown key may be new; this limits how often we look, even if many tokens name unknown keys."""

TIMEOUT_S = 5
_AWAY = "the identity provider does not answer"


class Claims(Model):
    """The claims of a token that we use."""

    account_id: str
    verified: bool
    signed_in_at: datetime | None = Field(default=None, description="when the person last proved their identity there")


class IdentityProvider:
    """One issuer.

    Args:
        audience: The audience of tokens for us.
        scope: The scope that a token needs; None: tokens need no scope.
        clients: Other applications whose tokens are accepted (`azp`).
    """

    def __init__(self, issuer: str, audience: str, *, scope: str | None = None, clients: Iterable[str] = ()) -> None:
        self._issuer = issuer
        self._audience = audience
        self._scope = scope
        self._clients = frozenset({audience, *clients})
        self._keys = PublishedKeys(self._read, _AWAY)

    def check(self, token: str) -> Claims | None:
        """Verify a token.

        Returns:
            Its claims; None if it is forged, expired, or meant for another audience.

        Raises:
            ProviderUnavailable: The issuer's keys cannot be read.
        """
        try:
            key = self._key(jwt.get_unverified_header(token).get("kid"))
            if key is None:
                return None
            claims = jwt.decode(
                token,
                key,
                algorithms=_ALGORITHMS,
                audience=self._audience,
                issuer=self._issuer,
                leeway=LEEWAY_S,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
        except (jwt.PyJWTError, ValueError):
            return None
        if not self._is_for_us(claims):
            return None
        # Issuer and subject together: subjects are unique within an issuer only, and addresses change owners.
        account_id = "account-" + digest_of("oidc", self._issuer, claims["sub"])
        return Claims(
            account_id=account_id,
            verified=claims.get("email_verified") is True,
            signed_in_at=_moment(claims.get("auth_time")),
        )

    def _is_for_us(self, claims: dict[str, Any]) -> bool:
        """Whether the token names a person, and its holder may use it here.

        OpenID Connect Core 1.0, 3.1.3.7: a token for several audiences names its holder in `azp`, and a named holder
        must be known. An empty subject would give all people without a subject the same account.
        """
        subject, holder, audiences = claims["sub"], claims.get("azp"), claims["aud"]
        if not isinstance(subject, str) or not subject.strip():
            return False
        if holder is None and isinstance(audiences, list) and len(audiences) > 1:
            return False
        if holder is not None and not (isinstance(holder, str) and holder in self._clients):
            return False
        return self._scope is None or self._scope in _scopes(claims)

    def read_keys_early(self) -> None:
        """Fetch the keys before they are needed, without waiting."""
        self._keys.refresh()

    def _key(self, key_id: str | None) -> jwt.PyJWK | None:
        return self._keys.find(
            lambda keys: keys.get(key_id), lifetime_s=KEYS_LIFETIME_S, unknown_every_s=UNKNOWN_KEY_EVERY_S
        )

    def _read(self) -> dict[str | None, jwt.PyJWK]:
        try:
            with httpx.Client(timeout=TIMEOUT_S, follow_redirects=False) as http:
                about = fetch_object(http, f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
                found = PyJWKSet.from_dict(fetch_object(http, self._keys_url(about)))
        except (httpx.HTTPError, ValueError, jwt.PyJWTError) as error:
            raise ProviderUnavailable(_AWAY) from error
        return {key.key_id: key for key in found.keys if key.public_key_use in {None, "sig"}}

    def _keys_url(self, about: dict[str, Any]) -> str:
        if about.get("issuer") != self._issuer:
            raise ValueError("the document names another issuer")
        url = str(about.get("jwks_uri"))
        # The keys must be fetched as securely as the issuer's own document.
        if urlsplit(url).scheme not in {"https", urlsplit(self._issuer).scheme}:
            raise ValueError("the keys' URL has another scheme")
        return url


def _scopes(claims: dict[str, Any]) -> set[str]:
    """RFC 8693 has one string with spaces; some providers send `scp`, as a string or a list."""
    found: set[str] = set()
    for name in ("scope", "scp"):
        value = claims.get(name)
        listed = value.split() if isinstance(value, str) else value if isinstance(value, list) else []
        found |= {one for one in listed if isinstance(one, str)}
    return found


def _moment(seconds: object) -> datetime | None:
    """A NumericDate of RFC 7519; None for anything else."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
