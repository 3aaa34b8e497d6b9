//! Two people who change the same thing at the same time: the second is told, and overwrites nothing unseen.

use crate::harness::{Browser, Form, TestApp, activity_ids};

/// Two people open the form on a page; `theirs` is sent before `mine`. The second learns of it, keeps what they entered,
/// sees how things are now, and can decide again.
fn assert_nobody_is_overwritten(
    app: &Browser,
    path: &str,
    css: &str,
    (theirs, mine): (impl Fn(&mut Form), impl Fn(&mut Form)),
    now: &str,
) {
    let open = || app.visit(path).form(css);
    let (mut first, mut second) = (open(), open());
    theirs(&mut first);
    mine(&mut second);
    app.submit(&first).location();
    let after = open();

    let refused = app.submit(&second).expect_status(409);
    let told = refused.words("[role=alert]");
    assert!(told.contains("somebody else changed it meanwhile, so nothing was done"), "{path}: {told}");
    assert_eq!(open().fields, after.fields, "{path}: nothing is overwritten");
    assert!(refused.words("main").contains(now), "{path}: {now} in {}", refused.words("main"));
    let again = refused.form(css);
    assert_eq!(again.said(), second.said(), "{path}: what was entered is still there");
    app.submit(&again).location();
    assert_ne!(open().fields, after.fields, "{path}: whoever has seen it decides");
}

/// Fills a field in.
fn fill<'a>(field: &'a str, text: &'a str) -> impl Fn(&mut Form) + 'a {
    move |form| form.fill(field, text)
}

/// Takes one of the choices that are offered.
fn choose<'a>(field: &'a str, choice: &'a str) -> impl Fn(&mut Form) + 'a {
    move |form| form.choose(field, choice)
}

#[test]
fn of_two_who_change_a_team_the_second_is_told() {
    let app = TestApp::new();
    let path = format!("/teams/{}", app.add_team("Payments"));
    let both = (fill("name", "Cards"), fill("description", "Pays"));
    assert_nobody_is_overwritten(&app, &path, "main form.fields", both, "Name Cards What it builds or runs not said");
}

#[test]
fn of_two_who_rename_a_group_the_second_is_told() {
    let app = TestApp::new();
    let form = format!("form[action='/groups/{}']", app.add_group("Bank"));
    assert_nobody_is_overwritten(&app, "/teams", &form, (fill("name", "Banking"), fill("name", "Money")), "Banking");
}

#[test]
fn of_two_who_change_an_account_the_second_is_told() {
    let app = TestApp::new();
    app.person("Grace", &["--role", "viewer"]);
    let both = (choose("role", "manager"), choose("role", "assessor"));
    assert_nobody_is_overwritten(&app, "/admin/users/2", "#rights form", both, "Role Manager");
}

#[test]
fn of_two_who_separate_teams_the_second_is_told() {
    let app = TestApp::new();
    let (theirs, mine) = (choose("separation", "separated"), choose("separation", "open"));
    let mut first = app.visit("/admin/users").form("#separation form");
    let mut second = first.clone();
    theirs(&mut first);
    mine(&mut second);
    app.submit(&first).location();
    let refused = app.submit(&second).expect_status(409);
    assert!(refused.words("[role=alert]").contains("somebody else changed it meanwhile"));
    assert_eq!(app.visit("/admin/users").form("#separation form").value("separation"), "separated");
}

#[test]
fn of_two_who_trust_a_token_the_second_is_told() {
    let app = TestApp::new();
    app.program("ci", &["--scope", "propose"]);
    let [first, second] = [0, 1].map(|n| activity_ids()[n].clone());
    let both = (choose("trust", &first), choose("trust", &second));
    assert_nobody_is_overwritten(&app, "/admin/tokens/1", "#trust form", both, "it is trusted for 1 activity");
}

#[test]
fn of_two_who_name_an_owner_the_second_is_told() {
    let app = TestApp::organization();
    let plan = app.visit("/roadmap/plans").attributes("main th a", "href")[0].clone();
    let practice = app.visit(&plan).attributes(".planned a[href*='/items/']", "href")[0].clone();
    let practice = practice.split('?').next().unwrap().to_owned();
    let both = (fill("owner", "Noor"), fill("owner", "Asa"));
    assert_nobody_is_overwritten(&app, &practice, "#owner form", both, "As it is now: Noor.");
}

#[test]
fn who_sends_no_state_is_not_held_to_one() {
    let app = TestApp::new();
    let path = format!("/teams/{}", app.add_team("Payments"));
    app.post(&path, &[("name", "Cards")]).location();
    app.post(&path, &[("name", "Payments")]).location();
}
