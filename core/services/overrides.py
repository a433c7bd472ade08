"""Letting in somebody who is kept out of a case: whoever leads asks, two administrators sign, the lead lets them in.

Administrators need not read the case, so request and answer travel as texts, by whatever way the three have. Nothing
about the case but its number as a stream, and the reason the lead gives, is in them.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass, replace

from core.changes import cbor
from core.changes.change import Wire
from core.crypto.derive import sha256
from core.crypto.signing import SigningKey
from core.domain.case import Case
from core.domain.changed import Changed
from core.foundation.errors import EncodingRejected, FormIncomplete, IntegrityError, NotAllowed, PeerError
from core.foundation.ids import RecordId, StreamId, UserId
from core.services.access import begin_epoch, leads, names_of, walled_off
from core.services.audit import note_before
from core.services.own_keys import own_keys
from core.services.readers import need_reason
from core.services.roster import epochs_in, epochs_of, headers_of, roster_in, roster_of
from core.services.streams import memberships
from core.services.workspace import Workspace
from core.sync.engine import epochs, override, shape
from core.sync.engine.override import Override
from core.sync.engine.roster import ADMINISTRATOR

REQUEST, ANSWER = "IMANI-LET-IN-", "IMANI-SIGNED-"
_CHECK_BYTES = 4
_MAX_BYTES = 16_384


@dataclass(frozen=True, slots=True)
class OverrideRequest:
    """What an administrator is asked to sign, in words: who, and why. `text` is what is passed on."""

    name: str
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class LetIn:
    """They can read the case from the next exchange on."""

    changed: Changed


def ask_override(workspace: Workspace, *, case: RecordId, user: UserId, reason: str) -> OverrideRequest:
    """A text for two administrators, asking them to let somebody in who is kept out.

    Raises:
        NotFound: no such case here.
        NotAllowed: this person does not lead on it, or the other one is not kept out.
        FormIncomplete: no reason was given.
    """
    need_reason(reason, "Say why this person must be let in in spite of the connection.")
    stream = workspace.store.get(Case, case).stream
    known = epochs_of(workspace, stream)
    if not leads(known, workspace.user) or user not in walled_off(known):
        raise NotAllowed()
    headers = headers_of(known)
    walls = override.walls_against(user, epochs.leaves(headers), headers)
    asked = Override(user, reason.strip(), tuple(sorted(walls)))
    return OverrideRequest(names_of(workspace).get(user, ""), asked.reason, _pack(REQUEST, [stream, asked.wire()]))


def read_request(workspace: Workspace, *, text: str) -> OverrideRequest:
    """What a request asks for, for an administrator to decide.

    Raises:
        FormIncomplete: the text is not a whole request.
    """
    _, asked = _read(text)
    return OverrideRequest(names_of(workspace).get(asked.user, ""), asked.reason, text.strip())


def sign_request(workspace: Workspace, *, text: str) -> str:
    """This administrator's answer: a text for whoever leads on the case.

    Raises:
        FormIncomplete: the text is not a whole request.
        NotAllowed: this person is no administrator, or it is about themselves.
    """
    stream, asked = _read(text)
    if roster_of(workspace).role_of(workspace.user) != ADMINISTRATOR or asked.user == workspace.user:
        raise NotAllowed()
    note_before(
        workspace, about=workspace.organisation_stream, deed="override", reason=asked.reason,
        subject=f"Signed that {names_of(workspace).get(asked.user, '')} may be let in",
    )  # fmt: skip
    signer = SigningKey.from_seed(own_keys(workspace).user_sign_seed)
    signature = signer.sign(override.PURPOSE, asked.statement(workspace.keys.organisation, stream))
    return _pack(ANSWER, [sha256(_plain(text)), workspace.user, signature])


def let_in_anyway(workspace: Workspace, *, case: RecordId, text: str, answers: Iterable[str]) -> LetIn:
    """Let somebody in who was kept out, with the answers of two administrators. It is written down first.

    Raises:
        NotFound: no such case here.
        NotAllowed: this person does not lead on it.
        FormIncomplete: the request is of another case or another time, or a signature is missing or wrong.
    """
    stream, asked = _read(text)
    file = workspace.store.get(Case, case)
    known = epochs_of(workspace, file.stream)
    if not leads(known, workspace.user):
        raise NotAllowed()
    headers = headers_of(known)
    stands = override.walls_against(asked.user, epochs.leaves(headers), headers)
    if stream != file.stream or not stands or frozenset(asked.walls) != stands:
        raise FormIncomplete(problems={"text": "This request is for another case, or from before. Make a new one."})
    given = [_answer(answer, text) for answer in answers if answer.strip()]
    signed = replace(asked, signatures=tuple(sorted(dict(given).items())))
    _check(workspace, stream, signed)
    name = names_of(workspace).get(asked.user, "")
    note_before(workspace, about=stream, deed="override", subject=name, reason=asked.reason)
    with workspace.store.unit("let-in-anyway") as (unit, outcome):
        now = epochs_in(unit, stream)
        members = epochs.effective_members(headers_of(now))
        (added,) = memberships(roster_in(unit, workspace), {asked.user}, lead=workspace.user)
        unit.put_op(stream, override.op_of(stream, signed))
        everybody = [*members.values(), added]
        begin_epoch(unit, workspace, now, everybody, asked.reason, lifted=frozenset({asked.user}))
    return LetIn(outcome.changed)


def _check(workspace: Workspace, stream: StreamId, signed: Override) -> None:
    roster = roster_of(workspace)
    try:
        override.valid_in(
            [override.op_of(stream, signed)], organisation=workspace.keys.organisation, stream=stream, roster=roster,
            before=roster,
        )  # fmt: skip
    except (IntegrityError, PeerError, KeyError) as error:
        said = "Two administrators must have signed exactly this request, and neither may be the person themselves."
        raise FormIncomplete(problems={"answers": said}) from error


def _answer(answer: str, request: str) -> tuple[UserId, bytes]:
    about, user, signature = shape.sequence(_unpack(ANSWER, answer, "answers"), 3, "an answer")
    if about != sha256(_plain(request)):
        raise FormIncomplete(problems={"answers": "An answer is about another request."})
    return UserId(shape.identifier(user, "a user id")), shape.raw(signature, "a signature", at_most=64)


def _read(text: str) -> tuple[StreamId, Override]:
    try:
        stream, value = shape.sequence(_unpack(REQUEST, text, "text"), 2, "a request")
        return StreamId(shape.identifier(stream, "a stream id")), override.read_override(value)
    except EncodingRejected as error:
        raise FormIncomplete(problems={"text": _NOT_WHOLE}) from error


_NOT_WHOLE = "This is not the whole text. Copy all of it."


def _pack(label: str, value: list[Wire]) -> str:
    packed = cbor.encode(value)
    return label + base64.b32encode(packed + sha256(packed)[:_CHECK_BYTES]).decode().rstrip("=")


def _plain(text: str) -> bytes:
    return "".join(text.split()).encode()


def _unpack(label: str, text: str, field: str) -> object:
    bare = "".join(text.split())
    body = bare.removeprefix(label)
    try:
        raw = base64.b32decode(body + "=" * (-len(body) % 8))
        packed, check = raw[:-_CHECK_BYTES], raw[-_CHECK_BYTES:]
        if not bare.startswith(label) or sha256(packed)[:_CHECK_BYTES] != check:
            raise FormIncomplete(problems={field: _NOT_WHOLE})
        return cbor.decode(packed, max_bytes=_MAX_BYTES)
    except (binascii.Error, ValueError, EncodingRejected) as error:
        raise FormIncomplete(problems={field: _NOT_WHOLE}) from error
