//! How much memory there is for pictures.
//!
//! An allocation that fails ends the whole program, so that the room is measured before a picture is decoded: what the
//! system has left, what the group of processes may still take (cgroup, as in containers), and what this process may
//! (`ulimit -v`, `ulimit -d`). Linux tells all of it in files; elsewhere the default holds.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

/// The most that decoders take together, where there is more.
pub(super) const MOST: u64 = 2 << 30;

/// The least that is planned with: a photo of 12 megapixels needs less than twice as much.
const LEAST: u64 = 48 << 20;

/// What may be used of the room that there is: the rest is for everything else, and for estimates that are too low.
const SHARE: u64 = 2;

/// What the rest of the program may ask for while a picture is decoded, in bytes.
const BESIDE: u64 = 32 << 20;

/// The room for decoders of this process, measured once.
pub(super) fn decoder_memory() -> u64 {
    static ROOM: OnceLock<u64> = OnceLock::new();
    *ROOM.get_or_init(|| left().map_or(MOST, |left| (left / SHARE).clamp(LEAST, MOST)))
}

/// Whether the process itself has a limit that it may come near (`ulimit -v`, `-d`), and which counts what allocators keep
/// for later too.
pub(super) fn is_limited() -> bool {
    static LIMITED: OnceLock<bool> = OnceLock::new();
    let limit = || by_limits(&fs::read_to_string("/proc/self/limits").ok()?, "");
    *LIMITED.get_or_init(|| limit().is_some_and(|limit| limit < 4 * MOST))
}

/// Whether so much memory can be had now, and some beside it: asked for and given back untouched.
pub(super) fn can_have(bytes: u64) -> bool {
    let asked = bytes.saturating_add(bytes / 4).saturating_add(BESIDE);
    usize::try_from(asked).is_ok_and(|asked| Vec::<u8>::new().try_reserve_exact(asked).is_ok())
}

/// How much memory this process may still take, in bytes; `None` where nothing tells.
pub(super) fn left() -> Option<u64> {
    let read = |path: &str| fs::read_to_string(path).ok();
    let (status, limits) = (read("/proc/self/status"), read("/proc/self/limits"));
    let limits = limits.zip(status).map(|(limits, status)| by_limits(&limits, &status));
    let system = read("/proc/meminfo").and_then(|info| kilobytes(&info, "MemAvailable:"));
    let group = read("/proc/self/cgroup").and_then(|groups| by_groups(&groups, Path::new("/sys/fs/cgroup")));
    [limits.flatten(), system, group].into_iter().flatten().min()
}

/// What the limits of the process leave: of addresses, and of data.
fn by_limits(limits: &str, status: &str) -> Option<u64> {
    let left = |limit: &str, used: &str| {
        let soft = limits.lines().find_map(|line| line.strip_prefix(limit))?.split_whitespace().next()?;
        Some(soft.parse::<u64>().ok()?.saturating_sub(kilobytes(status, used).unwrap_or(0)))
    };
    [left("Max address space", "VmSize:"), left("Max data size", "VmData:")].into_iter().flatten().min()
}

/// The bytes of a line such as `VmSize:    1234 kB`.
fn kilobytes(text: &str, name: &str) -> Option<u64> {
    let number = text.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?;
    number.parse::<u64>().ok()?.checked_mul(1024)
}

/// What the groups of the process leave, of both versions, each with the groups above it. `groups` has lines such as
/// `0::/user.slice` and `4:memory:/docker/1`.
fn by_groups(groups: &str, root: &Path) -> Option<u64> {
    let lefts = groups.lines().filter_map(|line| {
        let (controllers, path) = line.split_once(':')?.1.split_once(':')?;
        match controllers {
            "" => by_group(root, path, ["memory.max", "memory.current", "inactive_file "]),
            list if list.split(',').any(|name| name == "memory") => {
                let names = ["memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file "];
                by_group(&root.join("memory"), path, names)
            }
            _ => None,
        }
    });
    lefts.min()
}

/// The least that a group and those above it leave. Pages of files that nobody uses can be taken back. In a container the
/// path may be that of the computer outside, of which only the root is seen.
fn by_group(root: &Path, path: &str, [limit, usage, cache]: [&str; 3]) -> Option<u64> {
    let number = |folder: &Path, name: &str| fs::read_to_string(folder.join(name)).ok()?.trim().parse::<u64>().ok();
    let inside = root.join(path.trim_start_matches('/'));
    let left = |folder: &Path| {
        // Without a limit there is the word "max", or a number larger than any memory.
        let limit = number(folder, limit)?;
        let stat = fs::read_to_string(folder.join("memory.stat")).unwrap_or_default();
        let cached = stat.lines().find_map(|line| line.strip_prefix(cache)?.trim().parse().ok()).unwrap_or(0);
        Some(limit.saturating_sub(number(folder, usage).unwrap_or(0).saturating_sub(cached)))
    };
    inside.ancestors().take_while(|folder| folder.starts_with(root)).filter_map(left).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_of_the_process_count_with_what_it_has() {
        let limits = "Limit                     Soft Limit           Hard Limit           Units     \n\
                      Max data size             unlimited            unlimited            bytes     \n\
                      Max address space         1610612736           unlimited            bytes     \n";
        let status = "Name:\tcorer\nVmSize:\t  524288 kB\nVmData:\t  1000 kB\n";
        assert_eq!(by_limits(limits, status), Some(1_073_741_824));
        let limits = limits.replace("1610612736", "unlimited ").replacen("unlimited", "2048000", 1);
        assert_eq!(by_limits(&limits, status), Some(1_024_000));
        assert_eq!(by_limits("Max address space unlimited unlimited bytes", status), None);
        assert_eq!(by_limits("Max address space 10 unlimited bytes", status), Some(0));
    }

    #[test]
    fn groups_count_with_those_above_them() {
        let root = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("a/b/memory.max", "max\n");
        write("a/memory.max", "1000000\n");
        write("a/memory.current", "800000\n");
        write("a/memory.stat", "anon 500000\ninactive_file 300000\n");
        assert_eq!(by_groups("0::/a/b\n", root.path()), Some(500_000));
        assert_eq!(by_groups("0::/elsewhere\n", root.path()), None);
        write("memory.max", "600000\n");
        // Of a path outside of the container the root is seen.
        assert_eq!(by_groups("0::/elsewhere\n", root.path()), Some(600_000));
        write("memory/docker/memory.limit_in_bytes", "9223372036854771712\n");
        write("memory/docker/1/memory.limit_in_bytes", "400000\n");
        write("memory/docker/1/memory.usage_in_bytes", "100000\n");
        let groups = "12:cpu,cpuacct:/docker/1\n4:hugetlb,memory:/docker/1\n0::/\n";
        assert_eq!(by_groups(groups, root.path()), Some(300_000));
        assert_eq!(by_groups("nonsense\n1:2\n", root.path()), None);
    }

    #[test]
    fn there_is_room() {
        assert!((LEAST..=MOST).contains(&decoder_memory()));
    }
}
