//! The command `maillage`: what it can be told, by arguments or by environment, and what it does then.
//!
//! To add a command: 1. a variant of [`Command`]; 2. a module that runs it.

mod check;
mod duplicates;
mod export;
mod first_start;
mod import;
mod logs;
mod progress;
mod report;
mod serve;
mod settings;
mod source;
mod suggest;

use std::process::ExitCode;

use clap::Parser as _;
use maillage_graph_schema::store::StoreError;
use maillage_importer::ImportError;
use maillage_importer::duplicates::decide::NotDecided;

use self::settings::{Arguments, Command, SchemaOf, Settings};
use crate::graphql;

/// The stack of a thread: the library resolves and validates queries by recursion, so give it room beyond what the limits of
/// [`graphql::scan`] and [`graphql::cost`] let through.
const STACK: usize = 8 << 20;

/// The exit code when it was done, and there is something to fix in the files.
const TO_FIX: u8 = 1;

/// The exit code when it could not be done: as for wrong arguments.
const UNDONE: u8 = 2;

/// Runs the command; the exit code says how it went.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    logs::start(arguments.settings.log_format, arguments.settings.log.as_deref());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK).build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(run(arguments)),
        Err(error) => Err(anyhow::Error::new(error).context("cannot start the threads")),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            tell(&error);
            UNDONE.into()
        }
    }
}

/// Tells people what went wrong and what to do about it.
fn tell(error: &anyhow::Error) {
    eprintln!("error: {error:#}");
    if let Some(hint) = hint(error) {
        eprintln!("hint: {hint}");
    }
}

async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let settings: Settings = arguments.settings;
    match arguments.command.unwrap_or(Command::Serve) {
        Command::Serve => Box::pin(serve::run(&settings)).await,
        Command::Import(what) => Box::pin(import::run(&settings, &what)).await,
        Command::Check(what) => check::run(&settings, &what).await,
        Command::Report(what) => Box::pin(report::run(&settings, &what)).await,
        Command::Duplicates(what) => Box::pin(duplicates::run(&settings, &what)).await,
        Command::Source(what) => Box::pin(source::run(&settings, &what)).await,
        Command::Export => Box::pin(export::run(&settings)).await,
        Command::Schema { what } => {
            export::print(&schema(what)?)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn schema(what: SchemaOf) -> anyhow::Result<String> {
    let json = match what {
        SchemaOf::Graphql => return Ok(graphql::sdl(&graphql::schema())),
        SchemaOf::Mapping => maillage_importer::schema::mapping(),
        SchemaOf::Sources => maillage_importer::schema::sources(),
    };
    Ok(serde_json::to_string_pretty(&json)? + "\n")
}

/// What to do about an error, where there is something to do.
fn hint(error: &anyhow::Error) -> Option<String> {
    error.chain().find_map(|cause| {
        if let Some(error) = cause.downcast_ref::<ImportError>() {
            return error.hint();
        }
        if let Some(error) = cause.downcast_ref::<NotDecided>() {
            return error.hint();
        }
        if let Some(settings::Hinted { hint, .. }) = cause.downcast_ref() {
            return Some(hint.clone());
        }
        match cause.downcast_ref::<StoreError>()? {
            StoreError::Unavailable { .. } => {
                Some("is the store running, and are --store, --store-user and --store-password-file right?".to_owned())
            }
            StoreError::NewerSchema { .. } => {
                Some("run the newer version of maillage that wrote it; nothing was touched".to_owned())
            }
            _ => None,
        }
    })
}
