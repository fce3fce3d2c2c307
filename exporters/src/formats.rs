//! What the formats of all kinds have in common.

/// A format in which the records of one kind are written.
pub trait Format: Copy + Eq + 'static {
    /// All of them, in the order in which they are told.
    const ALL: &'static [Self];
    /// Those that are written where none is asked for.
    const DEFAULT: &'static [Self];
    /// What programs read.
    const LINES: Self;
    /// What goes to a stream for people where none is asked for; most have none that is clear.
    const STREAM: Option<Self> = None;

    /// What the names of its files end in, without the dot.
    fn extension(self) -> &'static str;

    /// Whether it is one file, which a stream takes, too.
    fn is_one_file(self) -> bool;

    /// Those that are one file.
    fn one_file() -> Vec<Self> {
        Self::ALL.iter().copied().filter(|format| format.is_one_file()).collect()
    }

    /// The one that is one file whose name ends so.
    fn of_extension(extension: &str) -> Option<Self> {
        Self::one_file().into_iter().find(|format| format.extension() == extension)
    }
}

/// The formats that are written, where these were asked for.
pub fn written<F: Format>(asked: &[F]) -> Vec<F> {
    if asked.is_empty() { F::DEFAULT.to_vec() } else { asked.to_vec() }
}
