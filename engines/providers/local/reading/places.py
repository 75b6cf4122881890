"""The places that the painter draws, by name."""

from typing import Literal

Place = Literal[
    "street", "village", "skyline", "rooftop", "market",
    "harbour", "beach", "sea", "cliff", "river", "bridge", "underwater",
    "kitchen", "bedroom", "room", "workshop", "school", "hall", "church", "castle", "factory",
    "bar", "club", "stage", "stadium",
    "train", "car", "road", "petrol station", "motel", "subway", "tunnel",
    "playground", "park", "garden", "farm", "field", "forest", "mountains", "desert", "snow", "ruins", "graveyard",
    "fairground", "cave", "space",
]  # fmt: skip
"""`car` and `train` are interiors with the passing land in the window; `cliff` is a rocky coast seen from above."""

INDOORS: frozenset[Place] = frozenset(
    {
        "kitchen",
        "bedroom",
        "room",
        "workshop",
        "school",
        "hall",
        "church",
        "factory",
        "bar",
        "club",
        "stage",
        "train",
        "car",
        "subway",
        "tunnel",
        "cave",
        "space",
        "underwater",
    }
)
"""Places where no weather falls."""
