//! Names that lead out of the target, collide, or cannot be written; and links in place of files.

use std::fs;
use std::path::Path;

use rusqlite::types::Value;

use super::base::{HOME, payload, plain};
use super::{Codes, Row, SOME_BAD, UNSAFE_NAMES, WHOLE};
use crate::builder::BackupBuilder;
use crate::error::Result;
use crate::record::Record;
use crate::writer::link;

pub(super) const CRAFTED: &[Row] = &[
    ("path-dots", "`..` in relative paths, in every spelling", UNSAFE_NAMES, path_dots),
    ("path-absolute", "absolute relative paths: POSIX, drive letters, UNC, device names", UNSAFE_NAMES, path_absolute),
    ("path-backslash", "backslashes as separators", UNSAFE_NAMES, path_backslash),
    ("path-control", "NUL, escape sequences, line ends and bidi controls in paths", UNSAFE_NAMES, path_control),
    ("path-reserved", "CON, NUL., COM1.txt, trailing dots and spaces, streams", UNSAFE_NAMES, path_reserved),
    ("path-long", "names of 300 bytes and paths of 9,000", UNSAFE_NAMES, path_long),
    ("path-empty", "empty segments, `.`, the empty path as a file", ROOT_FILE, path_empty),
    ("path-collisions", "names that differ in case, normalisation or trailing dots only", WHOLE, path_collisions),
    ("path-conflicts", "one path is a file and a directory at once", UNSAFE_NAMES, path_conflicts),
    ("path-twice", "two rows with the same domain and path and different file IDs", UNSAFE_NAMES, path_twice),
    ("path-not-utf8", "paths and domains that are not UTF-8", PART_BAD, path_not_utf8),
    ("domain-dots", "`..`, absolute and empty domains", UNSAFE_NAMES, domain_dots),
    ("domain-html", "markup, formulas and control characters in domains", UNSAFE_NAMES, domain_html),
    ("fileid-traversal", "file IDs that are paths: `../../../../etc/passwd`", SOME_BAD, fileid_traversal),
    (
        "fileid-not-hex",
        "file IDs that are short, long, in capitals, not hex, empty, not ASCII",
        PART_BAD,
        fileid_not_hex,
    ),
    ("fileid-types", "file IDs that are numbers, blobs and NULL", PART_BAD, fileid_types),
    ("link-rows", "symbolic links in the manifest that lead out, and files below them", UNSAFE_NAMES, link_rows),
    ("link-payload", "a payload is a link to /etc/passwd", SOME_BAD, link_payload),
    ("link-folder", "a folder of payloads is a link to /etc", SOME_BAD, link_folder),
    ("link-loop", "a payload is a link to itself, a folder of payloads one to the backup", SOME_BAD, link_loop),
];

/// Some rows are bad; whether a reader can use them is its own choice.
const PART_BAD: Codes = Codes { info: "0|3", get: "0|3", verify: "0|5", messages: "0", keeps_good: true };

/// A file in place of the domain's own folder: where the rest then lies is the reader's choice.
const ROOT_FILE: Codes = Codes { keeps_good: false, ..UNSAFE_NAMES };

fn with_paths(root: &Path, paths: &[&str]) -> Result<()> {
    let mut backup = plain()?;
    backup.without_directories();
    for path in paths {
        backup.file(HOME, path, format!("{path:?}"));
    }
    backup.write(root)
}

fn path_dots(root: &Path) -> Result<()> {
    with_paths(
        root,
        &[
            "../escaped",
            "../../../../../../../../tmp/corer-escaped",
            "Documents/../../escaped",
            "Documents/..",
            "..",
            "Documents/./../../escaped",
            "....//escaped",
            "%2e%2e/escaped",
            "..%2fescaped",
            "\u{ff0e}\u{ff0e}/escaped",
            "..\u{2215}escaped",
            ".. /escaped",
            "../",
        ],
    )
}

