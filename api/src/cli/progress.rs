//! How far a long task has come: a bar in a terminal, lines in a log.

use std::io::IsTerminal as _;
use std::sync::{Mutex, MutexGuard, PoisonError};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use maillage_importer::{Progress, Stage};

/// After how many more percent a line is logged.
const STEP: u64 = 25;

/// Shows the stages of one task.
#[derive(Debug)]
pub struct Shown {
    task: String,
    state: Mutex<State>,
}

#[derive(Debug)]
enum State {
    Bar(ProgressBar),
    Lines { stage: &'static str, total: Option<u64>, done: u64, logged: u64 },
}

impl Shown {
    /// Shows a task, such as `towns and topics`.
    pub fn of(task: impl Into<String>) -> Self {
        let task = task.into();
        let state = if std::io::stderr().is_terminal() {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            bar.set_prefix(task.clone());
            State::Bar(bar)
        } else {
            State::Lines { stage: "", total: None, done: 0, logged: 0 }
        };
        Self { task, state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a stage that the importer does not know.
    pub fn begin(&self, stage: &'static str, total: Option<u64>) {
        match &mut *self.state() {
            State::Bar(bar) => {
                bar.reset();
                let template = if total.is_some() { "{prefix}: {msg} {bar:30} {pos}/{len}" } else { "{prefix}: {msg} {pos}" };
                if let Ok(style) = ProgressStyle::with_template(template) {
                    bar.set_style(style);
                }
                match total {
                    Some(total) => bar.set_length(total),
                    None => bar.unset_length(),
                }
                bar.set_message(stage);
                bar.tick();
            }
            State::Lines { stage: current, total: whole, done, logged } => {
                (*current, *whole, *done, *logged) = (stage, total, 0, 0);
                tracing::info!(task = self.task, total, "{}: {stage}", self.task);
            }
        }
    }
}

impl Progress for Shown {
    fn stage(&self, stage: Stage, total: Option<u64>) {
        self.begin(stage.as_str(), total);
    }

    fn advance(&self, by: u64) {
        match &mut *self.state() {
            State::Bar(bar) => bar.inc(by),
            State::Lines { stage, total, done, logged } => {
                *done += by;
                let Some(total) = total.filter(|total| *total > 0) else { return };
                let percent = *done * 100 / total;
                if percent >= *logged + STEP && percent < 100 {
                    *logged = percent - percent % STEP;
                    tracing::info!(task = self.task, done = *done, total, "{}: {stage}, {percent} %", self.task);
                }
            }
        }
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        if let State::Bar(bar) = &*self.state() {
            bar.finish_and_clear();
        }
    }
}
