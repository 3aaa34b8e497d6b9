//! `/threat-models/{id}`: made by hand and from files, changed part by part, looked at again, taken away.

use crate::harness::{Browser, Page, TestApp};

/// Begins a threat model for a team, and gives its address.
fn begin(app: &Browser, team: i64, title: &str) -> String {
    let mut form = app.visit(&format!("/threat-models/new?team={team}")).form("main form");
    assert_eq!(form.value("team"), team.to_string());
    form.fill("title", title);
    let step = app.submit(&form).location();
    assert!(step.ends_with("/steps/identify-assets"), "{step}");
    step.split("/steps").next().unwrap().to_owned()
}

/// Adds a part by its form. Fields that are there several times are ticked.
fn add(app: &Browser, model: &str, kind: &str, fields: &[(&str, &str)]) -> Page {
    let seen = app.visit(&format!("{model}/{kind}/new")).form("main form.fields").value("seen").to_owned();
    let mut all = vec![("seen", seen.as_str())];
    all.extend(fields);
    app.post(&format!("{model}/{kind}/new"), &all)
}

/// A file of the canonical format with one threat, whose title and status are given.
fn file(title: &str, threats: &[(&str, &str, &str)]) -> String {
    let threats: Vec<String> = threats
        .iter()
        .map(|(id, title, status)| format!(r#"{{"id":"{id}","title":"{title}","status":"{status}"}}"#))
        .collect();
    let threats = threats.join(",");
    format!(
        r#"{{"format":"cairn-threat-model","version":1,"threat_model":{{"title":"{title}","threats":[{threats}]}}}}"#
    )
}

#[test]
fn a_model_is_made_step_by_step_without_a_tool() {
    let app = TestApp::new();
    let team = app.add_team("Payments");
    let model = begin(&app, team, "Refunds");

    add(&app, &model, "assets", &[("name", "Card data"), ("confidentiality", "high")]).location();
    add(&app, &model, "elements", &[("kind", "trust_zone"), ("name", "Bank")]).location();
    add(&app, &model, "elements", &[("kind", "actor"), ("name", "Customer")]).location();
    add(&app, &model, "elements", &[("kind", "process"), ("name", "Refund service"), ("zone", "element-1")]).location();
    let flow = [("kind", "data_flow"), ("name", "Refund"), ("source", "element-2"), ("target", "element-3")];
    add(&app, &model, "elements", &flow).location();

    let boundaries = app.visit(&format!("{model}/steps/trust-boundaries"));
    assert!(boundaries.words("main").contains("1 of 1 flow has no threat"), "{}", boundaries.words("main"));
    let threat = [
        ("title", "Somebody refunds to themselves"),
        ("stride", "tampering"),
        ("affects", "element-4"),
        ("affects", "element-3"),
        ("assets", "asset-1"),
        ("likelihood", "2"),
        ("impact_rating", "3"),
        ("status", "open"),
    ];
    add(&app, &model, "threats", &threat).location();
    let mitigation = [("title", "Four eyes"), ("status", "in-progress"), ("threats", "threat-1")];
    add(&app, &model, "mitigations", &mitigation).location();

    let page = app.visit(&model);
    let row = page.row("T1 Somebody refunds to themselves");
    assert_eq!(row[1..5], ["Tampering", "Refund, Refund service", "High", "Open"]);
    assert!(row[5].contains("M1 Four eyes"), "{row:?}");
    assert!(page.words("#diagram").contains("Customer → Refund service"), "{}", page.words("#diagram"));
    let steps = page.texts("#steps li");
    assert!(steps[0].contains("Done") && steps[0].contains("1 asset"), "{}", steps[0]);
    assert!(page.words("#reviews").contains("Nothing is recorded yet"));

    let coverage = app.visit(&format!("{model}/analysis"));
    assert!(coverage.words("#stride").contains("2 of 11 pairs"), "{}", coverage.words("#stride"));
    assert!(coverage.words("#crossings").contains("0 of 1 flow has no threat"));
    let left = coverage.attributes("#stride a.left", "href");
    let form = app.visit(&left[0]).form("main form.fields");
    assert_eq!(form.value("affects"), "element-2", "what is left leads to a threat that is about it");
}

#[test]
fn what_is_wrong_is_said_at_its_field_and_nothing_is_saved() {
    let app = TestApp::new();
    let model = begin(&app, app.add_team("Payments"), "Refunds");
    let refused = |kind: &str, fields: &[(&str, &str)], field: &str| {
        let page = add(&app, &model, kind, fields).expect_status(422);
        let named = page.select(&format!("[name={field}][aria-invalid=true], fieldset[aria-describedby*={field}]"));
        assert_eq!(named.len(), 1, "{kind} {field}: {}", page.words("main"));
    };
    refused("assets", &[("name", " ")], "name");
    refused("elements", &[("kind", "data_flow"), ("name", "x")], "source");
    refused("elements", &[("kind", "rocket"), ("name", "x")], "kind");
    refused("threats", &[("title", "x"), ("status", "accepted")], "reason");
    refused("threats", &[("title", "x"), ("likelihood", "3")], "impact_rating");
    refused("threats", &[("title", "x"), ("likelihood", "9"), ("impact_rating", "1")], "likelihood");
    refused("threats", &[("title", "x"), ("cwe", "many")], "cwe");
    refused("threats", &[("title", "x"), ("affects", "gone")], "affects");
    refused("mitigations", &[("title", "x"), ("link", "javascript:alert(1)")], "link");
    refused("mitigations", &[("title", &"x".repeat(301))], "title");
    app.get(&format!("{model}/rockets/new")).expect_status(404);
    app.get(&format!("{model}/threats/none")).expect_status(404);
    app.get(&format!("{model}/steps/none")).expect_status(404);
    app.get("/threat-models/99").expect_status(404);
    assert_eq!(app.visit(&format!("{model}/revisions")).select("#revisions tbody tr").len(), 1);
    let team = app.team("Payments").to_string();
    let again = app.post("/threat-models", &[("team", &team), ("title", "REFUNDS")]).expect_status(422);
    assert!(again.words("main").contains("has a threat model of this title already"));
}

#[test]
fn two_people_change_different_parts_at_the_same_time() {
    let app = TestApp::new();
    let model = begin(&app, app.add_team("Payments"), "Refunds");
    add(&app, &model, "threats", &[("title", "One"), ("status", "open")]).location();
    add(&app, &model, "threats", &[("title", "Two"), ("status", "open")]).location();
    let (mut first, mut second, mut third) = (
        app.visit(&format!("{model}/threats/threat-1")).form("main form.fields"),
        app.visit(&format!("{model}/threats/threat-2")).form("main form.fields"),
        app.visit(&format!("{model}/threats/threat-1")).form("main form.fields"),
    );
    first.fill("title", "One changed");
    app.submit(&first).location();
    second.fill("title", "Two changed");
    app.submit(&second).location();
    third.fill("title", "One overwritten");
    let conflict = app.submit(&third).expect_status(409);
    assert!(conflict.words(".notice.bad").contains("somebody else changed this meanwhile"));
    let titles = app.visit(&model).texts("#threats tbody th a");
    assert_eq!(titles, ["T1 One changed", "T2 Two changed"]);
    assert_eq!(
        app.submit(&conflict.form("main form.fields")).location(),
        model,
        "after it was seen, it can be replaced"
    );
}

#[test]
fn every_change_is_a_revision_and_can_be_taken_back() {
    let app = TestApp::new();
    let model = begin(&app, app.add_team("Payments"), "Refunds");
    add(&app, &model, "threats", &[("title", "One"), ("status", "open")]).location();
    let removed = app.visit(&format!("{model}/threats/threat-1")).form("main form[action$=remove]");
    app.submit(&removed).location();
    let page = app.visit(&format!("{model}/revisions"));
    let summaries = page.texts("#revisions tbody td:nth-child(4)");
    assert_eq!(summaries.len(), 3);
    assert!(summaries[0].contains("Took out threat T1 “One”"), "{summaries:?}");
    assert!(page.words("#changes").contains("One"), "{}", page.words("#changes"));
    let before = app.visit(&format!("{model}/revisions/2"));
    app.submit(&before.form("main form[action$=take-back]")).location();
    assert_eq!(app.visit(&model).texts("#threats tbody th a"), ["T1 One"]);
    app.get(&format!("{model}/revisions/9")).expect_status(404);
}

#[test]
fn a_model_is_fresh_only_when_somebody_went_through_it() {
    let app = TestApp::new();
    let team = app.add_team("Payments");
    let team_number = team.to_string();
    let imported =
        app.upload("/threat-models/import", &[("team", &team_number)], "a.json", file("Shop", &[]).as_bytes());
    let model = imported.location().split("/revisions").next().unwrap().to_owned();
    assert!(app.visit(&model).words("main").contains("Never reviewed"), "an import is no review");

    let record = |fields: &[(&str, &str)]| app.post(&format!("{model}/records"), fields);
    let future = record(&[("kind", "review"), ("on", "2026-11-25")]).expect_status(422);
    assert!(future.words(".notice.bad").contains("has not happened yet"), "{}", future.words("main"));
    record(&[("kind", "significant-change"), ("on", "2026-11-24"), ("note", " ")]).expect_status(422);
    record(&[("kind", "review"), ("on", "2026-01-10"), ("participants", "Ada, Grace")]).location();
    let page = app.visit(&model);
    assert!(page.words("main").contains("The next review is due after 10 Jan 2027"), "{}", page.words("main"));
    assert!(page.words("#reviews").contains("Ada, Grace"));

    record(&[("kind", "significant-change"), ("on", "2026-11-20"), ("note", "A new flow to the bank")]).location();
    let page = app.visit(&model);
    assert!(page.words("main").contains("Review due") && page.words("main").contains("A new flow to the bank"));
    record(&[("kind", "review"), ("on", "2026-11-24")]).location();
    let mut about = app.visit(&format!("{model}/about")).form("main form.fields");
    about.fill("criticality", "critical");
    app.submit(&about).location();
    let page = app.visit(&model);
    assert!(
        page.words("main").contains("The next review is due after 23 May 2027"),
        "180 days: {}",
        page.words("main")
    );
}

#[test]
fn the_same_model_again_is_a_revision_that_says_what_changed() {
    let app = TestApp::new();
    let team = app.add_team("Payments").to_string();
    let import = |content: &str, what: &str| {
        app.upload("/threat-models/import", &[("team", &team), ("do", what)], "shop.json", content.as_bytes())
    };
    let first = file("Shop", &[("a", "Old", "open"), ("b", "Other", "open")]);
    let looked = import(&first, "look").expect_status(200);
    assert!(
        looked.words("main").contains("Nothing is changed yet") && looked.words("main").contains("a new threat model")
    );
    let model = import(&first, "import").location().split("/revisions").next().unwrap().to_owned();
    add(&app, &model, "assets", &[("name", "Cards")]).location();

    let same = import(&file("Shop", &[("a", "Old", "open"), ("b", "Other", "open")]), "look").expect_status(200);
    assert!(same.words("main").contains("1 asset removed"), "a file of Cairn says everything: {}", same.words("main"));
    let second = file("shop", &[("a", "Old", "mitigated"), ("c", "New", "open")]);
    let again = import(&second, "import").location();
    assert!(again.starts_with(&model), "{again}");
    let changes = app.visit(&again).words("#changes");
    for words in ["Old", "New", "Other"] {
        assert!(changes.contains(words), "{words}: {changes}");
    }
    let unchanged = import(&second, "import").expect_status(200);
    assert!(unchanged.words("main").contains("nothing changes"), "{}", unchanged.words("main"));
    assert_eq!(app.visit(&format!("{model}/revisions")).select("#revisions tbody tr").len(), 3);
}

#[test]
fn a_file_that_is_no_threat_model_is_refused_with_the_reason() {
    let app = TestApp::new();
    let team = app.add_team("Payments").to_string();
    let refused = |content: &[u8], reason: &str| {
        let page = app.upload("/threat-models/import", &[("team", &team)], "x.json", content).expect_status(422);
        assert!(page.words(".notice.bad").contains(reason), "{reason}: {}", page.words(".notice.bad"));
    };
    refused(b"", "the file is empty");
    refused(b"{\"summarize\":{},\"details\":{}}", "summarize");
    refused(b"{\"a\":", "not readable as JSON");
    refused(b"<html></html>", "XML of another kind");
    refused(b"<mxlibrary>[]</mxlibrary>", "a library of shapes");
    refused("[".repeat(100_000).as_bytes(), "not readable as JSON");
    app.upload("/threat-models/import", &[("team", "x")], "x.json", b"{}").expect_status(422);
    app.upload("/threat-models/99/import", &[], "x.json", b"{}").expect_status(404);
    app.upload("/threat-models/import", &[("team", &team)], "x.json", &vec![b' '; 17_000_000]).expect_status(413);
}

#[test]
fn what_is_entered_stays_text() {
    let app = TestApp::new();
    let model = begin(&app, app.add_team("Payments"), "<b>Refunds</b>");
    let script = "<script>alert(1)</script>";
    add(&app, &model, "elements", &[("kind", "process"), ("name", script)]).location();
    add(&app, &model, "threats", &[("title", script), ("description", script), ("affects", "element-1")]).location();
    for place in ["", "/analysis", "/revisions", "/steps/data-flow-diagram", "/threats/threat-1", "/import"] {
        let page = app.visit(&format!("{model}{place}"));
        assert!(!page.text().contains(script), "{place}");
        assert!(page.select("h1 b").is_empty());
    }
    let csv = app.visit(&format!("{model}/files/threats.csv"));
    assert!(csv.text().contains(script));
    assert!(csv.header("content-disposition").starts_with("attachment"));
}

#[test]
fn a_model_leaves_as_files_and_comes_back() {
    let app = TestApp::new();
    let team = app.add_team("Payments");
    let model = begin(&app, team, "Refunds");
    add(&app, &model, "elements", &[("kind", "process"), ("name", "Service")]).location();
    add(&app, &model, "threats", &[("title", "=cmd"), ("affects", "element-1"), ("stride", "spoofing")]).location();
    let get = |name: &str| app.visit(&format!("{model}/files/{name}"));
    let json = get("threat-model.json").body;
    let other = app.add_team("Other").to_string();
    let copy = app.upload("/threat-models/import", &[("team", &other)], "a.json", &json).location();
    let copy = copy.split("/revisions").next().unwrap().to_owned();
    assert_eq!(app.visit(&format!("{copy}/files/threat-model.json")).body, json, "there and back");
    assert!(get("threat-dragon.json").text().contains("Spoofing"));
    assert!(get("threats.csv").text().contains("'=cmd"));
    assert!(get("threats.xlsx").body.starts_with(b"PK"));
    assert!(get("mitigations.csv").text().lines().count() == 1);
    assert!(get("diagram.svg").text().contains("Service"));
    assert!(get("diagram.png").body.starts_with(b"\x89PNG"));
    app.get(&format!("{model}/files/none.csv")).expect_status(404);
}

#[test]
fn what_is_put_aside_stays_and_does_not_change() {
    let app = TestApp::new();
    let team = app.add_team("Payments");
    let model = begin(&app, team, "Refunds");
    app.post(&format!("{model}/archive"), &[]).location();
    assert!(app.visit(&model).words("main").contains("Put aside on"));
    app.post(&format!("{model}/threats/new"), &[("seen", "1"), ("title", "x")]).expect_status(409);
    begin(&app, team, "Refunds");
    let taken = app.post(&format!("{model}/restore"), &[]).expect_status(422);
    assert!(taken.words(".notice.bad").contains("of this title already"));
}

/// The activity on simple threat modeling on technical level.
const TECHNICAL: &str = "47419324-e263-415b-815d-e7161b6b905e";

/// Imports a model that holds everything which the activity asks of models, and gives its address.
fn sound_model(app: &Browser, team: i64) -> String {
    let content = r#"{"format":"cairn-threat-model","version":1,"threat_model":{
        "title":"Shop","owner":"Ada","reviewer":"Grace",
        "elements":[
            {"id":"customer","kind":"actor","name":"Customer"},
            {"id":"shop","kind":"process","name":"Shop"},
            {"id":"order","kind":"data_flow","name":"Order","source":"customer","target":"shop"}],
        "threats":[{"id":"t","number":1,"title":"Somebody orders for others","status":"accepted","affects":["order"]}]}}"#;
    let imported =
        app.upload("/threat-models/import", &[("team", &team.to_string())], "shop.json", content.as_bytes()).location();
    imported.split("/revisions").next().unwrap().to_owned()
}

