"""The data converter that every client and worker uses: pydantic models as JSON payloads."""

from temporalio.contrib.pydantic import pydantic_data_converter

DATA_CONVERTER = pydantic_data_converter
