//! From an empty database to levels, gaps and a trend, as a new user goes, without JavaScript.

use crate::harness::{Table, TestApp, activity_ids};

const DIMENSION: &str = "Culture and Organization";

/// The activities of the dimension, each with its level.
fn activities() -> Vec<(String, u8)> {
    let catalog = cairn::app::bundled_catalog().unwrap();
    let homes = catalog.homes().filter(|(_, home)| home.dimension.name == DIMENSION);
    homes.map(|(index, _)| (catalog.activity(index).id.0.clone(), catalog.activity(index).level)).collect()
}

#[test]
fn an_empty_service_says_what_to_do_first() {
    let app = TestApp::new();
    let page = app.visit("/");
    assert!(page.words("main").contains("Add a team"), "{}", page.words("main"));
    assert!(page.attributes("main a.button", "href").contains(&"/teams".to_owned()));
    for (path, leads_to) in [
        ("/assessments", "/teams"),
        ("/assessments/new", "/teams"),
        ("/trend", "/assessments"),
        ("/gaps", "/assessments"),
    ] {
        let page = app.visit(path);
        assert!(page.attributes("main .empty a.button", "href").contains(&leads_to.to_owned()), "{path}");
    }
    let page = app.visit("/teams");
    assert!(page.words("main").contains("No team yet"));
    assert_eq!(page.attributes("[autofocus]", "name"), ["name"]);
    assert!(page.select("#groups").is_empty(), "groups are of teams");
    app.add_team("Payments");
    let page = app.visit("/teams");
    assert_eq!((page.select("[autofocus]").len(), page.select("#groups").len()), (0, 1));
}