#[test]
fn fresh_models_propose_an_answer_and_a_person_gives_it() {
    let app = TestApp::new();
    let team = app.add_team("Payments");
    let assessment = app.open(team, "2026-Q4");
    let question = format!("{assessment}/questions/{TECHNICAL}");
    let none = app.visit(&question);
    assert!(none.words("#threat-models").contains("Payments has no threat model in Cairn"));
    assert!(none.select("#threat-models form").is_empty(), "nothing is proposed");

    let model = sound_model(&app, team);
    let stale = app.visit(&question);
    assert!(stale.select("#threat-models form").is_empty(), "a model that nobody reviewed supports nothing");

    app.post(&format!("{model}/records"), &[("kind", "review"), ("on", "2026-11-20")]).location();
    let page = app.visit(&question);
    let words = page.words("#threat-models");
    assert!(words.contains("They support “Partly implemented”; “Fully implemented” if you also find this"), "{words}");
    assert!(words.contains("For you to judge Technical features are looked at"), "{words}");
    let status = || {
        app.visit("/export/answers.csv?period=2026-Q4").text().lines().filter(|line| line.contains(TECHNICAL)).count()
    };
    assert_eq!(status(), 0, "nothing is answered by itself");
    assert!(app.visit(&assessment).words(".proposed").contains("The threat models support “Partly implemented”"));

    app.submit(&page.form("#threat-models .actions form:last-child")).location();
    let answered = app.visit(&question);
    let history = answered.words("#history");
    assert!(
        history.contains("Fully implemented")
            && history.contains("As the threat models show on 2026-11-24:")
            && history.contains("Confirmed: Technical features"),
        "{history}"
    );

    app.post(&format!("{model}/records"), &[("kind", "significant-change"), ("on", "2026-11-24"), ("note", "New API")]);
    let page = app.visit(&question);
    assert!(page.words("#threat-models").contains("The answer claims more"), "{}", page.words("#threat-models"));
    assert!(app.visit(&assessment).text().contains("Fully implemented"), "the answer stays until somebody changes it");
}

