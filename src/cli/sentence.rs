//! Messages of libraries as the sentences that a person reads.

/// A message that begins with a path or another name, as a sentence: it stays letter for letter.
pub fn with_full_stop(message: &str) -> String {
    format!("{}.", message.trim_end_matches('.'))
}

/// A message of a library, which begins small and ends without a stop, as a sentence. Only words with which such messages
/// begin get a capital: anything else may be a path, a name, or a number of the person's, and stays letter for letter.
pub fn sentence(message: &str) -> String {
    let message = message.trim_end_matches('.');
    let first = message.split([' ', ':', ',']).next().unwrap_or_default();
    let is_word = BEGINNINGS.contains(&first) && message.get(first.len()..).is_some_and(|rest| rest.starts_with(' '));
    match message.get(..1).filter(|_| is_word) {
        Some(letter) => format!("{}{}.", letter.to_ascii_uppercase(), message.get(1..).unwrap_or_default()),
        None => format!("{message}."),
    }
}

/// The words with which messages of the libraries begin, and no path does that is followed by a blank.
const BEGINNINGS: [&str; 16] = [
    "a", "an", "another", "backups", "each", "it", "its", "no", "nothing", "one", "the", "there", "this", "what",
    "where", "more",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_libraries_become_sentences() {
        assert_eq!(sentence("the disk is full"), "The disk is full.");
        assert_eq!(sentence("there is no table"), "There is no table.");
        assert_eq!(sentence(""), ".");
        for path in ["h1 is no backup", "backup: it is damaged", "the: gone", "é is in the way", "mira cannot be read"]
        {
            assert_eq!(sentence(path), format!("{path}."));
        }
        assert_eq!(sentence("out/a is in the way"), "out/a is in the way.");
        assert_eq!(sentence("sms.db cannot be read."), "sms.db cannot be read.");
    }
}
