"""A local server that speaks fal's queue over https, for the real client, and counts purchases.

It can be slow, drop a connection before or after accepting, answer 429, 5xx and 422 with bodies as fal writes them,
fail jobs, deliver broken media, and send signed webhooks early, twice or never. Media are made here, once, and cached.

It is written on bare sockets because a web framework cannot break a connection at a chosen moment.
"""

import asyncio
import base64
import hashlib
import itertools
import json
import random
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import trustme
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.fakes.fal_jobs import ERRORS, Job, media, new_job, policy_body
from tests.fakes.fal_models import billable_units, pricing, refusal

__all__ = ["ERRORS", "Job", "media", "policy_body"]

KEY = "key-id:key-secret"
USER_ID = "user-of-the-tests"
WEBHOOK_ATTEMPTS = 10
"""fal calls again, ten times within two hours, until an answer is not a failure of the server."""


@dataclass
class Behaviour:
    """What happens to submissions and jobs. Plans are called with the number of the submission, counted from 0.

    A submission's plan answers "" (fine), "drop before", "drop after", "429", "500", "503", "422", "401", "locked", a
    proxy's "502", "503 proxy" or "502 accepted", "503 accepted", or "array", "no id". A job's plan answers "ok", a name
    of `fal_jobs.ERRORS`, "media gone", "inside" (a redirect to this machine), "text", "black", "frozen", "short" or
    "cut". `bills` says whether an error other than 5xx, or a stopped job, is on the bill.
    """

    submission: Callable[[int, dict[str, Any]], str] = lambda number, arguments: ""
    job: Callable[[int, dict[str, Any]], str] = lambda number, arguments: "ok"
    poll: Callable[[int], str] = lambda number: ""
    queue_s: float = 0.0
    still_s: float = 0.0
    clip_s: float = 0.0
    webhooks: str = "once"
    retry_after_s: float = 0.05
    stops_when_cancelled: bool = False
    bills: Callable[[], bool] = lambda: False


