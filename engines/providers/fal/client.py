"""fal's queue through its own client, one request per call.

The client's retries are off: it would repeat a submission after any broken connection, and each submission is a paid
job. The caller, which knows earlier submissions, decides about a repetition.
"""

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import cv2
import fal_client
import httpx
import numpy as np
import numpy.typing as npt
from fal_client.client import FalClientHTTPError

from engines.providers.delays import asked_delay_s
from engines.providers.fal.adapters import Choice
from engines.providers.fal.job_errors import (
    ASK_AGAIN,
    account_trouble,
    is_account_trouble,
    is_locked,
    is_of_fal,
    parsed,
    read_answer,
    refused_request,
)
from engines.providers.fal.results import Results, Trusted
from engines.providers.fal.sdk import POLL_TIMEOUT, QUEUE_HOSTS, QUEUE_URL, data_uri, http_client
from models.failures import (
    EchonosError,
    JobFailed,
    MediaCorrupt,
    OutcomeUnknown,
    ProviderUnavailable,
    RateLimited,
)
from models.measures import measured
from models.paid_media import Billing, JobRef, JobStatus, Media, PieceKind, PieceRequest, Remedy

SUBMIT_TIMEOUT_S = 60.0
LEAST_SIDE = 360
"""Clip models refuse first pictures below 300 pixels."""

MOST_SIDE = 4_000
_SIDES: dict[str, tuple[int, int]] = {Remedy.LARGER: (1_024, MOST_SIDE), Remedy.SMALLER: (LEAST_SIDE, 1_280)}
"""The least and the greatest side that a remedy leaves, in pixels."""

_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
_ANSWER_LOST = frozenset({408, 502, 504})
"""Statuses from a proxy between us and the queue: the queue itself may have accepted."""

_NONSENSE = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""Exceptions from reading a malformed answer."""

_WHOSE = frozenset({401, 402, 403, 429})
"""Statuses of a result that may concern our account or the model's own."""

_STATUSES = {"IN_QUEUE": JobStatus.QUEUED, "IN_PROGRESS": JobStatus.RUNNING, "COMPLETED": JobStatus.ENDED}
MOST_ANSWER_BYTES = 8_000_000
"""Size limit on an answer about a job: error bodies echo their input, including inline pictures."""


@dataclass(frozen=True)
class Report:
    """A job's state; `error` says why an ended job has no result, `has_run` whether it used a runner."""

    status: JobStatus
    error: str | None = None
    has_run: bool = False