#[test]
fn a_pipeline_puts_threat_models_in() {
    let app = TestApp::new();
    let team = app.add_team("Payments");
    let put = |who: &Browser, query: &str, content: &str| {
        let headers = [("content-type", "application/json")];
        who.send_bare("POST", &format!("/api/v1/threat-models{query}"), &headers, Some(content.as_bytes())).unwrap()
    };
    let importer = app.program("ci", &["--scope", "import", "--team", "Payments"]);
    let first = file("Shop", &[("a", "Old", "open")]);
    let dry = put(&importer, "?team=Payments&dry_run=true", &first).expect_status(200).json();
    assert_eq!((dry["dry_run"].as_bool(), dry["file"]["threats"].as_i64()), (Some(true), Some(1)));
    assert_eq!(app.get("/threat-models/1").status, 404, "nothing is changed yet");
    let done = put(&importer, "?team=payments&file=shop.json", &first).expect_status(200).json();
    assert!(done.get("changes").is_none() && done.get("id").is_none(), "who sees nothing is told nothing: {done}");
    let admin = app.program("admin", &["--scope", "administer"]);
    let second = put(&admin, "?team=Payments", &file("Shop", &[("a", "Old", "mitigated")])).expect_status(200).json();
    assert_eq!(second["changes"].as_str(), Some("1 threat mitigated"));
    assert_eq!((second["id"].as_i64(), second["changed"].as_bool()), (Some(1), Some(true)));

    assert_eq!(put(&importer, "?team=Other", &first).status, 404);
    app.add_team("Other");
    let other = put(&importer, "?team=Other", &first);
    assert!([403, 404].contains(&other.status), "{}", other.status);
    let wrong = put(&admin, "?team=Payments", "{\"summarize\":1}").expect_status(422).json();
    assert!(wrong["message"].as_str().unwrap().contains("summarize"), "{wrong}");
    put(&app.program("reader", &["--scope", "read"]), "?team=Payments", &first).expect_status(403);
    assert!(app.visit("/export/audit.csv").text().contains("threat-model-changed,Shop of Payments"));
    let _ = team;
}