@dataclass
class FalServer:
    """The server's state; `behaviour` may be changed at any time."""

    behaviour: Behaviour = field(default_factory=Behaviour)
    jobs: dict[str, Job] = field(default_factory=dict)
    submissions: list[dict[str, Any]] = field(default_factory=list)
    port: int = 0
    address: str = ""
    ca_file: Path = Path()
    most_running: int = 0

    def __post_init__(self) -> None:
        self._numbers, self._polls = itertools.count(), itertools.count()
        self._signing = Ed25519PrivateKey.generate()
        self._hooks: set[asyncio.Task[None]] = set()

    @property
    def bought(self) -> int:
        """Jobs that fal would put on the bill."""
        return sum(job.is_bought for job in self.jobs.values())

    @property
    def bill_micro_usd(self) -> int:
        """fal's own bill."""
        return sum(job.price_micro_usd for job in self.jobs.values() if job.is_bought)

    def reset(self) -> None:
        """Forget everything, for the next test."""
        self.behaviour, self.most_running = Behaviour(), 0
        self.jobs.clear()
        self.submissions.clear()
        self._numbers, self._polls = itertools.count(), itertools.count()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer requests on one connection until it ends."""
        try:
            while await self._exchange(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            writer.transport.abort()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        line = (await reader.readline()).decode("latin-1").split()
        if len(line) < 2:
            return False
        method, target = line[0], line[1]
        headers: dict[str, str] = {}
        while (header := (await reader.readline()).decode("latin-1").strip()) != "":
            name, _, value = header.partition(":")
            headers[name.lower()] = value.strip()
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        answer = await self._answer(method, target, headers, body)
        if answer is None:
            writer.transport.abort()
            return False
        status, content, more = answer
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        lines = [f"HTTP/1.1 {status} X", f"content-length: {len(data)}", *(f"{k}: {v}" for k, v in more.items())]
        writer.write("\r\n".join([*lines, "", ""]).encode() + data)
        await writer.drain()
        return True

    async def _answer(
        self, method: str, target: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, Any, dict[str, str]] | None:
        url = urlsplit(target)
        parts = url.path.strip("/").split("/")
        if url.path == "/.well-known/jwks.json":
            return 200, {"keys": [self.public_key()]}, {}
        if parts[0] == "media":
            return _delivered(parts[1], parts[2])
        if headers.get("authorization") != f"Key {KEY}":
            return 401, {"detail": "Authentication is required to access this application."}, {}
        if method == "POST":
            return await self._submit("/".join(parts), json.loads(body), parse_qs(url.query))
        if url.path == "/v1/models/pricing":
            return *pricing([one for part in parse_qs(url.query).get("endpoint_id", []) for one in part.split(",")]), {}
        if "requests" not in parts:
            return 404, {"detail": "Not found"}, {}
        trouble = self.behaviour.poll(next(self._polls))
        if trouble == "drop":
            return None
        if trouble:
            return self._refusal(trouble)
        job = self.jobs.get(parts[parts.index("requests") + 1])
        if job is None:
            return 404, {"detail": "Request not found", "status": "NOT_FOUND"}, {}
        if parts[-1] == "cancel":
            return self._cancel(job)
        if parts[-1] == "status":
            return self._status(job)
        return self._result(job)

    async def _submit(
        self, endpoint: str, arguments: dict[str, Any], query: dict[str, list[str]]
    ) -> tuple[int, Any, dict[str, str]] | None:
        number = next(self._numbers)
        self.submissions.append({"endpoint": endpoint, "arguments": arguments, "at": time.monotonic()})
        trouble = self.behaviour.submission(number, arguments)
        if trouble == "drop before":
            return None
        if trouble in ("array", "no id"):
            return 200, [1] if trouble == "array" else {"status": "IN_QUEUE"}, {}
        if trouble and trouble != "drop after" and not trouble.endswith("accepted"):
            return self._refusal(trouble)
        is_clip = "image-to-video" in endpoint
        job = new_job(
            endpoint,
            arguments,
            query.get("fal_webhook", [None])[0],
            f"{self.port}-{number}",
            (self.behaviour.queue_s, self.behaviour.clip_s if is_clip else self.behaviour.still_s),
            self.behaviour.job(number, arguments),
            refusal(endpoint, arguments),  # the queue accepts any body: the model reads it later
            self.behaviour.bills,
        )
        self.jobs[job.request_id] = job
        running = sum(other.status != "COMPLETED" for other in self.jobs.values())
        self.most_running = max(self.most_running, running)
        if job.webhook and self.behaviour.webhooks != "never":
            task = asyncio.create_task(self._call_back(job))
            self._hooks.add(task)
            task.add_done_callback(self._hooks.discard)
            if self.behaviour.webhooks == "early":
                await task
        if trouble == "drop after":
            return None
        if trouble.endswith("accepted"):
            return self._refusal(trouble.replace("accepted", "proxy"))
        base = f"https://{self.address}/{'/'.join(endpoint.split('/')[:2])}/requests/{job.request_id}"
        urls = {"response_url": base, "status_url": f"{base}/status", "cancel_url": f"{base}/cancel"}
        return 200, {"request_id": job.request_id, "status": "IN_QUEUE", "queue_position": 0, **urls}, {}

    def _refusal(self, trouble: str) -> tuple[int, Any, dict[str, str]]:
        if trouble == "locked":
            words = "User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing."
            return 403, {"detail": words}, {}
        status = int(trouble.partition(" ")[0])
        if status == 401:
            return 401, {"detail": "No user found for Key ID and Secret"}, {}
        if status == 422:
            return 422, policy_body("body", "prompt"), {}
        if status == 429:
            return 429, {"detail": "Too many requests"}, {"retry-after": str(self.behaviour.retry_after_s)}
        if status in (502, 504) or trouble.endswith("proxy"):
            return status, b"<html><center>nginx</center></html>", {"content-type": "text/html"}
        return status, {"detail": "Internal server error", "error_type": "internal_error"}, {}

    def _status(self, job: Job) -> tuple[int, Any, dict[str, str]]:
        answer: dict[str, Any] = {"status": job.status, "request_id": job.request_id, "logs": []}
        if job.status == "IN_QUEUE":
            answer["queue_position"] = 1
        if job.status != "COMPLETED":
            return 202, answer, {}
        answer["metrics"] = {} if job.cancelled else {"inference_time": job.run_s or 0.1}
        status, _ = job.answer()
        if status >= 300:
            answer |= {"error": "Request failed", "error_type": "runner_disconnected"}
        return 200, answer, {}

    def _result(self, job: Job) -> tuple[int, Any, dict[str, str]]:
        if job.status != "COMPLETED":
            return 400, {"detail": "Request is still in progress"}, {}
        if job.fate == "gone" and not job.is_stopped:
            return *job.answer(), {}
        status, payload = self._payload(job)
        seen = {"x-fal-request-id": job.request_id}
        if status == 200:
            seen["x-fal-billable-units"] = f"{billable_units(job.endpoint, job.arguments):g}"
        return status, payload, seen

    def _payload(self, job: Job) -> tuple[int, Any]:
        status, payload = job.answer()
        if status != 200 or payload is not None:
            return status, job.echoing(payload)
        name = f"clip-{float(job.arguments['duration']):g}.mp4" if job.is_clip else "still.png"
        return_url = {"url": f"https://{self.address}/media/{quote(job.fate)}/{name}", "content_type": "x/y"}
        return 200, {"video": return_url} if job.is_clip else {"images": [return_url], "description": ""}

    def _cancel(self, job: Job) -> tuple[int, Any, dict[str, str]]:
        if job.status == "COMPLETED":
            return 400, {"status": "ALREADY_COMPLETED"}, {}
        if job.status == "IN_QUEUE":
            job.cancelled = True
        else:
            job.cancelled_running, job.stops = True, self.behaviour.stops_when_cancelled
        return 202, {"status": "CANCELLATION_REQUESTED"}, {}

    async def _call_back(self, job: Job) -> None:
        await asyncio.sleep(job.queue_s + job.run_s)
        status, payload = self._payload(job)
        answer: dict[str, Any] = {"request_id": job.request_id, "gateway_request_id": job.request_id}
        answer |= {"status": "OK" if status == 200 else "ERROR", "payload": payload}
        if isinstance(payload, bytes):
            answer |= {"payload": None, "payload_error": "Response is not JSON."}
        if status != 200:
            answer["error"] = f"Invalid status code: {status}"
        body = json.dumps(answer).encode()
        async with httpx.AsyncClient() as client:
            for _ in range(2 if self.behaviour.webhooks == "twice" else 1):
                for _ in range(WEBHOOK_ATTEMPTS):
                    try:
                        told = await client.post(
                            str(job.webhook), content=body, headers=self.signature(job.request_id, body)
                        )
                    except httpx.HTTPError:
                        break
                    if told.status_code < 500:
                        break
                    await asyncio.sleep(0.2)

    def signature(self, request_id: str, body: bytes, at: float | None = None) -> dict[str, str]:
        """The headers of a signed call."""
        timestamp = str(int(at if at is not None else time.time()))
        message = "\n".join((request_id, USER_ID, timestamp, hashlib.sha256(body).hexdigest()))
        return {
            "x-fal-webhook-request-id": request_id,
            "x-fal-webhook-user-id": USER_ID,
            "x-fal-webhook-timestamp": timestamp,
            "x-fal-webhook-signature": self._signing.sign(message.encode()).hex(),
        }

    def public_key(self) -> dict[str, str]:
        """As the JWKS shows it."""
        raw = self._signing.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        x = base64.urlsafe_b64encode(raw).decode().rstrip("=")
        return {"kty": "OKP", "crv": "Ed25519", "kid": "1", "x": x}


def _delivered(fate: str, name: str) -> tuple[int, bytes, dict[str, str]]:
    if fate == "media%20gone":
        return 404, b"gone", {}
    if fate == "inside":
        return 302, b"", {"location": "https://127.0.0.1:9/inside"}
    return 200, media(fate, name), {"content-type": "application/octet-stream"}


@contextmanager
def serving(door: socket.socket, folder: Path) -> Iterator[FalServer]:
    """A server in its own thread, behind a bound socket, with a certificate from a new authority in `folder`."""
    port = door.getsockname()[1]
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    server = FalServer(port=port, address=f"127.0.0.1:{port}", ca_file=folder / "authority.pem")
    authority.cert_pem.write_to_path(str(server.ca_file))
    started, ended = threading.Event(), threading.Event()
    loop = asyncio.new_event_loop()

    async def run() -> None:
        listening = await asyncio.start_server(server.serve, sock=door, ssl=context, limit=1 << 26)
        started.set()
        while not ended.is_set():
            await asyncio.sleep(0.05)
        listening.close()
        open_connections = asyncio.all_tasks() - {asyncio.current_task()}
        for task in open_connections:
            task.cancel()
        await asyncio.gather(*open_connections, return_exceptions=True)

    thread = threading.Thread(target=lambda: loop.run_until_complete(run()), daemon=True)
    thread.start()
    if not started.wait(200):
        raise RuntimeError(f"the fal server does not start on port {port}")
    try:
        yield server
    finally:
        ended.set()
        thread.join(5)


def seeded(seed: int, choices: dict[str, float]) -> Callable[..., str]:
    """A plan that draws from `choices` (name → probability), the same for the same seed; the rest is ""."""
    chance = random.Random(seed)

    def plan(*_: Any) -> str:
        drawn = chance.random()
        for name, share in choices.items():
            drawn -= share
            if drawn < 0:
                return name
        return ""

    return plan
