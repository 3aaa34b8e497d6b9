//! `/assessments`: saving, and everything that keeps a save from happening.

use crate::harness::{Form, Page, TestApp};

/// An assessment that was just opened, and the ids of the first activities that it asks.
struct Draft {
    app: TestApp,
    address: String,
    activities: Vec<String>,
}

impl Draft {
    fn new() -> Self {
        let app = TestApp::new();
        let address = app.open(app.add_team("Payments"), "2026-Q4");
        let activities = app.visit(&address).asked("main");
        Self { app, address, activities }
    }

    fn page(&self) -> Page {
        self.app.visit(&self.address)
    }

    fn form(&self) -> Form {
        self.page().form("form.questions")
    }

    /// The name of a field of one of the activities.
    fn field(&self, name: &str, activity: usize) -> String {
        format!("{name}[{}]", self.activities[activity])
    }

    fn set(&self, form: &mut Form, activity: usize, status: &str, note: &str) {
        form.choose(&self.field("status", activity), status);
        form.fill(&self.field("note", activity), note);
    }

    /// The page after a save that was refused still has all of a form, and nothing was recorded.
    fn assert_nothing_lost_nor_saved(&self, refused: &Page, sent: &Form, before: &[u8]) {
        let again = refused.form("form.questions");
        for (name, value) in sent.fields.iter().filter(|(name, _)| !name.starts_with("seen[")) {
            assert_eq!(again.value(name), value, "{name}");
        }
        assert_eq!(self.app.visit("/export/answers.csv").body, before);
    }

    fn recorded(&self) -> Vec<u8> {
        self.app.visit("/export/answers.csv").body
    }
}

#[test]
fn what_is_unchanged_is_not_recorded_again() {
    let draft = Draft::new();
    let mut form = draft.form();
    draft.set(&mut form, 0, "started", " a note\r\nof two lines ");
    draft.set(&mut form, 1, "not_implemented", "");
    assert!(draft.app.submit(&form).location().contains("?saved=2"));

    let same = draft.app.submit(&draft.form());
    assert!(same.location().contains("?saved=0"));
    assert!(draft.app.follow(&same).words("[role=status]").starts_with("Nothing to save"));
    // Neither when it is sent from a page that was loaded before the first save.
    assert!(draft.app.submit(&form).location().contains("?saved=0"));
}

#[test]
fn answers_can_be_taken_back() {
    let draft = Draft::new();
    let mut form = draft.form();
    form.choose(&draft.field("status", 0), "not_applicable");
    form.fill(&draft.field("reason", 0), "no containers");
    draft.app.submit(&form).location();
    let mut form = draft.form();
    // The reason stays in its field, as it does in a browser, and is passed over.
    form.choose(&draft.field("status", 0), "unanswered");
    assert_eq!(form.value(&draft.field("reason", 0)), "no containers");
    assert!(draft.app.submit(&form).location().contains("?saved=1"));
    let form = draft.form();
    assert_eq!(form.value(&draft.field("status", 0)), "unanswered");
    assert_eq!(form.value(&draft.field("reason", 0)), "");
}

#[test]
fn nobody_overwrites_what_they_have_not_seen() {
    let draft = Draft::new();
    let (mut first, mut second) = (draft.form(), draft.form());
    draft.set(&mut first, 0, "started", "the note of the first");
    draft.app.submit(&first).location();
    let recorded = draft.recorded();

    draft.set(&mut second, 0, "fully_implemented", "the note of the second");
    draft.set(&mut second, 1, "partly_implemented", "about something else");
    let refused = draft.app.submit(&second).expect_status(409);
    let shown = refused.words("fieldset .notice.bad");
    assert!(shown.contains("Started") && shown.contains("the note of the first"), "{shown}");
    assert_eq!(refused.select(".notice.bad[role=alert] li").len(), 1, "only one activity is in conflict");
    draft.assert_nothing_lost_nor_saved(&refused, &second, &recorded);

    // Having seen both, the second decides.
    let decided = draft.app.submit(&refused.form("form.questions"));
    assert!(decided.location().contains("?saved=2"));
    let form = draft.form();
    assert_eq!(form.value(&draft.field("status", 0)), "fully_implemented");
    assert_eq!(form.value(&draft.field("note", 0)), "the note of the second");
    assert_eq!(form.value(&draft.field("status", 1)), "partly_implemented");
}

