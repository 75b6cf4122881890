"""Objects in any S3-compatible store, through boto3."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import boto3
from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from models.base import Model
from models.failures import Misconfigured, NotStored, ProviderUnavailable
from models.stretches import ObjectStretch, Stretch
from stores.composing import Part, parts_of, read
from stores.nearby import Nearby

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

READ_TIMEOUT_S = 40
"""The local store's first write after a crash was seen to stall for 15 to 19 s."""

CONNECT_TIMEOUT_S = 5
ATTEMPTS = 4
_MISSING = {"404", "NoSuchKey", "NotFound"}
_DENIED = {"401", "403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "NoSuchBucket"}
IN_PARTS_FROM = 16 * 2**20
"""Smaller files travel in one request: a transfer manager costs threads and a further request for each of them."""

_TRANSFER = TransferConfig(multipart_threshold=IN_PARTS_FROM, multipart_chunksize=IN_PARTS_FROM, max_concurrency=4)
_PARTS_AT_ONCE = 4
_PAGE = 1000
"""Keys in one answer or one order to delete: S3 takes no more."""


class UploadForm(Model):
    """Where a browser POSTs a file to, and with which fields before it."""

    url: str
    fields: dict[str, str]


@dataclass(frozen=True)
class StoredObject:
    """An object as the store lists it."""

    key: str
    size_bytes: int
    stored_at: datetime


class S3Objects:
    """One bucket of an S3 store.

    Args:
        endpoint: The store's URL.
        region: Its region; any name for a local store.
        access_key: Key id.
        secret_key: Secret.
        bucket: The bucket that everything lives in.
        nearby: Where copies are kept for this process; None: nowhere.
    """

    def __init__(
        self,
        endpoint: str | None,
        region: str,
        access_key: str,
        secret_key: str,
        bucket: str,
        nearby: Nearby | None = None,
    ) -> None:
        self._bucket = bucket
        self._nearby = nearby
        self._client = boto3.session.Session().client(
            "s3",
            endpoint_url=endpoint,
            region_name=region,
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                connect_timeout=CONNECT_TIMEOUT_S,
                read_timeout=READ_TIMEOUT_S,
                retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
                max_pool_connections=32,
                # The default one is put together anew for each request, which takes an eighth of its time.
                user_agent="echonos",
            ),
        )

    def ensure_bucket(self) -> None:
        """Create the bucket unless it is there."""
        with _translated(self._bucket):
            try:
                self._client.head_bucket(Bucket=self._bucket)
            except ClientError as error:
                if _code(error) not in _MISSING | {"NoSuchBucket"}:
                    raise
                try:
                    self._client.create_bucket(Bucket=self._bucket)
                except (self._client.exceptions.BucketAlreadyExists, self._client.exceptions.BucketAlreadyOwnedByYou):
                    return  # another process was first

    def put_bytes(self, key: str, data: bytes, content_type: str) -> None:
        """Store small data.

        Args:
            key: Where.
            data: What.
            content_type: Its media type.
        """
        with _translated(key):
            self._client.put_object(Bucket=self._bucket, Key=key, Body=data, ContentType=content_type)

    def put_file(self, key: str, path: Path, content_type: str) -> None:
        """Store a file, a large one in parts.

        Args:
            key: Where.
            path: The file.
            content_type: Its media type.
        """
        with _translated(key), path.open("rb") as file:
            if path.stat().st_size < IN_PARTS_FROM:
                self._client.put_object(Bucket=self._bucket, Key=key, Body=file, ContentType=content_type)
            else:
                extra = {"ContentType": content_type}
                self._client.upload_fileobj(file, self._bucket, key, ExtraArgs=extra, Config=_TRANSFER)
        if self._nearby is not None:
            self._nearby.keep(key, path)

    def get_bytes(self, key: str) -> bytes:
        """Read a small object.

        Args:
            key: Which.

        Returns:
            Its bytes.

        Raises:
            NotStored: There is none.
        """
        if self._nearby is not None and (copy := self._nearby.read(key)) is not None:
            return copy
        with _translated(key):
            return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()

    def get_range(self, key: str, start: int, size_bytes: int) -> bytes:
        """Read a part of an object.

        Args:
            key: Which.
            start: Where the part begins.
            size_bytes: How long it is.

        Returns:
            Its bytes; fewer where the object ends before.

        Raises:
            NotStored: There is no such object.
        """
        with _translated(key):
            where = f"bytes={start}-{start + size_bytes - 1}"
            return self._client.get_object(Bucket=self._bucket, Key=key, Range=where)["Body"].read()

    def compose(self, key: str, stretches: Sequence[Stretch], content_type: str) -> None:
        """Put an object together from files and from parts of other objects, which the store copies by itself.

        Args:
            key: Where.
            stretches: What it consists of, in order.
            content_type: Its media type.

        Raises:
            NotStored: Another object is not there (any more).
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
            key: Which.
            path: The file to write.

        Raises:
            NotStored: There is none.
        """
        if self._nearby is not None and self._nearby.copy_to(key, path):
            return
        with _translated(key):
            answer = self._client.get_object(Bucket=self._bucket, Key=key)
            with closing(answer["Body"]) as body:
                if small := answer["ContentLength"] < IN_PARTS_FROM:
                    path.write_bytes(body.read())
            if not small:
                self._client.download_file(self._bucket, key, str(path), Config=_TRANSFER)
        if self._nearby is not None:
            self._nearby.keep(key, path)

    def size(self, key: str) -> int | None:
        """An object's size.

        Args:
            key: Which.

        Returns:
            Its size in bytes, or None where there is none.
        """
        try:
            with _translated(key):
                return self._client.head_object(Bucket=self._bucket, Key=key)["ContentLength"]
        except NotStored:
            return None

    def list_keys(self, prefix: str) -> Iterator[str]:
        """The keys below a prefix.

        Args:
            prefix: How they begin.

        Yields:
            Keys, in order.
        """
        for found in self.list_objects(prefix):
            yield found.key

    def list_objects(self, prefix: str) -> Iterator[StoredObject]:
        """What lies below a prefix, with sizes.

        Args:
            prefix: How the keys begin.

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
            prefix: How the keys begin; never empty.

        Returns:
            How many objects went.
        """
        if not prefix:
            raise ValueError("an empty prefix would delete the whole bucket")
        if self._nearby is not None:
            self._nearby.forget(prefix)
        keys = list(self.list_keys(prefix))
        with _translated(prefix):
            for start in range(0, len(keys), _PAGE):
                batch = [{"Key": key} for key in keys[start : start + _PAGE]]
                answer = self._client.delete_objects(Bucket=self._bucket, Delete={"Objects": batch, "Quiet": True})  # type: ignore[typeddict-item]
                if errors := answer.get("Errors"):
                    raise ProviderUnavailable(f"the object store kept {len(errors)} of {len(batch)} objects")
        return len(keys)

    def presigned_get(self, key: str, expires_s: int, download_name: str | None = None) -> str:
        """A link that reads one object without keys.

        Args:
            key: Which; whether it exists is not checked.
            expires_s: How long the link holds.
            download_name: Makes browsers save it under this name, any language, instead of showing it.

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
        """A form with which somebody without keys stores one object.

        Args:
            key: Where.
            limit_bytes: The store refuses more; whoever reads the object checks its size again.
            expires_s: How long the form holds.

        Returns:
            The form.
        """
        made = self._client.generate_presigned_post(
            self._bucket, key, Conditions=[["content-length-range", 1, limit_bytes]], ExpiresIn=expires_s
        )
        return UploadForm(url=made["url"], fields=made["fields"])

    def delete_older(self, prefix: str, than: datetime) -> int:
        """Delete what lies below a prefix for too long.

        Args:
            prefix: How the keys begin; never empty.
            than: Everything that was stored before this moment goes.

        Returns:
            How many objects went.
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
        code = _code(error)
        if code in _MISSING:
            raise NotStored(key) from error
        if code in _DENIED:
            raise Misconfigured(f"the object store refuses us ({code}); check its keys and bucket") from error
        raise ProviderUnavailable(f"the object store answered {code}") from error
    except (BotoCoreError, Boto3Error) as error:
        raise ProviderUnavailable(f"the object store does not answer: {type(error).__name__}") from error


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", "unknown"))
