"""The page's addresses. What one reads is rendered here; what changes something goes through the API."""

import re
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Annotated, Any, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.responses import HTMLResponse, RedirectResponse, Response
from temporalio.service import RPCError

from api.deps import Backend, BackendOf
from api.finding import find_video
from api.problems import Problem, log_failure, not_found, problem_of
from api.visiting import PageSession, page_session
from api.web.answers import log_in_first, page_of, wanted_of
from api.web.shelves import ENDED_WORDS, SHELVES, shelf_page, style_cards, video_page
from api.web.templating import render
from api.web.words import STAGE_WORDS
from models.access import Role
from models.brief import PROMPT_MAX_CHARS, AspectRatio
from models.credits import OFFERS, PRICES, SIGNUP_CREDITS, Operation
from models.failures import EchonosError, InvalidInput
from models.progress import Progress, RunStatus
from models.storyboard import CameraMove

HISTORY_LINES = 50
_OWN_PAGE = re.compile(r"/(?:[?A-Za-z0-9_~%-][^\\\s\x00-\x20]*)?")
"""Addresses of our own: no second slash or backslash at the beginning, which browsers take for another site."""


class LogInFirst(Exception):
    """Nobody is logged in, and this page is somebody's."""


class PageRoute(APIRoute):
    """A route whose errors are pages: people see sentences, not JSON."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler with its errors answered."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except LogInFirst:
                return log_in_first(request.scope)
            except (InvalidInput, RequestValidationError):
                return page_of(not_found())
            except (Problem, EchonosError, RPCError) as error:
                problem = problem_of(error)
                if problem.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                    log_failure(request.scope, error)
                return page_of(problem, again=wanted_of(request.scope))

        return answer


router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse, route_class=PageRoute)


Anybody = Annotated[PageSession | None, Depends(page_session)]


def _visitor(session: Anybody) -> PageSession:
    if session is None:
        raise LogInFirst
    return session


Visitor = Annotated[PageSession, Depends(_visitor)]


async def _page(template: str, session: PageSession, backend: Backend, **context: object) -> Response:
    balance = await run_in_threadpool(backend.stores.ledger.balance, session.account_id)
    text = render(template, **{"here": ""} | context, session=session, balance=balance)
    # What one account sees is nobody else's, and not for the back button after logging out.
    return HTMLResponse(text, headers={"Cache-Control": "no-store"})


async def _entry(backend: Backend, template: str, heading: str, lead: str, **context: object) -> Response:
    cards = await run_in_threadpool(style_cards, backend.stores.objects)
    return HTMLResponse(render(template, session=None, heading=heading, lead=lead, cards=cards, **context))


@router.get("/")
async def create(session: Visitor, backend: BackendOf, again: str = "", song: str = "") -> Response:
    """The brief of a new video; `again` fills it in from another one, `song` picks one from the Vault."""
    return await _page(
        "create.html",
        session,
        backend,
        here="Create",
        cards=await run_in_threadpool(style_cards, backend.stores.objects),
        aspects=get_args(AspectRatio),
        prompt_max=PROMPT_MAX_CHARS,
        price=PRICES[Operation.GENERATE],
        again=again,
        song_id=song,
    )


@router.get("/processing/{video_id}")
async def processing(session: Visitor, backend: BackendOf, video_id: str) -> Response:
    """A video in the making."""
    video = await find_video(backend, session.account_id, video_id)
    stages = [(name.value, words) for name, words in STAGE_WORDS.items()]
    progress = Progress(video_id=video_id, sentence="Looking how far it is.")
    return await _page(
        "processing.html",
        session,
        backend,
        video=video,
        stages=stages,
        progress=progress,
        kind=ENDED_WORDS.get(video.status, ""),
    )


@router.get("/preview/{video_id}")
async def preview(session: Visitor, backend: BackendOf, video_id: str) -> Response:
    """A video that is there, with all its versions."""
    return await _of_video("preview.html", session, backend, video_id)


@router.get("/studio/{video_id}")
async def studio(session: Visitor, backend: BackendOf, video_id: str) -> Response:
    """Single scenes of a video."""
    moves = [move.value for move in CameraMove]
    return await _of_video("studio.html", session, backend, video_id, moves=moves, prompt_max=PROMPT_MAX_CHARS)


async def _of_video(
    template: str, session: PageSession, backend: Backend, video_id: str, **context: object
) -> Response:
    page = await video_page(backend, session.account_id, video_id)
    if not page.versions:
        return RedirectResponse(f"/processing/{page.video.video_id}", 303)
    return await _page(template, session, backend, video=page.video, versions=page.versions, **context)


@router.get("/vault")
async def vault(
    session: Visitor,
    backend: BackendOf,
    show: str = "videos",
    search: Annotated[str, Query(max_length=500)] = "",
    cursor: str | None = None,
) -> Response:
    """Videos, songs or characters, with a search."""
    shown = show if show in SHELVES else "videos"
    rows, following = await shelf_page(backend, session.account_id, shown, search, cursor)
    more = f"/vault?{urlencode({'show': shown, 'search': search, 'cursor': following})}" if following else ""
    return await _page(
        "vault.html",
        session,
        backend,
        here="Vault",
        show=shown,
        searched=search,
        shelves=SHELVES.items(),
        more=more,
        rows=rows,
    )


@router.get("/credits")
async def credits_page(
    session: Visitor,
    backend: BackendOf,
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
    paid: bool = False,
) -> Response:
    """Balance, offers and history."""
    ledger = backend.stores.ledger
    history = await run_in_threadpool(ledger.history, session.account_id, HISTORY_LINES, before)
    older = history[-1].transaction_id if len(history) == HISTORY_LINES else None
    return await _page(
        "credits.html",
        session,
        backend,
        here="Credits",
        prices={operation.value: price for operation, price in PRICES.items()},
        offers=list(OFFERS.values()),
        history=history,
        older=older,
        paid=paid,
    )


@router.get("/account")
async def account(session: Visitor, backend: BackendOf, support: bool = False) -> Response:
    """Password, tokens, sessions, second factor, leaving; `support` says that Support needs the factor."""
    state = await run_in_threadpool(backend.access.factors.state, session.account_id)
    return await _page("account.html", session, backend, here="Account", factor=state, for_support=support)


@router.get("/support")
async def support(session: Visitor, backend: BackendOf, state: RunStatus = RunStatus.NEEDS_ATTENTION) -> Response:
    """Runs that need a person; for people with the role only, for others it is not there."""
    if Role.SUPPORT.value not in session.roles:
        raise not_found()
    if not session.may_support:
        return RedirectResponse("/account?support=1", 303)
    return await _page("support.html", session, backend, here="Support", shown=state.value)


@router.get("/login")
async def login(backend: BackendOf, session: Anybody, next: str = "/", reset: str = "") -> Response:
    """Log in; `next` is where to go afterwards, `reset` says that a new password was just set."""
    if session is not None:
        return RedirectResponse(next if _OWN_PAGE.fullmatch(next) else "/", 303)
    lead = "Your new password is set. Log in with it." if reset else "Your songs, cut to the beat."
    return await _entry(backend, "login.html", "Welcome back", lead, next=next)


@router.get("/signup")
async def signup(backend: BackendOf) -> Response:
    """Make an account."""
    lead = f"A music video from a finished song, in minutes. {SIGNUP_CREDITS} credits to begin with are enough for one."
    return await _entry(backend, "signup.html", "Make an account", lead)


@router.get("/forgot")
async def forgot(backend: BackendOf) -> Response:
    """Ask for a link to set a new password."""
    return await _entry(backend, "forgot.html", "Forgot the password?", "We send a link to your address.")


@router.get("/reset")
async def reset(backend: BackendOf, token: str = "") -> Response:
    """Set a new password; the link is in an e-mail."""
    return await _entry(backend, "reset.html", "A new password", "Choose a new one for your account.", token=token)


@router.get("/verify")
async def verify(backend: BackendOf, token: str = "") -> Response:
    """Confirm an address; the link is in an e-mail."""
    return await _entry(
        backend, "verify.html", "Is this you?", "One click, and your address is confirmed.", token=token
    )


@router.get("/address")
async def address(backend: BackendOf, token: str = "") -> Response:
    """Agree to a new address, at the old or the new one; the link is in an e-mail."""
    heading, sentence = "A new address?", "One click, and this address agrees to the move of your account."
    return await _entry(backend, "address.html", heading, sentence, token=token)
