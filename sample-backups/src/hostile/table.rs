//! The two lists beside the crafted backups: one for people, one for tests.

use super::{Crafted, all, base};
use crate::samples::PASSWORD;

/// `hostile/README.md`.
pub fn readme() -> String {
    let mut out = format!(
        "# Hostile backups\n\n\
         Each of these is small and means harm in one way. `sample-backups write` makes them; the same facts for programs \
         are in `expectations.txt`.\n\n\
         Nothing here may make corer panic, hang, take much memory, or write outside of the target. Encrypted ones open with \
         `{PASSWORD}`. All of them hold one good file, `{}/{}`; where the last column says so, it must come out of `files get`.\n\n\
         Exit codes: 0 done, 1 failed, 3 something that the backup should hold could not be read, 4 nothing matched, 5 verify \
         found damage, 10 no backup there, 12 password missing or wrong, 15 not a format we support. Several codes: any of \
         them will do.\n\n\
         | name | what it proves | `info` | `files get` | `verify` | `messages` | good file |\n\
         |---|---|---|---|---|---|---|\n",
        base::GOOD.0,
        base::GOOD.1,
    );
    for Crafted { name, proves, codes, .. } in all() {
        let kept = if codes.keeps_good { "yes" } else { "" };
        let cells = [codes.info, codes.get, codes.verify, codes.messages].map(|cell| cell.replace('|', ", "));
        let proves = proves.replace('|', "\\|");
        out.push_str(&format!("| `{name}` | {proves} | {} | {kept} |\n", cells.join(" | ")));
    }
    out
}

/// `hostile/expectations.txt`: one line each, fields separated by tabs.
pub fn expectations() -> String {
    let mut out = String::from("# name\tpath\tinfo\tfiles get\tverify\tmessages\tgood file comes out\n");
    for Crafted { name, codes, .. } in all() {
        let kept = if codes.keeps_good { "yes" } else { "no" };
        let fields = [name, name, codes.info, codes.get, codes.verify, codes.messages, kept];
        out.push_str(&fields.join("\t"));
        out.push('\n');
    }
    out
}
