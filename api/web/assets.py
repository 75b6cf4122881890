"""Static files under an address that changes with their content, so that browsers may cache them for good.

An address is `/static/<build>/css/base.css`. Modules import each other by relative paths and so stay within a build. A
process answers for any build with what it has: during a roll-out the old page may ask the new process.
"""

import hashlib
import os
from pathlib import Path

from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api.web import typeface

FOLDER = Path(__file__).parent / "static"
FOREVER = "public, max-age=31536000, immutable"


def _build() -> str:
    digest = hashlib.sha256(typeface.EDITION.encode())
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(FOLDER).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


BUILD = _build()


def asset(path: str) -> str:
    """The address of a static file, such as `css/base.css`."""
    return f"/static/{BUILD}/{path}"


class Assets(StaticFiles):
    """The static folder, behind one path segment that names the build."""

    def __init__(self) -> None:
        super().__init__(directory=FOLDER)

    def get_path(self, scope: Scope) -> str:
        """The file's path, without the build."""
        return super().get_path(scope).partition(os.sep)[2]

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file; cacheable only under its own build."""
        if path == typeface.PATH:
            data = await run_in_threadpool(typeface.typeface)
            response = Response(data, media_type=typeface.MEDIA_TYPE)
        else:
            response = await super().get_response(path, scope)
        current = f"/{BUILD}/" in scope["path"]
        response.headers["Cache-Control"] = FOREVER if current else "no-cache"
        return response
