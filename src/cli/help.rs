//! What help pages end with: examples first, then the exit codes.

use std::fmt::Write;

use crate::cli::exit::Exit;

/// The main page: one screen, examples first.
pub const TEMPLATE: &str = "\
{about}.

Examples:
  corer backup                                  back up the device on the cable
  corer list                                    the backups on this computer
  corer info                                    the newest one: the device, and what the backup does not hold
  corer messages --with Anna -o anna/           conversations as web pages and as data
  corer contacts -o contacts.vcf                contacts, in one file that any phone imports
  corer export -o everything/                   messages, contacts, calls, photos, with a start page
  corer files get 'CameraRollDomain/**' -o roll raw files, decrypted
  corer verify                                  is this backup whole and readable?

Commands:
{subcommands}

Every command takes -b BACKUP (a path, a device name, a UDID; else the newest backup found) and --json.
More: corer COMMAND --help. Encrypted? You will be asked for the backup password, not the Apple account's.
";

/// The codes that any command can end with.
const ALWAYS: [Exit; 4] = [Exit::Done, Exit::Failed, Exit::Usage, Exit::Interrupted];

/// How the commands that take data out can end.
pub const TAKING: &[Exit] = &[
    Exit::Incomplete,
    Exit::NothingMatched,
    Exit::NotFound,
    Exit::Busy,
    Exit::Password,
    Exit::NoSpace,
    Exit::Unsupported,
];

/// The end of a command's long help: `examples` as command and meaning, and the exit codes, `own` ones among them.
pub fn after_help(examples: &[(&str, &str)], own: &[Exit]) -> String {
    let width = examples.iter().map(|(command, _)| command.len()).max().unwrap_or_default();
    let mut text = String::from("Examples:\n");
    for (command, meaning) in examples {
        // Writing to a string does not fail.
        let _ = writeln!(text, "  {command:width$}  {meaning}");
    }
    text.push_str("\nExit codes:\n");
    for exit in Exit::ALL.into_iter().filter(|exit| ALWAYS.contains(exit) || own.contains(exit)) {
        let _ = writeln!(text, "  {:<3}  {}", exit.code(), exit.meaning());
    }
    text.truncate(text.trim_end().len());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ending_has_examples_and_the_codes_in_order() {
        let text = after_help(&[("corer list", "all"), ("corer list X", "those in X")], &[Exit::NotFound]);
        assert!(
            text.starts_with(
                "Examples:\n  corer list    all\n  corer list X  those in X\n\nExit codes:\n  0    done\n"
            )
        );
        let codes: Vec<&str> = text.lines().skip(5).filter_map(|line| line.split_whitespace().next()).collect();
        assert_eq!(codes, ["0", "1", "2", "10", "130"]);
    }
}
