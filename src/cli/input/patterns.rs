//! Which files: patterns over `Domain/path`, as typed.
//!
//! A pattern means what it matches and everything below it. One without a slash matches a name anywhere, so that
//! `sms.db` and `*.heic` find what people look for. Letter case makes no difference. What was typed also counts
//! literally: names may hold brackets and asterisks themselves.

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

use crate::cli::failure::Failure;

/// The patterns of one command. None at all match everything.
#[derive(Debug)]
pub struct Patterns {
    typed: Vec<Pattern>,
    globs: GlobSet,
    matching: Vec<usize>,
}

#[derive(Debug)]
struct Pattern {
    text: String,
    found: bool,
}

/// How many globs stand for one pattern: itself, and what is below it.
const GLOBS_EACH: usize = 2;

impl Patterns {
    /// Reads patterns as typed.
    ///
    /// # Errors
    /// A usage failure for a pattern that makes no sense, such as an open bracket.
    pub fn new(patterns: &[String]) -> Result<Self, Failure> {
        let typed: Vec<Pattern> =
            patterns.iter().map(|text| Pattern { text: text.trim_matches('/').to_owned(), found: false }).collect();
        let mut globs = GlobSetBuilder::new();
        for Pattern { text, .. } in &typed {
            let anywhere = if text.contains('/') { "" } else { "**/" };
            globs.add(glob(&format!("{anywhere}{text}"))?).add(glob(&format!("{anywhere}{text}/**"))?);
        }
        let globs = globs.build().map_err(|error| Failure::usage("These patterns are too many.").because(error))?;
        Ok(Self { typed, globs, matching: Vec::new() })
    }

    /// Whether `path`, a domain with a path below it, is asked for. Remembers which patterns found something.
    pub fn take(&mut self, path: &str) -> bool {
        if self.typed.is_empty() {
            return true;
        }
        self.globs.matches_into(path, &mut self.matching);
        let mut taken = false;
        for (index, typed) in self.typed.iter_mut().enumerate() {
            let hit = self.matching.iter().any(|glob| glob / GLOBS_EACH == index) || is_at_or_below(path, &typed.text);
            typed.found |= hit;
            taken |= hit;
        }
        taken
    }

    /// Whether something that lies below `folder` may be asked for.
    pub fn may_be_below(&self, folder: &str) -> bool {
        let reaches = |text: &str| {
            let plain = text.split(['*', '?', '[', '{']).next().unwrap_or_default();
            !text.contains('/') || is_at_or_below(text, folder) || format!("{folder}/").starts_with(plain)
        };
        self.typed.is_empty() || self.typed.iter().any(|typed| reaches(&typed.text))
    }

    /// Whether everything is asked for, whatever it is called.
    pub fn take_everything(&self) -> bool {
        let is_all = |text: &str| !text.is_empty() && text.chars().all(|c| matches!(c, '*' | '/'));
        let is_complete = |text: &str| is_all(text) && (!text.contains('/') || text.contains("**"));
        self.typed.is_empty() || self.typed.iter().any(|typed| is_complete(&typed.text))
    }

    /// The patterns that found nothing so far.
    pub fn without_match(&self) -> impl Iterator<Item = &str> {
        self.typed.iter().filter(|typed| !typed.found).map(|typed| typed.text.as_str())
    }
}

fn glob(pattern: &str) -> Result<Glob, Failure> {
    GlobBuilder::new(pattern)
        .literal_separator(true)
        .case_insensitive(true)
        // A backslash is a letter here: paths of a device have no other separator than the slash.
        .backslash_escape(false)
        .build()
        .or_else(|_| Glob::new(&globset::escape(pattern)))
        .map_err(|error| {
            Failure::usage(format!("\"{pattern}\" is not a pattern that corer understands.")).because(error)
        })
}

fn is_at_or_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(pattern: &str, path: &str) -> bool {
        Patterns::new(&[pattern.to_owned()]).unwrap().take(path)
    }

    #[test]
    fn a_star_stays_in_its_folder_and_two_do_not() {
        assert!(takes("HomeDomain/Library/*/sms.db", "HomeDomain/Library/SMS/sms.db"));
        assert!(!takes("HomeDomain/*/sms.db", "HomeDomain/Library/SMS/sms.db"));
        assert!(takes("HomeDomain/**/sms.db", "HomeDomain/Library/SMS/sms.db"));
        assert!(takes("CameraRollDomain/**", "CameraRollDomain/Media/DCIM/100APPLE/IMG_1.JPG"));
    }

    #[test]
    fn a_directory_means_all_below_it() {
        assert!(takes("HomeDomain/Library/SMS", "HomeDomain/Library/SMS/Attachments/a/b.jpg"));
        assert!(takes("HomeDomain/Library/SMS/", "HomeDomain/Library/SMS"));
        assert!(!takes("HomeDomain/Library/SMS", "HomeDomain/Library/SMSX/a"));
        assert!(takes("HomeDomain", "HomeDomain"));
    }

    #[test]
    fn a_name_alone_is_found_anywhere_in_any_case() {
        assert!(takes("sms.db", "HomeDomain/Library/SMS/sms.db"));
        assert!(takes("*.heic", "CameraRollDomain/Media/DCIM/100APPLE/IMG_1.HEIC"));
        assert!(!takes("*.heic", "CameraRollDomain/Media/DCIM/100APPLE/IMG_1.HEIC.txt"));
    }

    #[test]
    fn what_was_typed_also_counts_literally() {
        assert!(takes("AppDomain-x/Documents/a[1].txt", "AppDomain-x/Documents/a[1].txt"));
        assert!(takes("AppDomain-x/a[1.txt", "AppDomain-x/a[1.txt"));
        assert!(takes("AppDomain-x/a\\b", "AppDomain-x/a\\b"));
    }

    #[test]
    fn what_could_not_be_listed_may_have_been_asked_for() {
        let patterns = |pattern: &str| Patterns::new(&[pattern.to_owned()]).unwrap();
        for below in ["*.jpg", "**/*.jpg", "HomeDomain/**", "HomeDomain/Library/SMS", "HomeDomain/Li*/x"] {
            assert!(patterns(below).may_be_below("HomeDomain/Library"), "{below}");
        }
        for elsewhere in ["CameraRollDomain/**", "HomeDomain/Media/*.jpg", "HomeDomain/Library2/x"] {
            assert!(!patterns(elsewhere).may_be_below("HomeDomain/Library"), "{elsewhere}");
        }
        assert!(["**", "*", "**/*", "/**"].iter().all(|all| patterns(all).take_everything()));
        assert!(!["HomeDomain/**", "*.jpg", "*/x", "**/x"].iter().any(|some| patterns(some).take_everything()));
    }

    #[test]
    fn no_pattern_takes_everything_and_misses_are_named() {
        assert!(Patterns::new(&[]).unwrap().take("HomeDomain/x"));
        let mut patterns = Patterns::new(&["a".into(), "b/*".into()]).unwrap();
        assert!(patterns.take("HomeDomain/a"));
        assert_eq!(patterns.without_match().collect::<Vec<_>>(), ["b/*"]);
    }
}
