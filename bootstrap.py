"""The composition root: settings become stores, gateways, engines, activities, and what page and commands work with.

Engines and vendors' SDKs are imported late, by the processes that use them: together they take seconds to load.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from temporalio.client import Client, Interceptor

from activities.composition import Engines, MediaParts, RewritingDirector
from activities.ports.engines import RunPlanner
from activities.terms import BuyingTerms, is_outside, webhook_url_at
from engines import opening
from engines.late import late, open_now
from gateways.telemetry.opening import Telemetry, open_telemetry
from models import disk
from models.directing_costs import DirectingCosts
from models.failures import NoServer
from models.loopback import is_loopback
from models.media_models import PromptLimits
from models.queues import Work
from settings import Settings
from stores.access import Access, open_access
from stores.objects import S3Objects
from stores.opening import Stores, open_stores
from stores.purchases import Purchases
from temporal.connection import Observed, connect

if TYPE_CHECKING:
    from gateways.fal_webhooks import FalWebhooks
    from gateways.mail import Mailer
    from gateways.oidc import IdentityProvider
    from gateways.stripe import StripeGateway

MANY_DRAFTS = 1_000_000
"""More drafts in the making at once than ever are: none waits for its turn."""

SHARED_S = 24 * 3600
"""How long a provider may follow a link into our store: queue and run, with hours to spare."""


def open_engines(settings: Settings, works: Iterable[Work] = tuple(Work)) -> Engines:
    """The engines that a worker with these settings uses.

    Args:
        settings: The process's settings.
        works: Engines for these kinds of work are opened now; any other one at its first use, if a step reaches it.

    Raises:
        InvalidInput: A tier or endpoint is not known.
    """
    buys, paid = settings.fal_key is not None, settings.anthropic_api_key is not None
    media = cache(lambda: open_media(settings))
    director = late(lambda: open_director(settings, media().prompt_limits or PromptLimits()))
    animator = late(opening.animator)
    engines = Engines(
        copier=late(lambda: opening.copier(settings.max_song_s)),
        analyst=late(lambda: opening.analyst(settings.beat_tracker)),
        soundtracks=late(opening.soundtrack_maker),
        director=director,
        rewriter=director,
        painter=late(opening.painter),
        animator=animator,
        mover=animator,
        conformer=late(opening.conformer),
        inspector=late(opening.inspector),
        assembler=late(opening.assembler),
        exporter=late(opening.export_maker),
        cutter=late(opening.planner),
        own=late(opening.own_shots),
        media=MediaParts(
            planner=late(lambda: media().planner),
            estimator=late(lambda: media().estimator) if buys else None,
            provider=late(lambda: media().provider) if buys else None,
            terms=buying_terms(settings),
            prompt_limits=late(lambda: media().prompt_limits) if buys else None,
            planners=late(lambda: media().planners) if buys else None,
        ),
        costs=DirectingCosts(settings.directing, settings.token_prices, settings.spending.park_at) if paid else None,
    )
    for engine in (one for work in works for one in engines.of(work)):
        open_now(engine)
    return engines


def open_director(settings: Settings, limits: PromptLimits) -> RewritingDirector:
    """The director that the settings have a key for, or the local one."""
    if settings.anthropic_api_key is None:
        from engines.providers.local.director import LocalDirector

        return LocalDirector(limits)
    from activities.spending import charge, check_allowance
    from activities.steps import pulse
    from engines.providers.anthropic import AnthropicDirector

    return AnthropicDirector(
        settings.anthropic_api_key.get_secret_value(),
        settings.anthropic_base_url,
        settings.directing,
        settings.token_prices,
        limits,
        pulse,
        charge,
        check_allowance,
    )


def open_media(settings: Settings) -> MediaParts:
    """Planner, provider and terms for these settings. Raises `InvalidInput`: a tier or endpoint is not known."""
    terms = buying_terms(settings)
    if settings.fal_key is None:
        return MediaParts(opening.planner(), None, None, terms, None)
    from engines.estimating import SpendingEstimator
    from engines.providers.fal import FalClient, choose

    choice = choose(settings.fal_tier, settings.fal_still_endpoint, settings.fal_clip_endpoint)
    estimator = SpendingEstimator(choice, settings.spending, settings.max_scenes)

    @cache
    def planner_for(still_model: str, clip_model: str) -> RunPlanner:
        return estimator.other(still_model, clip_model).planner

    provider = FalClient(settings.fal_key.get_secret_value(), choice)
    return MediaParts(estimator.planner, estimator.planner, provider, terms, choice.prompt_limits, planner_for)


def buying_terms(settings: Settings) -> BuyingTerms:
    """How this deployment buys."""
    if settings.fal_key is None:
        return BuyingTerms()
    key = settings.fal_key.get_secret_value()
    return BuyingTerms(
        permit_key=f"fal-{hashlib.sha256(key.encode()).hexdigest()[:12]}",
        capacity=settings.fal_concurrency,
        webhook_url=webhook_url_at(settings.public_url),
        share_url=_share_url(settings),
        unknown_patience_s=settings.fal_unknown_patience_s,
    )


def build_activities(
    stores: Stores, engines: Engines, client: Client, drafts_at_once: int = MANY_DRAFTS
) -> list[Callable[..., Any]]:
    """All activities, with stores and engines behind their ports.

    Args:
        stores: Opened.
        engines: Of all kinds of work.
        client: Connected.
        drafts_at_once: Drafts in the making at once, in the whole deployment.
    """
    from activities.account_data import AccountDataActivities
    from activities.analysis import AnalysisActivities
    from activities.animation import AnimationActivities
    from activities.assembly import AssemblyActivities
    from activities.board import BoardActivities
    from activities.board_own import BoardOwnActivities
    from activities.credits import CreditActivities
    from activities.deletion import DeletionActivities
    from activities.direction import DirectionActivities
    from activities.exports import ExportActivities
    from activities.footage import FootageActivities
    from activities.imagery import ImageryActivities
    from activities.own_takes import OwnTakes
    from activities.purchases import PurchaseActivities
    from activities.recutting import Recutter
    from activities.rewriting import RewritingActivities
    from activities.storyboard import StoryboardActivities
    from activities.studio import StudioActivities
    from activities.styling import StylingActivities
    from activities.tidying import TidyingActivities
    from activities.turns import TurnActivities, Turns
    from activities.versions import VersionActivities
    from temporal.executions import Executions
    from temporal.open_runs import OpenRuns
    from temporal.workers import steps_of

    objects, vault, spending = stores.objects, stores.vault, stores.spending
    runs, executions, media = OpenRuns(client), Executions(client), engines.media
    limits, planners = media.prompt_limits, media.planners
    director, costs, painter, cutter = engines.director, engines.costs, engines.painter, engines.cutter
    turns = Turns(stores.permits, drafts_at_once)
    recutter = Recutter(objects, engines.conformer, cutter, engines.mover, engines.own)
    own_takes = OwnTakes(objects, stores.footage, engines.own, recutter)
    board = BoardActivities(objects, stores.boards, director, spending, limits, planners, media.estimator)
    rooms = [
        AnalysisActivities(objects, vault, engines.analyst, engines.soundtracks, runs, engines.copier),
        DirectionActivities(objects, director, spending, stores.characters, costs),
        StoryboardActivities(objects, media.planner, director, spending, media.estimator, planners, costs),
        RewritingActivities(objects, engines.rewriter, spending, planners),
        ImageryActivities(objects, painter),
        StylingActivities(objects, painter),
        AnimationActivities(objects, cutter, engines.animator, mover=engines.mover),
        FootageActivities(objects, engines.conformer),
        PurchaseActivities(objects, media.provider, stores.jobs, stores.permits, engines.inspector, runs, media.terms),
        AssemblyActivities(objects, vault, engines.assembler),
        ExportActivities(objects, vault, stores.catalogue, engines.exporter),
        DeletionActivities(objects, stores.deletion, runs, executions),
        AccountDataActivities(objects, stores.account_data, executions, stores.ledger),
        StudioActivities(objects, vault, stores.operations, director, spending, runs, limits, planners),
        board,
        BoardOwnActivities(board.revisions, own_takes),
        VersionActivities(objects, vault, stores.operations, engines.assembler, recutter, own_takes),
        CreditActivities(stores.ledger, vault, runs, turns),
        TurnActivities(turns),
        TidyingActivities(objects, open_access(stores.database).sweepers),
    ]
    return [step for room in rooms for step in steps_of(room)]


def set_up_logs(settings: Settings) -> None:
    """Send the logs of this process to standard error, in the form that its settings ask for."""
    from gateways.telemetry.logs import configure_logs

    configure_logs(settings.telemetry.logs)


def worker_telemetry(settings: Settings) -> Telemetry:
    """Open a worker's metrics and traces. Raises `InvalidInput`: the metrics' address is taken."""
    return open_telemetry(settings.telemetry, "worker")


def observed(telemetry: Telemetry) -> Observed:
    """A client's runtime and interceptors, which its workers use, too."""
    from temporal.observing import StepObserver, core_runtime

    interceptors: list[Interceptor] = []
    if telemetry.tracing is not None:
        from temporal.tracing import RunTracing

        interceptors.append(RunTracing(telemetry.tracing))
    # Within the activity's span, so that its log lines have the trace.
    interceptors.append(StepObserver())
    return Observed(runtime=core_runtime(telemetry.core), interceptors=interceptors)


