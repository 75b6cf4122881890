"""Who makes pictures and clips, by the settings: the parts that worker and commands put together from them."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from urllib.parse import quote, urlsplit

from activities.ports import Estimator, MediaShop, Planner, RunPlanner, RunPlanners
from activities.terms import BuyingTerms
from engines.cutting import BeatPlanner
from models.media_models import PromptLimits
from settings import Settings
from stores.objects import S3Objects

SHARED_S = 24 * 3600
"""How long a provider may follow a link of ours: queue and run, with hours to spare."""


@dataclass(frozen=True)
class MediaParts:
    """What depends on the choice of picture and clip models; without a key all of it is local.

    Attributes:
        planner: Plans no shot that the clip model cannot make, and no more than the budget allows.
        estimator: Says what a plan costs; None where nothing is bought.
        shop: Sells pieces; None where nothing is bought.
        terms: How they are bought.
        prompt_limits: What prompts must keep to.
        planners: For runs that want other models; None where nothing is bought.
    """

    planner: Planner
    estimator: Estimator | None
    shop: MediaShop | None
    terms: BuyingTerms
    prompt_limits: PromptLimits
    planners: RunPlanners | None = None


def open_media(settings: Settings) -> MediaParts:
    """The parts for these settings.

    Raises:
        InvalidInput: A tier or endpoint is not known.
    """
    if settings.fal_key is None:
        return MediaParts(BeatPlanner(), None, None, BuyingTerms(), PromptLimits())
    # Late: the client takes a third of a second to import, which those without a key need not wait for.
    from engines.estimating import SpendingEstimator
    from engines.providers.fal import FalShop, choose

    choice = choose(settings.fal_tier, settings.fal_still_endpoint, settings.fal_clip_endpoint)
    key = settings.fal_key.get_secret_value()
    estimator = SpendingEstimator(choice, settings.spending, settings.max_scenes)
    planner = estimator.planner

    @cache
    def planner_for(still_model: str, clip_model: str) -> RunPlanner:
        return estimator.other(still_model, clip_model).planner

    terms = BuyingTerms(
        permit_key=f"fal-{hashlib.sha256(key.encode()).hexdigest()[:12]}",
        capacity=settings.fal_concurrency,
        webhook_url=_webhook_url(settings.public_url),
        share_url=_share_url(settings),
        unknown_patience_s=settings.fal_unknown_patience_s,
    )
    return MediaParts(planner, planner, FalShop(key, choice), terms, choice.prompt_limits, planner_for)


def _webhook_url(public_url: str) -> Callable[[str], str] | None:
    if not _is_outside(public_url):
        return None  # nobody can call us: jobs are only asked about
    return lambda job_key: f"{public_url.rstrip('/')}/api/v1/webhooks/fal/{quote(job_key, safe='')}"


def _share_url(settings: Settings) -> Callable[[str], str] | None:
    if settings.s3_access_key is None:
        return None  # the local stack's store, whose keys and address its own processes are given
    endpoint = settings.s3_public_endpoint or settings.s3_endpoint  # neither: AWS, which everybody reaches
    if endpoint is not None and not _is_outside(endpoint):
        return None  # pictures travel in the request
    options = settings.store_options()
    # The host is part of what is signed: links for outside are signed for the address that is seen there.
    objects = S3Objects(
        endpoint,
        options["s3_region"],
        options["s3_access_key"],
        options["s3_secret_key"],
        options["s3_bucket"],
    )
    return lambda key: objects.presigned_get(key, SHARED_S)


def _is_outside(url: str) -> bool:
    """Whether an address can be one that a provider reaches: not this machine, not a private network."""
    host = urlsplit(url).hostname or "localhost"
    try:
        return ip_address(host).is_global
    except ValueError:
        return host != "localhost" and "." in host
