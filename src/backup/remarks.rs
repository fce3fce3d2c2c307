//! What is said of a file that was looked at, in words.

use super::out_of_reach::is_out_of_reach;

/// Everything that is said of one file.
#[derive(Debug, Default)]
pub struct Remarks {
    /// What is damaged.
    pub damage: Vec<String>,
    /// What nobody could look at.
    pub unchecked: Vec<String>,
    /// What is odd but legal.
    pub notes: Vec<String>,
}

impl Remarks {
    /// Says that something is damaged.
    pub fn damage(&mut self, why: impl Into<String>) {
        self.damage.push(why.into());
    }

    /// Says that something is odd.
    pub fn note(&mut self, why: impl Into<String>) {
        self.notes.push(why.into());
    }

    /// Takes in that the system could not give the bytes.
    pub fn system(&mut self, error: &std::io::Error) {
        if is_out_of_reach(error) {
            self.unchecked.push(format!("it could not be looked at: {error}"));
        } else {
            self.damage(format!("it cannot be read: {error}"));
        }
    }
}
