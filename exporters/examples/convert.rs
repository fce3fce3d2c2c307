//! Converts pictures: `convert OUT-FOLDER FILE...` writes a JPEG, or a PNG of what is not opaque, for each. For measuring
//! the converter beside other programs.
#![allow(clippy::print_stderr)]

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use corer_exporters::convert::{ConvertTarget, Converter};

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let Some(folder) = arguments.next() else { return ExitCode::from(2) };
    let converter = Converter::default();
    let mut code = ExitCode::SUCCESS;
    for file in arguments {
        if let Err(why) = convert(&converter, Path::new(&folder), Path::new(&file)) {
            eprintln!("{}: {why}", Path::new(&file).display());
            code = ExitCode::FAILURE;
        }
    }
    code
}

fn convert(converter: &Converter, folder: &Path, file: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let picture = converter.convert(converter.read(fs::File::open(file)?)?, ConvertTarget::Web)?;
    let name = file.file_name().unwrap_or_default();
    fs::write(folder.join(name).with_extension(picture.format.extension()), picture.bytes)?;
    Ok(())
}
