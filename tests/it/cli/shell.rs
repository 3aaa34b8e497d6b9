//! What shells, manuals and programs get of the commands: completions, pages, and results as JSON.

use serde_json::Value;

use crate::harness::{CommandLine, Output, activity_ids};

/// The result of a command that was asked for JSON.
fn json(commands: &CommandLine, arguments: &[&str]) -> Value {
    let done = commands.run(&[arguments, &["--format", "json"]].concat()).expect_done();
    serde_json::from_str(&done).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {done}"))
}

#[test]
fn shells_learn_the_commands_and_their_words() {
    let commands = CommandLine::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = commands.run(&["completions", shell]).expect_done();
        // The others complete no values.
        let values: &[&str] = if ["bash", "zsh"].contains(&shell) { &["work-items", "administrator"] } else { &[] };
        for word in ["threat-model", "skip-unknown"].iter().chain(values) {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    commands.write("cairn.bash", commands.run(&["completions", "bash"]).expect_done());
    let script = format!(
        "source {}; COMP_WORDS=(cairn expo); COMP_CWORD=1; _cairn cairn expo cairn; printf %s \"$COMPREPLY\"",
        commands.path("cairn.bash").display()
    );
    let completed = std::process::Command::new("bash").args(["-c", &script]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&completed.stdout), "export", "{completed:?}");
    assert_eq!(commands.run(&["completions", "abacus"]).code, Some(2));
}

#[test]
fn every_command_has_a_manual_page() {
    let commands = CommandLine::new();
    let first = commands.run(&["man"]).expect_done();
    assert!(first.contains(".TH CAIRN 1") && first.contains("SUBCOMMANDS"), "{first}");
    commands.run(&["man", "--folder", "pages"]).expect_done();
    let pages = commands.path("pages");
    for (page, words) in [
        ("cairn.1", ["\\-\\-database", "CAIRN_DATABASE"]),
        ("cairn-import.1", ["\\-\\-dry\\-run", "cairn import"]),
        ("cairn-user-add.1", ["\\-\\-role", "manager"]),
        ("cairn-threat-model-inspect.1", ["\\-\\-format", "json"]),
    ] {
        let text = std::fs::read_to_string(pages.join(page)).unwrap();
        assert!(words.iter().all(|word| text.contains(word)), "{page}: {text}");
    }
    assert_eq!(commands.run(&["man"]).expect_done(), first, "it is the same each time");
}

#[test]
fn programs_get_results_as_json() {
    let commands = CommandLine::with_answers(&format!(
        "team,period,activity_id,status\nPayments,2026-Q3,{},fully_implemented\n",
        activity_ids()[0]
    ));
    commands.write("more.csv", format!("team,period,activity_id,status\nWeb,2026-Q4,{},started\n", activity_ids()[1]));
    for dry_run in [true, false] {
        let dry: &[&str] = if dry_run { &["--dry-run"] } else { &[] };
        let done = json(&commands, &[&["import", "more.csv"], dry].concat());
        assert_eq!((&done["dry_run"], &done["teams_added"][0]), (&dry_run.into(), &"Web".into()));
        let answer = done["changes"].as_array().unwrap().iter().find(|change| change["subject"] == "answer").unwrap();
        assert_eq!((&answer["fate"], &answer["place"]), (&"new".into(), &"more.csv:2".into()));
    }
    let link = json(&commands, &["user", "add", "Vera", "--role", "viewer", "--team", "Payments"]);
    assert!(link["link"].as_str().unwrap().contains("/welcome/"), "{link}");
    let users = json(&commands, &["user", "list"]);
    assert_eq!((&users[0]["name"], &users[0]["teams"][0]), (&"Vera".into(), &"Payments".into()));
    let changed = json(&commands, &["user", "role", "Vera", "--role", "manager"]);
    assert_eq!((&changed["role"], &changed["everything"]), (&"manager".into(), &true.into()));
    assert_eq!(json(&commands, &["user", "disable", "Vera"])["state"], "disabled");
    let token = json(&commands, &["token", "create", "ci", "--scope", "import", "--team", "Payments"]);
    assert!(token["token"].as_str().unwrap().starts_with("cairn_"), "{token}");
    let tokens = json(&commands, &["token", "list"]);
    assert_eq!((&tokens[0]["name"], &tokens[0]["state"]), (&"ci".into(), &"valid".into()));
    assert_eq!(json(&commands, &["token", "revoke", "ci"])["state"], "revoked");
    let sound = json(&commands, &["audit", "verify"]);
    assert_eq!(sound["assessments"], 1);
    commands.run(&["audit", "verify", "--head", sound["head"].as_str().unwrap()]).expect_done();
    let backup = json(&commands, &["backup", "copy.db"]);
    assert_eq!((&backup["teams"], &backup["file"]), (&2.into(), &"copy.db".into()));
    let restored = json(&commands, &["restore", "copy.db"]);
    assert_eq!((&restored["assessments"], &restored["migrated"]), (&2.into(), &false.into()));
    assert!(restored["kept"].is_string());
}

