//! Does the same to many things, on all cores, and lets none of them take too long or take the others down.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

/// How often somebody looks whether a worker takes too long, and how many items are done. To be told of each would take longer than
/// many of them do.
const LOOK: Duration = Duration::from_millis(50);

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
    /// Of each item, once it is done or given up.
    results: Vec<Mutex<Option<Result<R, Undone>>>>,
    done: AtomicUsize,
    /// Told when all are done.
    all_done: Notify,
}

/// Acts on each item, and says after each that it is done. The results are in the order of the items.
pub async fn each<T: Send + 'static, R: Send + 'static>(
    items: Vec<T>,
    longest: Duration,
    act: impl Fn(T) -> R + Send + Sync + 'static,
    mut done: impl FnMut(),
) -> Vec<Result<R, Undone>> {
    let count = items.len();
    let work = Arc::new(Work {
        items: items.into_iter().map(|item| Mutex::new(Some(item))).collect(),
        next: AtomicUsize::new(0),
        act: Box::new(act),
        results: (0..count).map(|_| Mutex::new(None)).collect(),
        done: AtomicUsize::new(0),
        all_done: Notify::new(),
    });
    let mut crew = Crew { work: Arc::clone(&work), working: Vec::new() };
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(count);
    (0..workers).for_each(|_| crew.hire());
    let mut told = 0;
    loop {
        let now_done = work.done.load(Ordering::Acquire);
        (told..now_done).for_each(|_| done());
        told = now_done;
        if told == count {
            break;
        }
        // A notice that came before is kept until somebody waits for it.
        let _ = tokio::time::timeout(LOOK.min(longest), work.all_done.notified()).await;
        crew.give_up_those_who_began_before(longest);
    }
    // Every item was done or given up.
    work.results.iter().map(|result| locked(result).take().unwrap_or(Err(Undone::Failed))).collect()
}

fn locked<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T, R> Work<T, R> {
    /// Keeps what came of an item.
    fn end(&self, item: usize, result: Result<R, Undone>) {
        *locked(&self.results[item]) = Some(result);
        if self.done.fetch_add(1, Ordering::AcqRel) + 1 == self.items.len() {
            self.all_done.notify_one();
        }
    }
}

/// Those who work.
struct Crew<T, R> {
    work: Arc<Work<T, R>>,
    working: Vec<Arc<Mutex<Worker>>>,
}

/// What a worker is at.
enum Worker {
    Idle,
    At {
        item: usize,
        since: Instant,
    },
    /// Nobody waits for it any more.
    GivenUp,
}

impl<T: Send + 'static, R: Send + 'static> Crew<T, R> {
    fn hire(&mut self) {
        let worker = Arc::new(Mutex::new(Worker::Idle));
        self.working.push(Arc::clone(&worker));
        let work = Arc::clone(&self.work);
        tokio::task::spawn_blocking(move || {
            loop {
                let item = work.next.fetch_add(1, Ordering::Relaxed);
                let Some(thing) = work.items.get(item).and_then(|item| locked(item).take()) else { break };
                if !begins(&worker, item) {
                    break;
                }
                let result = catch_unwind(AssertUnwindSafe(|| (work.act)(thing))).map_err(|_| Undone::Failed);
                let mut state = locked(&worker);
                // What comes from one that was given up is late.
                if matches!(*state, Worker::GivenUp) {
                    break;
                }
                *state = Worker::Idle;
                drop(state);
                work.end(item, result);
            }
        });
    }

    /// Waits no longer for those who are at one item for so long, and takes others in their place.
    fn give_up_those_who_began_before(&mut self, longest: Duration) {
        let mut late = Vec::new();
        self.working.retain(|worker| {
            let mut state = locked(worker);
            let Worker::At { item, since } = *state else { return true };
            let is_late = since.elapsed() >= longest;
            if is_late {
                *state = Worker::GivenUp;
                late.push(item);
            }
            !is_late
        });
        for item in late {
            self.hire();
            self.work.end(item, Err(Undone::TooLong));
        }
    }
}

/// Notes what a worker is at; whether anybody waits for it.
fn begins(worker: &Mutex<Worker>, item: usize) -> bool {
    let mut state = locked(worker);
    let is_awaited = !matches!(*state, Worker::GivenUp);
    if is_awaited {
        *state = Worker::At { item, since: Instant::now() };
    }
    is_awaited
}

impl<T, R> Drop for Crew<T, R> {
    /// Who asked may have gone away: nobody takes another item.
    fn drop(&mut self) {
        self.working.iter().for_each(|worker| *locked(worker) = Worker::GivenUp);
    }
}

/// So many shares are made for each who works: some take longer than others, and who is done takes the next.
const SHARES_EACH: usize = 16;

/// The results of an act on shares of some things, which are together all of them, in their order; on all cores. For what cannot
/// fail: where one does, so does the whole.
pub fn shares<T: Send, R: Send>(items: &mut [T], act: impl Fn(&mut [T]) -> R + Sync) -> Vec<R> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let share = items.len().div_ceil(workers * SHARES_EACH).max(1);
    let waiting = Mutex::new(items.chunks_mut(share).enumerate());
    let work = || {
        let mut done = Vec::new();
        loop {
            let Some((place, share)) = locked(&waiting).next() else { return done };
            done.push((place, act(share)));
        }
    };
    let mut results: Vec<(usize, R)> = std::thread::scope(|scope| {
        let working: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        working.into_iter().flat_map(|working| working.join().unwrap_or_else(|fault| resume_unwind(fault))).collect()
    });
    results.sort_unstable_by_key(|(place, _)| *place);
    results.into_iter().map(|(_, result)| result).collect()
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
