//! The one connection that writes. SQLite has one writer at a time; waiting for it here is fairer and cheaper
//! than waiting in SQLite, and nobody waits for ever while another program keeps the database locked.
//!
//! # Changes that are made at the same time share a commit
//!
//! A commit waits for the disk, which takes longer than most changes. So whoever has the connection hands it on
//! to the next one who waits for it, with the transaction still open, and waits until somebody commits it:
//!
//! 1. Who gets the connection with no transaction on it begins one, and with it a [`Group`].
//! 2. Each member makes its change inside a savepoint of its own. When it fails, it is rolled back to there, and
//!    the others know nothing of it.
//! 3. Then, if anybody waits for the connection and the group is neither large nor old, the member leaves the
//!    connection to them as it is, and waits for the end of the group. Otherwise it commits, gives the connection
//!    back, and tells the end to all members.
//!
//! Why what is acknowledged is on the disk, and what is not on the disk is acknowledged to nobody:
//!
//! - A member returns only when the group has ended. If the commit failed, each of them gets that error, and
//!   nothing of the group has happened. That holds for those, too, whose own change failed: what they saw of
//!   the group, and say in their error, has not happened either.
//! - Every group ends. A transaction is left open only for somebody who waits, which is looked at under the same
//!   lock that the connection is given back under; and whoever waits looks under that lock whether the
//!   connection is there before giving up. If a change panics, its connection is closed, which rolls all of
//!   its transaction back, and the group ends with an error that asks to try again.
//! - After some failures, such as a full disk, SQLite rolls the whole transaction back by itself. Then the
//!   savepoint is gone as well, so releasing it or rolling back to it fails, and the group ends with the error
//!   of the change that met it. Nobody begins a savepoint without a transaction, which would begin another one.
//!   What cannot be rolled back is closed.
//! - Nobody but the members sees what is not committed: everything else reads through other connections.
//!
//! Nobody waits much longer than for a commit of their own: a group that is large or old is committed whoever
//! waits, and what takes its time, such as an import, is not made in a group, but with [`Writer::with`], which
//! commits the open one first.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use diesel::SqliteConnection;
use diesel::connection::SimpleConnection;

use super::open::Connector;
use super::{End, Error, Step};
use crate::clock::Stopwatch;
use crate::mutex::lock;

/// How many changes share a commit at most. With as many, the wait for the disk is a small part of each.
const MEMBERS: usize = 100;

/// How long after its beginning a group takes members: about as long as a disk takes for a commit.
const OPEN: Duration = Duration::from_millis(20);

/// The connection, and whoever waits for it.
pub(super) struct Writer {
    place: Mutex<Place>,
    given_back: Condvar,
    /// How long to wait for one's turn.
    patience: Duration,
    /// [`MEMBERS`].
    members: usize,
    /// [`OPEN`].
    open: Duration,
    /// How many groups and turns are over. Whatever is on the disk was counted here before anybody was told so.
    turns: Arc<AtomicU64>,
}

/// What is known of the connection.
struct Place {
    connection: Whereabouts,
    /// How many wait for it. Each of them takes it when it is there.
    waiting: usize,
}

/// Where the connection is.
enum Whereabouts {
    /// Here, perhaps with the transaction of a group on it; then somebody waits for it.
    Here(SqliteConnection, Option<Open>),
    InUse,
    /// Closed, since nobody knew in which state it was. Closing it rolled back what was not committed.
    Lost,
}

/// A group that takes members.
struct Open {
    group: Arc<Group>,
    began: Stopwatch,
    /// How many changes are in its transaction.
    made: usize,
}

impl Open {
    fn begin() -> Self {
        Self { group: Arc::default(), began: Stopwatch::start(), made: 0 }
    }
}

/// Changes that are committed together.
#[derive(Default)]
struct Group {
    end: Mutex<Option<Result<(), Error>>>,
    ended: Condvar,
}

impl Group {
    fn end(&self, end: Result<(), Error>) {
        *lock(&self.end) = Some(end);
        self.ended.notify_all();
    }

    /// Waits until it is committed, or has failed.
    fn wait(&self) -> Result<(), Error> {
        let end = lock(&self.end);
        let end = self.ended.wait_while(end, |end| end.is_none()).unwrap_or_else(PoisonError::into_inner);
        end.clone().unwrap_or(Err(Error::BrokenOff))
    }
}

