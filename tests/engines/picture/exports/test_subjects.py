"""A reframe keeps what its still says is its subject."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.picture.exports.subjects import band_top
from models.storyboard import Framing
from models.subjects import SubjectRows

GREY = np.full((160, 90), 90, np.uint8)
SHARES = (1 / 3, 9 / 16, 45 / 64)
"""Of wide, square and portrait."""


@given(
    top=st.floats(0.0, 0.8),
    length=st.floats(0.05, 1.2),
    head=st.floats(0.02, 0.2),
    share=st.sampled_from(SHARES),
)
def test_a_head_stays_in_the_band(top: float, length: float, head: float, share: float) -> None:
    head = min(head, length, 1 - top)
    subject = SubjectRows(top=top, bottom=top + length, head_top=top, head_bottom=top + head)
    begins = band_top(GREY, Framing.WIDE, subject, share)
    assert 0 <= begins <= 1 - share
    assert begins <= top + 1e-9
    assert begins + share >= top + head - 1e-9
    if top + length <= 1 and length <= share - 0.06:
        assert begins + share >= top + length - 1e-9, "and all of a subject that fits"


@pytest.mark.parametrize("share", SHARES)
def test_of_a_head_larger_than_the_band_the_eyes_are_in_its_middle(share: float) -> None:
    subject = SubjectRows(top=0.1, bottom=1.0, head_top=0.1, head_bottom=0.85)
    begins = band_top(GREY, Framing.CLOSE_UP, subject, share)
    assert begins + 0.3 * share <= 0.1 + 0.54 * 0.75 <= begins + 0.7 * share
