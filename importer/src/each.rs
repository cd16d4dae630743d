//! Does the same to many things, on all cores, and lets none of them take too long or take the others down.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::Instant;

/// Why something was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undone {
    /// It took too long, and was left to itself.
    TooLong,
    /// The program failed at it.
    Failed,
}

/// Things to be done, which workers take one after the other.
struct Work<T, R> {
    /// Each is taken away by who does it: what was done makes room for what comes of it.
    items: Vec<Mutex<Option<T>>>,
    next: AtomicUsize,
    act: Box<dyn Fn(T) -> R + Send + Sync>,
    events: UnboundedSender<Event<R>>,
}

/// What a worker says.
enum Event<R> {
    Began { worker: usize, item: usize },
    Done { worker: usize, item: usize, result: Result<R, Undone> },
    Over { worker: usize },
}

/// Acts on each item, and says after each that it is done. The results are in the order of the items.
pub async fn each<T: Send + 'static, R: Send + 'static>(
    items: Vec<T>,
    longest: Duration,
    act: impl Fn(T) -> R + Send + Sync + 'static,
    mut done: impl FnMut(),
) -> Vec<Result<R, Undone>> {
    let count = items.len();
    let items = items.into_iter().map(|item| Mutex::new(Some(item))).collect();
    let (events, received) = unbounded_channel();
    let work = Arc::new(Work { items, next: AtomicUsize::new(0), act: Box::new(act), events });
    let mut crew = Crew { work, received, running: HashMap::new(), hired: 0 };
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(count);
    (0..workers).for_each(|_| crew.hire());
    let mut results: Vec<Option<Result<R, Undone>>> = (0..count).map(|_| None).collect();
    while let Some((item, result)) = crew.next(longest).await {
        results[item] = Some(result);
        done();
    }
    // Every item was taken by a worker, and each of those has answered or was given up.
    results.into_iter().map(|result| result.unwrap_or(Err(Undone::Failed))).collect()
}

/// Those who work.
struct Crew<T, R> {
    work: Arc<Work<T, R>>,
    received: UnboundedReceiver<Event<R>>,
    running: HashMap<usize, Running>,
    hired: usize,
}

/// What a worker is at.
struct Running {
    item: Option<(usize, Instant)>,
    /// Tells it that nobody waits for it any more.
    given_up: Arc<AtomicBool>,
}

impl<T: Send + 'static, R: Send + 'static> Crew<T, R> {
    fn hire(&mut self) {
        let worker = self.hired;
        self.hired += 1;
        let given_up = Arc::new(AtomicBool::new(false));
        self.running.insert(worker, Running { item: None, given_up: Arc::clone(&given_up) });
        let work = Arc::clone(&self.work);
        tokio::task::spawn_blocking(move || {
            while !given_up.load(Ordering::Relaxed) {
                let item = work.next.fetch_add(1, Ordering::Relaxed);
                let Some(thing) = work.items.get(item) else { break };
                let Some(thing) = thing.lock().unwrap_or_else(PoisonError::into_inner).take() else { continue };
                let began = work.events.send(Event::Began { worker, item });
                let result = catch_unwind(AssertUnwindSafe(|| (work.act)(thing))).map_err(|_| Undone::Failed);
                if began.is_err() || work.events.send(Event::Done { worker, item, result }).is_err() {
                    break;
                }
            }
            // Nobody may be listening any more.
            let _ = work.events.send(Event::Over { worker });
        });
    }

    /// Waits no longer for a worker, and takes another in its place.
    fn give_up(&mut self, worker: usize) {
        if let Some(lost) = self.running.remove(&worker) {
            lost.given_up.store(true, Ordering::Relaxed);
        }
        self.hire();
    }

