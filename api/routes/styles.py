"""The presets, each with a picture; public, because the log-in page shows them too."""

from typing import Annotated

from fastapi import Path, Query, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import Field

from api import admission
from api.deps import BackendOf, Writer, limit, refuse_unverified
from api.docs import errors
from api.routes.songs import Search
from api.shapes import WHOLE, Page, StyleShape, StyleSlug, style_shape
from models.base import Model
from models.brief import PROMPT_MAX_CHARS, Brief
from models.style_pictures import style_picture_digest
from models.styles import STYLES, search_styles
from services.styles import painted_styles, preview_prompt, style_picture
from services.thumbnails import MEDIA_TYPE

router = admission.router("styles")

_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
Slug = Annotated[str, Path(max_length=80, examples=["film-noir"])]


class ShortBrief(Model):
    """A prompt and its style."""

    prompt: str = Field(max_length=PROMPT_MAX_CHARS, examples=["A cyberpunk style android cyborg..."])
    style: StyleSlug = STYLES[0].slug
    seed: Annotated[int, WHOLE] = Field(default=0, strict=True, ge=0, lt=2**32, description="the seed of the order")


class Enhanced(Model):
    """The prompt, expanded."""

    prompt: str


@router.get("/styles", summary="Search styles", responses=errors())
def search(backend: BackendOf, search: Search = "") -> Page[StyleShape]:
    """All matches in the order of the form, matches by name first."""
    painted = painted_styles(backend)
    return Page(items=tuple(style_shape(style, painted) for style in search_styles(search)))


@router.post("/briefs/enhancement", summary="What a short prompt would become", responses=errors(401, 403, 429))
async def enhance(body: ShortBrief, caller: Writer, backend: BackendOf) -> Enhanced:
    """The expansion by Enhance Prompt; nothing is stored, and it is free."""
    await run_in_threadpool(limit, backend, backend.settings.rates.start, "enhance", caller.account_id)
    refuse_unverified(backend, caller)
    brief = Brief(prompt=body.prompt.strip(), style=body.style, enhance=True, seed=body.seed)
    return Enhanced(prompt=await preview_prompt(backend, caller.account_id, brief))


@router.get(
    "/styles/{slug}/picture",
    summary="A style's picture",
    responses={200: {"content": {MEDIA_TYPE: {}}, "description": "the picture"}, **errors(404)},
    response_class=Response,
)
def picture(
    slug: Slug, backend: BackendOf, v: Annotated[str, Query(max_length=40, description="the picture's digest")] = ""
) -> Response:
    """The same scene in this style; never changes under its address."""
    style, data = style_picture(backend, slug)
    return Response(data, headers=_FOREVER if v == style_picture_digest(style) else {}, media_type=MEDIA_TYPE)
