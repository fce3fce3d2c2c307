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


def classic(password, salt, nonce, plain):
    """The columns and the text of something that is sealed in the older way, with a key of its own."""
    key = hashlib.sha256(salt).digest()[:16]
    kek = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 20000, 16)
    sealed = AESGCM(key).encrypt(nonce, plain, None)
    return aes_key_wrap(kek, key), sealed[:-16], sealed[-16:]


def sql(value):
    return f"x'{value.hex()}'" if isinstance(value, bytes) else f"'{value}'" if isinstance(value, str) else str(value)


def insert(table, **columns):
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(map(sql, columns.values()))});\n"


def attached(text, identifier):
    """A body whose last letter is an attachment."""
    run = field(5, field(1, len(text) - 1)) + field(5, field(1, 1) + field(12, field(1, identifier.encode()) + field(2, b"public.jpeg")))
    return gzip.compress(field(2, field(3, field(2, text.encode()) + run)), mtime=0)


def store(password):
    """Rows of two locked notes, one in each way, each with a picture that has another key; and the files of the pictures."""
    table, iv = "ZICCLOUDSYNCINGOBJECT", lambda number: bytes([number]) * 16
    crypto = lambda salt, wrapped: dict(ZCRYPTOSALT=salt, ZCRYPTOITERATIONCOUNT=20000, ZCRYPTOWRAPPEDKEY=wrapped)
    out = "".join(insert("Z_PRIMARYKEY", Z_ENT=ent, Z_NAME=name, Z_SUPER=0, Z_MAX=0) for ent, name in ((40, "ICNote"), (41, "ICAttachment"), (42, "ICMedia")))
    wrapped, text, tag = classic(password, iv(1), iv(11), attached("Old\nway\ufffc", "P-1"))
    out += insert(table, Z_PK=1, Z_ENT=40, ZIDENTIFIER="L-1", ZTITLE1="Old", ZISPASSWORDPROTECTED=1, **crypto(iv(1), wrapped))
    out += insert("ZICNOTEDATA", Z_PK=1, ZNOTE=1, ZDATA=text, ZCRYPTOINITIALIZATIONVECTOR=iv(11), ZCRYPTOTAG=tag)
    wrapped, values, tag = classic(password, iv(2), iv(12), b'{"title": "Map of the house"}')
    out += insert(table, Z_PK=2, Z_ENT=41, ZIDENTIFIER="P-1", ZTYPEUTI="public.jpeg", ZNOTE=1, ZMEDIA=3, ZENCRYPTEDVALUESJSON=values, ZCRYPTOINITIALIZATIONVECTOR=iv(12), ZCRYPTOTAG=tag, **crypto(iv(2), wrapped))
    wrapped, values, tag = classic(password, iv(3), iv(13), b'{"filename": "house.jpg"}')
    _, picture, picture_tag = classic(password, iv(3), iv(14), b"the picture of the older way")
    out += insert(table, Z_PK=3, Z_ENT=42, ZIDENTIFIER="M-1", ZENCRYPTEDVALUESJSON=values, ZCRYPTOINITIALIZATIONVECTOR=iv(13), ZCRYPTOTAG=tag, ZASSETCRYPTOINITIALIZATIONVECTOR=iv(14), ZASSETCRYPTOTAG=picture_tag, **crypto(iv(3), wrapped))
    out += insert(table, Z_PK=4, Z_ENT=40, ZIDENTIFIER="L-2", ZTITLE1="New", ZISPASSWORDPROTECTED=1)
    out += insert("ZICNOTEDATA", Z_PK=2, ZNOTE=4, ZDATA=neo(password, attached("New\nway\ufffc", "P-2")))
    out += insert(table, Z_PK=5, Z_ENT=41, ZIDENTIFIER="P-2", ZTYPEUTI="public.jpeg", ZNOTE=4, ZMEDIA=6, ZENCRYPTEDVALUESJSON=neo(password, b'{"title": "Plan"}'))
    out += insert(table, Z_PK=6, Z_ENT=42, ZIDENTIFIER="M-2", ZENCRYPTEDVALUESJSON=neo(password, b'{"filename": "plan.jpg"}'))
    return out, picture, neo(password, b"the picture of the newer way")


if __name__ == "__main__":
    open("neo.bplist", "wb").write(neo("Zoë’s 🔑", body("Secret\nThe key is under the mat 🗝")))
    open("device.bplist", "wb").write(device())
    rows, older, newer = store("Zoë’s 🔑")
    open("store.sql", "w").write(rows)
    open("older.picture", "wb").write(older)
    open("newer.picture", "wb").write(newer)
