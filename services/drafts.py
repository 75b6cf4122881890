"""Unsent words: of a video's scenes, and of the brief that is not ordered yet."""

from models.drafts import BriefDraft, BriefTyping, SceneDraft, SceneTyping
from models.failures import Conflict, InvalidInput
from services.app import App
from services.videos import check_owned


def scene_drafts(app: App, account_id: str, video_id: str) -> list[SceneDraft]:
    """All scenes with drafts, in order. Raises `NotFound`: the account has no such video."""
    check_owned(app, account_id, video_id)
    return app.stores.drafts.of_video(account_id, video_id)


def type_scene(app: App, account_id: str, video_id: str, index: int, typed: SceneTyping) -> SceneDraft:
    """Keep a scene's words; words of another window that they replace are kept beside them.

    Raises:
        NotFound: The account has no such video.
        Conflict: There is no such scene, or there are too many drafts.
    """
    check_owned(app, account_id, video_id)
    try:
        return app.stores.drafts.type_scene(account_id, video_id, index, typed)
    except InvalidInput as error:
        raise Conflict(error.message, error.code) from error


def brief_draft(app: App, account_id: str) -> BriefDraft:
    """The brief; empty where nothing was typed or chosen."""
    return app.stores.drafts.brief(account_id)


def type_brief(app: App, account_id: str, typed: BriefTyping) -> BriefDraft:
    """Keep the brief's words; words of another window that they replace are kept beside them."""
    return app.stores.drafts.type_brief(account_id, typed)


def forget_brief(app: App, account_id: str, revision: int) -> None:
    """Delete the brief's words up to a revision; words that were typed meanwhile stay."""
    app.stores.drafts.forget_brief(account_id, revision)
