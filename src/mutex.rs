//! Locks, taken in one way.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Takes a lock. What is behind one is whole after every change, so a panic of whoever held it does not spoil it.
pub fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
