//! The demo organization: every page shows something, and every page is sound.

use std::collections::{BTreeMap, BTreeSet};

use crate::harness::{Browser, Page, TestApp, activity_ids};

/// The choices of the picker, without the first, which stands for all or the latest.
fn offered(app: &Browser, name: &str) -> Vec<String> {
    let page = app.visit("/");
    let options = page.select(&format!("form.picker select[name={name}] option"));
    options[1..].iter().map(|option| option.attr("value").map_or_else(|| option.inner_html(), Into::into)).collect()
}

/// What holds for every page of the demo.
fn assert_is_sound(path: &str, page: &Page) {
    assert!(page.words("main > .banner").starts_with("Demo."), "{path} says that nothing is kept");
    for one in ["h1", "main", "nav.pages [aria-current=page]"] {
        assert_eq!(page.select(one).len(), 1, "{one} on {path}");
    }
    assert!(page.words("head title").ends_with(" · Cairn"), "{path}");

    let mut ids = BTreeSet::new();
    for id in page.attributes("[id]", "id") {
        assert!(ids.insert(id.clone()), "{path} has the id {id} twice");
    }
    for attribute in ["aria-labelledby", "aria-describedby", "for"] {
        for named in page.attributes(&format!("[{attribute}]"), attribute) {
            assert!(named.split(' ').all(|id| ids.contains(id)), "{path}: {attribute} {named}");
        }
    }
    for element in page.select("*") {
        let (html, name) = (element.html(), element.value().name());
        let html: String = html.chars().take(200).collect();
        let attribute = |name| element.attr(name);
        // Nothing that the policy would not let run or show.
        assert!(!["style", "iframe", "object", "embed", "base"].contains(&name), "{path}: {html}");
        if name == "script" {
            assert!(attribute("src").is_some_and(|src| src.starts_with("/assets/")), "{path}: {html}");
            assert!(element.text().all(|text| text.trim().is_empty()), "{path}: {html}");
        }
        for (name, value) in element.value().attrs() {
            let is_inline = name.starts_with("on") || name == "style" || value.trim_start().starts_with("javascript:");
            assert!(!is_inline, "{path}: {html}");
        }
        // Everything has a name for those who do not see it.
        let is_named = match name {
            "input" | "select" | "textarea" => {
                let in_label =
                    element.ancestors().filter_map(scraper::ElementRef::wrap).any(|e| e.value().name() == "label");
                in_label || attribute("aria-label").is_some() || attribute("type") == Some("hidden")
            }
            "button" | "a" | "th" | "summary" | "legend" => element.text().any(|text| !text.trim().is_empty()),
            "svg" => {
                // An image hides what is in it, so one with links or with marks that can be focused is a group.
                let html = element.html();
                let has_more = html.contains("<a ") || html.contains("tabindex=");
                let role = if has_more { "group" } else { "img" };
                attribute("role") == Some(role) && attribute("aria-label").or(attribute("aria-labelledby")).is_some()
            }
            "img" => attribute("alt").is_some(),
            _ => true,
        };
        assert!(is_named || attribute("aria-hidden") == Some("true"), "{path}: {html}");
    }
}

#[test]
fn every_view_shows_every_team_group_and_quarter() {
    let app = TestApp::demo();
    let (scopes, periods) = (offered(&app, "scope"), offered(&app, "period"));
    assert_eq!(scopes.iter().filter(|scope| scope.starts_with("group-")).count(), 3);
    assert_eq!(scopes.iter().filter(|scope| scope.starts_with("team-")).count(), 6);
    assert_eq!(periods.len(), 8);
    assert_eq!((periods[0].as_str(), periods[7].as_str()), ("2026-Q4", "2025-Q1"));

    let scopes = scopes.iter().map(|scope| (scope.as_str(), format!("?{}", scope.replace('-', "="))));
    let scopes: Vec<(&str, String)> = std::iter::once(("", String::new())).chain(scopes).collect();
    for view in ["/", "/trend", "/portfolio", "/unusual", "/gaps", "/evidence"] {
        // Each scope now, and the organization in each quarter.
        let now = scopes.iter().map(|(scope, address)| (*scope, "", address.clone()));
        let past = periods.iter().map(|period| ("", period.as_str(), format!("?period={period}")));
        for (scope, period, address) in now.chain(past) {
            let path = format!("{view}{address}");
            let page = app.visit(&path);
            assert_is_sound(&path, &page);
            // The first quarters were before the first evidence.
            let shows = view == "/evidence" || page.select("main .empty").is_empty();
            assert!(shows, "{path} shows something");
            let chosen = page.form("form.picker");
            assert_eq!(
                (chosen.value("scope"), chosen.value("period")),
                (scope, period),
                "{path} is about what it says"
            );
        }
    }
    // A quarter that is past says of each scope what the trend says of it today.
    for (scope, address) in &scopes {
        let trend = app.visit(&format!("/export/trend.json{address}")).json();
        for point in trend["points"].as_array().unwrap().iter().filter(|point| point["dimension"] == "overall") {
            let period = point["period"].as_str().unwrap();
            let address = if address.is_empty() { "?".to_owned() } else { format!("{address}&") };
            let levels = app.visit(&format!("/export/levels.json{address}period={period}")).json();
            let then = &levels["overall"];
            assert_eq!((&then["level"], &then["score"]), (&point["level"], &point["score"]), "{scope} in {period}");
        }
    }
}

