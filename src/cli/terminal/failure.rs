//! How a failure looks: in sentences, or as one JSON line.

use std::io::{self, Write};

use serde::Serialize;

use super::color::Paint;
use super::json;
use super::printable::Printable;
use crate::cli::failure::Failure;

/// A failure as one JSON line on stderr.
#[derive(Serialize)]
struct FailureLine<'a> {
    code: u8,
    what: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a str>,
    hints: &'a [String],
}

/// Shows the failure. Nothing is said where nothing went wrong (a closed pipe).
///
/// # Errors
/// Those of writing to `stderr`.
pub fn show(failure: &Failure, stderr: &mut dyn Write, as_json: bool, paint: Paint) -> io::Result<()> {
    let what = failure.sentence();
    if what.is_empty() {
        return Ok(());
    }
    if as_json {
        let line = FailureLine { code: failure.exit().code(), what: &what, why: failure.why(), hints: failure.hints() };
        return json::write_line(stderr, "error", &line);
    }
    writeln!(stderr, "{} {}", paint.bad("corer:"), Printable(&what))?;
    if let Some(why) = failure.why() {
        writeln!(stderr, "{}", Printable(why))?;
    }
    for hint in failure.hints() {
        writeln!(stderr, "  {}", Printable(hint))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::exit::Exit;

    fn shown(failure: &Failure, as_json: bool) -> String {
        let mut out = Vec::new();
        show(failure, &mut out, as_json, Paint::off()).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn not_found() -> Failure {
        Failure::new(Exit::NotFound, "There is no backup \"\u{1b}[2Jx\".")
            .because("No folder and no device is called so.")
            .hint("To see what there is: corer list")
    }

    #[test]
    fn sentences_in_order_and_no_control_character() {
        assert_eq!(
            shown(&not_found(), false),
            "corer: There is no backup \"\\u{1b}[2Jx\".\nNo folder and no device is called so.\n  To see what there is: corer list\n"
        );
    }

    #[test]
    fn one_json_line_with_the_code() {
        let line = shown(&not_found(), true);
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(value["type"], "error");
        assert_eq!(value["code"], 10);
        assert_eq!(line.lines().count(), 1);
    }

    #[test]
    fn a_closed_pipe_is_a_quiet_success() {
        let failure = Failure::stdout(&io::ErrorKind::BrokenPipe.into());
        assert_eq!(failure.exit(), Exit::Done);
        assert_eq!(shown(&failure, false), "");
    }
}
