//! `cairn user` and `cairn token`, without a service and beside one.

use std::io::Write;

use crate::harness::{ADMINISTRATOR, Browser, CommandLine, Output};

/// Runs a command with a password on its standard input.
fn with_password(commands: &CommandLine, arguments: &[&str], password: &str) -> Output {
    commands.run_reading(arguments, |mut input| input.write_all(password.as_bytes()).unwrap())
}

#[test]
fn the_first_account_needs_no_service() {
    let commands = CommandLine::new();
    let (name, password) = ADMINISTRATOR;
    let add = ["user", "add", name, "--role", "administrator", "--password-stdin"];
    assert_eq!(with_password(&commands, &add, &format!("{password}\n")).expect_done(), "", "there is no link to print");
    let listed = commands.run(&["user", "list"]).expect_done();
    assert_eq!(listed, "name\trole\tteams\tstate\tlast seen\nAda\tadministrator\tall\tactive\t\n");
    let served = commands.serve();
    let browser = Browser::new(served.base());
    assert_eq!(browser.try_sign_in("ADA", password).location(), "/");
    browser.visit("/account");
}

#[test]
fn a_password_that_is_easy_to_guess_makes_no_account() {
    let commands = CommandLine::new();
    for (password, because) in
        [("short", "at least 12"), ("passwordpassword", "easy to guess"), ("Grace Hopper", "easy to guess")]
    {
        let add = ["user", "add", "Grace Hopper", "--role", "viewer", "--password-stdin"];
        let message = with_password(&commands, &add, password).expect_failure();
        assert!(message.contains(because), "{message}");
    }
    assert_eq!(commands.run(&["user", "list"]).expect_done().lines().count(), 1);
}

#[test]
fn accounts_are_changed_beside_the_service() {
    let commands = CommandLine::new();
    let served = commands.serve();
    served.add_team("Payments");
    served.add_group("Bank");
    let link = commands.run(&["user", "add", "Vera", "--role", "viewer", "--team", "payments"]).expect_done();
    assert!(link.starts_with("http://127.0.0.1:8080/welcome/"), "{link}");
    commands.run(&["user", "role", "vera", "--role", "manager", "--group", "Bank", "--team", "Payments"]).expect_done();
    let listed = commands.run(&["user", "list"]).expect_done();
    let vera = listed.lines().find(|line| line.starts_with("Vera")).unwrap();
    assert!(vera.starts_with("Vera\tmanager\tgroup Bank, Payments\tno password yet\t"), "{vera}");
    commands.run(&["user", "disable", "Vera"]).expect_done();
    let secret = link.trim().rsplit_once('/').unwrap().1;
    served.get(&format!("/welcome/{secret}")).expect_status(410);
    assert!(commands.run(&["user", "password", "Vera"]).expect_failure().contains("is disabled"));
    commands.run(&["user", "enable", "Vera"]).expect_done();
    let link = commands
        .run_with(&["user", "password", "Vera"], &[("CAIRN_PUBLIC_URL", "https://cairn.example.org")])
        .expect_done();
    assert!(link.starts_with("https://cairn.example.org/welcome/"), "{link}");
    for (arguments, message) in [
        (&["user", "add", "ada", "--role", "viewer"][..], "there is already an account “ada”"),
        (&["user", "add", "token x", "--role", "viewer"], "is a name that Cairn uses itself"),
        (&["user", "add", "Zoe", "--role", "viewer", "--team", "Nobody"], "there is no team called “Nobody”"),
        (&["user", "disable", "Zoe"], "there is no account “Zoe”"),
        (&["user", "disable", "Ada"], "the last administrator who can sign in"),
        (&["user", "role", "Ada", "--role", "viewer"], "the last administrator who can sign in"),
    ] {
        let found = commands.run(arguments).expect_failure();
        assert!(found.contains(message), "{arguments:?}: {found}");
    }
    assert_eq!(commands.run(&["user", "add", "Zoe", "--role", "king"]).code, Some(2));
}

#[test]
fn tokens_are_shown_once_and_revoked() {
    let commands = CommandLine::new();
    let served = commands.serve();
    served.add_team("Payments");
    let made = commands.run(&["token", "create", "CI", "--scope", "import", "--team", "Payments", "--days", "7"]);
    let token = made.expect_done();
    assert!(token.starts_with("cairn_") && token.trim().len() == 6 + 64, "{token}");
    let secret = token.trim().strip_prefix("cairn_").unwrap();
    let listed = commands.run(&["token", "list"]).expect_done();
    assert!(listed.contains("CI\timport\tPayments\tvalid\t") && !listed.contains(secret), "{listed}");
    assert!(!String::from_utf8_lossy(&std::fs::read(commands.database()).unwrap()).contains(secret));
    commands.run(&["token", "revoke", "ci"]).expect_done();
    assert!(commands.run(&["token", "list"]).expect_done().contains("CI\timport\tPayments\trevoked\t"));
    let again = commands.run(&["token", "create", "ci", "--scope", "read"]).expect_failure();
    assert!(again.contains("names of tokens are not used twice"), "{again}");
    for days in ["0", "367", "x"] {
        assert_eq!(commands.run(&["token", "create", "Other", "--scope", "read", "--days", days]).code, Some(2));
    }
}
