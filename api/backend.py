"""The parts behind one process of the web backend.

Holds no durable state: every process can be stopped, started or doubled at any moment. Parts that are away are tried
again at the next request.
"""

from __future__ import annotations

import threading
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from temporalio.client import Client

from api.identity import IdentityProvider
from api.remembering import Remembered
from api.turns import Turns
from api.watching import Watchtower
from engines.intake.inspection import IntakeLimits, inspect_song
from models.failures import NoServer
from models.song import AudioFacts
from settings import Settings
from stores.access import Access, open_access
from stores.fal_webhooks import FalWebhooks, WebhookVerifier
from stores.mail import FolderMailer, Mailer, SmtpMailer
from stores.objects import S3Objects
from stores.opening import Stores, open_stores
from stores.purchases import Purchases
from stores.stripe_gateway import StripeGateway

if TYPE_CHECKING:
    from api.callers import Caller

RIGHTS_KNOWN_S, RIGHTS_KNOWN = 2.0, 10_000
"""For how long, and for how many, it is remembered that somebody may watch a run."""


class Backend:
    """The parts behind one API process.

    Args:
        settings: Of this process.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.tower = Watchtower()
        self.turns = Turns()
        self.rights: Remembered[Caller] = Remembered(RIGHTS_KNOWN_S, RIGHTS_KNOWN)
        self._client: Client | None = None
        self._opened: tuple[Stores, Access] | None = None
        self._opening = threading.Lock()

    def connect_with(self, client: Client) -> None:
        """Use this client; it connects, and connects again, by itself."""
        self._client = client

    @property
    def client(self) -> Client:
        """The Temporal client."""
        if self._client is None:
            raise NoServer("No Temporal server is named.")
        return self._client

    @property
    def stores(self) -> Stores:
        """Ledger, Vault and objects; opened at the first use.

        Raises:
            ProviderUnavailable: The database is away.
        """
        return self._open()[0]

    @property
    def access(self) -> Access:
        """Who may come in; opened with the stores."""
        return self._open()[1]

    @cached_property
    def public_objects(self) -> S3Objects:
        """The object store as browsers reach it: makes links, and is asked nothing."""
        options = self.settings.store_options()
        return S3Objects(
            self.settings.s3_public_endpoint or options["s3_endpoint"],
            options["s3_region"],
            options["s3_access_key"],
            options["s3_secret_key"],
            options["s3_bucket"],
        )

    @cached_property
    def mailer(self) -> Mailer:
        """The way for letters."""
        settings = self.settings
        if settings.smtp_url is not None:
            return SmtpMailer(settings.smtp_url.get_secret_value(), settings.mail_from)
        return FolderMailer(settings.home / "mail")

    @cached_property
    def identity(self) -> IdentityProvider | None:
        """The identity provider whose tokens are taken, if any."""
        settings = self.settings
        if settings.oidc_issuer is None or settings.oidc_audience is None:
            return None
        return IdentityProvider(
            settings.oidc_issuer, settings.oidc_audience, scope=settings.oidc_scope, clients=settings.oidc_clients
        )

    @property
    def purchases(self) -> Purchases:
        """What was bought; test purchases only on a developer's machine without Stripe."""
        return Purchases(self.stores.database, allow_test_purchases=self.takes_test_purchases)

    @property
    def takes_test_purchases(self) -> bool:
        """Whether buying moves no money here."""
        return self.settings.environment == "development" and self.settings.stripe_api_key is None

    @cached_property
    def stripe(self) -> StripeGateway | None:
        """Checkout and webhooks, where Stripe is set up."""
        settings = self.settings
        if settings.stripe_api_key is None or settings.stripe_webhook_secret is None:
            return None
        return StripeGateway(
            settings.stripe_api_key.get_secret_value(),
            settings.stripe_webhook_secret.get_secret_value(),
            settings.stripe_prices,
            self.purchases,
            settings.stripe_api_base,
            managed_payments=settings.stripe_managed_payments,
        )

    @cached_property
    def fal(self) -> FalWebhooks | None:
        """What fal calls when a job has ended, where pictures are bought."""
        if self.settings.fal_key is None:
            return None
        verifier = WebhookVerifier(self.settings.fal_jwks_url, user_id=self.settings.fal_user_id)
        return FalWebhooks(self.stores.jobs, verifier)

    def read_keys_early(self) -> None:
        """Have other people's keys before the first request needs them; does not wait for them."""
        if self.identity is not None:
            self.identity.read_keys_early()
        if self.fal is not None:
            self.fal.read_keys_early()

    def inspect(self, path: Path, name: str, copy: Path) -> AudioFacts:
        """Check an uploaded file in a child process with limits of memory and time, and write its working copy.

        Raises:
            InvalidInput: It cannot be a song.
        """
        return inspect_song(path, name=name, copy=copy, limits=IntakeLimits(max_s=self.settings.max_song_s))

    def close(self) -> None:
        """Let go of everything."""
        self.tower.close()
        if self._opened is not None:
            self._opened[0].database.close()
            self._opened = None

    def _open(self) -> tuple[Stores, Access]:
        if self._opened is None:
            with self._opening:
                if self._opened is None:
                    stores = open_stores(**self.settings.store_options())
                    self._opened = stores, open_access(stores.database)
        return self._opened
