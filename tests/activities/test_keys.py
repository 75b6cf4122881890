"""Keys and ids depend on what is asked for and on constants: a renamed class or a changed time-out changes none."""

import ast

import pytest

from engines.picture.assemble import SegmentAssembler
from engines.picture.conform import ClipConformer
from engines.providers.anthropic.director import AnthropicDirector
from engines.providers.local.animator.filming import LocalAnimator
from engines.providers.local.director.director import LocalDirector
from engines.providers.local.painter.painter import LocalPainter
from models.exports import EXPORT_METHOD, ExportRequest
from models.generation import Limits
from models.ids import export_id_for
from models.vault import ExportKind
from settings import CHECKOUT

METHODS = {
    LocalDirector: "LocalDirector",
    AnthropicDirector: "AnthropicDirector",
    LocalPainter: "LocalPainter 4",
    LocalAnimator: "LocalAnimator",
    ClipConformer: "ClipConformer",
    SegmentAssembler: "SegmentAssembler",
}
"""These strings are in the keys of objects that exist: a class may be renamed, its string stays."""


@pytest.mark.parametrize("engine", METHODS)
def test_the_names_in_keys_stay(engine: type) -> None:
    assert vars(engine)["method"] == METHODS[engine]


def test_no_key_is_made_of_a_class_name() -> None:
    rooms = ("activities", "stores", "engines", "services", "models")
    for path in (path for room in rooms for path in (CHECKOUT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("digest_of", "_key", "_id_for")):
                assert "__name__" not in ast.unparse(node), f"{path}:{node.lineno}"
                assert "__qualname__" not in ast.unparse(node), f"{path}:{node.lineno}"


def export(**changes: object) -> ExportRequest:
    request = ExportRequest(
        account_id="local", video_id="video-1", version=1, kind=ExportKind.CANVAS, title="Пісня “1”", style="film-noir"
    )
    return request.model_copy(update=changes)


def test_the_id_of_an_export_is_the_one_that_it_had() -> None:
    assert EXPORT_METHOD == 3
    assert export_id_for(export(), EXPORT_METHOD) == "asset-9415b3be6b85f93955b4"


def test_limits_are_no_part_of_an_exports_identity() -> None:
    impatient = export(limits=Limits(heartbeat_timeout_s=1, max_attempts=9))
    assert export_id_for(impatient, EXPORT_METHOD) == export_id_for(export(), EXPORT_METHOD)
    assert export_id_for(export(title="Song"), EXPORT_METHOD) != export_id_for(export(), EXPORT_METHOD)
    assert export_id_for(export(version=2), EXPORT_METHOD) != export_id_for(export(), EXPORT_METHOD)
