#!/usr/bin/env python3
"""Opens pages in headless Chromium, without a network, and says what each costs and what it tried to load.

    tests/browser/open.py out/index.html out/Anna/page-2.html
    tests/browser/open.py out/index.html --type lisbon          # searches, and waits for what is found
    tests/browser/open.py out/gallery/2016-07.html --lazy     # more pictures than are in sight
    tests/browser/open.py out/index.html --shot start.png --width 390 --height 844 --dark

A page fails when its renderer takes more memory or CPU than allowed above that of an empty page in the same run, when the
console has an error, when anything is asked for that is not a file of this computer, when --type finds nothing, or when
--lazy finds all pictures loaded before anybody scrolled. Needs
Linux, Python 3 and Chromium (`apt-get install chromium`), and nothing from PyPI: it speaks the DevTools protocol over a pipe.
"""

import argparse
import base64
import json
import os
import pathlib
import select
import shutil
import subprocess
import sys
import tempfile
import time

TICK = os.sysconf("SC_CLK_TCK")
LOCAL = ("file:", "about:", "data:", "blob:")
# How long a page may take until it is quiet, in seconds.
PATIENCE = 60


class Browser:
    """A Chromium of its own, with a profile of its own, that reaches nothing."""

    def __init__(self, program):
        self.profile = tempfile.TemporaryDirectory(prefix="corer-browser-")
        asks, self.to = os.pipe()
        self.back, tells = os.pipe()
        flags = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
            "--disable-background-networking", "--disable-features=SpareRendererForSitePerProcess", "--disable-component-update", "--disable-extensions",
            "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={self.profile.name}",
            "--remote-debugging-pipe", "about:blank",
        ]
        # Chromium reads commands from 3 and answers on 4; both lie beyond what a shell uses.
        shell = f"exec 3<&{asks} 4>&{tells}; exec \"$@\""
        self.process = subprocess.Popen(
            [*without_network(), "bash", "-c", shell, "chromium", program, *flags], pass_fds=(asks, tells),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        os.close(asks)
        os.close(tells)
        self.number, self.pending, self.events = 0, b"", []

    def call(self, method, session=None, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + PATIENCE
        while True:
            answer = self.next(deadline - time.monotonic())
            if answer is None:
                raise SystemExit(f"Chromium does not answer to {method}")
            if answer.get("id") == message["id"]:
                if "error" in answer:
                    raise SystemExit(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def next(self, seconds):
        """The next message, or None when there is none for so long."""
        while b"\0" not in self.pending:
            ready, _, _ = select.select([self.back], [], [], max(0, seconds))
            if not ready:
                return None
            more = os.read(self.back, 1 << 20)
            if not more:
                raise SystemExit("Chromium ended")
            self.pending += more
        message, self.pending = self.pending.split(b"\0", 1)
        return json.loads(message)

    def listen(self, seconds):
        """Gathers what happens for so long."""
        deadline = time.monotonic() + seconds
        while (event := self.next(deadline - time.monotonic())) is not None:
            self.events.append(event)

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.profile.cleanup()

    def renderers(self):
        infos = self.call("SystemInfo.getProcessInfo")["processInfo"]
        return {info["id"] for info in infos if info["type"] == "renderer"}


def without_network():
    """A namespace without any network, where the system lets us have one."""
    enter = ["unshare", "--map-root-user", "--net"]
    works = shutil.which("unshare") and subprocess.run([*enter, "true"], capture_output=True).returncode == 0
    return enter if works else []


def used(process):
    """Peak memory in MB and CPU in seconds of a process so far."""
    status = pathlib.Path(f"/proc/{process}/status").read_text()
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return peak / 1000, (int(fields[11]) + int(fields[12])) / TICK


class Page:
    """One page in a renderer of its own."""

    def __init__(self, browser, look):
        self.browser = browser
        self.before = browser.renderers()
        # Pages of different contexts never share a process.
        context = browser.call("Target.createBrowserContext")["browserContextId"]
        target = browser.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.do(f"{domain}.enable")
        self.do("Emulation.setDeviceMetricsOverride", width=look.width, height=look.height, deviceScaleFactor=look.scale,
                mobile=look.width < 600)
        scheme = "dark" if look.dark else "light"
        self.do("Emulation.setEmulatedMedia", media="print" if look.print else "",
                features=[{"name": "prefers-color-scheme", "value": scheme}])

    def do(self, method, **params):
        return self.browser.call(method, self.session, **params)

    def evaluate(self, words):
        return self.do("Runtime.evaluate", expression=words, returnByValue=True)["result"].get("value")

    def open(self, address):
        self.browser.events.clear()
        self.do("Page.navigate", url=address)
        deadline = time.monotonic() + PATIENCE
        while not any(event.get("method") == "Page.loadEventFired" for event in self.browser.events):
            if time.monotonic() > deadline:
                raise SystemExit(f"{address} does not load")
            self.browser.listen(0.1)
        self.browser.listen(1)

    def used(self):
        """Peak memory in MB and CPU in seconds of the renderer that shows the page: of the new ones, the busiest."""
        new = self.browser.renderers() - self.before
        if not new:
            raise SystemExit("Chromium gave the page no process of its own")
        return max((used(process) for process in new), key=lambda spent: spent[1])

    def walk(self):
        """Scrolls through the page, so that what is lazy is loaded."""
        height = self.evaluate("document.documentElement.scrollHeight") or 0
        for step in range(0, 20):
            self.evaluate(f"scrollTo(0, {height * step // 20})")
            self.browser.listen(0.05)
        self.evaluate("scrollTo(0, 0)")
        self.browser.listen(0.5)

    def pictures(self):
        """How many pictures of the page are loaded so far, and how many there are."""
        counts = "(all => [all.filter(i => i.currentSrc && i.complete).length, all.length])([...document.images])"
        return self.evaluate(counts) or [0, 0]

    def search(self, words):
        """Types into the search box and gives how many messages are shown."""
        field = f"const f = document.getElementById('find'); f.value = {json.dumps(words)}; f.dispatchEvent(new Event('input'))"
        self.evaluate(field)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            self.browser.listen(0.2)
            if self.evaluate("!document.getElementById('hits').hidden && !/so far/.test(document.getElementById('found').textContent)"):
                break
        return self.evaluate("document.querySelectorAll('.hits li').length") or 0

    def faults(self):
        """What a page must not do: errors in the console, and asking for anything that is not of this computer."""
        for event in self.browser.events:
            method, params = event.get("method"), event.get("params", {})
            if method == "Network.requestWillBeSent" and not params["request"]["url"].startswith(LOCAL):
                yield f"asks for {params['request']['url']}"
            elif method == "Runtime.exceptionThrown":
                yield f"exception: {params['exceptionDetails'].get('text')}"
            elif method == "Runtime.consoleAPICalled" and params["type"] == "error":
                yield f"console: {params['args']}"
            elif method == "Log.entryAdded" and params["entry"]["level"] == "error":
                yield f"console: {params['entry']['text']}"

    def shoot(self, place):
        picture = self.do("Page.captureScreenshot", format="png")["data"]
        pathlib.Path(place).write_bytes(base64.b64decode(picture))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", nargs="+")
    parser.add_argument("--chromium", default=shutil.which("chromium") or shutil.which("google-chrome"))
    parser.add_argument("--memory", type=float, default=200, help="MB above an empty page [%(default)s]")
    parser.add_argument("--cpu", type=float, default=3, help="seconds above an empty page [%(default)s]")
    parser.add_argument("--type", metavar="WORDS", help="what to search for on the page")
    parser.add_argument("--lazy", action="store_true", help="fail when all pictures are loaded at once")
    parser.add_argument("--shot", metavar="FILE", help="write a picture of the last page")
    parser.add_argument("--at", metavar="MARK", help="the part of the page to look at, by its id")
    parser.add_argument("--width", type=int, default=1000)
    parser.add_argument("--height", type=int, default=900)
    parser.add_argument("--scale", type=float, default=1)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--print", action="store_true")
    return parser.parse_args()


def main():
    look = arguments()
    if not look.chromium:
        raise SystemExit("There is no Chromium here: apt-get install chromium")
    browser, failed = Browser(look.chromium), False
    try:
        with tempfile.NamedTemporaryFile(suffix=".html") as empty:
            empty.write(b"<!doctype html><title>Empty</title>")
            empty.flush()
            base = Page(browser, look)
            base.open(f"file://{empty.name}")
            base.walk()
            nothing = base.used()
        print(f"{'memory':>9}  {'CPU':>7}  above an empty page ({nothing[0]:.0f} MB, {nothing[1]:.2f} s)")
        for name in look.pages:
            page = Page(browser, look)
            page.open(pathlib.Path(name).resolve().as_uri() + (f"#{look.at}" if look.at else ""))
            loaded, pictures = page.pictures()
            if not look.shot:
                page.walk()
            found = page.search(look.type) if look.type else None
            memory, cpu = (now - then for now, then in zip(page.used(), nothing))
            faults = list(page.faults())
            faults += [f"takes {memory:.0f} MB"] if memory > look.memory else []
            faults += [f"takes {cpu:.1f} s"] if cpu > look.cpu else []
            faults += ["finds nothing"] if found == 0 else []
            faults += ["loads all pictures at once"] if look.lazy and loaded == pictures else []
            told = "" if found is None else f"  ({found} found)"
            told += f"  ({loaded} of {pictures} pictures loaded at first)" if pictures else ""
            print(f"{memory:6.0f} MB  {cpu:5.2f} s  {name}{told}")
            for fault in faults:
                print(f"{'':20}{fault}", file=sys.stderr)
            failed = failed or bool(faults)
            if look.shot:
                page.shoot(look.shot)
    finally:
        browser.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