#[test]
fn a_quarter_is_answered_and_submitted_without_javascript() {
    let app = TestApp::new();
    let mut form = app.visit("/teams").form("form[action='/teams']");
    form.fill("name", "Payments");
    let page = app.follow(&app.submit(&form));
    assert!(page.words("[role=status]").starts_with("Payments is added."));
    let form = page.form("[role=status] form");
    assert_eq!(form.value("period"), "2026-Q4");

    let page = app.visit("/assessments");
    assert_eq!(page.row("Payments")[1], "Not opened");
    let form = page.form("td form");
    assert_eq!(form.value("period"), "2026-Q4");
    let address = app.submit(&form).location();

    // Everything is done but one of the two activities of level 5, and one activity does not apply.
    let page = app.visit(&address);
    let mut form = page.form("form.questions");
    let all = activities();
    assert_eq!(all.len(), 28);
    for (activity, _) in &all {
        form.choose(&format!("status[{activity}]"), "fully_implemented");
    }
    let (last, _) = all.iter().find(|(_, level)| *level == 5).unwrap();
    let (exempt, _) = all.iter().find(|(_, level)| *level == 3).unwrap();
    form.choose(&format!("status[{last}]"), "partly_implemented");
    form.fill(&format!("note[{last}]"), "on two of three products");
    form.choose(&format!("status[{exempt}]"), "not_applicable");
    form.fill(&format!("reason[{exempt}]"), "we have no such thing");
    let section = page.attributes("section[id^=s] footer > button", "value")[3].clone();
    form.press("button", &section);
    let saved = app.submit(&form);
    assert_eq!(saved.location(), format!("{address}?saved=28&undo=1-28#{section}"));
    assert_eq!(page.words(&format!("details:has(> #{section}) h3")), "Design", "the page stays where the button was");
    let page = app.follow(&saved);
    assert_eq!(page.words(".notice[role=status]"), "28 answers saved. Undo");
    let form = page.form("form.questions");
    assert_eq!(form.value(&format!("status[{last}]")), "partly_implemented");
    assert_eq!(form.value(&format!("note[{last}]")), "on two of three products");
    assert_eq!(form.value(&format!("reason[{exempt}]")), "we have no such thing");

    // A draft counts nowhere, and the first page leads on to it.
    let first = app.visit("/");
    assert!(first.words("main").contains("No team has submitted an assessment yet"));
    assert_eq!(first.texts(".steps .state"), ["done", "under way"]);
    for path in ["/", "/?team=1"] {
        let button = app.visit(path);
        let button = button.select("main a.button").into_iter().find(|button| button.attr("href") == Some(&address));
        assert_eq!(button.unwrap().text().collect::<String>(), "Continue 2026-Q4", "{path}");
    }
    assert!(app.visit("/assessments").attributes("tbody th a", "href").contains(&address));
    assert_eq!(app.get("/export/levels.json").status, 404);

    // What was changed since is saved on the way to the review, and only there it is submitted.
    let mut form = form;
    form.fill(&format!("note[{exempt}]"), "noted last");
    form.press("button", "review");
    let review = app.submit(&form);
    assert_eq!(review.location(), format!("{address}/review"));
    let review = app.follow(&review);
    assert!(app.visit("/export/answers.csv").text().contains("noted last"));
    assert!(review.words("main").contains("166 activities are unanswered"), "{}", review.words("main"));
    assert!(review.words("main").contains("we have no such thing"));
    assert_eq!(review.row(DIMENSION)[1], "4");
    assert_eq!(review.attributes(".page-head button", "form"), ["submit"], "it need not be looked for");
    let submitted = app.submit(&review.form("main form"));
    assert_eq!(submitted.location(), "/?team=1&period=2026-Q4&submitted=yes");
    let page = app.follow(&submitted);
    assert_eq!(page.row(DIMENSION)[1], "4");
    assert!(page.words(".receipt").starts_with("2026-Q4 of Payments is submitted."), "{}", page.words(".receipt"));
    let next = [String::from("#changes"), "/gaps?team=1&period=2026-Q4".into(), format!("{address}#reopen")];
    assert_eq!(page.attributes(".receipt a", "href"), next);
    assert!(
        page.words("figure.chart").contains("Implementation: no answer yet"),
        "which is not the same as a score of 0"
    );
    assert_eq!(app.visit("/assessments").row("Payments")[1], "Submitted 24 Nov 2026");

    let page = app.visit("/");
    let row = page.row(DIMENSION);
    // 4 + (1 + 1/2) / 2, and 26 of 27 done with half of the last.
    assert_eq!((row[1].as_str(), row[3].as_str(), row[4].as_str()), ("4", "4.75", "98 %"));
    assert!(row[5].starts_with("27 of 27") && row[5].ends_with("1 n/a"), "{row:?}");
    assert_eq!(row[6], "to level 5: 1 activity");
    let blockers = page.attributes("td.blockers a", "href");
    assert!(blockers.contains(&format!("/catalog/{last}")), "what holds the dimension back is named beside its part");
    assert_eq!(
        page.row("Build and Deployment")[1..5],
        ["0", "level 1 0 %, level 2 0 %, level 3 0 %, level 4 0 %, level 5 0 %", "0.00", "0 %"]
    );
    assert!(page.words(".figures").contains("Unanswered 166 of 194 answers"), "{}", page.words(".figures"));

    let page = app.visit("/gaps");
    assert!(
        page.words(".coverage").starts_with("167 gaps of teams, in 167 activities as of 2026-Q4"),
        "{}",
        page.words(".coverage")
    );
    assert_eq!(page.select("tbody tr").len(), 100);
    assert_eq!(app.visit("/gaps?page=2").select("tbody tr").len(), 67);
    let csv = app.visit("/export/gaps.csv");
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(csv.header("content-disposition"), "attachment; filename=\"cairn-gaps.csv\"");
    assert_eq!(
        csv.text().lines().next().unwrap(),
        "team,period,dimension,sub_dimension,level,activity_id,activity,status,progress,stage,target_level,effort,\
         usefulness,priority,blocked_by,evidence,samm2,iso27001_2022,note"
    );
    let table = Table::read(csv.text());
    assert_eq!(table.rows.len(), 167);
    let row = table.rows.iter().find(|row| table.cell(row, "activity_id") == last).unwrap();
    assert_eq!(table.cell(row, "status"), "partly_implemented");
    assert_eq!((table.cell(row, "progress"), table.cell(row, "note")), ("0.5", "on two of three products"));

    let page = app.visit("/trend");
    assert_eq!(page.select(".charts svg[role=img]").len(), 6, "one for the whole and one for each dimension");
    for chart in page.select("svg[role=img]") {
        let named = chart.attr("aria-labelledby").unwrap();
        for id in named.split(' ') {
            assert!(!page.words(&format!("[id='{id}']")).is_empty(), "the chart says what it is: {id}");
        }
    }
    assert!(page.row("2026-Q4").iter().any(|cell| cell.contains("4.75")), "{:?}", page.row("2026-Q4"));
}

#[test]
fn a_submitted_assessment_does_not_change() {
    let app = TestApp::new();
    let address = app.open(app.add_team("Payments"), "2026-Q4");
    let ids = activity_ids();
    app.answer(&address, &[(&ids[0], "started")]);
    let stale = app.visit(&address).form("form.questions");
    app.hand_in(&address);

    let page = app.visit(&address);
    assert!(page.select(".questions input, .questions textarea, .questions button").is_empty());
    assert!(page.words(".state.done").contains("Submitted"));
    let recorded = app.visit("/export/answers.csv").body;

    let mut changed = stale;
    changed.choose(&format!("status[{}]", ids[1]), "fully_implemented");
    let refused = app.submit(&changed).expect_status(409);
    assert!(refused.words("main").contains("is submitted and does not change"), "{}", refused.words("main"));
    app.post(&format!("{address}/review"), &[]).expect_status(409);
    assert_eq!(app.visit("/export/answers.csv").body, recorded);
}

#[test]
fn an_assessment_without_answers_is_not_submitted() {
    let app = TestApp::new();
    let address = app.open(app.add_team("Payments"), "2026-Q4");
    let refused = app.post(&format!("{address}/review"), &[]).expect_status(409);
    assert!(refused.words("main").contains("answer at least one activity"));
    assert_eq!(app.visit(&address).select("form.questions").len(), 1, "it is a draft still");
}
