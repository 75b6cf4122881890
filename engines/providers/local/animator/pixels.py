"""Typed wrappers of the animator's OpenCV calls: OpenCV's own stubs lose the dtype."""

from typing import TypeAlias, TypeVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray

Image: TypeAlias = NDArray[np.uint8]
FloatImage: TypeAlias = NDArray[np.float32]

Any8OrFloat = TypeVar("Any8OrFloat", Image, FloatImage)


def resized(picture: Any8OrFloat, width: int, height: int, interpolation: int) -> Any8OrFloat:
    """A picture or grid at another size."""
    return cast(Any8OrFloat, cv2.resize(picture, (width, height), interpolation=interpolation))


def sampled(picture: Any8OrFloat, where: FloatImage, border: int) -> Any8OrFloat:
    """A picture seen through a map, bilinear.

    Args:
        picture: (height, width[, channels]).
        where: float32, (height, width, 2), x and y in its pixels.
        border: The border mode, one of `cv2.BORDER_…`.

    Returns:
        Like `picture`, of the map's size.
    """
    # None, which the stubs forbid: with an empty second map OpenCV 5.0 never returns.
    no_second_map = cast(FloatImage, None)
    return cast(Any8OrFloat, cv2.remap(picture, where, no_second_map, cv2.INTER_LINEAR, borderMode=border))


def blurred(picture: FloatImage, sigma: float) -> FloatImage:
    """A Gaussian blur."""
    return cast(FloatImage, cv2.GaussianBlur(picture, (0, 0), sigma))


def faded(colour: FloatImage, share: float) -> FloatImage:
    """A colour, (3,), with a share of its saturation, 0…1, and all of its brightness."""
    grey = colour.mean()
    return np.asarray(grey + share * (colour - grey), np.float32)
