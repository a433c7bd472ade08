"""The crypto room against vectors made by others: Wycheproof, CCTV, RFC 9180, RFC 9106."""

from __future__ import annotations

import hashlib
import zlib
from collections import Counter
from typing import Any

import pytest
from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from core.crypto import container, derive, signing, wrap
from core.crypto.secrets import SecretBytes
from core.foundation.errors import BugError, EnvelopeRejected, KeyRejected, SignatureRejected
from tests.support.vectors import cryptography_vectors, external


def _cases(name: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [(group, case) for group in external(name)["testGroups"] for case in group["tests"]]


def _hex(text: str) -> bytes:
    return bytes.fromhex(text)


def test_wycheproof_containers() -> None:
    seen: Counter[str] = Counter()
    for _, case in _cases("wycheproof_c2sp_chunked_encryption_aes_256_gcm_test.json"):
        seen[case["result"]] += 1
        key, context = SecretBytes(_hex(case["key"])), _hex(case["ctx"])
        sealed = zlib.decompress(_hex(case["ct"]))
        if case["result"] == "valid":
            plaintext = container.open_sealed(key, sealed, context=context)
            assert len(plaintext) == case["msgLength"], case["comment"]
            assert hashlib.sha512(plaintext).hexdigest() == case["msgSha512"], case["comment"]
            assert container.sealed_size(len(plaintext)) == len(sealed)
        else:
            refusal = BugError if "InvalidKeySize" in case["flags"] else EnvelopeRejected
            with pytest.raises(refusal):
                container.open_sealed(key, sealed, context=context)
    assert seen["valid"] >= 10 and seen["invalid"] >= 10


def test_wycheproof_ed25519() -> None:
    seen: Counter[str] = Counter()
    for group, case in _cases("wycheproof_ed25519_test.json"):
        seen[case["result"]] += 1
        public = _hex(group["publicKey"]["pk"])
        check = {"signed": _hex(case["msg"]), "signature": _hex(case["sig"])}
        if case["result"] == "valid":
            signing.verify_raw(public, **check)
            signing.check_public_key(public)
        else:
            with pytest.raises(SignatureRejected):
                signing.verify_raw(public, **check)
    assert sum(seen.values()) == 151


def test_cctv_enrolment_keeps_out_every_low_order_and_every_non_canonical_key() -> None:
    low: set[bytes] = set()
    other: set[bytes] = set()
    for case in external("cctv_ed25519vectors.json"):
        flags = set(case["flags"] or [])
        (low if flags & {"low_order_A", "non_canonical_A"} else other).add(_hex(case["key"]))
    assert len(low) >= 14 and other and not low & other
    for public in low:
        with pytest.raises(KeyRejected):
            signing.check_public_key(public)
    for public in other:
        signing.check_public_key(public)


def test_cctv_no_signature_by_a_low_order_key_is_accepted() -> None:
    tried = 0
    for case in external("cctv_ed25519vectors.json"):
        if "low_order_A" in (case["flags"] or []):
            tried += 1
            with pytest.raises(SignatureRejected):
                signing.verify_raw(_hex(case["key"]), signed=case["msg"].encode(), signature=_hex(case["sig"]))
    assert tried >= 500


def test_wycheproof_hkdf_sha256() -> None:
    seen: Counter[str] = Counter()
    for _, case in _cases("wycheproof_hkdf_sha256_test.json"):
        seen[case["result"]] += 1
        # RFC 5869, section 2.2: an absent salt is a string of zeros.
        extracted = SecretBytes(derive.mac(SecretBytes(_hex(case["salt"]) or bytes(32)), _hex(case["ikm"])))
        if case["result"] == "valid":
            assert derive.expand_info(extracted, _hex(case["info"]), case["size"]).reveal() == _hex(case["okm"])
        else:
            with pytest.raises(BugError):
                derive.expand_info(extracted, _hex(case["info"]), case["size"])
    assert sum(seen.values()) == 86


def test_wycheproof_hmac_sha256() -> None:
    seen: Counter[str] = Counter()
    for group, case in _cases("wycheproof_hmac_sha256_test.json"):
        seen[case["result"]] += 1
        tag = derive.mac(SecretBytes(_hex(case["key"])), _hex(case["msg"]))[: group["tagSize"] // 8]
        assert (tag == _hex(case["tag"])) is (case["result"] == "valid"), case["comment"]
    assert sum(seen.values()) == 174


def test_wycheproof_x25519_half_of_the_wrap() -> None:
    seen: Counter[str] = Counter()
    for _, case in _cases("wycheproof_x25519_test.json"):
        private = X25519PrivateKey.from_private_bytes(_hex(case["private"]))
        public = X25519PublicKey.from_public_bytes(_hex(case["public"]))
        if set(_hex(case["shared"])) == {0}:
            seen["no shared key"] += 1
            with pytest.raises(ValueError, match="shared key"):
                private.exchange(public)
        else:
            seen["shared key"] += 1
            assert private.exchange(public) == _hex(case["shared"]), case["comment"]
    assert seen["no shared key"] == 31 and seen["shared key"] == 487


def test_wycheproof_x25519_small_order_keys_cannot_be_wrapped_to() -> None:
    mlkem = wrap.WrapPrivateKey.from_seed(SecretBytes(bytes(32))).public[:1184]
    small = {_hex(case["public"]) for _, case in _cases("wycheproof_x25519_test.json") if set(case["shared"]) == {"0"}}
    assert len(small) >= 7
    for public in small:
        with pytest.raises(KeyRejected):
            wrap.check_wrap_public_key(mlkem + public)


def test_wycheproof_mlkem_768_half_of_the_wrap() -> None:
    seen: Counter[str] = Counter()
    for _, case in _cases("wycheproof_mlkem_768_test.json"):
        seen[case["result"]] += 1
        if case["result"] == "valid":
            private = MLKEM768PrivateKey.from_seed_bytes(_hex(case["seed"]))
            assert private.decapsulate(_hex(case["c"])) == _hex(case["K"])
        else:
            with pytest.raises(ValueError, match="ML-KEM-768"):
                MLKEM768PrivateKey.from_seed_bytes(_hex(case["seed"])).decapsulate(_hex(case["c"]))
    assert sum(seen.values()) == 193


def test_rfc_9180_base_mode_x25519() -> None:
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
    vectors = [
        v
        for v in cryptography_vectors("HPKE", "test-vectors.json")
        if (v["mode"], v["kem_id"], v["kdf_id"], v["aead_id"]) == (0, 0x20, 1, 3)
    ]
    assert vectors
    for vector in vectors:
        private = X25519PrivateKey.from_private_bytes(_hex(vector["skRm"]))
        _assert_first_message_opens(suite, private, vector)


def test_post_quantum_hpke_opens_with_the_key_our_seed_gives() -> None:
    vectors = [
        v
        for v in cryptography_vectors("HPKE", "hpke-pq-test-vectors.json")
        if (v["kem_id"], v["kdf_id"], v["aead_id"]) == (0x647A, 1, 3)
    ]
    assert vectors
    for vector in vectors:
        private = wrap.WrapPrivateKey.from_seed(SecretBytes(_hex(vector["skRm"])))
        assert private.public == _hex(vector["pkRm"])
        _assert_first_message_opens(wrap._suite(), private._key, vector)


def _assert_first_message_opens(suite: Suite, private: Any, vector: dict[str, Any]) -> None:
    # The public functions carry no additional data and every published vector does.
    first = vector["encryptions"][0]
    opened = openssl.hpke._decrypt_with_aad(
        suite, _hex(vector["enc"]) + _hex(first["ct"]), private, info=_hex(vector["info"]), aad=_hex(first["aad"])
    )
    assert opened == _hex(first["pt"])


def test_rfc_9106_argon2id() -> None:
    derived = Argon2id(
        salt=b"\x02" * 16,
        length=32,
        iterations=3,
        lanes=4,
        memory_cost=32,
        ad=b"\x04" * 12,
        secret=b"\x03" * 8,
    ).derive(b"\x01" * 32)
    assert derived.hex() == "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"
