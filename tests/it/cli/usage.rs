//! What holds for all commands: names, options, variables, exit codes.

use std::net::TcpListener;

use crate::harness::CommandLine;

#[test]
fn the_version_is_that_of_the_package() {
    let version = CommandLine::new().run(&["--version"]).expect_done();
    assert_eq!(version, format!("cairn {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn help_names_every_command() {
    let help = CommandLine::new().run(&["--help"]).expect_done();
    for command in [
        "serve",
        "demo",
        "import",
        "export",
        "catalog",
        "backup",
        "restore",
        "--listen",
        "--database",
        "CAIRN_DATABASE",
        "CAIRN_BACKUP_FOLDER",
    ] {
        assert!(help.contains(command), "{command}");
    }
}

#[test]
fn a_wrong_command_line_is_told_from_a_failure() {
    let commands = CommandLine::new();
    for arguments in [
        &["frobnicate"][..],
        &["import"],
        &["export"],
        &["export", "everything"],
        &["export", "levels", "--format", "pdf"],
        &["export", "levels", "--period", "2026-Q5"],
        &["export", "levels", "--team", "a", "--group", "b"],
        &["export", "gaps", "--stage", "first"],
        &["catalog", "check"],
        &["--log", "loud"],
        &["backup"],
        &["restore"],
        &["restore", "a.db", "b.db"],
        &["serve", "--backup-folder", ".", "--backup-every", "0"],
        &["serve", "--backup-folder", ".", "--backup-every", "daily"],
        &["serve", "--backup-folder", ".", "--backup-keep", "0"],
        &["demo", "--teams", "0"],
        &["demo", "--teams", "10001"],
        &["demo", "--quarters", "0"],
        &["demo", "--quarters", "81"],
        &["demo", "--quarters", "a few"],
    ] {
        let output = commands.run(arguments);
        assert_eq!(output.code, Some(2), "{arguments:?}: {}", output.stderr);
        assert!(output.stdout.is_empty() && output.stderr.contains("For more information"), "{output:?}");
    }
    assert!(commands.run(&["export", "levels", "--period", "2026-Q5"]).stderr.contains("write it like 2026-Q4"));
    assert!(commands.files().is_empty(), "nothing was made");
}

#[test]
fn options_belong_to_the_commands_that_they_are_for() {
    let commands = CommandLine::new();
    let help = |command: &[&str]| commands.run(&[command, &["--help"]].concat()).expect_done();
    for command in [&["import"][..], &["export"], &["backup"], &["audit", "verify"], &["user", "list"]] {
        let help = help(command);
        assert!(help.contains("--database"), "{command:?}");
        assert!(!help.contains("--listen") && !help.contains("--backup-folder"), "{command:?}: {help}");
    }
    assert!(help(&["demo"]).contains("--listen") && help(&["export"]).contains("--public-url"));
    // Given before the command, an option of the service would be lost.
    let output = commands.run(&["--listen", "127.0.0.1:0", "serve"]);
    assert_eq!(output.code, Some(2), "{output:?}");
    assert!(output.stderr.contains("cairn serve --listen"), "{}", output.stderr);
    assert!(commands.files().is_empty(), "nothing was made");
}

#[test]
fn options_can_be_given_as_variables() {
    let commands = CommandLine::new();
    commands.write("answers.csv", "team,period,activity_id,status\n");
    commands.run_with(&["import", "answers.csv"], &[("CAIRN_DATABASE", "other.db")]).expect_done();
    assert_eq!(commands.files(), ["answers.csv", "other.db"]);
    let refused = commands.run_with(&["serve"], &[("CAIRN_LISTEN", "0.0.0.0:0")]).expect_failure();
    assert!(refused.contains("0.0.0.0:0"));
    // What is on the command line counts more.
    commands.run_with(&["import", "answers.csv", "--database", "third.db"], &[("CAIRN_DATABASE", "x/y")]).expect_done();
    assert_eq!(commands.files(), ["answers.csv", "other.db", "third.db"]);
}

#[test]
fn nobody_but_this_machine_is_served() {
    let commands = CommandLine::new();
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:8080"] {
        for command in ["serve", "demo"] {
            let message = commands.run(&[command, "--listen", address]).expect_failure();
            assert!(message.starts_with(address), "{message}");
            let way_out = if command == "serve" { "--public-url" } else { "127.0.0.1" };
            assert!(message.contains("can be reached from other machines") && message.contains(way_out), "{message}");
        }
    }
    assert!(commands.files().is_empty(), "nothing was made");
}

#[test]
fn a_port_that_is_taken_leaves_nothing_behind() {
    let commands = CommandLine::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let message = commands.run(&["--listen", &address]).expect_failure();
    assert!(message.starts_with(&format!("cannot listen on {address}")), "{message}");
    assert!(commands.files().is_empty(), "nothing was made");
}

#[test]
fn what_is_served_is_where_it_says() {
    let commands = CommandLine::new();
    let served = commands.serve();
    served.add_team("Payments");
    assert!(served.visit("/").select(".banner").is_empty(), "this is no demo");
    served.kill();
    assert_eq!(commands.serve().visit("/teams").texts("tbody th a"), ["Payments"]);
}
