"""Objects in any S3-compatible store: everyday requests through obstore, rare ones through boto3."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import BotoCoreError, ClientError

from models.base import Model
from models.failures import NotStored, ProviderUnavailable
from models.stretches import ObjectStretch, Stretch
from stores.composing import Part, parts_of, read
from stores.local_cache import LocalCache
from stores.quick_store import QuickStore, takes
from stores.s3_client import MISSING, failure_of, s3_client

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

IN_PARTS_FROM = 16 * 2**20
"""Smaller files travel in one request: a transfer manager costs threads and one more request per file."""

_TRANSFER = TransferConfig(multipart_threshold=IN_PARTS_FROM, multipart_chunksize=IN_PARTS_FROM, max_concurrency=4)
_PARTS_AT_ONCE = 4
_PAGE = 1000
"""Keys per list or delete request: the limit of S3."""


class UploadForm(Model):
    """The URL that a browser POSTs a file to, and the form fields before it."""

    url: str
    fields: dict[str, str]


@dataclass(frozen=True)
class StoredObject:
    """An object as listed by the store."""

    key: str
    size_bytes: int
    stored_at: datetime


_PROBE = b"kept"


class S3Objects:
    """One bucket of an S3 store.

    Args:
        endpoint: The store's URL.
        region: Its region; any name for a local store.
        access_key: Key id.
        secret_key: Secret.
        bucket: The bucket that everything lives in.
        local_cache: The cache of this process; None: no cache.
    """

    def __init__(
        self,
        endpoint: str | None,
        region: str,
        access_key: str,
        secret_key: str,
        bucket: str,
        local_cache: LocalCache | None = None,
    ) -> None:
        self._bucket = bucket
        self._local_cache = local_cache
        self._client = s3_client(endpoint, region, access_key, secret_key)
        self._address = endpoint, region, access_key, secret_key, bucket

    @cached_property
    def _quick(self) -> QuickStore:
        return QuickStore(*self._address)

    def ensure_bucket(self) -> None:
        """Create the bucket, unless it exists."""
        with _translated(self._bucket):
            try:
                self._client.head_bucket(Bucket=self._bucket)
            except ClientError as error:
                if _code(error) not in MISSING | {"NoSuchBucket"}:
                    raise
                try:
                    self._client.create_bucket(Bucket=self._bucket)
                except (self._client.exceptions.BucketAlreadyExists, self._client.exceptions.BucketAlreadyOwnedByYou):
                    return  # another process was first

    def keeps(self, key: str) -> bool:
        """Whether the store gives back what was stored; writes and removes an object under `key`."""
        self.put_bytes(key, _PROBE, "text/plain")
        kept = self.get_bytes(key) == _PROBE
        self.delete_prefix(key)
        return kept

    def put_bytes(self, key: str, data: bytes, content_type: str) -> None:
        """Store small data.

        Args:
            key: The object's key.
            data: The bytes.
            content_type: Its media type.
        """
        if takes(key):
            self._quick.put(key, data, content_type)
            return
        with _translated(key):
            self._client.put_object(Bucket=self._bucket, Key=key, Body=data, ContentType=content_type)

    def put_file(self, key: str, path: Path, content_type: str) -> None:
        """Store a file, a large one in parts.

        Args:
            key: The object's key.
            path: The file.
            content_type: Its media type.
        """
        if path.stat().st_size < IN_PARTS_FROM:
            self.put_bytes(key, path.read_bytes(), content_type)
        else:
            with _translated(key), path.open("rb") as file:
                extra = {"ContentType": content_type}
                self._client.upload_fileobj(file, self._bucket, key, ExtraArgs=extra, Config=_TRANSFER)
        if self._local_cache is not None:
            self._local_cache.keep(key, path)

    def get_bytes(self, key: str) -> bytes:
        """Read a small object.

        Args:
            key: The object's key.

        Returns:
            Its bytes.

        Raises:
            NotStored: There is no such object.
        """
        if self._local_cache is not None and (copy := self._local_cache.read(key)) is not None:
            return copy
        if takes(key) and (data := self._quick.get(key)) is not None:
            return data
        with _translated(key):
            return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()

    def get_range(self, key: str, start: int, size_bytes: int) -> bytes:
        """Read a part of an object.

        Args:
            key: The object's key.
            start: The first byte.
            size_bytes: The length of the part.

        Returns:
            Its bytes; fewer if the object ends before.

        Raises:
            NotStored: There is no such object.
        """
        if takes(key):
            return self._quick.get_range(key, start, size_bytes)
        with _translated(key):
            where = f"bytes={start}-{start + size_bytes - 1}"
            return self._client.get_object(Bucket=self._bucket, Key=key, Range=where)["Body"].read()

    def compose(self, key: str, stretches: Sequence[Stretch], content_type: str) -> None:
        """Compose an object from files and from parts of other objects, which the store copies itself.

        Args:
            key: The new object's key.
            stretches: Its content, in order.
            content_type: Its media type.

        Raises:
            NotStored: One of the other objects is missing.
        """
        parts = parts_of(stretches)
        if len(parts) == 1 and isinstance(parts[0], tuple):
            self.put_bytes(key, self._bytes_of(parts[0]), content_type)
            return
        with _translated(key):
            begun = self._client.create_multipart_upload(Bucket=self._bucket, Key=key, ContentType=content_type)
            upload_id = begun["UploadId"]
            try:
                with ThreadPoolExecutor(_PARTS_AT_ONCE) as pool:
                    done = list(pool.map(lambda part: self._put_part(key, upload_id, *part), enumerate(parts, 1)))
                self._client.complete_multipart_upload(
                    Bucket=self._bucket, Key=key, UploadId=upload_id, MultipartUpload={"Parts": done}
                )
            except BaseException:
                with suppress(BotoCoreError, ClientError):
                    self._client.abort_multipart_upload(Bucket=self._bucket, Key=key, UploadId=upload_id)
                raise

    def _put_part(self, key: str, upload_id: str, number: int, part: Part) -> "CompletedPartTypeDef":
        if isinstance(part, ObjectStretch):
            copied = self._client.upload_part_copy(
                Bucket=self._bucket,
                Key=key,
                UploadId=upload_id,
                PartNumber=number,
                CopySource={"Bucket": self._bucket, "Key": part.key},
                CopySourceRange=f"bytes={part.start}-{part.start + part.size_bytes - 1}",
            )
            return {"PartNumber": number, "ETag": copied["CopyPartResult"]["ETag"]}
        body = self._bytes_of(part)
        sent = self._client.upload_part(Bucket=self._bucket, Key=key, UploadId=upload_id, PartNumber=number, Body=body)
        return {"PartNumber": number, "ETag": sent["ETag"]}

    def _bytes_of(self, stretches: Sequence[Stretch]) -> bytes:
        return b"".join(
            self.get_range(one.key, one.start, one.size_bytes) if isinstance(one, ObjectStretch) else read(one)
            for one in stretches
        )

    def get_file(self, key: str, path: Path) -> None:
        """Write an object into a file; an interrupted download leaves no file.

        Args:
            key: The object's key.
            path: The file to write.

        Raises:
            NotStored: There is no such object.
        """
        if self._local_cache is not None and self._local_cache.copy_to(key, path):
            return
        if takes(key) and (data := self._quick.get(key, smaller_than=IN_PARTS_FROM)) is not None:
            path.write_bytes(data)
        else:
            with _translated(key):
                self._client.download_file(self._bucket, key, str(path), Config=_TRANSFER)
        if self._local_cache is not None:
            self._local_cache.keep(key, path)

    def size(self, key: str) -> int | None:
        """An object's size.

        Args:
            key: The object's key.

        Returns:
            Its size in bytes, or None if it is missing.
        """
        try:
            if takes(key):
                return self._quick.size(key)
            with _translated(key):
                return self._client.head_object(Bucket=self._bucket, Key=key)["ContentLength"]
        except NotStored:
            return None

    def list_keys(self, prefix: str) -> Iterator[str]:
        """The keys below a prefix.

        Args:
            prefix: The start of the keys.

        Yields:
            Keys, in order.
        """
        for found in self.list_objects(prefix):
            yield found.key

    def list_objects(self, prefix: str) -> Iterator[StoredObject]:
        """The objects below a prefix, with sizes.

        Args:
            prefix: The start of the keys.

        Yields:
            Objects, by key.
        """
        with _translated(prefix):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=prefix, PaginationConfig={"PageSize": _PAGE}
            )
            for page in pages:
                for entry in page.get("Contents", []):
                    yield StoredObject(entry["Key"], entry["Size"], entry["LastModified"])

    def delete_prefix(self, prefix: str) -> int:
        """Delete everything below a prefix.

        Args:
            prefix: The start of the keys; never empty.

        Returns:
            The number of deleted objects.
        """
        if not prefix:
            raise ValueError("an empty prefix would delete the whole bucket")
        if self._local_cache is not None:
            self._local_cache.forget(prefix)
        keys = list(self.list_keys(prefix))
        with _translated(prefix):
            for start in range(0, len(keys), _PAGE):
                batch = [{"Key": key} for key in keys[start : start + _PAGE]]
                answer = self._client.delete_objects(Bucket=self._bucket, Delete={"Objects": batch, "Quiet": True})  # type: ignore[typeddict-item]
                if errors := answer.get("Errors"):
                    raise ProviderUnavailable(f"the object store kept {len(errors)} of {len(batch)} objects")
        return len(keys)

    def presigned_get(self, key: str, expires_s: int, download_name: str | None = None) -> str:
        """A link that reads one object without credentials.

        Args:
            key: The object's key; its existence is not checked.
            expires_s: How long the link is valid.
            download_name: Makes browsers save the object under this name, in any language, instead of showing it.

        Returns:
            The URL.
        """
        params = {"Bucket": self._bucket, "Key": key}
        if download_name:
            # RFC 6266: the plain form for old clients, the UTF-8 form for all others.
            plain = download_name.encode("ascii", "replace").decode().translate({ord(c): "_" for c in '"\\?/'})
            named = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(download_name, safe='')}"
            params["ResponseContentDisposition"] = named
        return self._client.generate_presigned_url("get_object", Params=params, ExpiresIn=expires_s)

    def presigned_post(self, key: str, limit_bytes: int, expires_s: int) -> UploadForm:
        """A form with which a browser without credentials stores one object.

        Args:
            key: The object's key.
            limit_bytes: The store refuses more; the reader of the object checks its size again.
            expires_s: How long the form is valid.

        Returns:
            The form.
        """
        made = self._client.generate_presigned_post(
            self._bucket, key, Conditions=[["content-length-range", 1, limit_bytes]], ExpiresIn=expires_s
        )
        return UploadForm(url=made["url"], fields=made["fields"])

    def delete_older(self, prefix: str, than: datetime) -> int:
        """Delete old objects below a prefix.

        Args:
            prefix: The start of the keys; never empty.
            than: Everything stored before this moment is deleted.

        Returns:
            The number of deleted objects.
        """
        if not prefix:
            raise ValueError("an empty prefix would look through the whole bucket")
        with _translated(prefix):
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
            old = [e["Key"] for page in pages for e in page.get("Contents", []) if e["LastModified"] < than]
            for key in old:
                self._client.delete_object(Bucket=self._bucket, Key=key)
        return len(old)


@contextmanager
def _translated(key: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        raise failure_of(_code(error), key) from error
    except (BotoCoreError, Boto3Error) as error:
        raise ProviderUnavailable(f"the object store does not answer: {type(error).__name__}") from error


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", "unknown"))
