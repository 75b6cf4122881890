"""Bearer tokens of an OpenID Connect issuer: checked against the keys that it publishes.

Where the keys are, the issuer's discovery document says (OpenID Connect Discovery 1.0). It and the keys are the only
addresses that are asked; nothing in a token names another.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
import jwt
from jwt import PyJWKSet
from pydantic import Field

from models.base import Model
from models.failures import ProviderUnavailable
from models.routing import digest_of
from stores.published_keys import PublishedKeys, fetch_object

_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
"""Signatures only: with a shared-secret algorithm, a public key would do as the secret."""

LEEWAY_S = 30
KEYS_LIFETIME_S = 600.0
UNKNOWN_KEY_EVERY_S = 30.0
"""A key that is not known may be new; so often we look, however many tokens name unknown keys."""

TIMEOUT_S = 5
_AWAY = "the identity provider does not answer"


class Claims(Model):
    """What a token says that concerns us."""

    account_id: str
    verified: bool
    signed_in_at: datetime | None = Field(default=None, description="when the person last proved who they are there")


class IdentityProvider:
    """One issuer.

    Args:
        issuer: Its URL, as tokens name it.
        audience: What tokens for us are meant for.
        scope: What a token must be allowed to do; None: tokens need no scope.
        clients: Applications whose tokens are taken (`azp`), besides ourselves.
    """

    def __init__(self, issuer: str, audience: str, *, scope: str | None = None, clients: Iterable[str] = ()) -> None:
        self._issuer = issuer
        self._audience = audience
        self._scope = scope
        self._clients = frozenset({audience, *clients})
        self._keys = PublishedKeys(self._read, _AWAY)

    def check(self, token: str) -> Claims | None:
        """Whose token this is.

        Args:
            token: A signed JWT.

        Returns:
            Who; None when it is forged, expired, or meant for somebody else.

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
        # Issuer and subject together: subjects are unique within an issuer only, and addresses change hands.
        account_id = "account-" + digest_of("oidc", self._issuer, claims["sub"])
        return Claims(
            account_id=account_id,
            verified=claims.get("email_verified") is True,
            signed_in_at=_moment(claims.get("auth_time")),
        )

    def _is_for_us(self, claims: dict[str, Any]) -> bool:
        """Whether a person is named, and the application that holds the token may use it here.

        OpenID Connect Core 1.0, 3.1.3.7: a token for several audiences names its holder in `azp`, and one that names a
        holder must name one that is known. An empty subject would be one account for everyone who has none.
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
        """Fetch the keys before somebody needs them, without waiting."""
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
            raise ValueError("the document speaks for another issuer")
        url = str(about.get("jwks_uri"))
        # Keys come as safely as the issuer's own document did.
        if urlsplit(url).scheme not in {"https", urlsplit(self._issuer).scheme}:
            raise ValueError("the keys lie under another scheme")
        return url


def _scopes(claims: dict[str, Any]) -> set[str]:
    """RFC 8693 has one text with blanks; some providers send `scp`, as a text or a list."""
    found: set[str] = set()
    for name in ("scope", "scp"):
        value = claims.get(name)
        listed = value.split() if isinstance(value, str) else value if isinstance(value, list) else []
        found |= {one for one in listed if isinstance(one, str)}
    return found


def _moment(seconds: object) -> datetime | None:
    """A NumericDate of RFC 7519; what is none says nothing."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
