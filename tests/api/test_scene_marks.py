"""Marks of scenes that an artist can act on: Studio says what each means."""

import pytest

from models.timeline import CLIP_SHORT, CLIP_STALE, FALLBACK, FREE_RETRY
from settings import CHECKOUT


@pytest.mark.parametrize("mark", [CLIP_SHORT, CLIP_STALE, FALLBACK, FREE_RETRY])
def test_studio_has_a_sentence_for_each_mark(mark: str) -> None:
    lines = (CHECKOUT / "api/web/static/js/inspector.js").read_text(encoding="utf-8").splitlines()
    assert any(line.strip().startswith((f'"{mark}": "', f'{mark}: "')) for line in lines)