def watch_disk(settings: Settings) -> None:
    """Have failures explained by a full disk where this machine keeps the objects, too."""
    disk.keep_free(settings.keep_free_bytes)
    if settings.s3_endpoint is not None and is_loopback(settings.s3_endpoint):
        disk.watch(settings.home)


class Application:
    """What page and commands work with. Each part opens at its first use, because any of them may be away.

    Args:
        client: Connected, or connecting at its first call; None: given later by `connect`.
        stores: Opened already; None: those of the settings.
    """

    def __init__(self, settings: Settings, client: Client | None = None, stores: Stores | None = None) -> None:
        self.settings = settings
        watch_disk(settings)
        self._client = client
        self._opened = None if stores is None else (stores, open_access(stores.database))
        self._opening = threading.Lock()
        self.telemetry: Telemetry | None = None
        self.observed: Observed | None = None

    async def connect(self) -> None:
        """Have a client of the settings' server; it connects at its first call, and again, by itself.

        Raises:
            InvalidInput: The settings of telemetry cannot be met.
        """
        self.telemetry = open_telemetry(self.settings.telemetry, "api")
        self.observed = observed(self.telemetry)
        self._client = await connect(self.settings, **self.observed, lazy=True)

    @property
    def client(self) -> Client:
        """The Temporal client. Raises `NoServer`: none was given."""
        if self._client is None:
            raise NoServer("No Temporal server is named.")
        return self._client

    @property
    def stores(self) -> Stores:
        """Ledger, Vault and objects. Raises `ProviderUnavailable`: the database is away."""
        return self._open()[0]

    @property
    def access(self) -> Access:
        """Sessions, tokens and all else about signing in; opened with the stores."""
        return self._open()[1]

    @cached_property
    def public_objects(self) -> S3Objects:
        """The object store as browsers reach it: makes links, and is asked nothing."""
        settings = self.settings
        options = settings.store_options()
        return _objects_at(settings, settings.s3_public_endpoint or options["s3_endpoint"])

    @cached_property
    def mailer(self) -> Mailer:
        """Sends e-mail."""
        from gateways.mail import FolderMailer, SmtpMailer

        settings = self.settings
        if settings.smtp_url is not None:
            return SmtpMailer(settings.smtp_url.get_secret_value(), settings.mail_from)
        return FolderMailer(settings.home / "mail")

    @cached_property
    def identity(self) -> IdentityProvider | None:
        """The identity provider whose tokens are taken, if any."""
        from gateways.oidc import IdentityProvider

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
        from gateways.stripe import StripeGateway

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
        """Fal's webhooks, where pictures are bought."""
        if self.settings.fal_key is None:
            return None
        from gateways.fal_webhooks import FalWebhooks, WebhookVerifier

        verifier = WebhookVerifier(self.settings.fal_jwks_url, user_id=self.settings.fal_user_id)
        return FalWebhooks(self.stores.jobs, verifier)

    def read_keys_early(self) -> None:
        """Have other services' keys before the first request needs them; does not wait for them."""
        if self.identity is not None:
            self.identity.read_keys_early()
        if self.fal is not None:
            self.fal.read_keys_early()

    def close(self) -> None:
        """Close database and telemetry."""
        if self.telemetry is not None:
            self.telemetry.close()
            self.telemetry = None
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


def _share_url(settings: Settings) -> Callable[[str], str] | None:
    if settings.s3_access_key is None:
        return None  # the local stack's store, whose keys and address its own processes are given
    endpoint = settings.s3_public_endpoint or settings.s3_endpoint  # neither: AWS, which is public
    if endpoint is not None and not is_outside(endpoint):
        return None  # pictures travel in the request
    # The host is part of what is signed: links for outside are signed for the address that is seen there.
    objects = _objects_at(settings, endpoint)
    return lambda key: objects.presigned_get(key, SHARED_S)


def _objects_at(settings: Settings, endpoint: str | None) -> S3Objects:
    options = settings.store_options()
    return S3Objects(
        endpoint, options["s3_region"], options["s3_access_key"], options["s3_secret_key"], options["s3_bucket"]
    )
