"""A CardDAV server on this computer alone: cards put into it and taken out again."""
import base64
import http.client
import socket
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from urllib.parse import quote

import cards

COLLECTION = """<?xml version="1.0"?>
<mkcol xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav"><set><prop>
<resourcetype><collection/><c:addressbook/></resourcetype><displayname>corer</displayname>
</prop></set></mkcol>"""
ACCOUNT = {"Authorization": "Basic " + base64.b64encode(b"corer:any").decode()}
PATIENCE = 20


def same(corer, backup: Path, people: int, work: Path, *options: str) -> bool:
    """Puts each card of a backup into the server, gets all of them, and compares people and photos."""
    corer.run("contacts", "-b", backup, "-f", "vcf", "--split", "-o", work / "out", *options)
    ours = sorted((work / "out/cards").glob("*.vcf"))
    port = free_port()
    server = start(port, work / "store")
    try:
        connection = connect(port)
        ask(connection, "MKCOL", "/corer/contacts/", COLLECTION.encode(), "text/xml")
        for index, path in enumerate(ours):
            ask(connection, "PUT", f"/corer/contacts/{index}.vcf", path.read_bytes(), "text/vcard; charset=utf-8")
        got = cards.read(ask(connection, "GET", "/corer/contacts/").decode())
    finally:
        server.terminate()
        server.wait()
    wanted = [card for path in ours for card in cards.read(path.read_bytes().decode())]
    holds = Counter(map(said, got)) == Counter(map(said, wanted)) and len(got) == people
    photos = sum(card.photo is not None for card in got)
    print(f"{'ok    ' if holds else 'FAILED'}  {' '.join(('CardDAV', *options))}: {len(wanted)} cards put, {len(got)} got, "
          f"{photos} with a photo")
    return holds


def said(card: cards.Card) -> tuple:
    """Everything that a card says, but for who wrote it."""
    values = [(name, str(sorted(map(str, card.values(name).elements())))) for name in sorted(card.properties)]
    return (*((name, value) for name, value in values if name != "PRODID"), card.photo)


def start(port: int, store: Path) -> subprocess.Popen:
    command = [sys.executable, "-m", "radicale", "--server-hosts", f"127.0.0.1:{port}", "--auth-type", "none",
               "--storage-filesystem-folder", store, "--logging-level", "error"]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def connect(port: int) -> http.client.HTTPConnection:
    """Waits until the server answers."""
    until = time.monotonic() + PATIENCE
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.connect()
            return connection
        except ConnectionRefusedError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def ask(connection: http.client.HTTPConnection, method: str, path: str, body: bytes = b"", kind: str = "") -> bytes:
    headers = ACCOUNT | ({"Content-Type": kind} if kind else {})
    connection.request(method, quote(path), body, headers)
    answer = connection.getresponse()
    content = answer.read()
    if answer.status >= 300:
        raise RuntimeError(f"{method} {path}: {answer.status} {content.decode(errors='replace')}")
    return content
