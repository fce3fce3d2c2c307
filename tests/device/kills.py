#!/usr/bin/env python3
"""Kills `corer backup` and pulls the cable at random moments. Each time the folder must verify as a whole backup and be
exactly one of the two states, the earlier or the new one; and the next run must complete.

    tests/device/kills.py --corer target/debug/corer --device target/debug/corer-simulated-device --times 200

Every second time the cable is pulled (after a random message, file or byte), else the process is killed (SIGKILL) at a
random moment of the run. Needs nothing from others."""

import argparse
import collections
import pathlib
import random
import subprocess
import sys
import tempfile
import time

from compare import PASSWORD, UDID, Device, run

# Written in every round: among the first and among the last that are sent, small and large.
WITNESSES = [
    ("AppDomain-org.example.tidewatch", "Documents/state.txt"),
    ("HomeDomain", "Documents/state.txt"),
    ("WirelessDomain", "Library/state.txt"),
]
# The rest of a round's file, so that a run is not over in an instant.
WEIGHT = "x" * 60_000


def write(device, state):
    for domain, path in WITNESSES:
        device.obey(f"write {domain} {path} {state} {WEIGHT}")
    for number in range(20):
        device.obey(f"write CameraRollDomain Media/DCIM/{number}.txt {state} {WEIGHT}")


class Host:
    """corer with a folder for backups."""

    def __init__(self, corer, device, work):
        self.corer, self.device, self.work = corer, device, pathlib.Path(work)
        self.folder = self.work / UDID

    def back_up(self):
        return self.run("backup", "-q", "--to", self.work)

    def run(self, *arguments):
        return run([self.corer, *arguments, "--no-input"], self.device.address, self.work)

    def states(self):
        """What each witness says."""
        def says(domain, path):
            out = self.run("files", "cat", f"{domain}/{path}", "-b", self.folder).stdout
            return out.split(" ")[0], len(out)

        return {says(domain, path) for domain, path in WITNESSES}

    def killed(self, moment):
        """Runs for so many seconds at most; whether it had to be killed."""
        environment = {"USBMUXD_SOCKET_ADDRESS": self.device.address, "HOME": str(self.work)}
        process = subprocess.Popen(
            [str(self.corer), "backup", "--no-input", "-q", "--to", str(self.work)],
            env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(moment)
            return False
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return True


def interrupt(host, chance, is_cut, lasts):
    """Interrupts one run, and says how."""
    if not is_cut:
        return "killed" if host.killed(chance.uniform(0, lasts)) else "too late to kill"
    cut = chance.choice([f"message={chance.randrange(70)}", f"files={chance.randrange(1, 24)}",
                         f"bytes={chance.randrange(1_400_000)}"])
    host.device.obey(f"cut {cut}")
    answer = host.back_up()
    host.device.obey("plug")
    return "cut" if answer.returncode else "too late to cut"


def one_round(host, chance, number, lasts):
    """Gives how it was interrupted, which state was found, and what is wrong."""
    write(host.device, f"state-{number}")
    how = interrupt(host, chance, number % 2 == 0, lasts)
    verified = host.run("verify", "--deep", "-b", host.folder)
    if verified.returncode:
        return how, "damaged", f"verify: {verified.stdout[-300:]}"
    states = host.states()
    length = len(f"state-{number} ") + len(WEIGHT)
    found = {state for state, _ in states}
    if found == {f"state-{number}"} and {size for _, size in states} == {length}:
        state = "new"
    elif found == {f"state-{number - 1}"}:
        state = "earlier"
    else:
        return how, "mixed", f"{states}"
    again = host.back_up()
    if again.returncode:
        return how, state, f"the next run: {again.returncode} {again.stderr[-300:]}"
    if {state for state, _ in host.states()} != {f"state-{number}"}:
        return how, state, "the next run did not bring the new state"
    if host.run("verify", "--deep", "-b", host.folder).returncode:
        return how, state, "the next run left damage"
    return how, state, None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--corer", type=pathlib.Path, required=True)
    parser.add_argument("--device", type=pathlib.Path, required=True)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    device = Device(arguments.device.resolve(), "--password", PASSWORD)
    counts, problems = collections.Counter(), []
    with tempfile.TemporaryDirectory() as work:
        host = Host(arguments.corer.resolve(), device, work)
        write(device, "state-0")
        assert host.back_up().returncode == 0, "the first backup failed"
        write(device, "state-0")
        begun = time.monotonic()
        assert host.back_up().returncode == 0, "the second backup failed"
        lasts = time.monotonic() - begun
        number = interrupted = 0
        while interrupted < arguments.times:
            number += 1
            how, state, problem = one_round(host, chance, number, lasts)
            counts[f"{how}: {state}"] += 1
            if how in ("killed", "cut"):
                interrupted += 1
            elif how == "too late to kill":
                # Quicker than the runs before: the moments move closer together, and apart again below.
                lasts *= 0.9
            if how == "killed":
                lasts *= 1.03
            if problem:
                problems.append(f"round {number}, {how}: {problem}")
                break
    device.end()
    print(f"{interrupted} interrupted runs of {number}:", dict(counts))
    for problem in problems:
        print(problem, file=sys.stderr)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