#[test]
fn two_who_answer_different_activities_do_not_meet() {
    let draft = Draft::new();
    let (mut first, mut second) = (draft.form(), draft.form());
    draft.set(&mut first, 0, "started", "");
    draft.set(&mut second, 1, "started", "");
    draft.app.submit(&first).location();
    // The whole page is one form, so the second sends what they saw of the first activity as well.
    let saved = draft.app.submit(&second);
    assert_eq!(saved.status, 303, "{}", saved.words("[role=alert]"));
    let form = draft.form();
    assert_eq!((form.value(&draft.field("status", 0)), form.value(&draft.field("status", 1))), ("started", "started"));
}

#[test]
fn not_applicable_needs_a_reason() {
    let draft = Draft::new();
    let mut form = draft.form();
    form.choose(&draft.field("status", 0), "not_applicable");
    draft.set(&mut form, 1, "started", "kept, <b>whatever</b> happens");
    let before = draft.recorded();
    let refused = draft.app.submit(&form).expect_status(422);
    assert!(refused.words(".notice[role=alert]").contains("needs a reason"));
    let field = format!("label.reason:has(input[name='{}']) + p.fault", draft.field("reason", 0));
    assert!(refused.words(&field).contains("needs a reason"), "the message stands at the field");
    assert_eq!(refused.select("p.fault").len(), 1);
    draft.assert_nothing_lost_nor_saved(&refused, &form, &before);
}

#[test]
fn what_cannot_be_recorded_is_refused_with_everything_entered_kept() {
    let draft = Draft::new();
    let first = &draft.activities[0];
    let (status, note, reason) = (draft.field("status", 0), draft.field("note", 0), draft.field("reason", 0));
    let long = "x".repeat(10_001);
    let megabyte = "ä".repeat(512 * 1024);
    for (fields, message) in [
        (vec![(status.as_str(), "done")], "“done” is not a status"),
        (vec![("status[no-such-activity]", "started")], "does not ask for such an activity"),
        (vec![(&status, "started"), (&note, &long)], "at most 10000 characters; this has 10001"),
        (vec![(&status, "started"), (&note, &megabyte)], "at most 10000 characters; this has 524288"),
        (vec![(&status, "started"), (&note, "bell \u{7}")], "no control"),
        (vec![(&status, "started"), (&note, "zero \0")], "no control"),
        (vec![(&status, "started"), (&note, "left \u{202E} right")], "no control or direction-changing"),
        (vec![(&status, "not_applicable"), (&reason, "line \u{1B}[31m")], "no control"),
        (vec![(&status, "not_applicable"), (&reason, " \r\n ")], "needs a reason"),
    ] {
        let refused = draft.app.post(&format!("{}/answers", draft.address), &fields).expect_status(422);
        assert!(refused.words("[role=alert]").contains(message), "{}", refused.words("[role=alert]"));
        if let Some((_, text)) = fields.iter().find(|(name, text)| *name == note && !text.contains('\0')) {
            assert_eq!(refused.form("form.questions").value(&note), *text, "{first}");
        }
    }
    assert_eq!(String::from_utf8(draft.recorded()).unwrap().lines().count(), 1, "only the head");
}

