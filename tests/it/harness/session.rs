//! Being signed in without asking the service for it: sessions that are begun beside it, in its database.

use std::path::Path;

use cairn::app::{Cairn, Credentials, OpenOptions};
use cairn::clock;
use cairn::domain::access::{Actor, Caller};
use cairn::domain::account::Secret;

/// The name and the password of who signs in unless a test says who.
pub(crate) const ADMINISTRATOR: (&str, &str) = ("Ada", "four horses eat blue snow");

fn nobody() -> Caller {
    Caller { actor: Actor::nobody("nobody"), at: clock::now(), from: "127.0.0.1".into() }
}

/// Begins a session of [`ADMINISTRATOR`], who is made if there is nobody yet.
pub(super) fn signed_in(database: &Path) -> String {
    let cairn = Cairn::open(database, OpenOptions::default()).unwrap();
    let (name, password) = ADMINISTRATOR;
    let credentials = Credentials { name: name.into(), password: password.into(), browser: "a test".into() };
    let session = match cairn.begin_set_up().unwrap() {
        Some(link) => cairn.set_up(&nobody(), &link, &credentials).unwrap(),
        None => cairn.sign_in(&nobody(), &credentials).unwrap(),
    };
    session.reveal().to_owned()
}

/// Whether a session opens anything.
pub(super) fn is_open(database: &Path, session: &str) -> bool {
    let cairn = Cairn::open(database, OpenOptions::default());
    cairn.is_ok_and(|cairn| cairn.recognize_session(&Secret::shown(session), &nobody()).is_ok_and(|who| who.is_some()))
}
