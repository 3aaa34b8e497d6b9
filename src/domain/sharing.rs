//! Work on many of a kind, shared out to two threads.

use std::panic::resume_unwind;
use std::thread;

/// From how many teams on a second thread is worth its start.
pub const MANY_TEAMS: usize = 100;

/// What `of` makes of each, in their order. From `many` of them on, a second thread takes half of them.
pub fn of_each<T: Sync, R: Send>(all: &[T], many: usize, of: impl Fn(&T) -> R + Sync) -> Vec<R> {
    if all.len() < many {
        return all.iter().map(of).collect();
    }
    let (first, second) = all.split_at(all.len() / 2);
    thread::scope(|scope| {
        let second = scope.spawn(|| second.iter().map(&of).collect::<Vec<R>>());
        let mut results: Vec<R> = first.iter().map(&of).collect();
        results.extend(second.join().unwrap_or_else(|panic| resume_unwind(panic)));
        results
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_out_or_not_they_stay_in_their_order() {
        for count in 0..7 {
            let all: Vec<usize> = (0..count).collect();
            assert_eq!(of_each(&all, 4, |one| one + 1), (1..=count).collect::<Vec<_>>());
        }
    }
}