#[test]
fn forms_that_no_page_of_ours_sends_do_no_harm() {
    let draft = Draft::new();
    let answers = format!("{}/answers", draft.address);
    for fields in
        [&[][..], &[("status", "started")], &[("status[", "x")], &[("x]", "y")], &[("button", "\r\nSet-Cookie: x")]]
    {
        assert!(draft.app.post(&answers, fields).location().starts_with(&draft.address));
    }
    let binary = [("content-type", "application/x-www-form-urlencoded")];
    assert_eq!(draft.app.send("POST", &answers, &binary, Some(b"status%5Ba%5D=%FF%FE&\xFF=%")).unwrap().status, 422);
    let json = [("content-type", "application/json")];
    draft.app.send("POST", &answers, &json, Some(b"{}")).unwrap().expect_status(415);
    draft.app.post("/assessments/99/answers", &[(&draft.field("status", 0), "started")]).expect_status(404);
    draft.app.post("/assessments/99/review", &[]).expect_status(404);
    assert_eq!(String::from_utf8(draft.recorded()).unwrap().lines().count(), 1, "only the head");
}

#[test]
fn a_team_has_one_assessment_in_a_quarter() {
    let draft = Draft::new();
    let team = draft.app.team("Payments");
    draft.app.answer(&draft.address, &[(&draft.activities[0], "started")]);
    assert_eq!(draft.app.open(team, "2026-Q4"), draft.address);
    assert_ne!(draft.app.open(team, "2026-Q3"), draft.address);
    assert_eq!(draft.form().value(&draft.field("status", 0)), "started");
}

#[test]
fn only_quarters_that_have_begun_are_assessed() {
    let app = TestApp::new();
    let team = app.add_team("Payments").to_string();
    let refused = app.post("/assessments", &[("team", &team), ("period", "2027-Q1")]).expect_status(422);
    assert!(refused.words("main").contains("2027-Q1 has not begun yet"), "{}", refused.words("main"));
    let refused = app.post("/assessments", &[("team", &team), ("period", "2026-Q5")]).expect_status(422);
    assert!(refused.words("main").contains("write it like 2026-Q4"));
    // Pages that were asked for such a quarter lead to one that there is.
    for path in ["/assessments?period=2027-Q1", "/assessments/new?period=2027-Q1"] {
        let page = app.visit(path);
        assert!(page.select("main form[method=post]").is_empty(), "{path} offers nothing that is refused");
        let offered = format!("{}period=2026-Q4", path.trim_end_matches("period=2027-Q1"));
        assert_eq!(page.attributes("[role=alert] a", "href"), [offered]);
    }
    let refused = app.get(&format!("/trend?team={team}&period=2027-Q1")).expect_status(422);
    assert!(refused.words("main").contains("Quarter: 2027-Q1 has not begun yet"), "{}", refused.words("main"));
    assert_eq!(refused.attributes("main .empty a", "href"), [format!("/trend?team={team}")]);
    app.post("/assessments", &[("team", "99"), ("period", "2026-Q4")]).expect_status(404);
    app.post("/assessments", &[("team", "x"), ("period", "2026-Q4")]).expect_status(422);
    app.post("/assessments", &[("team", &team)]).expect_status(422);
    assert_eq!(app.visit("/assessments").row("Payments")[1], "Not opened");
    assert_eq!(app.visit("/assessments?period=2026-Q3").row("Payments")[1], "Not opened");
}

#[test]
fn notes_are_shown_and_never_run() {
    let draft = Draft::new();
    let text = "</textarea><script>alert(1)</script> \"><img src=x onerror=alert(1)>";
    let mut form = draft.form();
    draft.set(&mut form, 0, "started", text);
    form.choose(&draft.field("status", 1), "not_applicable");
    form.fill(&draft.field("reason", 1), text);
    draft.app.submit(&form).location();
    let form = draft.form();
    assert_eq!((form.value(&draft.field("note", 0)), form.value(&draft.field("reason", 1))), (text, text));
    assert!(draft.page().select("script:not([src^='/assets/']), main img").is_empty());
    draft.app.hand_in(&draft.address);
    let page = draft.page();
    assert!(page.select("script:not([src^='/assets/']), main img").is_empty());
    assert!(page.words(".note-text").contains(text) && page.words(".given").contains(text));
}