#[test]
fn what_was_decided_here_outlives_the_same_file() {
    let app = TestApp::new();
    let team = app.add_team("Payments").to_string();
    let dragon = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/threat-model.json")).unwrap();
    let import = || app.upload("/threat-models/import", &[("team", &team)], "cairn.json", &dragon);
    let model = import().location().split("/revisions").next().unwrap().to_owned();
    let threat = app.visit(&model).attributes("#threats tbody th a", "href")[0].clone();
    let mut form = app.visit(&threat).form("main form.fields");
    form.fill("status", "accepted");
    form.fill("reason", "The board took the risk");
    app.submit(&form).location();
    add(&app, &model, "assets", &[("name", "Answers")]).location();
    let again = import().expect_status(200);
    assert!(again.words("main").contains("nothing changes"), "{}", again.words("main"));
    assert!(app.visit(&threat).text().contains("The board took the risk"));
}

#[test]
fn another_model_of_the_same_title_is_another_model() {
    let app = TestApp::new();
    let team = app.add_team("Payments").to_string();
    let import = |id: &str| {
        let content = file("New threat model", &[(id, "A threat", "open")]);
        app.upload("/threat-models/import", &[("team", &team)], "new.json", content.as_bytes())
    };
    let first = import("a").location().split("/revisions").next().unwrap().to_owned();
    let second = import("b").location().split("/revisions").next().unwrap().to_owned();
    assert_ne!(first, second);
    assert_eq!(app.visit(&second).texts("h1"), ["What could go wrong with “New threat model (2)”?"]);
    assert!(import("a").expect_status(200).words("main").contains("nothing changes"), "each finds its own again");
    assert!(import("b").expect_status(200).words("main").contains("nothing changes"));
}

