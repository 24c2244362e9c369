//! The program `soundings`: reads the command line and does what it says.

use std::process::ExitCode;

/// A page takes many small pieces of memory; this hands them out faster than the
/// system does.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    soundings::cli::run()
}
