"""The base of every contract: immutable, tolerant of fields that a newer writer added."""

from typing import Self

from pydantic import BaseModel, ConfigDict


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
