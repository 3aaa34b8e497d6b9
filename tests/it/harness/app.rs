//! A service on a database of its own, in the process of the test.

use std::net::TcpListener;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use cairn::app::Cairn;
use cairn::domain::access::{Actor, Caller};
use cairn::store::OpenOptions;
use cairn::web::{Access, Reached, Site};
use chrono::{DateTime, Utc};

use super::{ADMINISTRATOR, Browser, CommandLine, signed_answers, small_catalog};

/// The present of every test, in the quarter 2026-Q4.
fn now() -> DateTime<Utc> {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

/// A moment in the quarter after that.
fn a_quarter_later() -> DateTime<Utc> {
    "2027-02-15T12:00:00Z".parse().unwrap()
}

/// A running service, and a browser that visits it.
pub(crate) struct TestApp {
    browser: Browser,
    commands: CommandLine,
}

impl TestApp {
    /// A service on an empty database, with a visitor who is its only administrator.
    pub(crate) fn new() -> Self {
        Self::serving(None, Access::SignIn)
    }

    /// A service that shows the demo organization.
    pub(crate) fn demo() -> Self {
        Self::serving(Some(demo_database()), Access::Demo)
    }

    /// A service on the records of the demo organization, with a visitor who is an administrator of it.
    pub(crate) fn organization() -> Self {
        let app = Self::serving(Some(demo_database()), Access::SignIn);
        app.person(ADMINISTRATOR.0, &["--role", "administrator"]);
        app.sign_in();
        app
    }

    /// A service on a database that was filled by importing answers and submitting them.
    pub(crate) fn with_answers(csv: &str) -> Self {
        let app = Self::new();
        app.commands.fill(csv);
        app
    }

    /// A service whose catalog is a [`small_catalog`](super::small_catalog), with [`signed_answers`](super::signed_answers),
    /// submitted.
    pub(crate) fn small(dimensions: &[(&str, &[u8])], answers: &[(&str, &str, &str, &str)]) -> Self {
        let app = Self::new();
        app.commands.write("small.yaml", small_catalog(dimensions));
        app.commands.run(&["catalog", "use", "--whole", "small.yaml"]).expect_done();
        app.commands.fill(&signed_answers(answers));
        app
    }

    /// A service that hardly waits for others who keep the database locked.
    pub(crate) fn impatient() -> Self {
        let options = OpenOptions { patience: Duration::from_millis(50), ..OpenOptions::default() };
        Self::with_options(None, Access::SignIn, options, |site| site)
    }

    /// A service that answers at most so many requests at once, and waits as long as it takes for others who keep
    /// the database locked. Everybody may do everything.
    pub(crate) fn narrow(limit: usize) -> Self {
        let options = OpenOptions { patience: Duration::from_secs(600), ..OpenOptions::default() };
        Self::with_options(None, Access::Demo, options, |site| site.with_limit(limit))
    }

    /// A service on an empty database that waits for its first administrator, and the path of the link to
    /// become that.
    pub(crate) fn waiting() -> (Self, String) {
        let commands = CommandLine::new();
        let cairn = Cairn::open(&commands.database(), OpenOptions::default()).unwrap();
        let path = format!("/set-up/{}", cairn.begin_set_up().unwrap().unwrap().reveal());
        let browser = serve(Site::new(cairn, now, Access::SignIn, Reached::default()));
        (Self { browser, commands }, path)
    }

    /// A service that says it is reached under another address than the one that tests use. Its only
    /// administrator's browser is told to send the cookie over TLS only, so the visitor shows a token instead.
    pub(crate) fn public(url: &str) -> Self {
        let commands = CommandLine::new();
        let cairn = Cairn::open(&commands.database(), OpenOptions::default()).unwrap();
        let secret = cairn.begin_set_up().unwrap().unwrap();
        let reached = Reached { public_url: Some(url.parse().unwrap()), ..Reached::default() };
        let browser = serve(Site::new(cairn, now, Access::SignIn, reached));
        browser.set_up(secret.reveal());
        let token = commands.run(&["token", "create", "test", "--scope", "administer"]).expect_done();
        Self { browser: browser.showing(token.trim()), commands }
    }

    fn serving(database: Option<&[u8]>, access: Access) -> Self {
        Self::with_options(database, access, OpenOptions::default(), |site| site)
    }

    /// A service on a database of these bytes, or an empty one.
    fn with_options(
        database: Option<&[u8]>,
        access: Access,
        options: OpenOptions,
        shape: impl FnOnce(Site) -> Site,
    ) -> Self {
        let commands = CommandLine::new();
        if let Some(bytes) = database {
            std::fs::write(commands.database(), bytes).unwrap();
        }
        let cairn = Cairn::open(&commands.database(), options).unwrap();
        let first = if access == Access::SignIn { cairn.begin_set_up().unwrap() } else { None };
        let browser = serve(shape(Site::new(cairn, now, access, Reached::default())));
        if let Some(secret) = first {
            browser.set_up(secret.reveal());
        }
        Self { browser, commands }
    }

    /// A visitor of the same records in the quarter after the present one.
    pub(crate) fn a_quarter_later(&self) -> Browser {
        let cairn = Cairn::open(&self.database(), OpenOptions::default()).unwrap();
        let browser = serve(Site::new(cairn, a_quarter_later, Access::SignIn, Reached::default()));
        browser.sign_in();
        browser
    }

    /// Somebody with an account of their own, made with the options of `cairn user add` and signed in.
    pub(crate) fn person(&self, name: &str, rights: &[&str]) -> Browser {
        let added = self.commands.run(&[&["user", "add", name], rights].concat()).expect_done();
        let secret = added.trim().rsplit_once("/welcome/").unwrap().1;
        let (browser, password) = (self.stranger(), ADMINISTRATOR.1);
        let fields = [("password", password), ("again", password)];
        assert_eq!(browser.post(&format!("/welcome/{secret}"), &fields).location(), "/");
        browser
    }

    /// A program with a token, made with the options of `cairn token create`.
    pub(crate) fn program(&self, name: &str, options: &[&str]) -> Browser {
        let made = self.commands.run(&[&["token", "create", name], options].concat()).expect_done();
        self.stranger().showing(made.trim())
    }

    /// Somebody else, who is not signed in.
    pub(crate) fn stranger(&self) -> Browser {
        Browser::new(self.base())
    }

    /// The command line beside the service, on the same database.
    pub(crate) fn commands(&self) -> &CommandLine {
        &self.commands
    }

    /// The file with everything.
    pub(crate) fn database(&self) -> PathBuf {
        self.commands.database()
    }
}

/// The database of the demo organization, which takes a second to fill: that is done once for all tests.
fn demo_database() -> &'static [u8] {
    static FILLED: OnceLock<Vec<u8>> = OnceLock::new();
    FILLED.get_or_init(|| {
        let commands = CommandLine::new();
        let cairn = Cairn::open(&commands.database(), OpenOptions::default()).unwrap();
        let caller = Caller { actor: Actor::demo(), at: now(), from: String::new() };
        cairn.fill_with_demo(&caller).unwrap();
        drop(cairn);
        assert_eq!(commands.files(), ["cairn.db"], "all of it is in one file");
        std::fs::read(commands.database()).unwrap()
    })
}

/// A visitor of pages that are served from now on. The thread that does ends with the process.
fn serve(site: Site) -> Browser {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || cairn::web::serve(listener, site));
    Browser::new(&format!("http://{address}"))
}

impl Deref for TestApp {
    type Target = Browser;

    fn deref(&self) -> &Browser {
        &self.browser
    }
}