impl Writer {
    pub(super) fn new(connection: SqliteConnection, patience: Duration) -> Self {
        let place = Place { connection: Whereabouts::Here(connection, None), waiting: 0 };
        Self {
            place: Mutex::new(place),
            given_back: Condvar::new(),
            patience,
            members: MEMBERS,
            open: OPEN,
            turns: Arc::default(),
        }
    }

    /// Counts on whenever something may have come onto the disk, before anybody is told so.
    pub(super) fn turns(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.turns)
    }

    /// Makes a change in one transaction with those who make others at the same time. What it did is on the disk
    /// when this returns, unless it returns an error: then nothing was done.
    pub(super) fn join(&self, connector: &Connector, step: &mut Step<'_>) -> Result<(), End> {
        let (turn, connection) = self.wait_for_turn(connector).map_err(End::Group)?;
        turn.join(connection, step)
    }

    /// Waits for the connection and works with it; there is no transaction on it.
    pub(super) fn with<T>(
        &self,
        connector: &Connector,
        work: impl FnOnce(&mut SqliteConnection) -> T,
    ) -> Result<T, Error> {
        let (mut turn, mut connection) = self.wait_for_turn(connector)?;
        if let Some(open) = turn.open.take() {
            let (left, end) = self.commit(connection, &open);
            open.group.end(end);
            connection = left.map_or_else(|| connector.connect(), Ok)?;
        }
        Ok(turn.work(connection, work))
    }

    /// Works with the connection if nobody has it now.
    pub(super) fn with_no_wait<T>(
        &self,
        connector: &Connector,
        work: impl FnOnce(&mut SqliteConnection) -> T,
    ) -> Result<T, Error> {
        let kept = {
            let mut place = self.place();
            match std::mem::replace(&mut place.connection, Whereabouts::InUse) {
                Whereabouts::Here(connection, None) => Some(connection),
                Whereabouts::Lost => None,
                // With a group on it, it is somebody's who waits.
                others @ (Whereabouts::Here(_, Some(_)) | Whereabouts::InUse) => {
                    place.connection = others;
                    return Err(Error::Overloaded);
                }
            }
        };
        let turn = Turn { writer: self, open: None, is_over: false };
        let connection = kept.map_or_else(|| connector.connect(), Ok)?;
        Ok(turn.work(connection, work))
    }

    fn wait_for_turn(&self, connector: &Connector) -> Result<(Turn<'_>, SqliteConnection), Error> {
        let (kept, open) = {
            let in_use = |place: &mut Place| matches!(place.connection, Whereabouts::InUse);
            let mut place = self.place();
            place.waiting += 1;
            let waited = self.given_back.wait_timeout_while(place, self.patience, in_use);
            let (mut place, _) = waited.unwrap_or_else(PoisonError::into_inner);
            place.waiting -= 1;
            match std::mem::replace(&mut place.connection, Whereabouts::InUse) {
                Whereabouts::Here(connection, open) => (Some(connection), open),
                Whereabouts::Lost => (None, None),
                Whereabouts::InUse => return Err(Error::Overloaded),
            }
        };
        let turn = Turn { writer: self, open, is_over: false };
        let connection = kept.map_or_else(|| connector.connect(), Ok)?;
        Ok((turn, connection))
    }

    /// Commits what a group did, if anything. The connection is closed if that fails and cannot be rolled back.
    fn commit(&self, mut connection: SqliteConnection, open: &Open) -> (Option<SqliteConnection>, Result<(), Error>) {
        let result = match open.made {
            0 => (rolled_back(connection), Ok(())),
            _ => match connection.batch_execute("COMMIT") {
                Ok(()) => (Some(connection), Ok(())),
                Err(error) => (rolled_back(connection), Err(error.into())),
            },
        };
        self.count_turn();
        result
    }

    fn count_turn(&self) {
        self.turns.fetch_add(1, Ordering::SeqCst);
    }

    fn place(&self) -> MutexGuard<'_, Place> {
        lock(&self.place)
    }
}

/// Somebody's turn, which ends in any case. The connection is beside it, not in it, so that a panic closes the
/// connection before the turn ends.
struct Turn<'w> {
    writer: &'w Writer,
    /// The group whose transaction is on the connection.
    open: Option<Open>,
    is_over: bool,
}

