"""The base of every contract: immutable, and tolerant of fields that a newer writer added."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict


def is_none(value: object) -> bool:
    """For `exclude_if`: leave out a field that is None."""
    return value is None


def is_unset(value: object) -> bool:
    """For `exclude_if`: leave out an empty or zero field, so that older documents keep their digests."""
    return not value


class Model(BaseModel):
    """A frozen pydantic model.

    Unknown fields are ignored, because an older worker may read what a newer one wrote. Fields are added with
    defaults and never renamed: recorded histories and stored documents outlive the code that wrote them.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", ser_json_inf_nan="null", allow_inf_nan=False)

    def to_bytes(self) -> bytes:
        """The model as compact UTF-8 JSON."""
        return self.model_dump_json().encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """The model read back from `to_bytes`."""
        return cls.model_validate_json(data)


def _kind_is_required(schema: dict[str, Any]) -> None:
    schema["required"] = ["kind", *schema.get("required", ())]


class OfKind(Model):
    """One of several shapes, which `kind` tells apart: JSON has to name it, though it has a default in Python."""

    model_config = ConfigDict(json_schema_extra=_kind_is_required)