#[test]
fn programs_get_what_is_in_catalogs_and_how_they_differ() {
    let commands = CommandLine::new();
    let text = |name: &str| {
        format!(
            "D:\n  S:\n    First:\n      uuid: a\n      level: 1\n      usefulness: 3\n      difficultyOfImplementation: {{knowledge: 1, time: 1, resources: 1}}\n    {name}:\n      uuid: b\n      level: 2\n      usefulness: 3\n      difficultyOfImplementation: {{knowledge: 1, time: 1, resources: 1}}\n"
        )
    };
    commands.write("old.yaml", text("Second"));
    commands.write("new.yaml", text("Another"));
    let counts = json(&commands, &["catalog", "check", "--whole", "old.yaml"]);
    assert_eq!(counts["activities"], 2);
    assert_eq!(counts["dimensions"][0]["sub_dimensions"][0]["activities_by_level"], serde_json::json!([1, 1, 0, 0, 0]));
    let change = json(&commands, &["catalog", "diff", "--whole", "old.yaml", "new.yaml"]);
    assert_eq!(change["renamed"], serde_json::json!([{ "id": "b", "name": "Another" }]));
    assert_eq!(change["added"], serde_json::json!([]));
    let used = json(&commands, &["catalog", "use", "--whole", "old.yaml"]);
    assert_eq!((&used["catalog"]["activities"], &used["left_out"]), (&2.into(), &0.into()));

    // Warnings are in the result, so that nothing but JSON is printed.
    commands.write("odd.yaml", text("Second").replace("level: 1", "level: 1\n      mood: fine"));
    commands.write(
        "more.yaml",
        text("Fourth")
            .replace("First", "Third")
            .replace("uuid: a", "uuid: c\n      mood: fine")
            .replace("uuid: b", "uuid: d"),
    );
    let none: [Value; 0] = [];
    assert_eq!(counts["warnings"].as_array().map(Vec::as_slice), Some(none.as_slice()));
    for arguments in [
        &["catalog", "check", "--whole", "odd.yaml"][..],
        &["catalog", "use", "--whole", "odd.yaml"],
        &["catalog", "add", "more.yaml"],
        &["catalog", "diff", "old.yaml", "odd.yaml"],
    ] {
        let Output { code, stdout, stderr } = commands.run(&[arguments, &["--format", "json"]].concat());
        assert_eq!((code, stderr.as_str()), (Some(0), ""), "{arguments:?}");
        let result: Value = serde_json::from_str(&stdout).unwrap();
        let warnings = result["warnings"].as_array().unwrap();
        assert!(warnings.iter().any(|warning| warning.as_str().unwrap().contains(".yaml")), "{arguments:?}: {stdout}");
    }
}

#[test]
fn a_command_does_its_work_when_nobody_reads_its_messages() {
    let commands = CommandLine::new();
    let id = &activity_ids()[0];
    commands.write("good.csv", format!("team,period,activity_id,status,mood\nPayments,2026-Q3,{id},started,fine\n"));
    commands.write("bad.csv", format!("team,period,activity_id,status\nPayments,2026-Q3,{id},bogus\n"));
    for (arguments, code) in [
        (&["import", "good.csv", "--dry-run"][..], 0),
        (&["import", "good.csv"], 0),
        (&["import", "bad.csv"], 1),
        (&["import", "bad.csv", "--format", "json"], 1),
        (&["--log-format", "json", "import", "bad.csv"], 1),
        (&["backup", "copy.db"], 0),
        (&["restore", "copy.db"], 0),
        (&["audit", "verify"], 0),
        (&["catalog", "use", "--bundled"], 0),
        (&["user", "add", "Vera", "--role", "viewer"], 0),
        (&["user", "nonsense"], 2),
    ] {
        assert_eq!(commands.run_unheard(arguments), Some(code), "{arguments:?}");
    }
    assert!(commands.everything().contains("Payments,2026-Q3"), "what was asked for is done");
}

#[test]
fn what_goes_wrong_is_json_too() {
    let commands = CommandLine::new();
    commands.write("odd.yaml", "A:\n  B:\n    C:\n      uuid: a\n      mood: fine\n      level: 9\n");
    for arguments in [
        &["user", "list"][..],
        &["catalog", "check", "nothing.yaml"],
        &["catalog", "check", "--whole", "odd.yaml"],
        &["audit", "verify"],
        &["restore", "nothing.db"],
    ] {
        let Output { code, stdout, stderr } = commands.run(&[arguments, &["--format", "json"]].concat());
        let error: Value =
            serde_json::from_str(&stderr).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {stderr}"));
        assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()), "{stderr}");
        assert_eq!((code, stdout.as_str()), (Some(1), ""), "{arguments:?}");
    }
}