fn path_absolute(root: &Path) -> Result<()> {
    with_paths(
        root,
        &[
            "/tmp/corer-escaped",
            "//tmp/corer-escaped",
            "C:/corer-escaped",
            "C:corer-escaped",
            "//server/share/escaped",
            "//?/C:/escaped",
            "/dev/null",
            "/proc/self/mem",
            "file:///tmp/escaped",
        ],
    )
}

fn path_backslash(root: &Path) -> Result<()> {
    with_paths(
        root,
        &[
            "..\\escaped",
            "..\\..\\..\\escaped",
            "C:\\escaped",
            "\\\\server\\share\\escaped",
            "\\\\.\\PhysicalDrive0",
            "a\\..\\..\\b",
        ],
    )
}

fn path_control(root: &Path) -> Result<()> {
    with_paths(
        root,
        &[
            "nul\0byte",
            "good.txt\0.exe",
            "\u{1b}[2J\u{1b}]52;c;ZXZpbA==\u{7}",
            "line\nend",
            "return\r\u{8}\u{8}\u{8}",
            "\u{202e}gnp.exe",
            "\u{2066}isolate",
            "zero\u{200b}width\u{feff}",
            "\u{85}\u{9b}31m",
        ],
    )
}

fn path_reserved(root: &Path) -> Result<()> {
    with_paths(
        root,
        &[
            "CON",
            "con.txt",
            "NUL.",
            "COM1.txt",
            "LPT\u{b9}",
            "aux/file",
            "CONIN$",
            "dot.",
            "space ",
            "...",
            "file.txt:stream",
            "a<b>c|d?e*f\"g",
        ],
    )
}

fn path_long(root: &Path) -> Result<()> {
    let name = "n".repeat(300);
    let wide = "\u{65e5}".repeat(100);
    let deep = ["d"; 4500].join("/");
    with_paths(root, &[&name, &format!("{name}.txt"), &wide, &deep])
}

fn path_empty(root: &Path) -> Result<()> {
    with_paths(root, &["", ".", "/", "a//b", "a/./b", "trailing/", " ", "\t"])
}

fn path_collisions(root: &Path) -> Result<()> {
    let paths = [
        "Same",
        "same",
        "SAME",
        "caf\u{e9}",
        "cafe\u{301}",
        "stra\u{df}e",
        "strasse",
        "\u{131}",
        "i",
        "\u{130}",
        "\u{212a}",
        "k",
        "K",
    ];
    let mut backup = plain()?;
    for path in paths {
        backup.file(HOME, &format!("Collide/{path}"), format!("{path:?}"));
    }
    backup.write(root)
}

fn path_conflicts(root: &Path) -> Result<()> {
    let mut backup = plain()?;
    backup.without_directories();
    backup.file(HOME, "both", "a file");
    backup.file(HOME, "both/below", "below a file");
    backup.file(HOME, "both/below/deeper", "below that");
    backup.record(Record::directory(HOME, "other"));
    backup.odd_file(HOME, "other", "a file where a directory is", |record| {
        record.row.file_id = Some(Value::Text("00".repeat(20)));
    });
    backup.write(root)
}

fn path_twice(root: &Path) -> Result<()> {
    let mut backup = plain()?;
    for (digit, content) in [("1", "first"), ("2", "second")] {
        backup.odd_file(HOME, "twice.txt", content, |record| record.row.file_id = Some(Value::Text(digit.repeat(40))));
    }
    backup.write(root)
}

fn path_not_utf8(root: &Path) -> Result<()> {
    let mut backup = plain()?;
    backup.file(HOME, "latin", "x").file("LatinDomain", "latin", "x").file(HOME, "surrogate", "x");
    // A cast gives the bytes the type of text without looking at them.
    backup.manifest_sql(
        "UPDATE Files SET relativePath = CAST(x'6cff74fe' AS TEXT) WHERE relativePath = 'latin' AND domain = 'HomeDomain';
         UPDATE Files SET domain = CAST(x'c3284469' AS TEXT) WHERE domain = 'LatinDomain';
         UPDATE Files SET relativePath = CAST(x'eda080' AS TEXT) WHERE relativePath = 'surrogate';",
    );
    backup.write(root)
}

