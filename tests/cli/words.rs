//! The built program, as a person or a script meets it: help, usage errors, completions, manual pages, exit codes.

use assert_cmd::Command;

/// Every command of this version, with those below it.
const COMMANDS: &[&[&str]] = &[
    &["list"],
    &["info"],
    &["files", "ls"],
    &["files", "cat"],
    &["files", "get"],
    &["messages"],
    &["contacts"],
    &["calls"],
    &["voicemail"],
    &["whatsapp"],
    &["recordings"],
    &["notes"],
    &["calendars"],
    &["safari"],
    &["photos"],
    &["export"],
    &["verify"],
    &["devices"],
    &["pair"],
    &["backup"],
    &["encryption", "status"],
    &["encryption", "on"],
    &["encryption", "off"],
    &["encryption", "change"],
    &["ready"],
    &["schedule", "install"],
    &["schedule", "remove"],
    &["schedule", "status"],
    &["completions"],
    &["man"],
];

/// The program in an environment that holds nothing of the person who runs the test.
fn corer() -> Command {
    let mut command = Command::cargo_bin("corer").unwrap();
    for variable in ["CORER_BACKUP", "CORER_PASSWORD", "CORER_PASSWORD_FILE", "BACKUP_PASSWORD", "NO_COLOR"] {
        command.env_remove(variable);
    }
    command
}

fn stdout(args: &[&str]) -> String {
    String::from_utf8(corer().args(args).assert().success().stderr("").get_output().stdout.clone()).unwrap()
}

fn stderr(args: &[&str], code: i32) -> String {
    String::from_utf8(corer().args(args).assert().code(code).stdout("").get_output().stderr.clone()).unwrap()
}

#[test]
fn the_main_help_is_one_screen_with_examples_first() {
    let help = stdout(&["--help"]);
    assert!(help.lines().count() <= 40, "{help}");
    assert!(help.lines().all(|line| line.chars().count() <= 110), "{help}");
    let at = |text: &str| help.find(text).unwrap_or_else(|| panic!("{text} in {help}"));
    assert!(at("Examples:") < at("Commands:"));
    for &command in COMMANDS {
        at(&format!("\n  {} ", command[0]));
    }
    assert_eq!(help, stdout(&["-h"]));
}

#[test]
fn every_command_ends_its_help_with_examples_and_exit_codes() {
    for &command in COMMANDS {
        let help = stdout(&[command, &["--help"]].concat());
        let (_, ending) = help.split_once("\nExamples:\n").unwrap_or_else(|| panic!("{command:?}: {help}"));
        let (examples, codes) = ending.split_once("\n\nExit codes:\n").unwrap();
        assert_eq!(examples.lines().count(), 3, "{command:?}");
        assert!(codes.lines().any(|line| line.starts_with("  130")), "{command:?}");
        let short = stdout(&[command, &["-h"]].concat());
        assert!(!short.contains("Exit codes:") && short.len() < help.len(), "{command:?}");
    }
}

#[test]
fn no_flag_takes_a_password() {
    for &command in COMMANDS {
        let help = stdout(&[command, &["--help"]].concat());
        assert!(!help.contains("--password ") && !help.contains("--new-password "), "{command:?}");
    }
    stderr(&["info", "--password", "secret"], 2);
}

#[test]
fn wrong_usage_ends_with_2_and_says_so() {
    assert!(stderr(&[], 2).contains("corer list"));
    assert!(stderr(&["nonsense"], 2).contains("nonsense"));
    assert!(stderr(&["verify", "--quick", "--deep"], 2).contains("--deep"));
    assert!(stderr(&["info", "--password-file", "a", "--password-command", "b"], 2).contains("--password-command"));
    assert!(stderr(&["files", "cat"], 2).contains("PATTERN"));
    assert!(stderr(&["files", "get", "-j", "0"], 2).contains("--jobs"));
}

