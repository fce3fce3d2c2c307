"""Makes the archives that the tests open, as macOS 15 and iOS 17 write them: from the description of the format alone, with another
implementation of the ciphers. python3 make.py, with `cryptography` (PyPI)."""

import gzip
import hashlib
import plistlib
from plistlib import UID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import aes_key_wrap


def varint(number):
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def field(number, content):
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    return varint(number << 3 | 2) + varint(len(content)) + content


def body(text):
    """A body of two runs: the first line is the title."""
    units = lambda part: len(part.encode("utf-16-le")) // 2
    title, rest = text.split("\n", 1)
    runs = field(5, field(1, units(title) + 1) + field(2, field(1, 0))) + field(5, field(1, units(rest)) + field(5, 1))
    return gzip.compress(field(2, field(3, field(2, text.encode()) + runs)), mtime=0)


def archive(open_part, metadata, wrapped, encrypted):
    objects = ["$null", None, open_part, metadata, wrapped, encrypted, {"$classname": "ICCryptoEncryptionObject", "$classes": ["ICCryptoEncryptionObject", "NSObject"]}]
    fields = {"metadata": UID(3), "wrappedEncryptionKey": UID(4), "encryptedData": UID(5), "$class": UID(6)}
    if open_part is not None:
        fields["unauthenticatedMetadata"] = UID(2)
    objects[1] = fields
    objects[2] = open_part if open_part is not None else "unused"
    return plistlib.dumps({"$version": 100000, "$archiver": "NSKeyedArchiver", "$top": {"root": UID(1)}, "$objects": objects}, fmt=plistlib.FMT_BINARY)


def neo(password, plain):
    salt, key, nonce = bytes(range(32)), bytes(range(100, 132)), bytes(range(200, 232))
    kek = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 20000, 32)
    metadata = plistlib.dumps({"cipherVersion": 2, "objectIdentifier": "F1C7-made"}, fmt=plistlib.FMT_BINARY)
    sealed = AESGCM(key).encrypt(nonce, plain, metadata)
    open_part = plistlib.dumps({"passphraseSalt": salt, "passphraseIterationCount": 20000, "passphraseHint": "the usual"}, fmt=plistlib.FMT_BINARY)
    return archive(open_part, metadata, aes_key_wrap(kek, key), sealed[:-16] + nonce + sealed[-16:])


def device():
    metadata = plistlib.dumps({"cipherVersion": 1, "accountKeyIdentifier": "A0B1-made"}, fmt=plistlib.FMT_BINARY)
    return archive(None, metadata, bytes(40), bytes(100))


if __name__ == "__main__":
    open("neo.bplist", "wb").write(neo("Zoë’s 🔑", body("Secret\nThe key is under the mat 🗝")))
    open("device.bplist", "wb").write(device())