#[test]
fn the_other_pages_are_sound_too() {
    let app = TestApp::demo();
    let activity = app.visit("/catalog").attributes(".matrix a", "href")[0].clone();
    let (draft, submitted) = assessments(&app);
    let team = format!("/teams/{}", app.team("Payments"));
    let review = format!("{draft}/review");
    let (piece, edit) = ("/evidence/13", "/evidence/13/edit");
    for path in [
        "/assessments",
        "/compare",
        "/compare?a=team-1&b=group-2&all=1",
        "/teams",
        "/settings",
        "/catalog",
        &activity,
        &draft,
        &review,
        &submitted,
        &team,
        "/threat-models",
        "/threat-models/new",
        "/threat-models/import",
        "/threat-models/1",
        "/threat-models/1/about",
        "/threat-models/1/import",
        "/threat-models/1/analysis",
        "/threat-models/1/steps/data-flow-diagram",
        "/threat-models/1/steps/apply-framework",
        "/threat-models/1/steps/monitor-and-review",
        "/threat-models/1/revisions",
        "/threat-models/1/threats/new",
        "/threat-models/1/elements/new",
        "/evidence/new",
        piece,
        edit,
        "/admin/users",
        "/admin/users/3",
        "/admin/tokens",
        "/admin/audit",
    ] {
        assert_is_sound(path, &app.visit(path));
    }
    let error = app.get("/nothing").expect_status(404);
    assert!(error.words("main > .banner").starts_with("Demo."));
}

/// The addresses of a draft and of a submitted assessment of the present quarter.
fn assessments(app: &Browser) -> (String, String) {
    let page = app.visit("/assessments");
    let of = |words: &str| {
        let links = page.select("td.action a");
        let link = links.iter().find(|link| link.text().any(|text| text == words)).unwrap();
        link.attr("href").unwrap().to_owned()
    };
    (of("Fill in"), of("View"))
}

#[test]
fn every_link_leads_somewhere() {
    let app = TestApp::demo();
    let (draft, submitted) = assessments(&app);
    let mut pages: BTreeMap<String, Page> = BTreeMap::new();
    let mut links = BTreeSet::new();
    for start in [
        "/",
        "/assessments",
        "/heatmap",
        "/trend",
        "/portfolio",
        "/compare",
        "/unusual",
        "/report?depth=auditor",
        "/gaps",
        "/evidence",
        "/threat-models",
        "/teams",
        "/settings",
        "/catalog",
        "/admin/users",
        "/admin/tokens",
        "/admin/audit",
        &draft,
        &submitted,
    ] {
        let page = app.visit(start);
        for href in page.attributes("a[href]", "href") {
            links.insert(if href.starts_with('#') { format!("{start}{href}") } else { href });
        }
        pages.insert(start.to_owned(), page);
    }
    for link in links.iter().filter(|link| link.starts_with('/')) {
        let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
        let page = pages.entry(path.to_owned()).or_insert_with(|| app.get(path));
        assert_eq!(page.status, 200, "{link}");
        assert!(anchor.is_empty() || !page.select(&format!("[id='{anchor}']")).is_empty(), "{link}");
    }
    let activities: BTreeSet<&str> =
        links.iter().filter(|link| link.starts_with("/catalog/")).map(|link| link.split('?').next().unwrap()).collect();
    assert_eq!(activities.len(), activity_ids().len());
}

