//! `cairn serve` and `cairn demo`.

use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use clap::Args;
use ipnet::IpNet;
use serde_json::json;

use super::{Failure, LogFormat, count, operator, say};
use crate::app::{Cairn, DemoSize, Holder, MadeUp, Missing, OpenOptions};
use crate::clock::Clock;
use crate::domain::access::{Actor, Caller};
use crate::domain::backup::BackupSchedule;
use crate::web::{self, Access, PublicUrl, Reached, Site};

/// How often to look whether a backup is due.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Where the service listens.
#[derive(Debug, Args)]
pub(super) struct Listen {
    /// Where to listen
    #[arg(long, env = "CAIRN_LISTEN", default_value = "127.0.0.1:8080")]
    listen: String,
}

impl Listen {
    fn address(&self) -> Result<SocketAddr, Failure> {
        let listen = &self.listen;
        let found = listen.to_socket_addrs().ok().and_then(|mut addresses| addresses.next());
        Ok(found.ok_or_else(|| format!("“{listen}” is not an address; write it like 127.0.0.1:8080"))?)
    }
}

/// What links begin with.
#[derive(Debug, Args)]
pub(super) struct LinkArguments {
    /// The address under which people reach the service, such as `https://cairn.example.org`, for links to it
    #[arg(long, env = "CAIRN_PUBLIC_URL")]
    pub(super) public_url: Option<PublicUrl>,
}

/// What is served, where, and for whom.
#[derive(Debug, Args)]
pub(super) struct ServeArguments {
    #[command(flatten)]
    listen: Listen,
    /// The address under which people reach the service, such as `https://cairn.example.org`; needed to listen
    /// on more than this machine itself
    #[arg(long, env = "CAIRN_PUBLIC_URL")]
    public_url: Option<PublicUrl>,
    /// A proxy, or a network of proxies, that is believed when it says for whom it asks
    #[arg(long, env = "CAIRN_TRUSTED_PROXY", value_delimiter = ',', value_parser = network)]
    trusted_proxy: Vec<IpNet>,
    #[command(flatten)]
    backups: BackupArguments,
}

/// The options of `cairn serve`.
pub(super) fn options() -> impl Iterator<Item = clap::Arg> {
    let command = ServeArguments::augment_args(clap::Command::new("serve"));
    command.get_arguments().cloned().collect::<Vec<_>>().into_iter()
}

/// Where a link leads that somebody opens in a browser.
#[derive(Debug, Args)]
pub(super) struct BaseArguments {
    #[command(flatten)]
    listen: Listen,
    #[command(flatten)]
    links: LinkArguments,
}

impl BaseArguments {
    /// The address under which people reach the service, or else where it listens.
    pub(super) fn base(&self) -> String {
        let local = || format!("http://{}", self.listen.listen);
        self.links.public_url.as_ref().map_or_else(local, PublicUrl::to_string)
    }
}

/// The backups that the service makes by itself.
#[derive(Debug, Args)]
#[command(next_help_heading = "Backups that are made while it serves")]
struct BackupArguments {
    /// The folder to make backups in; without it none are made
    #[arg(long, env = "CAIRN_BACKUP_FOLDER", value_name = "FOLDER")]
    backup_folder: Option<PathBuf>,
    /// How many hours pass from one backup to the next
    #[arg(long, env = "CAIRN_BACKUP_EVERY", value_name = "HOURS", default_value_t = 24,
        value_parser = clap::value_parser!(u32).range(1..=8760))]
    backup_every: u32,
    /// How many of these backups to keep
    #[arg(long, env = "CAIRN_BACKUP_KEEP", value_name = "NUMBER", default_value_t = 14,
        value_parser = clap::value_parser!(u32).range(1..))]
    backup_keep: u32,
}

impl BackupArguments {
    fn schedule(self) -> Option<BackupSchedule> {
        let keep = usize::try_from(self.backup_keep).unwrap_or(usize::MAX);
        Some(BackupSchedule { folder: self.backup_folder?, every: self.backup_every, keep })
    }
}