class FalClient:
    """Implements `activities.ports.purchases.MediaProvider`.

    Args:
        key: The account's key.
        choice: The models to buy from.
    """

    provider = "fal"

    def __init__(self, key: str, choice: Choice) -> None:
        self._choice = choice
        self._client = fal_client.AsyncClient(key=key, default_timeout=SUBMIT_TIMEOUT_S)
        self._results: Results | None = None

    @property
    def media(self) -> Media:
        """The models of a run that asked for none."""
        return self.media_for("", "")

    def media_for(self, still_model: str, clip_model: str) -> Media:
        """The models for a run that asked for these; empty names mean the defaults.

        Raises:
            InvalidInput: A name is unknown; the sentence lists the known ones.
        """
        choice = self._choice.other(still_model, clip_model)
        return Media(provider=self.provider, still_model=choice.still.name, clip_model=choice.clip.name)

    def model_of(self, kind: PieceKind, model: str = "") -> str:
        """The endpoint that makes a piece of this kind, with the run's own model if it has one."""
        choice = self._choice_of(kind, model)
        return choice.clip.endpoint if kind is PieceKind.CLIP else choice.still.endpoint

    def price_micro_usd(self, kind: PieceKind, duration_s: float = 0, model: str = "") -> int:
        """The price of one piece, in millionths of a dollar, with the run's own model if it has one."""
        return self._choice_of(kind, model).price_micro_usd(kind, duration_s)

    def _choice_of(self, kind: PieceKind, model: str) -> Choice:
        return self._choice.other(clip=model) if kind is PieceKind.CLIP else self._choice.other(still=model)

    def inline(self, picture: bytes, remedy: str = "") -> str:
        """A picture as a data URI, for a provider that cannot reach our store.

        Args:
            picture: PNG or JPEG.
            remedy: As `models.paid_media.Remedy`, after a job failed on its picture.

        Raises:
            MediaCorrupt: The picture does not decode.
        """
        least, most = _SIDES.get(remedy, (LEAST_SIDE, MOST_SIDE))
        return data_uri(_jpeg(_sized(_decoded(picture), least, most)), "image/jpeg")

    def enlarged(self, picture: bytes) -> bytes | None:
        """A picture that is too small for clip models, enlarged; None if it is large enough.

        Raises:
            MediaCorrupt: The picture does not decode.
        """
        decoded = _decoded(picture)
        if min(decoded.shape[:2]) >= LEAST_SIDE:
            return None
        return _jpeg(_sized(decoded, LEAST_SIDE, MOST_SIDE))

    @measured("fal", "submit")
    async def submit(self, job_key: str, request: PieceRequest, webhook_url: str | None = None) -> JobRef:
        """Buy a piece.

        Args:
            job_key: Our key; the ticket returns it.
            request: The piece to make.
            webhook_url: The URL that fal calls once the job has ended.

        Returns:
            The provider's job id and URLs.

        Raises:
            OutcomeUnknown: The request left and its answer was lost: the job may exist.
            ContentRefused, JobFailed, RateLimited, ProviderUnavailable, Misconfigured: There is no job.
        """
        choice = self._choice_of(request.kind, request.model)
        if request.kind is PieceKind.CLIP:
            endpoint, arguments = choice.clip.call(request)
        else:
            endpoint, arguments = choice.still.call(request)
        try:
            handle = await self._client.submit(endpoint, arguments, webhook_url=webhook_url)
        except _NEVER_SENT as error:
            raise ProviderUnavailable(_away(error)) from error
        except FalClientHTTPError as error:
            status, headers, body = error.status_code, error.response.headers, error.response.content
            # A proxy's 5xx says nothing about the queue behind it, which may have accepted.
            if status in _ANSWER_LOST or status < 400 or (status >= 500 and not is_of_fal(headers, body)):
                raise OutcomeUnknown(f"The way to fal answered {status}; the job may exist.") from error
            raise refused_request(status, headers, body, request.kind) from error
        except (httpx.HTTPError, *_NONSENSE) as error:
            # A broken connection, or a malformed answer: the queue may have accepted.
            raise OutcomeUnknown(f"fal's answer to a submission was lost: {type(error).__name__}") from error
        if not _is_id(handle.request_id):
            raise OutcomeUnknown("fal's answer to a submission names no job.")
        urls = (handle.status_url, handle.response_url, handle.cancel_url)
        status_url, response_url, cancel_url = (url if isinstance(url, str) else "" for url in urls)
        ticket = JobRef(
            job_key=job_key,
            request_id=handle.request_id,
            status_url=status_url,
            response_url=response_url,
            cancel_url=cancel_url,
        )
        return self.addressed(ticket, endpoint)

    def addressed(self, ticket: JobRef, model: str) -> JobRef:
        """A ticket with the URLs of its job: a job known only from a webhook has none. URLs to other hosts are dropped.

        Args:
            ticket: The recorded ticket.
            model: The endpoint of the job.
        """
        if all(_is_queue(url) for url in (ticket.status_url, ticket.response_url, ticket.cancel_url)):
            return ticket
        application = "/".join(model.split("/")[:2])
        url = f"{QUEUE_URL}{application}/requests/{quote(ticket.request_id, safe='')}"
        urls = {"status_url": f"{url}/status", "response_url": url, "cancel_url": f"{url}/cancel"}
        return ticket.model_copy(update=urls)

    @measured("fal", "status")
    async def status(self, ticket: JobRef) -> Report:
        """A job's state.

        Raises:
            JobFailed: The provider does not know it.
            Misconfigured: fal refuses our account.
            RateLimited, ProviderUnavailable: Ask again.
        """
        answer = await self._ask("GET", ticket.status_url)
        if answer.status == 404:
            sentence = "fal does not know this job; it may be on the bill. A retry buys it again."
            raise JobFailed(sentence, "status 404", Billing.POSSIBLE)
        data = parsed(answer.body)
        if answer.status >= 300:
            raise answer.trouble()
        named = data.get("status") if isinstance(data, dict) else None
        if not isinstance(named, str) or named not in _STATUSES:
            raise ProviderUnavailable(f"fal's answer makes no sense. {ASK_AGAIN}")
        error, metrics = data.get("error"), data.get("metrics")
        spent = metrics.get("inference_time") if isinstance(metrics, dict) else None
        return Report(
            _STATUSES[named],
            str(error) if error else None,
            has_run=isinstance(spent, int | float) and spent > 0,
        )

    @measured("fal", "result")
    async def result(self, ticket: JobRef, kind: PieceKind) -> str:
        """The URL of an ended job's result. A failed job has ended too.

        Raises:
            ContentRefused: A policy refused it.
            JobFailed: The job failed, and another may be bought.
            Misconfigured: fal refuses our account.
            RateLimited, ProviderUnavailable: Ask again.
        """
        answer = await self._ask("GET", ticket.response_url)
        if answer.status == 202:
            raise ProviderUnavailable(f"fal has no result of this job yet. {ASK_AGAIN}")
        if answer.status in _WHOSE and not answer.is_the_models:
            if is_locked(parsed(answer.body)):
                raise account_trouble(answer.status, parsed(answer.body))
            # A model's own key and quota errors look like ours. The queue knows ours: ask it with the same key.
            await self.status(ticket)
            if answer.status == 429:
                raise answer.trouble()
        return read_answer(answer.status, answer.headers, answer.body, kind)

    def answered(self, answer: str, kind: PieceKind) -> str:
        """The same from a webhook's body; see `result`."""
        return read_answer(None, {}, answer.encode("utf-8", "replace"), kind)

    @measured("fal", "fetch")
    async def fetch(self, url: str, path: Path, most_bytes: int) -> None:
        """Download a result; see `Results.fetch`."""
        if self._results is None:
            self._results = Results(SUBMIT_TIMEOUT_S, _local_queue())
        await self._results.fetch(url, path, most_bytes)

    @measured("fal", "cancel")
    async def cancel(self, ticket: JobRef) -> bool:
        """Cancel a job. Accepted does not mean stopped: a running job may go on, and be billed.

        Returns:
            Whether fal accepts; False if the job has ended, or is unknown.

        Raises:
            Misconfigured: fal refuses our account.
            RateLimited, ProviderUnavailable: Ask again.
        """
        if not ticket.cancel_url:
            return False
        answer = await self._ask("PUT", ticket.cancel_url)
        if answer.status in (401, 402, 403, 429) or answer.status >= 500:
            raise answer.trouble()
        return answer.status < 300

    async def _ask(self, method: str, url: str) -> "_Answer":
        """One request to the queue; its answer is read up to a size limit."""
        try:
            client = await http_client(self._client)
            async with client.stream(method, url, timeout=POLL_TIMEOUT) as response:
                body = bytearray()
                async for chunk in response.aiter_bytes():
                    body += chunk
                    if len(body) > MOST_ANSWER_BYTES:
                        break
                return _Answer(response.status_code, response.headers, bytes(body[:MOST_ANSWER_BYTES]))
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise ProviderUnavailable(_away(error)) from error
        except (httpx.HTTPError, httpx.InvalidURL, *_NONSENSE) as error:
            raise ProviderUnavailable(f"fal's answer makes no sense. {ASK_AGAIN}") from error


