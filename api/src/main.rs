//! The command `maillage`.

use std::process::ExitCode;

/// The index is many small allocations: with the system's allocator it opens and answers a tenth to a third slower
/// (`cargo xtask bench explore`).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    maillage::cli::main()
}