/// Reads a network, or one address.
fn network(text: &str) -> Result<IpNet, String> {
    let address = || text.parse::<std::net::IpAddr>().map(IpNet::from);
    text.parse().or_else(|_| address()).map_err(|_| "write it like 10.0.0.1 or 10.0.0.0/8".to_owned())
}

pub(super) fn serve(wanted: ServeArguments, database: &Path, format: LogFormat, clock: Clock) -> Result<(), Failure> {
    let ServeArguments { listen, public_url, trusted_proxy, backups } = wanted;
    let address = listen.address()?;
    if !address.ip().is_loopback() && public_url.is_none() {
        return Err(format!(
            "{address} can be reached from other machines. Say with --public-url under which address people reach \
             Cairn there, such as https://cairn.example.org: it answers only to that name then, and sends cookies over \
             TLS only"
        )
        .into());
    }
    let listener = bind(address)?;
    let mut cairn = open(database)?;
    let local = format!("http://{}", listener.local_addr()?);
    let base = public_url.as_ref().map_or_else(|| local.clone(), PublicUrl::to_string);
    announce(format, &format!("Cairn keeps its records in {} and serves {local}", database.display()));
    if let Some(secret) = cairn.begin_set_up()? {
        let link = format!("{base}/set-up/{}", secret.reveal());
        // Whatever is logged: without it nobody comes in.
        let message = format!("Nobody has an account yet. Become the first administrator at\n    {link}");
        say(format, &message, |message| tell!("{}", json!({ "level": "INFO", "message": message })));
    }
    if public_url.is_some() && trusted_proxy.is_empty() && address.ip().is_loopback() {
        tracing::warn!("no proxy is trusted, so that all visitors seem to come from one address; see --trusted-proxy");
    }
    if public_url.as_ref().is_some_and(|url| !url.is_https()) && !address.ip().is_loopback() {
        tracing::warn!("{base} is reached without TLS: whoever is on the way can read passwords and answers");
    }
    if let Some(schedule) = backups.schedule() {
        let BackupSchedule { folder, every, keep } = &schedule;
        let folder = folder.display();
        announce(format, &format!("A backup is made in {folder} every {every} hours, and the last {keep} are kept"));
        cairn = cairn.with_backups(schedule);
    }
    run(listener, cairn, clock, Access::SignIn, Reached { public_url, proxies: trusted_proxy })
}

fn open(database: &Path) -> Result<Cairn, Failure> {
    let options = OpenOptions { missing: Missing::Create, holder: Holder::Server, ..OpenOptions::default() };
    Ok(Cairn::open(database, options)?)
}

/// From how many assessments on it is told how far the demo is made.
const MANY_ASSESSMENTS: usize = 2_000;

/// The organization that the demo makes up.
#[derive(Debug, Args)]
pub(super) struct DemoArguments {
    #[command(flatten)]
    listen: Listen,
    /// How many teams it has, up to 10,000; 6 unless it is said otherwise
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    teams: Option<u32>,
    /// How many quarters it looks back on, with the present one, up to 80; 8 unless it is said otherwise
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=80))]
    quarters: Option<u32>,
    /// Keep it in this file, which is made if it is missing; if it is there, what it has is served again
    #[arg(long, value_name = "FILE")]
    keep: Option<PathBuf>,
}

impl DemoArguments {
    fn size(&self) -> DemoSize {
        let number = |given: Option<u32>, usual| given.and_then(|given| given.try_into().ok()).unwrap_or(usual);
        let usual = DemoSize::default();
        DemoSize { teams: number(self.teams, usual.teams), quarters: number(self.quarters, usual.quarters) }
    }
}

