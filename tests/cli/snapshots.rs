//! What a person sees, word for word: help, answers, refusals, and the commands of the README with what they print.
//!
//! `TRYCMD=overwrite cargo test --test cli snapshots` writes down what is seen now.

#[test]
fn what_a_person_sees_is_as_written_down() {
    let home = tempfile::tempdir().unwrap();
    let cases = trycmd::TestCases::new();
    for (variable, value) in [
        ("HOME", home.path().to_str().unwrap()),
        ("XDG_DATA_HOME", ""),
        ("XDG_STATE_HOME", ""),
        ("CORER_BACKUP", ""),
        ("TZ", "UTC"),
        ("COLUMNS", "100"),
    ] {
        cases.env(variable, value);
    }
    cases.register_bin("corer", trycmd::cargo::cargo_bin("corer"));
    cases.case("tests/snapshots/*.md").case("README.md");
}