#[test]
fn the_history_is_worth_a_look() {
    let app = TestApp::demo();
    let page = app.visit("/teams");
    let teams = page.texts("tbody th a");
    assert_eq!(teams.len(), 6);
    let trend = app.visit("/export/trend.json").json();
    let points = trend["points"].as_array().unwrap();
    let quarters: BTreeSet<&str> = points.iter().map(|point| point["period"].as_str().unwrap()).collect();
    assert_eq!(quarters.len(), 8);
    let overall: Vec<f64> =
        points.iter().filter(|p| p["dimension"] == "overall").map(|p| p["score"].as_f64().unwrap()).collect();
    assert!(overall[7] - overall[0] > 0.5, "it rises: {overall:?}");
    assert!(points.iter().any(|point| point["carried"] == true));

    let mut levels = BTreeSet::new();
    for team in &teams {
        let levels_of_team = app.visit(&format!("/export/levels.json?team={}", app.team(team))).json();
        let overall = &levels_of_team["overall"];
        assert!(overall["completion"].as_f64().unwrap() < 1.0, "{team} has something left to do");
        for dimension in levels_of_team["dimensions"].as_array().unwrap() {
            levels.extend(dimension["level"].as_u64());
        }
    }
    assert!(levels.len() >= 3 && !levels.contains(&5), "levels are uneven, and none is at its end: {levels:?}");
    let answers = app.visit("/export/answers.csv");
    assert!(answers.text().contains(",not_applicable,"));
    let states = app.visit("/assessments").words("tbody .state");
    assert!(states.contains("Submitted") && states.contains("Draft"), "{states}");
}

#[test]
fn the_threat_models_tell_a_story() {
    let app = TestApp::demo();
    let page = app.visit("/threat-models");
    assert!(page.words(".coverage").contains("2 of 6 teams know what could go wrong"), "{}", page.words(".coverage"));
    let due = ["Build and deployment", "Refunds by telephone", "App on the phone"];
    assert_eq!(page.texts("#overdue tbody th"), due, "the longest first");
    assert!(page.row("App on the phone")[3].contains("passkeys"), "{:?}", page.row("App on the phone"));
    assert_eq!(page.texts("#without li a:first-child"), ["Warehouse Back Office"]);
    assert!(page.words("#aside").contains("Old build servers of Delivery Platform"));
    let states: BTreeSet<String> = page.texts("#models tbody .state").into_iter().collect();
    assert!(["Fresh", "Review due", "Never reviewed"].iter().all(|state| states.contains(*state)), "{states:?}");
    let open = |period: &str| page.row(period)[7].parse::<u32>().unwrap();
    assert!(open("2026-Q3") > 0 && page.select("#open tbody tr").len() >= 6);
    let file = app.visit("/export/mitigations.csv");
    for word in ["proposed", "in-progress", "implemented", "rejected"] {
        assert!(file.text().contains(&format!(",{word},")), "{word}");
    }
    assert!(app.visit("/").words("#balance").contains("2 of 6 teams with a threat model"));
}

#[test]
fn there_is_something_of_each_kind_to_look_at() {
    let app = TestApp::demo();
    let page = app.visit("/unusual");
    for (kind, team) in [("#rises", "Payments"), ("#not-applicable", "Web Shop"), ("#bulk", "Shopper App")] {
        assert_eq!(page.texts(&format!("{kind} tbody th")), [team], "{kind}");
    }
    let page = app.visit("/portfolio");
    assert_eq!(page.texts("#teams tbody th > a").len(), 6);
    let states = page.words("#teams tbody .state");
    assert!(states.contains("Submitted") && states.contains("Draft") && states.contains("Not opened"), "{states}");
    assert!(
        page.words("#leverage").contains("One change at Delivery Platform lifts 4 teams"),
        "{}",
        page.words("#leverage")
    );
    assert!(page.select("#leverage tbody tr").len() > 3);
    // The team that enters everything at once is the only one that does.
    for period in ["2026-Q3", "2026-Q2", "2026-Q1"] {
        let teams = app.visit(&format!("/unusual?period={period}")).texts("#bulk tbody th");
        assert!(teams.iter().all(|team| team == "Shopper App"), "{period}: {teams:?}");
    }
}
