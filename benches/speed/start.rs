//! From the start to the first answers, and what the running service needs.

use super::Size;
use super::client::get;
use super::figures::{Durations, megabytes, shown, table, verdict};
use super::pages::{PAGES, total};
use super::service::{self, Copy, Service};

/// How long it may take to the first answered request.
const SOON: std::time::Duration = std::time::Duration::from_millis(100);

/// How much memory may be resident, and how large the program may be.
const MEMORY: u64 = 150_000_000;
const PROGRAM: u64 = 30_000_000;

/// Starts the service again and again and asks for one page each time.
pub(crate) fn run(copy: &Copy, size: &Size) {
    let mut service = copy.serve();
    let cookie = service.sign_in();
    service.stop();
    let mut rows = Vec::new();
    for path in ["/healthz", "/sign-in", "/", "/heatmap"] {
        let request = get(path, if path == "/sign-in" { "" } else { &cookie });
        let start = || {
            let mut service = copy.serve();
            let took = service.wait(&request);
            service.stop();
            took
        };
        let durations: Durations = (0..size.repetitions).map(|_| start()).collect();
        rows.push(vec![
            format!("`{path}`"),
            shown(durations.median()),
            shown(durations.worst()),
            verdict(durations.median() < SOON).to_owned(),
        ]);
    }
    let title =
        format!("From the start of the process to the first answer, of {}: under {}", size.repetitions, shown(SOON));
    table(&title, &["first request", "median", "worst", ""], &rows);
    let bytes = std::fs::metadata(env!("CARGO_BIN_EXE_cairn")).unwrap().len();
    let rows = [vec!["program".to_owned(), megabytes(bytes), verdict(bytes < PROGRAM).to_owned()]];
    table(&format!("Size: under {}", megabytes(PROGRAM)), &["", "size", ""], &rows);
}

/// Serves each page once more and tells what is resident.
pub(crate) fn memory(service: &Service, cookie: &str) {
    let bytes = total(service, cookie);
    let (now, peak) = service::memory(service.process());
    let row = |what: &str, bytes: u64| vec![what.to_owned(), megabytes(bytes), verdict(bytes < MEMORY).to_owned()];
    let rows = [row("now", now), row("at most since its start", peak)];
    let title = format!(
        "Resident memory after {} pages of {bytes} were served under load: under {}",
        PAGES.len(),
        megabytes(MEMORY)
    );
    table(&title, &["", "resident", ""], &rows);
}