#[test]
fn commands_of_other_tools_are_answered_with_what_to_type() {
    for word in ["decrypt", "unback"] {
        assert!(stderr(&[word], 2).contains("corer files get"), "{word}");
    }
    assert!(stderr(&["texts"], 2).contains("corer messages"));
    let said = stderr(&["reminders", "--json"], 2);
    assert!(said.contains("does not read") && said.contains("AppDomainGroup-group.com.apple.reminders/"), "{said}");
    assert!(stderr(&["search"], 2).contains("still to come"));
    assert!(stderr(&["restore"], 2).contains("Finder"));
}

#[test]
fn wrong_usage_is_one_json_line_for_programs() {
    for args in [&["nonsense", "--json"][..], &["--json", "verify", "--quick", "--deep"], &["--json", "decrypt"]] {
        let line = stderr(args, 2);
        assert_eq!(line.lines().count(), 1, "{line}");
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!((value["type"].as_str(), value["code"].as_u64()), (Some("error"), Some(2)));
    }
}

#[test]
fn colour_follows_the_flag_and_the_environment() {
    let has_colour = |command: &mut Command| command.output().unwrap().stderr.contains(&0x1b);
    assert!(!has_colour(corer().arg("nonsense")), "a pipe has no colour");
    assert!(has_colour(corer().args(["nonsense", "--color", "always"])));
    assert!(has_colour(corer().arg("nonsense").env("CLICOLOR_FORCE", "1")));
    assert!(!has_colour(corer().args(["nonsense", "--color=never"]).env("CLICOLOR_FORCE", "1")));
    assert!(!has_colour(corer().arg("nonsense").env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1")));
}

#[test]
fn there_are_completions_for_five_shells() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = stdout(&["completions", shell]);
        assert!(script.contains("corer") && script.contains("password-file"), "{shell}");
    }
    stderr(&["completions", "csh"], 2);
}

#[test]
fn the_manual_is_printed_or_written_page_by_page() {
    let page = stdout(&["man"]);
    for section in [".SH NAME", ".SH SYNOPSIS", ".SH ENVIRONMENT", ".SH \"EXIT STATUS\""] {
        assert!(page.contains(section), "{section}");
    }
    let dir = tempfile::tempdir().unwrap();
    stdout(&["man", "--dir", dir.path().to_str().unwrap()]);
    let mut names: Vec<String> =
        std::fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    let mut expected: Vec<String> = COMMANDS.iter().map(|command| format!("corer-{}.1", command.join("-"))).collect();
    expected.extend(["corer.1", "corer-encryption.1", "corer-files.1", "corer-schedule.1"].map(str::to_owned));
    expected.sort();
    assert_eq!(names, expected);
}

#[test]
fn the_version_is_on_stdout() {
    assert_eq!(stdout(&["--version"]), format!("corer {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
#[cfg(target_os = "linux")]
fn a_closed_pipe_is_no_failure() {
    let script =
        format!("'{}' man | head -n 1; echo ${{PIPESTATUS[0]}}", assert_cmd::cargo::cargo_bin!("corer").display());
    let out = std::process::Command::new("bash").args(["-c", &script]).output().unwrap();
    assert!(out.stdout.ends_with(b"\n0\n") && out.stderr.is_empty(), "{out:?}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_ends_with_14() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let out =
        std::process::Command::new(assert_cmd::cargo::cargo_bin!("corer")).arg("man").stdout(full).output().unwrap();
    assert_eq!(out.status.code(), Some(14), "{out:?}");
}

#[test]
#[cfg(unix)]
fn an_interrupt_ends_with_130_at_once() {
    let backup = concat!(env!("CARGO_MANIFEST_DIR"), "/sample-backups/ios9-encrypted");
    let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin!("corer"))
        .args(["files", "ls", "-b", backup, "--password-command", "echo ready >&2; exec sleep 20"])
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut ready = [0; 5];
    std::io::Read::read_exact(child.stderr.as_mut().unwrap(), &mut ready).unwrap();
    let started = std::time::Instant::now();
    let sent = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(started.elapsed().as_secs() < 10);
}