pub(super) fn demo(wanted: &DemoArguments, format: LogFormat, clock: Clock) -> Result<(), Failure> {
    let address = wanted.listen.address()?;
    if !address.ip().is_loopback() {
        return Err(format!(
            "{address} can be reached from other machines, and the demo asks nobody to sign in. Listen on 127.0.0.1, \
             and use SSH port forwarding to reach it from elsewhere"
        )
        .into());
    }
    let listener = bind(address)?;
    let local = listener.local_addr()?;
    if let Some(file) = &wanted.keep {
        let cairn = open(file)?;
        keep(&cairn, wanted, file, format, clock)?;
        let file = file.display();
        announce(format, &format!("Cairn serves a made-up organization on http://{local}; it is kept in {file}"));
        return run(listener, cairn, clock, Access::KeptDemo, Reached::default());
    }
    // Goes away with its content when the service has stopped.
    let folder = tempfile::Builder::new().prefix("cairn-demo-").tempdir()?;
    let cairn = open(&folder.path().join("demo.db"))?;
    fill(&cairn, wanted.size(), format, clock)?;
    announce(format, &format!("Cairn serves a made-up organization on http://{local}; nothing is kept"));
    run(listener, cairn, clock, Access::Demo, Reached::default())
}

/// Fills a file that has nothing in it. One that was filled before is left as it is, if it is what is wanted.
fn keep(cairn: &Cairn, wanted: &DemoArguments, file: &Path, format: LogFormat, clock: Clock) -> Result<(), Failure> {
    let file = file.display();
    match cairn.made_up(&operator(clock))? {
        MadeUp::Nothing => fill(cairn, wanted.size(), format, clock),
        MadeUp::Demo(DemoSize { teams, quarters }) => {
            let is_other = |wanted: Option<u32>, there: usize| wanted.is_some_and(|wanted| wanted as usize != there);
            if is_other(wanted.teams, teams) || is_other(wanted.quarters, quarters) {
                return Err(format!(
                    "{file} has a made-up organization already, of {} and {}. Serve it without --teams and --quarters, or \
                     name another file for another one",
                    count(teams as u64, "team", "teams"),
                    count(quarters as u64, "quarter", "quarters"),
                )
                .into());
            }
            Ok(())
        }
        MadeUp::Real => Err(format!(
            "{file} was not made by the demo, which asks nobody to sign in and shows everything to whoever looks. Serve \
             it without “demo”, or name another file"
        )
        .into()),
    }
}

fn fill(cairn: &Cairn, size: DemoSize, format: LogFormat, clock: Clock) -> Result<(), Failure> {
    let caller = Caller { actor: Actor::demo(), at: clock(), from: String::new() };
    let is_long = size.teams.saturating_mul(size.quarters) >= MANY_ASSESSMENTS;
    cairn.fill_with_demo_of(&caller, size, |made| {
        if is_long {
            announce(format, &format!("{made} of {} quarters are made up", size.quarters));
        }
    })?;
    Ok(())
}

fn announce(format: LogFormat, message: &str) {
    say(format, message, |message| tracing::info!("{message}"));
}

/// Takes the port before anything else is done, so that a failure leaves nothing behind.
fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).map_err(|error| format!("cannot listen on {address}: {error}").into())
}

/// Serves, and makes backups beside that, until the process is asked to stop. A backup that is being
/// made then is finished.
fn run(listener: TcpListener, cairn: Cairn, clock: Clock, access: Access, reached: Reached) -> Result<(), Failure> {
    let cairn = Arc::new(cairn);
    let served = std::thread::scope(|scope| {
        let (stop, stopped) = mpsc::channel();
        let backed_up = Arc::clone(&cairn);
        scope.spawn(move || back_up_until(&stopped, &backed_up, clock));
        let served = web::serve(listener, Site::new(cairn, clock, access, reached));
        drop(stop);
        served
    });
    Ok(served?)
}

/// Makes backups when they are due, the first time at once, until the other end of the channel goes.
fn back_up_until(stopped: &Receiver<()>, cairn: &Cairn, clock: Clock) {
    loop {
        match cairn.back_up_when_due(&operator(clock)) {
            Ok(None) => {}
            Ok(Some(file)) => tracing::info!("a backup is made: {}, {} bytes", file.name, file.bytes),
            Err(error) => tracing::error!("the scheduled backup failed: {error}"),
        }
        if stopped.recv_timeout(LOOK_EVERY) != Err(RecvTimeoutError::Timeout) {
            return;
        }
    }
}