impl Turn<'_> {
    /// Works with a connection that has no transaction on it.
    fn work<T>(self, mut connection: SqliteConnection, work: impl FnOnce(&mut SqliteConnection) -> T) -> T {
        let result = work(&mut connection);
        self.give_back(Some(connection));
        result
    }

    /// Makes a change as a member of the group, or the first one of a new group.
    fn join(mut self, mut connection: SqliteConnection, step: &mut Step<'_>) -> Result<(), End> {
        if self.open.is_none()
            && let Err(error) = connection.batch_execute("BEGIN IMMEDIATE")
        {
            self.give_back(Some(connection));
            return Err(End::Group(error.into()));
        }
        let open = self.open.get_or_insert_with(Open::begin);
        let group = Arc::clone(&open.group);
        match in_savepoint(&mut connection, step) {
            Ok(is_made) => open.made += usize::from(is_made),
            Err((error, end)) => {
                self.open = None;
                self.give_back(rolled_back(connection));
                group.end(Err(error));
                return Err(end);
            }
        }
        let end = match self.hand_on(connection) {
            None => group.wait(),
            Some(connection) => self.end(connection),
        };
        end.map_err(End::Group)
    }

    /// Leaves the connection with the group to somebody who waits for it, if there is somebody and the group
    /// may still grow. Otherwise the connection comes back.
    fn hand_on(&mut self, connection: SqliteConnection) -> Option<SqliteConnection> {
        let writer = self.writer;
        let mut place = writer.place();
        let may_grow = |open: &mut Open| open.made < writer.members && open.began.elapsed() < writer.open;
        match self.open.take_if(|open| place.waiting > 0 && may_grow(open)) {
            None => Some(connection),
            Some(open) => {
                self.leave(&mut place, Whereabouts::Here(connection, Some(open)));
                None
            }
        }
    }

    /// Commits the group, and tells its members.
    fn end(mut self, connection: SqliteConnection) -> Result<(), Error> {
        let Some(open) = self.open.take() else { return Err(Error::BrokenOff) };
        let (left, end) = self.writer.commit(connection, &open);
        // The next group can begin before everybody has heard of the end of this one.
        self.give_back(left);
        open.group.end(end.clone());
        end
    }

    /// Ends the turn without a transaction. `None`: the connection is closed.
    fn give_back(mut self, connection: Option<SqliteConnection>) {
        let left = connection.map_or(Whereabouts::Lost, |connection| Whereabouts::Here(connection, None));
        let writer = self.writer;
        self.leave(&mut writer.place(), left);
    }

    fn leave(&mut self, place: &mut Place, connection: Whereabouts) {
        place.connection = connection;
        self.is_over = true;
        self.writer.count_turn();
        self.writer.given_back.notify_one();
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            let writer = self.writer;
            self.leave(&mut writer.place(), Whereabouts::Lost);
        }
        if let Some(open) = self.open.take() {
            open.group.end(Err(Error::BrokenOff));
        }
    }
}

/// Makes a change inside a savepoint, and says whether it was made. An error is why the transaction around it cannot
/// go on, for the others and for whoever made the change.
fn in_savepoint(connection: &mut SqliteConnection, step: &mut Step<'_>) -> Result<bool, (Error, End)> {
    let run = |connection: &mut SqliteConnection, sql| connection.batch_execute(sql).map_err(Error::from);
    let for_all = |error: Error| (error.clone(), End::Group(error));
    run(connection, "SAVEPOINT change").map_err(for_all)?;
    match step(connection) {
        Ok(()) => run(connection, "RELEASE change").map(|()| true).map_err(for_all),
        Err(end) => match run(connection, "ROLLBACK TO change; RELEASE change") {
            Ok(()) => Ok(false),
            Err(error) => Err((if let End::Caller(Some(cause)) = &end { cause.clone() } else { error }, end)),
        },
    }
}