fn with_domains(root: &Path, domains: &[&str]) -> Result<()> {
    let mut backup = plain()?;
    backup.without_directories();
    for domain in domains {
        backup.file(domain, "file.txt", format!("{domain:?}"));
    }
    backup.write(root)
}

fn domain_dots(root: &Path) -> Result<()> {
    with_domains(
        root,
        &["..", "../..", "/tmp", "C:", "", ".", "AppDomain-../../../escaped", "..\\..", "AppDomain-\0", "~root", "-rf"],
    )
}

fn domain_html(root: &Path) -> Result<()> {
    with_domains(
        root,
        &[
            "<script>alert(1)</script>",
            "\" onload=\"alert(1)",
            "=cmd|'/c calc'!A1",
            "\u{1b}]0;owned\u{7}",
            "javascript:alert(1)",
        ],
    )
}

fn with_file_ids(root: &Path, ids: Vec<Value>) -> Result<()> {
    let mut backup = plain()?;
    for (index, id) in ids.into_iter().enumerate() {
        backup.odd_file(HOME, &format!("id {index}.txt"), "x", |record| record.row.file_id = Some(id));
    }
    backup.write(root)
}

fn texts(ids: &[&str]) -> Vec<Value> {
    ids.iter().map(|id| Value::Text((*id).into())).collect()
}

fn fileid_traversal(root: &Path) -> Result<()> {
    with_file_ids(
        root,
        texts(&[
            "../../../../../../etc/passwd",
            "/etc/passwd",
            "..",
            "..\\..\\..\\Windows\\win.ini",
            "etc/passwd\0",
            "aa/../../../etc/passwd",
        ]),
    )
}

fn fileid_not_hex(root: &Path) -> Result<()> {
    let (capital, long, wide) = ("AB".repeat(20), "ab".repeat(21), "\u{e9}".repeat(20));
    with_file_ids(root, texts(&["a", "", "zz", &capital, &long, &wide, &"g".repeat(40), &" ".repeat(40)]))
}

fn fileid_types(root: &Path) -> Result<()> {
    with_file_ids(root, vec![Value::Integer(7), Value::Real(0.5), Value::Blob(vec![0xab; 20]), Value::Null])
}

fn link_rows(root: &Path) -> Result<()> {
    let mut backup: BackupBuilder = plain()?;
    backup.without_directories();
    for (path, target) in
        [("out", "/tmp"), ("up", "../../.."), ("self", "self"), ("odd", "a\0b\u{1b}[2J"), ("empty", "")]
    {
        backup.record(Record::symlink(HOME, path, target));
    }
    backup.file(HOME, "out/corer-escaped", "below a link");
    backup.file(HOME, "up/corer-escaped", "below a link");
    backup.write(root)
}

fn link_payload(root: &Path) -> Result<()> {
    let mut backup = plain()?;
    backup.file(HOME, "passwd.txt", "x");
    backup.write(root)?;
    let path = payload(root, HOME, "passwd.txt");
    fs::remove_file(&path)?;
    link("/etc/passwd", &path)
}

fn link_folder(root: &Path) -> Result<()> {
    let mut backup = plain()?;
    backup.file(HOME, "passwd.txt", "x");
    backup.write(root)?;
    let path = payload(root, HOME, "passwd.txt");
    let folder = path.parent().unwrap_or(root);
    fs::remove_dir_all(folder)?;
    link("/etc", folder)
}

fn link_loop(root: &Path) -> Result<()> {
    let mut backup = plain()?;
    backup.file(HOME, "loop.txt", "x").file(HOME, "round.txt", "x");
    backup.write(root)?;
    let path = payload(root, HOME, "loop.txt");
    fs::remove_file(&path)?;
    link(&path.file_name().unwrap_or_default().to_string_lossy(), &path)?;
    let round = payload(root, HOME, "round.txt");
    let folder = round.parent().unwrap_or(root);
    fs::remove_dir_all(folder)?;
    link(".", folder)
}
