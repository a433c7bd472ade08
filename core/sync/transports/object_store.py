"""An S3-compatible object store (keys-and-sync 2.10), through `obstore`, which is there only where it was asked for.

Obligations kept here: an object appears under its name whole or not at all (the store's own promise); writing it
twice is success; where the store offers to create only what is absent, that is used, and where not, a plain write
does the same, because the name is the content. The signature of each request covers the hash of what is sent, so
that what arrived is what was sent, and the secret itself never travels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from core.foundation.errors import (
    GoneFromFolder,
    NotYetReadable,
    SharedFolderError,
    StoreRefused,
    StoreSupportMissing,
    StoreUnreachable,
)
from core.foundation.ports import FileInfo
from core.sync.transports.names import README_NAME, README_TEXT, checked
from core.sync.transports.places import ObjectStorePlace, is_on_this_laptop

if TYPE_CHECKING:
    from obstore.store import S3Store

CONNECT_WITHIN = timedelta(seconds=5)
ANSWER_WITHIN = timedelta(minutes=2)
"""For one whole request: 8 MiB over a poor line."""
RETRY_WITHIN = timedelta(seconds=20)
RETRIES = 2
NAMES_AT_ONCE = 1000
PIECE_BYTES = 1024 * 1024

_STATUS = re.compile(r"status code: (\d{3})")
_CODE = re.compile(r"<Code>(\w{1,64})</Code>")
_NOT_LET_IN = frozenset({"InvalidAccessKeyId", "SignatureDoesNotMatch", "AuthorizationHeaderMalformed", "InvalidToken"})
_FULL = frozenset({"QuotaExceeded", "XMinioStorageFull"})


class ObjectStoreTransport:
    """A `SharedStore` on one bucket, or on one prefix in it."""

    def __init__(self, place: ObjectStorePlace) -> None:
        """
        Raises:
            StoreSupportMissing: this copy of the program has no `obstore`.
            SharedFolderError: the address cannot be used.
        """
        self._address = place.words
        self._conditional = True
        self._store = _store_of(place)

    def list(self, prefix: str) -> Iterator[FileInfo]:
        """Every object below `prefix`, empty ones left out.

        Raises:
            StoreUnreachable, StoreRefused, SharedFolderError: it cannot be listed.
        """
        import obstore

        start = checked(prefix)
        try:
            for batch in obstore.list(self._store, start, chunk_size=NAMES_AT_ONCE):
                for found in batch:
                    if found["size"]:
                        yield FileInfo(found["path"], found["size"])
        except (obstore.exceptions.BaseError, OSError, ValueError) as error:
            raise self._translated(error) from error

    def get(self, name: str, max_bytes: int) -> bytes:
        """The bytes of an object.

        Raises:
            NotYetReadable: empty, larger than `max_bytes`, or the answer broke off.
            GoneFromFolder: it is not there any more.
            StoreUnreachable, StoreRefused, SharedFolderError: the store does not answer.
        """
        import obstore

        path = checked(name)
        try:
            answer = obstore.get(self._store, path)
        except FileNotFoundError as error:
            raise self._gone(error) from error
        except ValueError as error:  # a name no request can carry
            raise NotYetReadable() from error
        except (obstore.exceptions.BaseError, OSError) as error:
            raise self._translated(error) from error
        if not 0 < answer.meta["size"] <= max_bytes:
            raise NotYetReadable()
        data = bytearray()
        try:
            for piece in answer.stream(min_chunk_size=PIECE_BYTES):
                data += piece
                if len(data) > max_bytes:
                    raise NotYetReadable()
        except (obstore.exceptions.BaseError, OSError) as error:
            raise NotYetReadable() from error
        if len(data) != answer.meta["size"]:
            raise NotYetReadable()
        return bytes(data)

    def put_if_absent(self, name: str, data: bytes) -> None:
        """Write an object so that it is whole under its name or not there.

        Raises:
            StoreUnreachable, StoreRefused, SharedFolderError: it could not be written; it may be tried again.
        """
        import obstore

        self._put(checked(name), data, obstore.exceptions.BaseError)

    def delete(self, name: str) -> None:
        """Remove one object; absent is fine.

        Raises:
            StoreUnreachable, StoreRefused, SharedFolderError: the store refused.
        """
        import obstore

        try:
            obstore.delete(self._store, checked(name))
        except FileNotFoundError as error:
            if isinstance(self._gone(error), StoreUnreachable):
                raise self._gone(error) from error
        except (obstore.exceptions.BaseError, OSError, ValueError) as error:
            raise self._translated(error) from error

    def prepare(self) -> None:
        """Put the one sentence for people who look into the bucket.

        Raises:
            StoreUnreachable, StoreRefused, SharedFolderError: it cannot be written to.
        """
        import obstore

        self._put(README_NAME, README_TEXT.encode("utf-8"), obstore.exceptions.BaseError)

    def sweep(self, now_s: float) -> None:
        """Nothing to clear: a store keeps no half-written object."""

    # ------------------------------------------------------------------

    def _put(self, path: str, data: bytes, family: type[Exception]) -> None:
        import obstore

        try:
            if not (self._conditional and self._created(path, data)):
                obstore.put(self._store, path, data, use_multipart=False)
        except (family, OSError, ValueError) as error:
            raise self._translated(error) from error

    def _created(self, path: str, data: bytes) -> bool:
        """Whether it is there now with these bytes; False: a plain write must do it."""
        from obstore import put
        from obstore.exceptions import AlreadyExistsError, GenericError, NotSupportedError

        try:
            put(self._store, path, data, mode="create", use_multipart=False)
        except AlreadyExistsError:
            return self._holds(path, data)
        except (NotSupportedError, GenericError) as error:
            if not _refuses_conditions(error):
                raise
            self._conditional = False
            return False
        return True

    def _holds(self, path: str, data: bytes) -> bool:
        import obstore

        if obstore.head(self._store, path)["size"] != len(data):
            return False
        return bytes(obstore.get(self._store, path).bytes()) == data

    def _gone(self, error: Exception) -> SharedFolderError:
        if "NoSuchBucket" in _codes(error):
            return StoreUnreachable(address=self._address, reason="it has no such bucket")
        return GoneFromFolder()

    def _translated(self, error: Exception) -> SharedFolderError:
        """Which of our sentences an error of the library is. Its own words stay inside: they name what was asked."""
        found = _STATUS.search(str(error))
        status = int(found.group(1)) if found else 0
        codes = _codes(error)
        if refusal := _refusal(status, codes):
            return StoreRefused(address=self._address, reason=refusal)
        if "NoSuchBucket" in codes or (isinstance(error, FileNotFoundError) and not codes):
            return StoreUnreachable(address=self._address, reason="it has no such bucket")
        if status in (301, 307, 400):
            return StoreUnreachable(address=self._address, reason="its region or its address is not the right one")
        if status == 507 or codes & _FULL:
            return SharedFolderError(reason="it is full")
        if status:
            return SharedFolderError(reason=f"the store has a fault of its own or is busy ({status})")
        if isinstance(error, ValueError):
            return SharedFolderError(reason="a name in it is not one this program uses")
        return StoreUnreachable(address=self._address, reason="it does not answer")


def _refusal(status: int, codes: frozenset[str]) -> str:
    """Why the store turned us away; empty if it did not."""
    if "RequestTimeTooSkewed" in codes:
        return "the clock of this laptop is wrong by more than 15 minutes"
    if codes & _NOT_LET_IN or status == 401:
        return "the key or its secret is not the right one"
    return "this key may not do that there" if status == 403 else ""


def _store_of(place: ObjectStorePlace) -> S3Store:
    try:
        from obstore.store import S3Store
    except ModuleNotFoundError as error:
        raise StoreSupportMissing() from error
    try:
        return S3Store(
            place.bucket,
            prefix=place.prefix or None,
            endpoint=place.endpoint,
            access_key_id=place.key_id,
            secret_access_key=place.secret,
            region=place.region or "us-east-1",
            virtual_hosted_style_request=False,
            # Never unsealed on the way, except to a store on this very laptop: see `places.problems_of`.
            client_options={
                "allow_http": is_on_this_laptop(place.endpoint),
                "connect_timeout": CONNECT_WITHIN,
                "timeout": ANSWER_WITHIN,
            },
            retry_config={"max_retries": RETRIES, "retry_timeout": RETRY_WITHIN},
        )
    except Exception as error:  # the library says of a bad setting what it likes
        raise SharedFolderError(reason="its address cannot be used") from error


def _codes(error: Exception) -> frozenset[str]:
    return frozenset(_CODE.findall(str(error)))


def _refuses_conditions(error: Exception) -> bool:
    """Whether the store said that it cannot create only what is absent, rather than that it has some trouble."""
    from obstore.exceptions import GenericError

    found = _STATUS.search(str(error))
    if found is None:
        return not isinstance(error, GenericError)
    return found.group(1) == "501" or "NotImplemented" in _codes(error)
