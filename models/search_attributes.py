"""Search attributes of runs: one registry with their types."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes


class SearchAttribute(StrEnum):
    """Search attributes, without personal data. `SEARCH_ATTRIBUTES` has their types."""

    ACCOUNT = "EchonosAccount"
    SONG = "EchonosSong"
    VIDEO = "EchonosVideo"
    STYLE = "EchonosStyle"
    STAGE = "EchonosStage"
    STATE = "EchonosState"
    PROVIDER = "EchonosProvider"
    """Who makes the pictures: `local`, or the provider they are bought from."""


SEARCH_ATTRIBUTES: Mapping[SearchAttribute, SearchAttributeKey[str]] = MappingProxyType(
    {name: SearchAttributeKey.for_keyword(name.value) for name in SearchAttribute}
)
"""The registry: each attribute with its type. A test compares temporal-dev.yaml, which registers them, with this."""


def keywords(values: Mapping[SearchAttribute, str]) -> TypedSearchAttributes:
    """Search attributes for starting a workflow."""
    return TypedSearchAttributes(
        [SearchAttributePair(SEARCH_ATTRIBUTES[name], value) for name, value in values.items()]
    )
