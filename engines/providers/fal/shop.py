"""fal's queue through its own client, one request a call.

The client's retries are off: it would send a submission again after any broken connection, and each of them is a paid
job. Whether to send one again is decided by who knows what was sent before.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import cv2
import fal_client
import httpx
import numpy as np
from fal_client import client as _fal
from fal_client.client import AsyncRequestHandle, Completed, FalClientHTTPError, InProgress

from engines.providers.delays import asked_delay_s
from engines.providers.fal.adapters import Choice
from engines.providers.fal.answers import REFUSED_KEY, failure_of, read_answer
from models.failures import (
    JobFailed,
    MediaCorrupt,
    Misconfigured,
    OutcomeUnknown,
    ProviderUnavailable,
    RateLimited,
)
from models.paid_media import JobStatus, JobTicket, Media, PieceKind, PieceRequest

_fal.MAX_ATTEMPTS = 1

SUBMIT_TIMEOUT_S = 60.0
LEAST_SIDE = 360
"""Clip models refuse first pictures below 300 pixels."""

_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
_ANSWER_LOST = frozenset({408, 502, 504})
"""Answers of something between us and the queue: the queue itself may have accepted."""

_CHUNK_BYTES = 1 << 18


@dataclass(frozen=True)
class Report:
    """Where a job is; `error` says in words why a job that ended has no result."""

    status: JobStatus
    error: str | None = None


class FalShop:
    """Implements `activities.ports.MediaShop`.

    Args:
        key: The account's key.
        choice: The models that are bought from.
    """

    provider = "fal"

    def __init__(self, key: str, choice: Choice) -> None:
        self._choice = choice
        self._client = fal_client.AsyncClient(key=key, default_timeout=SUBMIT_TIMEOUT_S)
        self._downloads: httpx.AsyncClient | None = None

    @property
    def media(self) -> Media:
        """What a run without wishes buys."""
        return self.media_for("", "")

    def media_for(self, still_model: str, clip_model: str) -> Media:
        """What a run buys that wants these models; empty: the house's.

        Raises:
            InvalidInput: A name is not known; the sentence names those that are.
        """
        choice = self._choice.other(still_model, clip_model)
        return Media(provider=self.provider, still_model=choice.still.name, clip_model=choice.clip.name)

    def model_of(self, kind: PieceKind, model: str = "") -> str:
        """The endpoint that makes such a piece, of the run's model if it has one."""
        choice = self._choice_of(kind, model)
        return choice.clip.endpoint if kind is PieceKind.CLIP else choice.still.endpoint

    def price_micro_usd(self, kind: PieceKind, duration_s: float = 0, model: str = "") -> int:
        """What one piece costs, in millionths of a dollar, of the run's model if it has one."""
        return self._choice_of(kind, model).price_micro_usd(kind, duration_s)

    def _choice_of(self, kind: PieceKind, model: str) -> Choice:
        return self._choice.other(clip=model) if kind is PieceKind.CLIP else self._choice.other(still=model)

    def inline(self, picture: bytes) -> str:
        """A picture as a data URI, for a provider that cannot reach our store.

        Raises:
            MediaCorrupt: It does not decode.
        """
        decoded = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
        if decoded is None:
            raise MediaCorrupt("a picture of ours cannot be read")
        scale = LEAST_SIDE / min(decoded.shape[:2])
        if scale > 1:
            decoded = cv2.resize(decoded, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        _, data = cv2.imencode(".jpg", decoded, [cv2.IMWRITE_JPEG_QUALITY, 94])
        return fal_client.encode(data.tobytes(), "image/jpeg")

    async def submit(
        self, job_key: str, request: PieceRequest, images: list[str], webhook_url: str | None = None
    ) -> JobTicket:
        """Buy a piece.

        Args:
            job_key: Ours; comes back in the ticket.
            request: What to make.
            images: URLs of the references, or of a clip's first picture alone.
            webhook_url: Called when the job has ended.

        Returns:
            The provider's id of the job and the URLs that it named.

        Raises:
            OutcomeUnknown: The request left, its answer was lost: there may be a job or not.
            ContentRefused, RateLimited, ProviderUnavailable, Misconfigured: There is no job.
        """
        choice = self._choice_of(request.kind, request.model)
        if request.kind is PieceKind.CLIP:
            endpoint, arguments = choice.clip.call(request, images[0])
        else:
            endpoint, arguments = choice.still.call(request, images)
        try:
            handle = await self._client.submit(endpoint, arguments, webhook_url=webhook_url)
        except _NEVER_SENT as error:
            raise ProviderUnavailable(_away(error)) from error
        except FalClientHTTPError as error:
            if error.status_code in _ANSWER_LOST:
                raise OutcomeUnknown(f"fal's gateway answered {error.status_code}; the job may exist.") from error
            raise failure_of(error) from error
        except (httpx.HTTPError, ValueError, KeyError) as error:
            # A broken connection, or an answer that is none: what was sent may have been accepted.
            raise OutcomeUnknown(f"fal's answer to a submission was lost: {type(error).__name__}") from error
        return JobTicket(
            job_key=job_key,
            request_id=handle.request_id,
            status_url=handle.status_url,
            response_url=handle.response_url,
            cancel_url=handle.cancel_url,
        )

    async def status(self, ticket: JobTicket) -> Report:
        """Where a job is.

        Raises:
            JobFailed: The provider does not know it.
            RateLimited, ProviderUnavailable: Ask again.
        """
        found = await self._ask((await self._handle(ticket)).status())
        if isinstance(found, Completed):
            return Report(JobStatus.ENDED, found.error)
        return Report(JobStatus.RUNNING if isinstance(found, InProgress) else JobStatus.QUEUED)

    async def result(self, ticket: JobTicket, kind: PieceKind) -> str:
        """The URL of what an ended job has made. A failed job has ended too.

        Raises:
            ContentRefused: A policy said no.
            JobFailed: It came to nothing and another may be bought.
            RateLimited, ProviderUnavailable: Ask again.
        """
        handle = await self._handle(ticket)
        response = await self._ask(handle.client.get(handle.response_url, timeout=_fal.QUEUE_POLL_TIMEOUT))
        return read_answer(response.status_code, response.headers, response.content, kind)

    def answered(self, answer: str, kind: PieceKind) -> str:
        """The same from what a webhook brought; see `result`."""
        return read_answer(None, {}, answer.encode(), kind)

    async def fetch(self, url: str, path: Path, most_bytes: int) -> None:
        """Download a result; it is public, so no key goes with the request.

        Raises:
            JobFailed: It is gone, or larger than `most_bytes`.
            ProviderUnavailable: Ask again.
        """
        try:
            async with self._outside().stream("GET", url) as response:
                if response.status_code in (403, 404, 410):
                    raise JobFailed("the result was gone before it could be copied")
                response.raise_for_status()
                size = 0
                with path.open("wb") as out:
                    async for chunk in response.aiter_bytes(_CHUNK_BYTES):
                        size += len(chunk)
                        if size > most_bytes:
                            raise JobFailed(f"the result is larger than {most_bytes / 1e6:.0f} MB")
                        out.write(chunk)
        except httpx.HTTPError as error:
            raise ProviderUnavailable(f"a result cannot be fetched: {type(error).__name__}") from error

    async def cancel(self, ticket: JobTicket) -> bool:
        """Withdraw a job; False when it runs or has ended already.

        Raises:
            RateLimited, ProviderUnavailable: Ask again.
        """
        if not ticket.cancel_url:
            return False
        handle = await self._handle(ticket)
        response = await self._ask(handle.client.put(handle.cancel_url, timeout=_fal.QUEUE_POLL_TIMEOUT))
        return bool(response.status_code < 300)

    def _outside(self) -> httpx.AsyncClient:
        """For results: without the key. One for all, because a client costs 30 ms to make."""
        if self._downloads is None:
            self._downloads = httpx.AsyncClient(follow_redirects=True, timeout=SUBMIT_TIMEOUT_S)
        return self._downloads

    async def _handle(self, ticket: JobTicket) -> AsyncRequestHandle:
        # `get_handle` builds URLs from the endpoint's name and drops its sub-path: those of the ticket are right.
        return AsyncRequestHandle(
            request_id=ticket.request_id,
            response_url=ticket.response_url,
            status_url=ticket.status_url,
            cancel_url=ticket.cancel_url,
            client=await self._client._client,
        )

    async def _ask(self, work: Any) -> Any:
        try:
            answer = await work
        except FalClientHTTPError as error:
            if error.status_code == 404:
                raise JobFailed("fal does not know this job") from error
            raise failure_of(error, asking=True) from error
        except httpx.HTTPError as error:
            raise ProviderUnavailable(_away(error)) from error
        except (ValueError, KeyError) as error:
            raise ProviderUnavailable("fal's answer makes no sense") from error
        if isinstance(answer, httpx.Response):
            if answer.status_code == 429:
                raise RateLimited("fal asks to slow down", asked_delay_s(answer.headers))
            if answer.status_code in (401, 403):
                raise Misconfigured(REFUSED_KEY)
        return answer


def _away(error: httpx.HTTPError) -> str:
    how = "no answer came in time" if isinstance(error, httpx.TimeoutException) else "the connection failed"
    return f"fal cannot be reached at {urlsplit(_fal.QUEUE_URL_FORMAT).netloc}: {how}."
