"""The page's routes. Content is rendered here; changes go through the API."""

from typing import Annotated, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from fastapi.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.deps import Backend, BackendOf
from api.problems import not_found, problem_of
from api.shapes import video_shape
from api.visiting import PageSession, own_page, page_session
from api.web.answers import page_of
from api.web.routing import LogInFirst, PageRoute
from api.web.shelves import ENDED_WORDS, SHELVES, shelf_page, style_cards, video_page
from api.web.templating import render
from models.access import Role
from models.brief import PROMPT_MAX_CHARS, AspectRatio
from models.credits import Operation
from models.failures import NotFound
from models.prices import OFFERS, PRICES, SIGNUP_CREDITS
from models.progress import Progress, RunStatus
from models.stages import STAGES
from models.storyboard import CameraMove
from services import decoding
from services.credits import balance as balance_of
from services.credits import statement
from services.figures import figures_of_all
from services.places import newest_board
from services.telling import end_mail, mail_settings
from services.videos import find_video

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse, route_class=PageRoute)


MaybeVisitor = Annotated[PageSession | None, Depends(page_session)]


def _visitor(session: MaybeVisitor) -> PageSession:
    if session is None:
        raise LogInFirst
    return session


Visitor = Annotated[PageSession, Depends(_visitor)]


async def _page(template: str, session: PageSession, backend: Backend, **context: object) -> Response:
    balance = await run_in_threadpool(balance_of, backend, session.account_id)
    text = render(template, **{"here": ""} | context, session=session, balance=balance)
    # Do not cache account pages: Back after log-out must not show them.
    return HTMLResponse(text, headers={"Cache-Control": "no-store"})


async def _entry(backend: Backend, template: str, heading: str, lead: str, **context: object) -> Response:
    cards = await run_in_threadpool(style_cards, backend)
    return HTMLResponse(render(template, session=None, heading=heading, lead=lead, cards=cards, **context))


@router.get("/")
async def create(session: Visitor, backend: BackendOf, again: str = "", song: str = "") -> Response:
    """The brief of a new video; `again` fills it in from another one, `song` picks one from the Vault."""
    return await _page(
        "create.html",
        session,
        backend,
        here="Create",
        cards=await run_in_threadpool(style_cards, backend),
        aspects=get_args(AspectRatio),
        prompt_max=PROMPT_MAX_CHARS,
        price=PRICES[Operation.GENERATE],
        again=again,
        song_id=song,
    )


@router.get("/processing/{video_id}")
async def processing(session: Visitor, backend: BackendOf, video_id: str) -> Response:
    """A video in the making."""
    video = video_shape(await find_video(backend, session.account_id, video_id))
    stages = [(row.name.value, row.words) for row in STAGES.values() if video.storyboard or not row.optional]
    progress = Progress(video_id=video_id, sentence="Loading the progress.")
    return await _page(
        "processing.html",
        session,
        backend,
        video=video,
        stages=stages,
        progress=progress,
        kind=ENDED_WORDS.get(video.status, ""),
    )


@router.get("/board/{video_id}")
async def board(session: Visitor, backend: BackendOf, video_id: str) -> Response:
    """A storyboard; the progress where there is none, or the run has ended without a video; the preview of a video."""
    page = await video_page(backend, session.account_id, video_id)
    if page.versions:
        return RedirectResponse(f"/preview/{page.video.video_id}", 303)
    laid = await run_in_threadpool(newest_board, backend, session.account_id, video_id)
    if laid is None or page.video.status in ENDED_WORDS:
        return RedirectResponse(f"/processing/{page.video.video_id}", 303)
    return await _page("board.html", session, backend, video=page.video, prompt_max=PROMPT_MAX_CHARS)


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
    history, older = await run_in_threadpool(statement, backend, session.account_id, before)
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
    mail = await run_in_threadpool(mail_settings, backend, session.account_id)
    return await _page("account.html", session, backend, here="Account", factor=state, mail=mail, for_support=support)


def _unless_supporter(session: PageSession) -> Response | None:
    """Where people go whose role needs a second factor first; for people without the role there is no such page."""
    if Role.SUPPORT.value not in session.roles:
        raise not_found()
    return None if session.may_support else RedirectResponse("/account?support=1", 303)


@router.get("/support")
async def support(session: Visitor, backend: BackendOf, state: RunStatus = RunStatus.NEEDS_ATTENTION) -> Response:
    """Runs that need a person; for people with the role only, for others it is not there."""
    if (elsewhere := _unless_supporter(session)) is not None:
        return elsewhere
    return await _page(
        "support.html", session, backend, here="Support", shown=state.value, sealed=decoding.is_needed(backend)
    )


@router.get("/support/figures")
async def figures(session: Visitor, backend: BackendOf) -> Response:
    """Operators' figures; for people with the role only, as Support."""
    if (elsewhere := _unless_supporter(session)) is not None:
        return elsewhere
    groups, silent = await figures_of_all(backend)
    return await _page("figures.html", session, backend, here="Support", groups=groups, silent=silent)


@router.get("/login")
async def login(backend: BackendOf, session: MaybeVisitor, next: str = "/", reset: str = "") -> Response:
    """Log in; `next` is where to go afterwards, `reset` says that a new password was just set."""
    if session is not None:
        return RedirectResponse(own_page(next), 303)
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


@router.get("/quiet")
async def quiet(token: str = "") -> Response:
    """Asks before e-mails about videos end: programs that look at links in e-mails change nothing."""
    return HTMLResponse(render("quiet.html", session=None, token=token, done=False))


@router.post("/quiet")
def end_emails(backend: BackendOf, token: str = "") -> Response:
    """Ends them, also by a mail program's own button (RFC 8058), which sends neither cookies nor an origin of ours."""
    try:
        end_mail(backend, token)
    except NotFound as error:
        return page_of(problem_of(error))
    return HTMLResponse(render("quiet.html", session=None, token=token, done=True))


@router.get("/address")
async def address(backend: BackendOf, token: str = "") -> Response:
    """Agree to a new address, at the old or the new one; the link is in an e-mail."""
    heading, sentence = "A new address?", "One click, and this address agrees to the move of your account."
    return await _entry(backend, "address.html", heading, sentence, token=token)
