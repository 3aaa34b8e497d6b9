//! The files of the DSOMM application on pages.

use crate::harness::{CommandLine, TestApp};

const FILES: [&str; 4] = ["team-progress.yaml", "team-evidence.yaml", "teams.yaml", "meta.yaml"];

#[test]
fn an_organization_with_history_moves_out_and_in_again() {
    let (app, commands) = (TestApp::demo(), CommandLine::new());
    let exported = FILES.map(|name| {
        let page = app.visit(&format!("/export/{name}"));
        assert_eq!(page.header("content-type"), "application/yaml");
        page.text().to_owned()
    });
    for (name, text) in FILES.iter().zip(&exported) {
        commands.write(name, text);
    }
    let said = commands.run(&[&["import"], FILES.as_slice()].concat());
    assert_eq!(said.code, Some(0), "{}", said.stderr);
    assert!(!said.stderr.contains("warning"), "{}", said.stderr);
    let again = |arguments: &[&str]| commands.export(arguments).expect_done();
    // What does not apply has no place in the files, and pieces of evidence get other numbers.
    let days = |text: &str| text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(days(&again(&["team-progress"])), days(&exported[0]));
    let said = |text: &str| text.lines().filter(|line| !line.contains("- id: ")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(said(&again(&["team-evidence"])), said(&exported[1]));
    assert_eq!(again(&["teams", "--format", "yaml"]), exported[2]);
    assert_eq!(again(&["meta"]), exported[3]);
}

#[test]
fn only_files_of_the_application_come_as_yaml() {
    let app = TestApp::new();
    for path in ["/export/levels.yaml", "/export/team-progress.csv", "/export/meta.json"] {
        app.get(path).expect_status(404);
    }
    assert_eq!(app.visit("/export/team-progress.yaml").text(), "progress:\n");
    assert_eq!(app.visit("/export/team-evidence.yaml").text(), "evidence: {}\n");
    assert_eq!(app.visit("/export/teams.yaml").text(), "teams: []\nteamGroups: {}\n");
}
