//! Colour on a terminal: few, and only where somebody looks.

use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use clap::ValueEnum;
use clap::builder::styling::{AnsiColor, Style};

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ColorMode {
    /// On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise; always with `CLICOLOR_FORCE`
    #[default]
    Auto,
    /// Also into files and pipes
    Always,
    /// Never
    Never,
}

impl ColorMode {
    /// Decides for one stream.
    pub fn paint<S: RawStream>(self, stream: &S) -> Paint {
        let on = match self {
            Self::Auto => AutoStream::choice(stream) != ColorChoice::Never,
            Self::Always => true,
            Self::Never => false,
        };
        Paint { on }
    }
}

impl From<ColorMode> for clap::ColorChoice {
    fn from(when: ColorMode) -> Self {
        match when {
            ColorMode::Auto => Self::Auto,
            ColorMode::Always => Self::Always,
            ColorMode::Never => Self::Never,
        }
    }
}

/// Colours for one stream, or none.
#[derive(Debug, Clone, Copy)]
pub struct Paint {
    on: bool,
}

impl Paint {
    /// Plain text.
    #[cfg(test)]
    pub fn off() -> Self {
        Self { on: false }
    }

    /// Whether there is any colour.
    pub fn is_on(self) -> bool {
        self.on
    }

    /// A heading.
    pub fn head(self, text: &str) -> String {
        self.with(Style::new().bold(), text)
    }

    /// Something that went wrong.
    pub fn bad(self, text: &str) -> String {
        self.with(AnsiColor::Red.on_default().bold(), text)
    }

    /// Something to look at.
    pub fn warn(self, text: &str) -> String {
        self.with(AnsiColor::Yellow.on_default(), text)
    }

    /// Something that is as it should be.
    pub fn good(self, text: &str) -> String {
        self.with(AnsiColor::Green.on_default(), text)
    }

    fn with(self, style: Style, text: &str) -> String {
        if self.on { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_wins_over_the_stream() {
        let pipe: Box<dyn std::io::Write> = Box::new(Vec::new());
        assert!(ColorMode::Always.paint(&pipe).is_on());
        assert!(!ColorMode::Never.paint(&pipe).is_on());
    }

    #[test]
    fn off_is_plain() {
        assert_eq!(Paint::off().bad("x"), "x");
        assert_eq!(Paint { on: true }.head("x"), "\u{1b}[1mx\u{1b}[0m");
    }
}
