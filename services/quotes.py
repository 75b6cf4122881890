"""Quotes: the price in credits, the cost at providers, and the balance afterwards."""

from models.cancellations import RULE
from models.credits import Operation, Quote
from models.failures import InsufficientCredits, InvalidInput, NotFound
from models.paid_media import SpendingPlan
from models.prices import PRICES
from models.profiles import PROFILES, ProfileName
from models.song import SongRef
from models.spending import SpendingReport, spending_of
from models.studio import StudioKind, StudioOrder
from services.app import App
from services.songs import find_song, read_analysis
from settings import Settings

_NEXT = {Operation.GENERATE: "a scene's new clip in Studio", Operation.REGENERATE_IMAGE: "the scene's new clip"}
"""The usual next step; it costs as much as a new clip."""

_STUDIO_KINDS = {kind.charged_as: kind for kind in StudioKind if kind.charged_as is not None}


def quote(
    app: App,
    account_id: str,
    operation: Operation,
    *,
    video_id: str | None = None,
    scene: int | None = None,
    song_id: str | None = None,
    still_model: str = "",
    clip_model: str = "",
    profile: ProfileName | None = None,
) -> Quote:
    """The current price of an operation; nothing is held.

    Args:
        video_id: The video of a Studio operation.
        scene: The scene of a Studio operation, from 0: a retry that is free needs both.
        song_id: The song of a generation: with it the quote estimates the provider's cost, where pictures are bought.
        still_model: A generation's own model for stills; empty: the installation's.
        clip_model: A generation's own model for clips; empty: the installation's.
        profile: A generation's profile; None: the installation's.

    Raises:
        NotFound: The account has no such song, or the video has no such scene.
        InvalidInput: A model is not available.
    """
    kind = _STUDIO_KINDS.get(operation)
    if kind is not None and video_id is not None and scene is not None:
        order = StudioOrder(
            account_id=account_id, video_id=video_id, operation_id="quote", kind=kind, scene_index=scene
        )
        try:
            made = app.stores.operations.quote(order)
        except InvalidInput as error:
            raise NotFound(error.message) from error
        assert made is not None, "a regeneration has a price, even if it is 0"
        return made
    made = app.stores.ledger.quote(account_id, operation)
    if song_id is None or operation is not Operation.GENERATE:
        return made
    check_models(app.settings, still_model, clip_model)
    if app.settings.fal_key is None:
        return made
    spending = _spending(app, find_song(app, account_id, song_id), still_model, clip_model, profile)
    return made.model_copy(update={"spending": spending})


def next_step(quote: Quote) -> str:
    """Say that too few credits are left for the usual next step.

    Returns:
        A sentence; empty where enough credits are left, no step follows, or the balance is below the price.
    """
    wanted, price = _NEXT.get(quote.operation), PRICES[Operation.REGENERATE_VIDEO]
    if wanted is None or not 0 <= quote.balance_after < price:
        return ""
    left = f"{quote.balance_after} credit{'' if quote.balance_after == 1 else 's'}"
    return f"This leaves {left}; {wanted} costs {price}."


def cancelling_rule(settings: Settings, operation: Operation) -> str:
    """The cost of cancelling an operation as a sentence; empty where it is always free."""
    return RULE if operation is Operation.GENERATE and settings.fal_key is not None else ""


def check_balance(quote: Quote) -> None:
    """Refuse an operation whose price is above the balance. Raises `InsufficientCredits`: the balance is too low."""
    if quote.balance_after < 0:
        raise InsufficientCredits(
            f"{quote.price} credits are needed, and you have {quote.balance_before}: top up, then try again."
        )


def check_models(settings: Settings, still_model: str, clip_model: str) -> None:
    """Refuse unavailable models. Raises `InvalidInput`: no pictures are bought here, or a name is unknown."""
    if not (still_model or clip_model):
        return
    # Late: the provider's client takes a third of a second to import, needed only with a key.
    from engines import estimating

    estimating.check_models(settings.media_choice() if settings.fal_key is not None else None, still_model, clip_model)


def paid_for(app: App, video_id: str) -> SpendingReport:
    """What a video's runs have paid to providers, and may still pay for jobs that have not ended."""
    return spending_of(app.stores.spending.of(video_id), app.stores.jobs.of_video(video_id))


def _spending(app: App, song: SongRef, still_model: str, clip_model: str, profile: ProfileName | None) -> SpendingPlan:
    settings = app.settings
    from engines.estimating import SpendingEstimator  # late, as above

    analysis = read_analysis(app, song) if song.analysis_key is not None else None
    estimator = SpendingEstimator.of(*settings.media_choice()).other(still_model, clip_model)
    return estimator.estimate(song.duration_s, analysis, PROFILES[profile or settings.profile])
