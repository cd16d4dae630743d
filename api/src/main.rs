//! The command `maillage`.

use std::process::ExitCode;

fn main() -> ExitCode {
    maillage::cli::main()
}
