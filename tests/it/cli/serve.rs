//! The service as a process: what it logs, and how it stops.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::harness::{CommandLine, Served};

/// Ends the service by a signal and gives what it logged.
fn log_of(served: Served) -> String {
    served.signal("-TERM");
    let (code, log) = served.wait();
    assert_eq!(code, Some(0), "{log}");
    log
}

#[test]
fn each_request_is_a_line_without_secrets() {
    let commands = CommandLine::new();
    let served = commands.serve_with(&["--log", "info"]);
    let page = served.send("GET", "/catalog?text=s3cret", &[("referer", "http://s3cret/")], None).unwrap();
    let id = page.header("x-request-id").to_owned();
    served.post("/teams", &[("name", "s3cret")]).location();
    served.get("/a%0ab%1b[31m");
    served.visit("/healthz");
    served.visit("/readyz");
    served.get("/welcome/s3cret");
    served.get("/set-up/s3cret");
    served.send("GET", "/teams", &[("authorization", "Bearer s3cret")], None).unwrap().expect_status(401);
    let session = served.cookies();
    let log = log_of(served);
    let lines: Vec<&str> = log.lines().collect();
    assert_eq!(lines.len(), 7, "six requests, and the stop: {log}");
    let line = lines[0];
    assert!(
        line.contains(&format!(r#" INFO request{{id="{id}"}}: answered method="GET" path="/catalog" status=200"#)),
        "{line}"
    );
    assert!(line.contains(" duration_ms=") && line.contains(&format!(" bytes={}", page.body.len())), "{line}");
    assert!(lines[1].contains(r#"method="POST" path="/teams" status=303"#), "{log}");
    assert!(lines[2].contains(r#"path="/a%0ab%1b[31m" status=404"#), "{log}");
    assert!(lines[3].contains(r#"path="/welcome/…" status=410"#), "{log}");
    assert!(lines[4].contains(r#"path="/set-up/…" status=410"#), "{log}");
    assert!(!log.contains(session.split_once('=').unwrap().1), "{log}");
    assert!(!log.contains("s3cret") && !log.contains('\u{1b}'), "{log}");
}

#[test]
fn a_log_in_json_is_an_object_in_each_line() {
    let commands = CommandLine::new();
    let served = commands.serve_with(&["--log", "debug", "--log-format", "json"]);
    let page = served.visit("/teams");
    served.visit("/healthz");
    let log = log_of(served);
    let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |path: &str| lines.iter().find(|line| line["path"] == path).unwrap_or_else(|| panic!("{log}"));
    let line = of("/teams");
    assert_eq!((&line["method"], &line["status"], &line["level"]), (&"GET".into(), &200.into(), &"INFO".into()));
    assert_eq!(line["bytes"], page.body.len());
    assert_eq!(line["span"]["id"], page.header("x-request-id"));
    assert!(line["duration_ms"].is_number() && line["timestamp"].is_string());
    assert_eq!(of("/healthz")["level"], "DEBUG");
    assert!(lines.last().unwrap()["message"].as_str().unwrap().starts_with("stopped by SIGTERM"));

    let output = commands.run(&["--log-format", "json", "export", "levels", "--database", "missing.db"]);
    let line: serde_json::Value = serde_json::from_str(output.stderr.trim()).unwrap();
    assert_eq!((output.code, &line["level"]), (Some(1), &"ERROR".into()));
}

#[test]
fn a_fault_is_logged_with_the_number_of_its_request() {
    use diesel::Connection;
    use diesel::connection::SimpleConnection;
    let commands = CommandLine::new();
    let served = commands.serve_with(&["--log", "error"]);
    let mut database = diesel::SqliteConnection::establish(commands.database().to_str().unwrap()).unwrap();
    database.batch_execute("PRAGMA foreign_keys = OFF; ALTER TABLE teams RENAME TO elsewhere").unwrap();
    let page = served.get("/teams").expect_status(500);
    let log = log_of(served);
    assert_eq!(log.lines().count(), 1, "{log}");
    assert!(log.contains(&format!(r#"ERROR request{{id="{}"}}: "#, page.header("x-request-id"))), "{log}");
}

/// The first half of a request whose body is still on its way.
fn half_sent(served: &Served) -> TcpStream {
    let mut connection = TcpStream::connect(served.base().trim_start_matches("http://")).unwrap();
    let cookies = served.cookies();
    let head = "POST /teams HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\nContent-Length: 13\r\n";
    connection.write_all(format!("{head}Cookie: {cookies}\r\n\r\n").as_bytes()).unwrap();
    // The service asks for the rest when it has begun with the request.
    let mut begun = [0; 25];
    connection.read_exact(&mut begun).unwrap();
    assert_eq!(&begun, b"HTTP/1.1 100 Continue\r\n\r\n");
    connection
}

/// Waits until no new requests are taken.
fn wait_until_closed(served: &Served) {
    let address = served.base().trim_start_matches("http://");
    while TcpStream::connect(address).is_ok() {
        std::thread::yield_now();
    }
}

#[test]
fn a_request_under_way_is_answered_before_the_service_stops() {
    for (signal, name) in [("-TERM", "SIGTERM"), ("-INT", "SIGINT")] {
        let commands = CommandLine::new();
        let served = commands.serve_with(&["--log", "info"]);
        served.visit("/teams");
        let mut connection = half_sent(&served);
        served.signal(signal);
        wait_until_closed(&served);
        connection.write_all(b"name=Payments").unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 303 See Other\r\n"), "{answer}");
        let (code, log) = served.wait();
        assert_eq!(code, Some(0), "{log}");
        let last = log.lines().last().unwrap();
        let stopped = format!("stopped by {name}; all requests were answered, the database is closed");
        assert!(last.contains(&stopped), "{log}");
        assert_eq!(log.matches("stopped").count(), 1, "{log}");
        assert_eq!(commands.files(), ["cairn.db"], "the file alone is the whole database");
        let served = commands.serve();
        assert_eq!(served.visit("/teams").texts("tbody th a"), ["Payments"]);
    }
}

#[test]
fn a_second_signal_stops_at_once() {
    let commands = CommandLine::new();
    let served = commands.serve_with(&["--log", "info"]);
    let mut connection = half_sent(&served);
    served.signal("-TERM");
    wait_until_closed(&served);
    served.signal("-INT");
    let mut rest = String::new();
    // The connection may end with or without a word.
    let _ = connection.read_to_string(&mut rest);
    assert!(!rest.contains("303"), "{rest}");
    let (code, log) = served.wait();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("stopped by SIGTERM; 1 requests were cut off"), "{log}");
    let served = commands.serve();
    assert!(served.visit("/teams").texts("tbody th a").is_empty());
}