@dataclass(frozen=True)
class _Answer:
    status: int
    headers: httpx.Headers
    body: bytes

    @property
    def is_the_models(self) -> bool:
        """Whether the model wrote this, through the queue; the queue's own refusals are neither marked nor typed."""
        if "x-fal-request-id" in self.headers:
            return True
        data = parsed(self.body)
        return isinstance(data, dict) and isinstance(data.get("detail"), list | dict)

    def trouble(self) -> EchonosError:
        """The failure of a question about a job that does not concern the job itself."""
        data, delay_s = parsed(self.body), asked_delay_s(self.headers)
        if self.status == 429:
            return RateLimited(f"fal asks to slow down. {ASK_AGAIN}", delay_s)
        if is_account_trouble(self.status, data):
            return account_trouble(self.status, data)
        return ProviderUnavailable(f"fal answered {self.status} to a question about a job. {ASK_AGAIN}", delay_s)


def _decoded(picture: bytes) -> npt.NDArray[np.uint8]:
    decoded = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR) if picture else None
    if decoded is None:
        raise MediaCorrupt("a picture of ours cannot be read")
    return decoded  # type: ignore[return-value]


def _sized(picture: npt.NDArray[np.uint8], least: int, most: int) -> npt.NDArray[np.uint8]:
    """Enlarged until its shorter side has `least` pixels, then reduced until its longer one has `most`."""
    scale = max(1.0, least / min(picture.shape[:2]))
    scale = min(scale, most / max(picture.shape[:2]))
    if scale == 1:
        return picture
    how = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=how)  # type: ignore[return-value]


def _jpeg(picture: npt.NDArray[np.uint8]) -> bytes:
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 94])
    return data.tobytes()


def _is_id(request_id: Any) -> bool:
    return isinstance(request_id, str) and 0 < len(request_id) <= 200 and request_id.isprintable()


def _is_queue(url: str) -> bool:
    """Whether a URL is one of fal's queue: the key goes with the request, so it goes nowhere else."""
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" and parts.netloc in QUEUE_HOSTS and parts.path.count("/requests/") == 1
    except ValueError:
        return False


def _local_queue() -> Trusted | None:
    """If FAL_QUEUE_RUN_HOST names an address of this machine, its server may deliver results from there, too."""
    parts = urlsplit(QUEUE_URL)
    try:
        local = ip_address(parts.hostname or "").is_loopback
        return (str(parts.hostname), parts.port or 443) if local else None
    except ValueError:
        return None


def _away(error: httpx.HTTPError) -> str:
    how = "no answer came in time" if isinstance(error, httpx.TimeoutException) else "the connection failed"
    return f"fal cannot be reached at {urlsplit(QUEUE_URL).netloc}: {how}. {ASK_AGAIN}"
