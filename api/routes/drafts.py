"""Drafts: unsent words, for another window, another device or a later log-in."""

from typing import Annotated

from fastapi import Query
from fastapi.concurrency import run_in_threadpool

from api import admission
from api.deps import Backend, BackendOf, Caller, Reader, Writer, limit
from api.docs import PERSONAL, errors
from api.routes.media import SceneIndex
from api.routes.videos import VideoId
from api.shapes import Page
from models.drafts import BriefDraft, BriefTyping, SceneDraft, SceneTyping
from services import drafts

router = admission.router("drafts")

TYPING = errors(401, 403, 404, 409, 429)


@router.get("/videos/{video_id}/drafts", summary="Unsent words of a video's scenes", responses=PERSONAL)
def scene_drafts(video_id: VideoId, caller: Reader, backend: BackendOf) -> Page[SceneDraft]:
    """All scenes with drafts, in order."""
    return Page(items=tuple(drafts.scene_drafts(backend, caller.account_id, video_id)))


@router.put("/videos/{video_id}/scenes/{index}/draft", summary="Keep a scene's unsent words", responses=TYPING)
async def type_scene(
    video_id: VideoId, index: SceneIndex, body: SceneTyping, caller: Writer, backend: BackendOf
) -> SceneDraft:
    """The newest words win; words of another window that they replace are kept beside them, as `other`."""
    await run_in_threadpool(_count, backend, caller)
    return await run_in_threadpool(drafts.type_scene, backend, caller.account_id, video_id, index, body)


@router.get("/briefs/draft", summary="The brief that is not ordered yet", responses=PERSONAL)
def brief_draft(caller: Reader, backend: BackendOf) -> BriefDraft:
    """Empty where nothing was typed or chosen."""
    return drafts.brief_draft(backend, caller.account_id)


@router.put("/briefs/draft", summary="Keep the brief", responses=errors(401, 403, 429))
async def type_brief(body: BriefTyping, caller: Writer, backend: BackendOf) -> BriefDraft:
    """The newest words win; words of another window that they replace are kept beside them, as `other`."""
    await run_in_threadpool(_count, backend, caller)
    return await run_in_threadpool(drafts.type_brief, backend, caller.account_id, body)


@router.delete("/briefs/draft", status_code=204, summary="Delete the ordered brief's draft", responses=errors(401, 403))
def forget_brief(
    caller: Writer,
    backend: BackendOf,
    revision: Annotated[int, Query(ge=0, lt=2**31, description="of the words that were ordered")],
) -> None:
    """Keeps words that were typed meanwhile."""
    drafts.forget_brief(backend, caller.account_id, revision)


def _count(backend: Backend, caller: Caller) -> None:
    limit(backend, backend.settings.rates.typing, "typing", caller.account_id)
