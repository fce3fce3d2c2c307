#!/usr/bin/env python3
"""Measures corer beside other people's hosts over the simulated device, in turn (A B C A B C …): one large file, and many
small ones. Prints medians and ratios as Markdown; only ratios of one run mean anything. CPU is that of the host's own
process. Use release builds, and rounds enough.

    tests/device/race.py --corer target/release/corer --device target/release/corer-simulated-device --rounds 5

Needs the peers: tests/conformance/peers device."""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time

from compare import UDID, Device, hosts

# What the device holds: the name, options of the simulated device, and files that each backup must have at least.
TASKS = [
    ("one file of 400 MB", ["--content", "equal", "--files", "1", "--bytes", "400000000"], 1),
    ("10,000 files of 4 KB", ["--content", "equal", "--files", "10000", "--bytes", "4096"], 10_000),
]


def measure(command, address, home):
    """Wall and CPU seconds and the peak of memory in MB of one process."""
    environment = {**os.environ, "USBMUXD_SOCKET_ADDRESS": address, "HOME": str(home)}
    begun = time.monotonic()
    process = subprocess.Popen(
        [str(part) for part in command], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"{command}: {process.returncode}"
    return time.monotonic() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000


def race(name, options, least, arguments, work):
    device = Device(arguments.device.resolve(), *options)
    figures = {}
    for _ in range(arguments.rounds):
        for host, command in hosts(arguments.corer.resolve()).items():
            to = work / host
            shutil.rmtree(to, ignore_errors=True)
            to.mkdir()
            figures.setdefault(host, []).append(measure(command(to, True), device.address, work))
            files = sum(1 for path in (to / UDID).glob("??/*") if len(path.name) == 40)
            assert files >= least, f"{host} has {files} files"
    device.end()
    medians = {host: [statistics.median(figure) for figure in zip(*all)] for host, all in figures.items()}
    print(f"### {name}, {arguments.rounds} rounds\n\n| | wall s | CPU s | peak MB |\n|---|---:|---:|---:|")
    for host, (wall, cpu, peak) in medians.items():
        print(f"| {host} | {wall:.2f} | {cpu:.2f} | {peak:.0f} |")
    ours = medians["corer"]
    for host in ("idevicebackup2", "pymobiledevice3"):
        wall, cpu, _ = medians[host]
        print(f"\ncorer beside {host}: wall {ours[0] / wall:.2f} ×, CPU {ours[1] / cpu:.2f} ×")
    print()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--corer", type=pathlib.Path, required=True)
    parser.add_argument("--device", type=pathlib.Path, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--work", type=pathlib.Path, help="where the backups go; a file system in memory by default")
    arguments = parser.parse_args()
    memory = pathlib.Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=arguments.work or (memory if memory.is_dir() else None)) as work:
        for name, options, least in TASKS:
            race(name, options, least, arguments, pathlib.Path(work))


if __name__ == "__main__":
    main()
