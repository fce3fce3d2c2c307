//! Every hostile sample, through every command that opens a backup, under limits of time and memory.
//!
//! `sample-backups/hostile/expectations.txt` says how each command may end. Whatever the sample: no panic, nothing
//! written outside of the target, the sample untouched.
#![cfg(unix)]

use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::{PASSWORD, content, picture, sample};

/// CPU time of one run. The unoptimised program under test may take longer than the released one, whose figures are in
/// the benchmark.
const SECONDS: u32 = 20;
/// Address space of one run, in KiB: stacks of threads and mapped libraries count, touched or not.
const ADDRESS_SPACE: u32 = 1 << 20;

/// One line of the expectations.
struct Expectation {
    name: String,
    path: String,
    /// For each of [`COMMANDS`], the exit codes that will do.
    codes: Vec<Vec<i32>>,
    /// Whether the good file comes out.
    good: bool,
}

const COMMANDS: [&[&str]; 4] =
    [&["info"], &["files", "get", "-o", "OUT"], &["verify", "--deep"], &["messages", "-o", "OUT"]];

/// Everything at once, which may end with any code but that of wrong usage.
const EXPORT: &[&str] = &["export", "-o", "OUT"];
const ANY: [i32; 7] = [0, 1, 3, 4, 10, 12, 15];

fn expectations() -> Vec<Expectation> {
    let text = std::fs::read_to_string(sample("hostile/expectations.txt")).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let [name, path, codes @ .., good] = fields.as_slice() else { panic!("{line}") };
            assert_eq!(codes.len(), COMMANDS.len(), "{line}");
            let codes = codes.iter().map(|codes| codes.split('|').map(|code| code.parse().unwrap()).collect());
            Expectation {
                name: (*name).to_owned(),
                path: (*path).to_owned(),
                codes: codes.collect(),
                good: *good == "yes",
            }
        })
        .collect()
}

/// Runs one command, else everything at once, in a folder of its own; gives what was wrong.
fn run(expectation: &Expectation, number: usize) -> Vec<String> {
    let words = COMMANDS.get(number).copied().unwrap_or(EXPORT);
    let codes = expectation.codes.get(number).map_or(&ANY[..], Vec::as_slice);
    let jail = tempfile::tempdir().unwrap();
    let work = jail.path().join("a/b/c");
    std::fs::create_dir_all(&work).unwrap();
    let backup = sample(&format!("hostile/{}", expectation.path));
    let command = words.iter().map(|word| if *word == "OUT" { "out" } else { word });
    let output = std::process::Command::new("sh")
        .args(["-c", &format!("ulimit -t {SECONDS}; ulimit -v {ADDRESS_SPACE}; exec \"$@\""), "sh"])
        .arg(env!("CARGO_BIN_EXE_corer"))
        .args(command)
        .args(["-b", &backup, "--no-input"])
        .env_clear()
        .env("HOME", jail.path().join("home"))
        .env("TZ", "UTC")
        .env("CORER_PASSWORD", PASSWORD)
        .current_dir(&work)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let what = format!("{}: {}", expectation.name, words.join(" "));
    let said = String::from_utf8_lossy(&output.stderr);
    let mut wrong = Vec::new();
    match output.status.code() {
        Some(code) if codes.contains(&code) => {}
        code => wrong.push(format!("{what}: ended with {code:?} ({}) and said {said}", output.status)),
    }
    if said.contains("panicked") || said.contains("unexpected error") {
        wrong.push(format!("{what}: {said}"));
    }
    wrong.extend(strays(jail.path()).into_iter().map(|path| format!("{what}: wrote {path}")));
    let good = work.join("out/HomeDomain/Documents/good.txt");
    if expectation.good && number == 1 && !std::fs::read(&good).is_ok_and(|bytes| bytes == b"good\n") {
        wrong.push(format!("{what}: the good file did not come out: {said}"));
    }
    wrong
}

/// What was written anywhere but into the target and, for `verify`, the note of when a backup was verified.
fn strays(jail: &Path) -> Vec<String> {
    let written = content(jail).into_keys();
    let names = written.map(|path| path.to_str().unwrap().to_owned());
    let is_expected = |path: &str| {
        ["", "a", "a/b", "a/b/c", "a/b/c/out", "home"].contains(&path)
            || path.starts_with("a/b/c/out/")
            || path.starts_with("home/.local")
    };
    names.filter(|path| !is_expected(path)).collect()
}

#[test]
fn no_hostile_sample_harms() {
    let expectations = expectations();
    assert!(expectations.len() >= 40);
    let before = picture(Path::new(&sample("hostile")));
    let next = AtomicUsize::new(0);
    let mut wrong: Vec<String> = std::thread::scope(|scope| {
        let work = || {
            let mut wrong = Vec::new();
            while let Some(expectation) = expectations.get(next.fetch_add(1, Ordering::Relaxed)) {
                wrong.extend((0..=COMMANDS.len()).flat_map(|number| run(expectation, number)));
            }
            wrong
        };
        let workers: Vec<_> = (0..2).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    if picture(Path::new(&sample("hostile"))) != before {
        wrong.push("the samples were changed".to_owned());
    }
    assert!(wrong.is_empty(), "{} things went wrong:\n{}", wrong.len(), wrong.join("\n"));
}