/// Rolls everything back, which SQLite may have done already.
fn rolled_back(mut connection: SqliteConnection) -> Option<SqliteConnection> {
    match connection.batch_execute("ROLLBACK") {
        Err(error) if !error.to_string().contains("no transaction is active") => None,
        _ => Some(connection),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::atomic::AtomicUsize;
    use std::sync::mpsc;
    use std::thread;

    use chrono::DateTime;
    use tempfile::TempDir;

    use super::*;
    use crate::domain::access::Sight;
    use crate::domain::organization::Name;
    use crate::store::{Change, OpenOptions, Snapshot, Store};

    /// A store whose groups stay open as long as somebody waits, however slow the machine is.
    fn store() -> (TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let patience = Duration::from_secs(600);
        let mut store =
            Store::open(&folder.path().join("cairn.db"), OpenOptions { patience, ..OpenOptions::default() }).unwrap();
        store.writer.open = patience;
        (folder, store)
    }

    fn add(change: &mut Change<'_>, name: &str) -> Result<(), Error> {
        change.add_team(&Name::new(name).unwrap(), "", DateTime::UNIX_EPOCH).map(drop)
    }

    fn names(snapshot: &mut Snapshot<'_>) -> Result<BTreeSet<String>, Error> {
        Ok(snapshot.teams(&Sight::Everything)?.into_iter().map(|team| team.name.to_string()).collect())
    }

    /// What others see.
    fn kept(store: &Store) -> BTreeSet<String> {
        store.read(names).unwrap()
    }

    fn set<const N: usize>(names: [&str; N]) -> BTreeSet<String> {
        names.map(str::to_owned).into()
    }

    /// Begins a change that is under way until it is told to end.
    fn under_way<'s>(
        scope: &'s thread::Scope<'s, '_>,
        store: &'s Store,
    ) -> (mpsc::Sender<()>, thread::ScopedJoinHandle<'s, ()>) {
        let (go, may_go) = mpsc::channel();
        let (begin, has_begun) = mpsc::channel();
        let change = scope.spawn(move || {
            let wait = |_: &mut Change<'_>| {
                begin.send(()).unwrap();
                may_go.recv().unwrap();
                Ok::<_, Error>(())
            };
            store.write_alone(wait).unwrap();
        });
        has_begun.recv().unwrap();
        (go, change)
    }

    /// Waits until so many wait for the connection.
    fn until_waiting(store: &Store, many: usize) {
        while store.writer.place().waiting < many {
            thread::yield_now();
        }
    }

    /// Has `many` callers wait for a change that is under way, so that what they make comes one after the other. What
    /// came of each; `None` is a panic.
    fn together<T: Send>(store: &Store, many: usize, call: impl Fn(usize) -> T + Sync) -> Vec<Option<T>> {
        thread::scope(|scope| {
            let (go, first) = under_way(scope, store);
            let call = &call;
            let calls: Vec<_> = (0..many)
                .map(|number| scope.spawn(move || catch_unwind(AssertUnwindSafe(|| call(number))).ok()))
                .collect();
            until_waiting(store, many);
            go.send(()).unwrap();
            first.join().unwrap();
            calls.into_iter().map(|call| call.join().unwrap()).collect()
        })
    }

    #[test]
    fn changes_that_wait_share_a_commit_and_nobody_else_sees_it_before() {
        let (_folder, store) = store();
        let seen = together(&store, 5, |number| {
            store.write(|change| {
                let others = names(change)?;
                assert!(kept(&store).is_empty(), "what is not committed is seen");
                add(change, &format!("{number}"))?;
                Ok::<_, Error>(others.len())
            })
        });
        let mut seen: Vec<usize> = seen.into_iter().map(|seen| seen.unwrap().unwrap()).collect();
        seen.sort_unstable();
        assert_eq!(seen, [0, 1, 2, 3, 4]);
        assert_eq!(kept(&store), set(["0", "1", "2", "3", "4"]));
    }

    #[test]
    fn a_group_that_is_large_or_old_is_committed() {
        for limit in ["large", "old"] {
            let (_folder, mut store) = store();
            match limit {
                "large" => store.writer.members = 2,
                _ => store.writer.open = Duration::ZERO,
            }
            let seen = together(&store, 6, |number| {
                store.write(|change| {
                    let uncommitted = names(change)?.len() - kept(&store).len();
                    add(change, &format!("{number}"))?;
                    Ok::<_, Error>(uncommitted)
                })
            });
            let most = seen.into_iter().map(|seen| seen.unwrap().unwrap()).max();
            assert_eq!(most, Some(if limit == "large" { 1 } else { 0 }), "{limit}");
        }
    }

    #[test]
    fn a_change_that_fails_is_undone_without_the_others() {
        for failing in 0..4 {
            let (_folder, store) = store();
            let turn = AtomicUsize::new(0);
            let ends = together(&store, 4, |number| {
                store.write(|change| {
                    add(change, &format!("{number}"))?;
                    match turn.fetch_add(1, Ordering::SeqCst) {
                        turn if turn == failing => Err(Error::Other("on purpose".into())),
                        _ => Ok(()),
                    }
                })
            });
            let ends: Vec<_> = ends.into_iter().map(Option::unwrap).collect();
            let made = (0..4).filter(|&number| ends[number].is_ok()).map(|number| number.to_string()).collect();
            assert_eq!(kept(&store), made);
            assert_eq!(made.len(), 3);
        }
    }

    #[test]
    fn when_the_commit_fails_nothing_has_happened() {
        let (_folder, store) = store();
        let turn = AtomicUsize::new(0);
        let ends = together(&store, 4, |number| {
            store.write(|change| {
                add(change, &format!("{number}"))?;
                if turn.fetch_add(1, Ordering::SeqCst) == 1 {
                    // Looked at by the commit, not before.
                    change.snapshot.connection.batch_execute(
                        "PRAGMA defer_foreign_keys = ON;
                         INSERT INTO team_group_members (group_id, team_id) VALUES (1234, 5678)",
                    )?;
                }
                Ok::<_, Error>(())
            })
        });
        for end in ends {
            assert!(matches!(end.unwrap(), Err(Error::Other(message)) if message.contains("FOREIGN KEY")));
        }
        assert!(kept(&store).is_empty());
        store.write(|change| add(change, "after")).unwrap();
        assert_eq!(kept(&store), set(["after"]));
    }

    #[test]
    fn when_sqlite_rolls_back_by_itself_the_group_has_failed() {
        let (_folder, store) = store();
        let turn = AtomicUsize::new(0);
        let ends = together(&store, 4, |number| {
            store.write(|change| {
                add(change, &format!("{number}"))?;
                match turn.fetch_add(1, Ordering::SeqCst) {
                    2 => {
                        let sql = "INSERT OR ROLLBACK INTO epochs SELECT * FROM epochs";
                        Ok(change.snapshot.connection.batch_execute(sql)?)
                    }
                    _ => Ok::<_, Error>(()),
                }
            })
        });
        let ends: Vec<_> = ends.into_iter().map(Option::unwrap).collect();
        // The three that had a part in it; the fourth is in a group of its own.
        let failed = ends.iter().filter(|end| matches!(end, Err(Error::Other(why)) if why.contains("UNIQUE")));
        assert_eq!(failed.count(), 3);
        let made = (0..4).filter(|&number| ends[number].is_ok()).map(|number| number.to_string()).collect();
        assert_eq!(kept(&store), made);
        assert_eq!(made.len(), 1);
    }

    #[test]
    fn a_failure_that_a_change_hides_is_not_committed() {
        let (_folder, store) = store();
        let end = store.write(|change| {
            add(change, "lost")?;
            let _ = change.snapshot.connection.batch_execute("INSERT OR ROLLBACK INTO epochs SELECT * FROM epochs");
            Ok::<_, Error>(())
        });
        assert!(end.is_err());
        assert!(kept(&store).is_empty());
        store.write(|change| add(change, "after")).unwrap();
        assert_eq!(kept(&store), set(["after"]));
    }

    #[test]
    fn a_panic_is_told_to_those_who_share_the_commit() {
        let (_folder, store) = store();
        let turn = AtomicUsize::new(0);
        let ends = together(&store, 4, |number| {
            store.write(|change| {
                add(change, &format!("{number}"))?;
                assert_ne!(turn.fetch_add(1, Ordering::SeqCst), 2, "on purpose");
                Ok::<_, Error>(())
            })
        });
        assert_eq!(ends.iter().filter(|end| end.is_none()).count(), 1);
        assert_eq!(ends.iter().filter(|end| matches!(end, Some(Err(Error::BrokenOff)))).count(), 2);
        let made = (0..4).filter(|&number| matches!(ends[number], Some(Ok(())))).map(|number| number.to_string());
        assert_eq!(kept(&store), made.collect());
        assert_eq!(kept(&store).len(), 1);
    }

    #[test]
    fn a_change_that_is_made_alone_comes_after_a_commit() {
        let (_folder, store) = store();
        let turn = AtomicUsize::new(0);
        let seen = together(&store, 5, |number| {
            let make = |change: &mut Change<'_>| {
                let before = turn.fetch_add(1, Ordering::SeqCst);
                let committed = kept(&store).len();
                add(change, &format!("{number}"))?;
                Ok::<_, Error>((before, committed))
            };
            if number == 2 { store.write_alone(make) } else { store.write(make) }
        });
        let (before, committed) = seen.into_iter().nth(2).unwrap().unwrap().unwrap();
        assert_eq!(before, committed, "what was open is committed before");
        assert_eq!(kept(&store).len(), 5);
    }

    #[test]
    fn what_is_committed_for_somebody_is_counted_before_they_are_told() {
        let (_folder, store) = store();
        let store = &store;
        thread::scope(|scope| {
            let (go, first) = under_way(scope, store);
            let (tell, is_told) = mpsc::channel();
            let member = scope.spawn(move || {
                let turns = store.writer.turns();
                let make = |change: &mut Change<'_>| {
                    let before = turns.load(Ordering::SeqCst);
                    add(change, "member").map(|()| before)
                };
                let before = store.write(make).unwrap();
                let counted = turns.load(Ordering::SeqCst) - before;
                tell.send(()).unwrap();
                counted
            });
            until_waiting(store, 1);
            // It commits what the member did, and goes on while the member looks; unless it comes first, and the
            // member still waits.
            let alone = scope.spawn(move || {
                store.write_alone(|_| {
                    while is_told.try_recv().is_err() && store.writer.place().waiting == 0 {
                        thread::yield_now();
                    }
                    Ok::<_, Error>(())
                })
            });
            until_waiting(store, 2);
            go.send(()).unwrap();
            assert!(member.join().unwrap() >= 2, "its own turn, and the commit");
            first.join().unwrap();
            alone.join().unwrap().unwrap();
        });
    }

    #[test]
    fn what_is_not_worth_waiting_for_is_not_waited_for() {
        let (_folder, store) = store();
        let ends = together(&store, 3, |number| {
            store.write(|change| {
                add(change, &format!("{number}"))?;
                Ok::<_, Error>(store.write_unless_busy(|change| add(change, "unwanted")).is_err())
            })
        });
        assert!(ends.into_iter().all(|end| end.unwrap().unwrap()));
        store.write_unless_busy(|change| add(change, "wanted")).unwrap();
        assert_eq!(kept(&store), set(["0", "1", "2", "wanted"]));
    }

    /// How many threads change something at the same time, and how often each.
    const THREADS: u64 = 12;
    const TIMES: u64 = 60;

    /// Whatever goes wrong among changes, those that were acknowledged are there and the others are not.
    #[test]
    fn what_is_acknowledged_is_what_is_there() {
        let (_folder, store) = store();
        let try_one = |thread: u64, time: u64, before: Option<&String>| {
            let name = format!("{thread}.{time}");
            let chance = (thread * 7_919 + time * 104_729) % 23;
            let make = |change: &mut Change<'_>| {
                assert!(before.is_none_or(|before| names(change).unwrap().contains(before)), "an order is lost");
                add(change, &name)?;
                let run = |change: &mut Change<'_>, sql| Ok(change.snapshot.connection.batch_execute(sql)?);
                match chance {
                    0 => panic!("on purpose"),
                    1 | 2 => Err(Error::Full),
                    3 => run(change, "INSERT OR ROLLBACK INTO epochs SELECT * FROM epochs"),
                    4 => run(
                        change,
                        "PRAGMA defer_foreign_keys = ON;
                         INSERT INTO team_group_members (group_id, team_id) VALUES (1234, 5678)",
                    ),
                    _ => Ok(()),
                }
            };
            let made = catch_unwind(AssertUnwindSafe(|| match chance {
                5 => store.write_alone(make),
                6 => store.write_unless_busy(make),
                7 => store.checkpoint(),
                _ => store.write(make),
            }));
            (chance != 7 && made.is_ok_and(|made| made.is_ok())).then_some(name)
        };
        let acknowledged: BTreeSet<String> = thread::scope(|scope| {
            let run = |thread| {
                let mut all: Vec<String> = Vec::new();
                for time in 0..TIMES {
                    all.extend(try_one(thread, time, all.last()));
                }
                all
            };
            let threads: Vec<_> = (0..THREADS).map(|thread| scope.spawn(move || run(thread))).collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(kept(&store), acknowledged);
        assert!(acknowledged.len() > 100, "{}", acknowledged.len());
    }
}
