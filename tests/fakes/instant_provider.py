"""A provider that sells at once, for benchmarks of everything around it."""

import shutil
from pathlib import Path
from uuid import uuid4

from engines.providers.fal.client import Report
from models.paid_media import JobRef, JobStatus, Media, PieceKind, PieceRequest


class InstantProvider:
    """Fits `activities.ports.MediaProvider`.

    Args:
        clip: Its clip; None: a few bytes.
    """

    def __init__(self, clip: Path | None = None) -> None:
        self._clip = clip

    media = Media(provider="fal", still_model="still", clip_model="clip")

    def media_for(self, still_model: str, clip_model: str) -> Media:
        return self.media

    def model_of(self, kind: PieceKind, model: str = "") -> str:
        return kind.value

    def price_micro_usd(self, kind: PieceKind, duration_s: float = 0, model: str = "") -> int:
        return 1

    def inline(self, picture: bytes, remedy: str = "") -> str:
        return "data:,"

    def enlarged(self, picture: bytes) -> bytes | None:
        return None

    def addressed(self, ticket: JobRef, model: str) -> JobRef:
        return ticket

    async def submit(self, job_key: str, request: PieceRequest, webhook_url: str | None = None) -> JobRef:
        return JobRef(job_key=job_key, request_id=uuid4().hex, status_url="x", response_url="x", cancel_url="x")

    async def status(self, ticket: JobRef) -> Report:
        return Report(JobStatus.ENDED)

    async def result(self, ticket: JobRef, kind: PieceKind) -> str:
        return kind.value

    def answered(self, answer: str, kind: PieceKind) -> str:
        return kind.value

    async def fetch(self, url: str, path: Path, most_bytes: int) -> None:
        if self._clip is not None and url == PieceKind.CLIP.value:
            shutil.copyfile(self._clip, path)
        else:
            path.write_bytes(b"piece")

    async def cancel(self, ticket: JobRef) -> bool:
        return False