    /// The next item that is done or given up; `None` when all are.
    async fn next(&mut self, longest: Duration) -> Option<(usize, Result<R, Undone>)> {
        loop {
            if self.running.is_empty() {
                return None;
            }
            let busy = self.running.iter().filter_map(|(worker, running)| Some((running.item?, *worker)));
            let slowest = busy.min_by_key(|((_, since), _)| *since);
            let event = if let Some(((item, since), worker)) = slowest {
                let event = tokio::time::timeout_at(since + longest, self.received.recv()).await;
                let Ok(event) = event else {
                    self.give_up(worker);
                    return Some((item, Err(Undone::TooLong)));
                };
                event
            } else {
                self.received.recv().await
            };
            match event? {
                Event::Began { worker, item } => {
                    if let Some(running) = self.running.get_mut(&worker) {
                        running.item = Some((item, Instant::now()));
                    }
                }
                Event::Over { worker } => {
                    self.running.remove(&worker);
                }
                Event::Done { worker, item, result } => {
                    // What comes from one that was given up is late.
                    if let Some(running) = self.running.get_mut(&worker) {
                        running.item = None;
                        return Some((item, result));
                    }
                }
            }
        }
    }
}

/// The results of an act on shares of some things, which are together all of them, in their order; on all cores. For what takes
/// about as long for each, and cannot fail: where one does, so does the whole.
pub fn shares<T: Send, R: Send>(items: &mut [T], act: impl Fn(&mut [T]) -> R + Sync) -> Vec<R> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let share = items.len().div_ceil(workers).max(1);
    let act = &act;
    std::thread::scope(|scope| {
        let working: Vec<_> = items.chunks_mut(share).map(|share| scope.spawn(move || act(share))).collect();
        working.into_iter().map(|working| working.join().unwrap_or_else(|fault| resume_unwind(fault))).collect()
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Condvar;
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn results_are_in_the_order_of_the_items() {
        let mut advanced = 0;
        let items: Vec<usize> = (0..1_000).collect();
        let results = each(items, Duration::from_mins(1), |item| item * 2, || advanced += 1).await;
        assert_eq!(results, (0..1_000).map(|item| Ok(item * 2)).collect::<Vec<_>>());
        assert_eq!(advanced, 1_000);
        assert!(each(Vec::<usize>::new(), Duration::ZERO, |item| item, || {}).await.is_empty());
    }

    #[test]
    fn shares_are_all_things_in_their_order() {
        for count in [0_usize, 1, 2, 3, 1_000] {
            let mut items: Vec<usize> = (0..count).collect();
            let results = shares(&mut items, |share| {
                for item in &mut *share {
                    *item += 1;
                }
                share.to_vec()
            });
            assert_eq!(results.concat(), (1..=count).collect::<Vec<_>>());
            assert_eq!(items, (1..=count).collect::<Vec<_>>());
        }
    }

    #[tokio::test]
    async fn one_that_takes_too_long_or_fails_does_not_stop_the_others() {
        // The slow one waits until the others are through: it can not be on time.
        let gate = Arc::new((Mutex::new(false), Condvar::new()));
        let (open, closed) = (Arc::clone(&gate), gate);
        let (finished, all) = mpsc::channel();
        let act = move |item: usize| {
            match item {
                1 => {
                    let (lock, signal) = &*closed;
                    let is_open = lock.lock().expect("a lock");
                    drop(signal.wait_while(is_open, |is_open| !*is_open).expect("a lock"));
                }
                3 => std::panic::resume_unwind(Box::new("a fault")),
                _ => finished.send(item).expect("a listener"),
            }
            item
        };
        let results = each((0..40).collect(), Duration::from_millis(200), act, || {}).await;
        assert_eq!(all.iter().take(38).count(), 38);
        *open.0.lock().expect("a lock") = true;
        open.1.notify_all();
        for (item, result) in results.into_iter().enumerate() {
            let expected = match item {
                1 => Err(Undone::TooLong),
                3 => Err(Undone::Failed),
                _ => Ok(item),
            };
            assert_eq!(result, expected, "{item}");
        }
    }
}
