//! Random bytes for everything in corer that reads what strangers wrote: all targets in one program, which links once.
//! `CORER_FUZZ` names the one that runs; without it, their names are printed. `CORER_FUZZ_INPUT` names a file that holds the
//! input that is being tried: who overflows the stack, or is killed, leaves nothing else behind.
#![no_main]

mod databases;
mod targets;

use std::alloc::System;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::OnceLock;

use cap::Cap;
use targets::Target;

/// No input, however made, needs more than this at a time, in bytes: the limit of hostile inputs. Who wants more ends, and
/// the input with it is kept. libFuzzer looks at the memory once a second alone.
const MEMORY: usize = 256 << 20;

#[global_allocator]
static MEMORY_OF_ALL: Cap<System> = Cap::new(System, MEMORY);

static CHOSEN: OnceLock<(Target, Option<File>)> = OnceLock::new();

libfuzzer_sys::fuzz_target!(init: choose(), |bytes: &[u8]| {
    if let Some((target, input)) = CHOSEN.get() {
        if let Some(input) = input {
            let written = input.write_all_at(bytes, 0).and_then(|()| input.set_len(bytes.len() as u64));
            written.expect("the file of CORER_FUZZ_INPUT can be written");
        }
        target(bytes);
    }
});

fn choose() {
    let name = std::env::var("CORER_FUZZ").unwrap_or_default();
    let Some((_, target)) = targets::ALL.iter().find(|(known, _)| *known == name) else {
        targets::ALL.iter().for_each(|(known, _)| println!("{known}"));
        std::process::exit(if name.is_empty() { 0 } else { 2 });
    };
    let input = std::env::var_os("CORER_FUZZ_INPUT");
    let input = input.map(|path| File::create(path).expect("the file of CORER_FUZZ_INPUT can be made"));
    let _ = CHOSEN.set((*target, input));
    std::panic::set_hook(Box::new(|panic| {
        // The panic of a decoder of pictures is caught, and costs its picture.
        if !corer_exporters::convert::is_decoding() {
            eprintln!("{panic}\n{}", std::backtrace::Backtrace::force_capture());
            std::process::abort();
        }
    }));
}