#[test]
fn what_was_odd_in_a_file_is_said_and_kept() {
    let app = TestApp::new();
    let team = app.add_team("Payments").to_string();
    let content = file("Shop", &[("a", "A threat", "open")])
        .replace(r#""status":"open""#, r#""status":"open","affects":["nowhere"],"identified_on":"2030-01-01""#);
    let to = app.upload("/threat-models/import", &[("team", &team)], "shop.json", content.as_bytes()).location();
    let warnings = app.visit(&to).words("#changes .notice");
    assert!(warnings.contains("“nowhere”, which is not there"), "{warnings}");
    assert!(warnings.contains("a day that has not come yet"), "{warnings}");
}

#[test]
fn a_form_that_is_sent_as_it_was_changes_nothing() {
    let app = TestApp::new();
    let team = app.add_team("Payments").to_string();
    let content = r#"{"format":"cairn-threat-model","version":1,"threat_model":{"title":"Shop",
        "elements":[{"id":"odd","kind":"unclassified","name":"Odd"},{"id":"zone","kind":"trust_zone","name":"Inside"}],
        "threats":[{"id":"a","title":"A  threat   with spaces","status":"mitigated","affects":["odd"]}]}}"#;
    let to = app.upload("/threat-models/import", &[("team", &team)], "shop.json", content.as_bytes()).location();
    let model = to.split("/revisions").next().unwrap().to_owned();
    for part in ["threats/a", "elements/odd", "elements/zone"] {
        app.submit(&app.visit(&format!("{model}/{part}")).form("main form.fields")).location();
    }
    assert_eq!(app.visit(&to).select("#revisions tbody tr").len(), 1);
    let mut form = app.visit(&format!("{model}/threats/a")).form("main form.fields");
    form.fill("title", "Another title");
    app.submit(&form).location();
    assert_eq!(app.visit(&model).row("T1 Another title")[2], "Odd", "a link to what is not classified stays");
    form.fill("identified_on", "2030-01-01");
    form.fill("seen", "2");
    app.submit(&form).expect_status(422);

    let mut zone = app.visit(&format!("{model}/elements/zone")).form("main form.fields");
    zone.press("inside", "odd");
    app.submit(&zone).location();
    assert_eq!(app.visit(&format!("{model}/elements/odd")).form("main form.fields").value("zone"), "zone");
}

#[test]
fn what_was_submitted_is_not_judged_by_the_models_of_today() {
    let app = TestApp::new();
    let team = app.add_team("Payments");
    sound_model(&app, team);
    let assessment = app.open(team, "2026-Q4");
    app.answer(&assessment, &[(TECHNICAL, "fully_implemented")]);
    let question = format!("{assessment}/questions/{TECHNICAL}");
    assert!(app.visit(&question).words("#threat-models").contains("The answer claims more"));
    app.hand_in(&assessment);
    assert!(app.visit(&question).select("#threat-models").is_empty());
}
