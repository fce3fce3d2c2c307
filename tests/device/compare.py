#!/usr/bin/env python3
"""The same backups as other people's hosts: corer, idevicebackup2 and pymobiledevice3 back up one simulated device, whole
and then what changed, plain and encrypted. Every file must be the same, but for Info.plist (the host's own) and
Status.plist (a number of its own for each backup), and `corer verify --deep` must find each of the folders whole. What
corer made of the encrypted device is opened with iphone_backup_decrypt and mvt as well.

    tests/device/compare.py --corer target/debug/corer --device target/debug/corer-simulated-device

Needs the peers: tests/conformance/peers and tests/conformance/peers device."""

import argparse
import hashlib
import os
import pathlib
import subprocess
import sys
import tempfile

UDID = "00008120-001C0FFEE0C0BE1E"
PASSWORD = "mira-1961"
PEERS = pathlib.Path(__file__).resolve().parents[2] / ".cache/peers"
PYMOBILEDEVICE3 = PEERS / "pymobiledevice3/bin/pymobiledevice3"
READERS = PEERS / "readers/bin/python"
# What hosts write themselves, or what has the time and a number in it.
THEIR_OWN = {"Info.plist", "Status.plist"}
CHANGES = [
    "write HomeDomain Documents/new.txt new",
    "write HomeDomain Library/SpringBoard/IconState.plist changed",
    "delete AppDomain-org.example.tidewatch Documents/.hidden",
]


class Device:
    """The simulated device as a process that obeys lines."""

    def __init__(self, program, *options):
        command = [program, "--clock-stands", *options]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.address = self.process.stdout.readline().strip()
        self.process.stdout.readline()

    def obey(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        assert answer == "ok", f"{line}: {answer}"

    def end(self):
        self.process.stdin.write("quit\n")
        self.process.stdin.flush()
        self.process.wait()


def hosts(corer):
    """Each host's name and its command for a full and for a further backup into a folder."""
    return {
        "corer": lambda to, full: [corer, "backup", "--no-input", "-q", "--to", to],
        "idevicebackup2": lambda to, full: ["idevicebackup2", "backup", *(["--full"] if full else []), to],
        "pymobiledevice3": lambda to, full: [
            PYMOBILEDEVICE3, "backup2", "backup", *(["--full"] if full else []), to],
    }


def run(command, address, home):
    environment = {**os.environ, "USBMUXD_SOCKET_ADDRESS": address, "HOME": str(home), "CORER_PASSWORD": PASSWORD}
    return subprocess.run([str(part) for part in command], env=environment, capture_output=True, text=True)


def tree(folder):
    """The hash of every file."""
    files = (path for path in folder.rglob("*") if path.is_file())
    hashes = {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    return {name: value for name, value in hashes.items() if name not in THEIR_OWN}


def compare(corer, program, options, problems):
    device = Device(program, *options)
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        for full in (True, False):
            trees = {}
            for host, command in hosts(corer).items():
                to = work / host
                to.mkdir(exist_ok=True)
                what = f"{host}, {'full' if full else 'changes'} {' '.join(options)}"
                answer = run(command(to, full), device.address, work)
                if answer.returncode:
                    problems.append(f"{what}: exit {answer.returncode}: {(answer.stdout + answer.stderr)[-500:]}")
                    continue
                verified = run([corer, "verify", "--deep", "--no-input", "-b", to / UDID], device.address, work)
                if verified.returncode:
                    problems.append(f"{what}: verify says {verified.returncode}: {verified.stdout[-500:]}")
                trees[host] = tree(to / UDID)
                missing = THEIR_OWN - {path.name for path in (to / UDID).iterdir()}
                if missing:
                    problems.append(f"{what}: without {missing}")
            if len(trees) < 3 or min(map(len, trees.values())) < 40:
                problems.append(f"{what}: not every host made a backup that is worth comparing")
            for host, theirs in trees.items():
                ours = trees.get("corer", {})
                names = sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))
                problems.extend(f"corer and {host} differ {' '.join(options)}: {name}" for name in names)
            print(f"{'full' if full else 'changes'} {' '.join(options)}:", {host: len(files) for host, files in trees.items()})
            for change in CHANGES if full else []:
                device.obey(change)
        if options:
            opener = pathlib.Path(__file__).with_name("opened.py")
            opened = run([READERS, "-B", opener, corer, work / "corer" / UDID, PASSWORD], device.address, work)
            print(opened.stdout.strip())
            if opened.returncode:
                problems.append(f"other readers: {(opened.stdout + opened.stderr)[-500:]}")
    device.end()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--corer", type=pathlib.Path, required=True)
    parser.add_argument("--device", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    corer, program = arguments.corer.resolve(), arguments.device.resolve()
    problems = []
    for options in ([], ["--password", PASSWORD]):
        compare(corer, program, options, problems)
    for problem in problems:
        print(problem, file=sys.stderr)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
