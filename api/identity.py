"""Bearer tokens of an OpenID Connect issuer: checked against its published keys; no other address is ever asked."""

import jwt
from jwt import PyJWKClient

from models.base import Model
from models.failures import ProviderUnavailable
from models.routing import digest_of

_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
"""Signatures only: with a shared-secret algorithm, a public key would do as the secret."""

LEEWAY_S = 30
KEYS_LIFETIME_S = 600
TIMEOUT_S = 5


class Claims(Model):
    """What a token says that concerns us."""

    account_id: str
    verified: bool


class IdentityProvider:
    """One issuer.

    Args:
        issuer: Its URL, as tokens name it.
        audience: What tokens for us are meant for.
        keys_url: Where its keys are; None: below the issuer, where most publish them.
    """

    def __init__(self, issuer: str, audience: str, keys_url: str | None = None) -> None:
        self._issuer = issuer
        self._audience = audience
        url = keys_url or f"{issuer.rstrip('/')}/.well-known/jwks.json"
        self._keys = PyJWKClient(url, cache_keys=True, lifespan=KEYS_LIFETIME_S, timeout=TIMEOUT_S)

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
            key = self._keys.get_signing_key_from_jwt(token)
            claims = jwt.decode(
                token,
                key,
                algorithms=_ALGORITHMS,
                audience=self._audience,
                issuer=self._issuer,
                leeway=LEEWAY_S,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
        except jwt.PyJWKClientConnectionError as error:
            raise ProviderUnavailable("the identity provider does not answer") from error
        except (jwt.PyJWTError, ValueError):
            return None
        # Issuer and subject together: subjects are unique within an issuer only, and addresses change hands.
        account_id = "account-" + digest_of("oidc", self._issuer, str(claims["sub"]))
        return Claims(account_id=account_id, verified=claims.get("email_verified") is True)
