//! The program `corer`: see [`cli`].

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::failure::install_panic_hook();
    cli::run().into()
}
