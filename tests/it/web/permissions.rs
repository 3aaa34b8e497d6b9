//! Who may do what: every route, asked for by every role, by programs and by nobody; and what somebody
//! learns of teams that are not theirs where the organization keeps its teams apart.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::harness::{Browser, Page, TestApp, activity_ids};

/// What one must be to be let do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Least {
    /// Nobody in particular.
    Nobody,
    /// Whoever is recognized; the address leads back to where its form is, and tells nothing.
    Recognized,
    /// Whoever has an account; tokens have none.
    Account,
    Viewer,
    /// Whoever assesses the team, or has a token to propose or to import.
    Propose,
    /// Whoever assesses the team, or has a token to import.
    Import,
    Assessor,
    Manager,
    /// Whoever manages all teams.
    ManagerOfAll,
    Administrator,
}

use Least::{Account, Administrator, Assessor, Import, Manager, ManagerOfAll, Nobody, Propose, Recognized, Viewer};

/// A route: method, pattern, what is sent, and who may.
pub(super) type Route = (&'static str, &'static str, &'static [(&'static str, &'static str)], Least);

/// Somebody: what they are called, how they ask, and what they may.
type Somebody = (&'static str, Browser, fn(Least) -> bool);

/// Every route: method, pattern, what is sent, and who may. Braces stand for what belongs to the team.
const ROUTES: &[Route] = &[
    ("GET", "/sign-in", &[], Nobody),
    ("POST", "/sign-in", &[("name", "x"), ("password", "x")], Nobody),
    ("GET", "/set-up/{secret}", &[], Nobody),
    ("POST", "/set-up/{secret}", &[("password", "x"), ("again", "x")], Nobody),
    ("GET", "/welcome/{secret}", &[], Nobody),
    ("POST", "/welcome/{secret}", &[("password", "x"), ("again", "x")], Nobody),
    ("GET", "/assets/{name}", &[], Nobody),
    ("GET", "/account", &[], Account),
    ("POST", "/account/password", &[("current", "x"), ("password", "x"), ("again", "y")], Account),
    ("POST", "/account/sessions", &[("session", "999")], Account),
    ("GET", "/", &[], Viewer),
    ("GET", "/assessments", &[], Viewer),
    ("GET", "/assessments/new", &[], Assessor),
    ("GET", "/assessments/{id}", &[], Viewer),
    ("GET", "/assessments/{id}/answers", &[], Recognized),
    ("GET", "/assessments/{id}/questions/{activity}", &[], Viewer),
    ("GET", "/assessments/{id}/questions/{activity}/provider", &[], Recognized),
    ("GET", "/assessments/{id}/review", &[], Viewer),
    ("GET", "/assessments/{id}/proposals", &[], Viewer),
    ("POST", "/assessments/{id}/proposals", &[("do", "decline"), ("proposal", "{proposal}")], Assessor),
    ("GET", "/gaps", &[], Viewer),
    ("GET", "/scopes", &[], Viewer),
    ("GET", "/evidence", &[], Viewer),
    ("GET", "/evidence/{evidence}", &[], Viewer),
    ("GET", "/evidence/new", &[], Assessor),
    ("GET", "/evidence/{evidence}/edit", &[], Assessor),
    ("GET", "/teams/{team}", &[], Viewer),
    ("GET", "/evidence/{evidence}/withdraw", &[], Recognized),
    ("GET", "/evidence/{evidence}/restore", &[], Recognized),
    ("GET", "/trend", &[], Viewer),
    ("GET", "/charts/{chart}", &[], Viewer),
    ("GET", "/heatmap", &[], Viewer),
    ("GET", "/portfolio", &[], Viewer),
    ("GET", "/compare", &[], Viewer),
    ("GET", "/unusual", &[], Viewer),
    ("GET", "/mappings", &[], Viewer),
    ("GET", "/report", &[], Viewer),
    ("GET", "/report/download", &[], Viewer),
    ("GET", "/guide", &[], Viewer),
    ("GET", "/catalogs", &[], Viewer),
    ("GET", "/catalog", &[], Viewer),
    ("GET", "/catalog/{activity}", &[], Viewer),
    ("GET", "/teams", &[], Viewer),
    ("GET", "/settings", &[], Viewer),
    ("GET", "/roadmap", &[], Viewer),
    ("GET", "/roadmap/plans", &[], Viewer),
    ("GET", "/roadmap/plans/new", &[], Viewer),
    ("GET", "/roadmap/plans/compare", &[], Viewer),
    ("GET", "/roadmap/plans/{plan}", &[], Viewer),
    ("GET", "/roadmap/plans/{plan}/edit", &[], Viewer),
    ("GET", "/roadmap/plans/{plan}/items/{team}/{practice}", &[], Viewer),
    ("POST", "/roadmap/plans/new", PLAN, ManagerOfAll),
    ("POST", "/roadmap/plans/{plan}/edit", PLAN, Manager),
    ("POST", "/roadmap/plans/{plan}/items/{team}/{practice}", &[("owner", "Somebody")], Manager),
    ("POST", "/roadmap/plans/{plan}/archive", &[], Manager),
    ("POST", "/roadmap/plans/{plan}/restore", &[], Manager),
    ("GET", "/roadmap/stages", &[], Viewer),
    ("POST", "/roadmap/stages", &[("seen", "x")], Administrator),
    ("GET", "/roadmap/stages/{number}", &[], Viewer),
    ("GET", "/roadmap/profiles", &[], Viewer),
    ("GET", "/roadmap/profiles/new", &[], Administrator),
    ("GET", "/roadmap/profiles/{profile}", &[], Administrator),
    ("POST", "/roadmap/profiles/new", &[("seen", "x"), ("name", "Another")], Administrator),
    ("POST", "/roadmap/profiles/{profile}", &[("seen", "x"), ("name", "Another")], Administrator),
    ("POST", "/roadmap/profiles/{profile}/remove", &[("seen", "x")], Administrator),
    ("POST", "/roadmap/profiles/teams", &[("seen", "x"), ("profile", "1"), ("team", "{team}")], Administrator),
    ("GET", "/threat-models", &[], Viewer),
    ("GET", "/threat-models/new", &[], Assessor),
    ("GET", "/threat-models/import", &[], Assessor),
    ("GET", "/threat-models/{model}", &[], Viewer),
    ("GET", "/threat-models/{model}/about", &[], Assessor),
    ("GET", "/threat-models/{model}/import", &[], Assessor),
    ("GET", "/threat-models/{model}/analysis", &[], Viewer),
    ("GET", "/threat-models/{model}/steps/{step}", &[], Viewer),
    ("GET", "/threat-models/{model}/revisions", &[], Viewer),
    ("GET", "/threat-models/{model}/revisions/{number}", &[], Viewer),
    ("GET", "/threat-models/{model}/revisions/{number}/take-back", &[], Recognized),
    ("GET", "/threat-models/{model}/images/{digest}", &[], Viewer),
    ("GET", "/threat-models/{model}/files/{model_file}", &[], Viewer),
    ("GET", "/threat-models/{model}/records", &[], Recognized),
    ("GET", "/threat-models/{model}/archive", &[], Recognized),
    ("GET", "/threat-models/{model}/restore", &[], Recognized),
    ("GET", "/threat-models/{model}/{kind}/new", &[], Assessor),
    ("GET", "/threat-models/{model}/{kind}/{part}", &[], Viewer),
    ("GET", "/threat-models/{model}/{kind}/{part}/remove", &[], Recognized),
    ("POST", "/threat-models", &[("team", "{team}"), ("title", "Another")], Assessor),
    ("POST", "/threat-models/{model}/about", &[("seen", "2"), ("title", "Renamed")], Assessor),
    ("POST", "/threat-models/{model}/{kind}/new", &[("seen", "2"), ("title", "Another threat")], Assessor),
    ("POST", "/threat-models/{model}/{kind}/{part}", &[("seen", "2"), ("title", "Renamed threat")], Assessor),
    ("POST", "/threat-models/{model}/{kind}/{part}/remove", &[("seen", "2")], Assessor),
    ("POST", "/threat-models/{model}/revisions/{number}/take-back", &[], Assessor),
    ("POST", "/threat-models/{model}/records", &[("kind", "review"), ("on", "2026-11-01")], Assessor),
    ("POST", "/threat-models/{model}/archive", &[], Assessor),
    ("POST", "/threat-models/{model}/restore", &[], Assessor),
    ("GET", "/export/{file}", &[], Viewer),
    ("POST", "/assessments", &[("team", "{team}"), ("period", "2026-Q4")], Assessor),
    ("POST", "/assessments/{id}/answers", &[("status[{activity}]", "started"), ("seen[{activity}]", "0")], Assessor),
    ("POST", "/assessments/{id}/undo", &[("range", "1-1")], Assessor),
    ("POST", "/assessments/{id}/questions/{activity}/provider", &[("provider", "{team}"), ("seen", "0")], Assessor),
    ("POST", "/assessments/{id}/review", &[("seen", "0")], Assessor),
    ("POST", "/import/confirm", &[("name", "x"), ("content", "{packed}")], Import),
    ("POST", "/evidence", EVIDENCE, Assessor),
    ("POST", "/evidence/{evidence}", EVIDENCE, Assessor),
    ("POST", "/evidence/{evidence}/withdraw", &[("seen", "1"), ("reason", "wrong")], Assessor),
    ("POST", "/evidence/{evidence}/restore", &[("seen", "1")], Assessor),
    ("POST", "/teams/{team}", &[("name", "Payments"), ("description", ""), ("group", "{group}")], Manager),
    ("POST", "/teams/{team}/retire", &[], Manager),
    ("POST", "/teams/{team}/bring-back", &[], Manager),
    ("POST", "/teams", &[("name", "Another"), ("description", ""), ("group", "{group}")], Manager),
    ("POST", "/groups", &[("name", "Another group")], ManagerOfAll),
    ("POST", "/groups/{group}", &[("name", "Renamed")], ManagerOfAll),
    ("POST", "/groups/{group}/remove", &[], ManagerOfAll),
    ("POST", "/assessments/{id}/reopen", &[("reason", "wrong")], Administrator),
    ("POST", "/settings", &[("seen", "x")], Administrator),
    ("GET", "/admin/backups", &[], Administrator),
    ("GET", "/admin/users", &[], Administrator),
    ("POST", "/admin/users", &[("name", "Somebody"), ("role", "viewer"), ("reach", "everything")], Administrator),
    ("GET", "/admin/users/{user}", &[], Administrator),
    ("POST", "/admin/users/{user}", &[("role", "administrator"), ("reach", "everything")], Administrator),
    ("GET", "/admin/users/{user}/link", &[], Recognized),
    ("POST", "/admin/users/{user}/link", &[], Administrator),
    ("POST", "/admin/users/{user}/sign-out", &[], Administrator),
    ("POST", "/admin/users/{user}/disable", &[], Administrator),
    ("POST", "/admin/users/{user}/enable", &[], Administrator),
    ("POST", "/admin/separation", &[("separation", "open")], Administrator),
    ("GET", "/admin/tokens", &[], Administrator),
    (
        "POST",
        "/admin/tokens",
        &[("name", "Another"), ("scope", "read"), ("days", "1"), ("reach", "everything")],
        Administrator,
    ),
    ("GET", "/admin/tokens/{token}", &[], Administrator),
    ("POST", "/admin/tokens/{token}", &[], Administrator),
    ("POST", "/admin/tokens/{token}/revoke", &[], Administrator),
    ("GET", "/admin/audit", &[], Administrator),
    ("GET", "/admin/audit/check", &[], Recognized),
    ("POST", "/admin/audit/check", &[], Administrator),
    ("GET", "/healthz", &[], Nobody),
    ("GET", "/readyz", &[], Nobody),
    // What programs ask for. The field `json` is the body.
    ("GET", "/api/docs", &[], Viewer),
    ("GET", "/api/openapi.json", &[], Recognized),
    ("POST", "/api/v1/imports", &[("csv", "")], Import),
    ("POST", "/api/v1/proposals", &[("json", PROPOSAL)], Propose),
    ("GET", "/api/v1/proposals", &[], Viewer),
    ("GET", "/api/v1/proposals/{proposal}", &[], Viewer),
    ("POST", "/api/v1/proposals/{proposal}/take", &[], Assessor),
    ("POST", "/api/v1/proposals/{proposal}/decline", &[("json", "{}")], Assessor),
    ("GET", "/api/v1/catalogs", &[], Viewer),
    ("POST", "/api/v1/catalogs", &[("json", "{}")], Administrator),
    ("GET", "/api/v1/catalogs/{catalog}/changes", &[], Viewer),
    ("GET", "/api/v1/activities", &[], Viewer),
    ("GET", "/api/v1/activities/{activity}", &[], Viewer),
    ("GET", "/api/v1/threat-models", &[], Viewer),
    ("GET", "/api/v1/threat-models/{model}", &[], Viewer),
    ("GET", "/api/v1/threat-models/{model}/state", &[], Viewer),
    ("POST", "/api/v1/threat-models/{model}/archive", &[], Assessor),
    ("POST", "/api/v1/threat-models/{model}/restore", &[], Assessor),
    ("GET", "/api/v1/threat-models/{model}/records", &[], Viewer),
    ("POST", "/api/v1/threat-models/{model}/records", &[("json", r#"{"kind":"review","on":"2026-11-01"}"#)], Assessor),
    ("GET", "/api/v1/threat-models/{model}/revisions", &[], Viewer),
    ("GET", "/api/v1/threat-models/{model}/revisions/{number}", &[], Viewer),
    ("POST", "/api/v1/threat-models/{model}/revisions/{number}/take-back", &[], Assessor),
    ("GET", "/api/v1/threat-models/{model}/files/{model_file}", &[], Viewer),
    ("GET", "/api/v1/threat-models/{model}/images/{digest}", &[], Viewer),
    ("GET", "/api/v1/threat-models/{model}/about", &[], Viewer),
    (
        "PATCH",
        "/api/v1/threat-models/{model}/about",
        &[("json", r#"{"title":"Renamed again","scale":"three-steps"}"#)],
        Assessor,
    ),
    ("GET", "/api/v1/threat-models/{model}/{kind}", &[], Viewer),
    ("POST", "/api/v1/threat-models/{model}/{kind}", &[("json", r#"{"title":"Another threat"}"#)], Assessor),
    ("GET", "/api/v1/threat-models/{model}/{kind}/{part}", &[], Viewer),
    ("PATCH", "/api/v1/threat-models/{model}/{kind}/{part}", &[("json", r#"{"title":"Renamed again"}"#)], Assessor),
    ("DELETE", "/api/v1/threat-models/{model}/{kind}/{part}", &[], Assessor),
    ("GET", "/api/v1/stages", &[], Viewer),
    ("PATCH", "/api/v1/stages", &[("json", r#"{"stages":[{"number":1,"name":"One stage"}]}"#)], Administrator),
    ("GET", "/api/v1/target-profiles", &[], Viewer),
    ("POST", "/api/v1/target-profiles", &[("json", r#"{"name":"A third"}"#)], Administrator),
    ("GET", "/api/v1/target-profiles/{profile}", &[], Viewer),
    ("PATCH", "/api/v1/target-profiles/{profile}", &[("json", r#"{"name":"Renamed"}"#)], Administrator),
    ("DELETE", "/api/v1/target-profiles/{profile}", &[], Administrator),
    ("GET", "/api/v1/teams/{team}/target-profile", &[], Viewer),
    ("PATCH", "/api/v1/teams/{team}/target-profile", &[("json", r#"{"profile":1}"#)], Administrator),
    ("GET", "/api/v1/plans", &[], Viewer),
    ("POST", "/api/v1/plans", &[("json", r#"{"name":"A third"}"#)], ManagerOfAll),
    ("GET", "/api/v1/plans/{plan}", &[], Viewer),
    ("PATCH", "/api/v1/plans/{plan}", &[("json", r#"{"name":"Two years"}"#)], Manager),
    ("GET", "/api/v1/plans/{plan}/roadmap", &[], Viewer),
    ("GET", "/api/v1/plans/{plan}/versions", &[], Viewer),
    ("GET", "/api/v1/plans/{plan}/progress", &[], Viewer),
    ("POST", "/api/v1/plans/{plan}/archive", &[], Manager),
    ("POST", "/api/v1/plans/{plan}/restore", &[], Manager),
    ("GET", "/api/v1/plans/{plan}/items/{team}/{practice}", &[], Viewer),
    ("PUT", "/api/v1/plans/{plan}/items/{team}/{practice}", &[("json", r#"{"owner":"Somebody"}"#)], Manager),
    ("GET", "/api/v1/forecast", &[], Viewer),
    ("GET", "/api/v1/settings", &[], Viewer),
    (
        "PATCH",
        "/api/v1/settings",
        &[(
            "json",
            r#"{"scale":[{"key":"no","name":"No","percent":0},{"key":"yes","name":"Yes","percent":100}],"threshold":90}"#,
        )],
        Administrator,
    ),
    ("GET", "/api/v1/users", &[], Administrator),
    ("POST", "/api/v1/users", &[("json", r#"{"name":"A third","role":"viewer","everything":true}"#)], Administrator),
    ("GET", "/api/v1/users/{user}", &[], Administrator),
    ("PATCH", "/api/v1/users/{user}", &[("json", r#"{"role":"administrator"}"#)], Administrator),
    ("GET", "/api/v1/users/{user}/sessions", &[], Administrator),
    ("POST", "/api/v1/users/{user}/link", &[], Administrator),
    ("POST", "/api/v1/users/{user}/sign-out", &[], Administrator),
    ("POST", "/api/v1/users/{user}/disable", &[], Administrator),
    ("POST", "/api/v1/users/{user}/enable", &[], Administrator),
    ("GET", "/api/v1/separation", &[], Administrator),
    ("PUT", "/api/v1/separation", &[("json", r#"{"separation":"open"}"#)], Administrator),
    ("GET", "/api/v1/tokens", &[], Administrator),
    (
        "POST",
        "/api/v1/tokens",
        &[("json", r#"{"name":"A third","scope":"read","everything":true,"days":1}"#)],
        Administrator,
    ),
    ("GET", "/api/v1/tokens/{token}", &[], Administrator),
    ("PUT", "/api/v1/tokens/{token}/trust", &[("json", r#"{"trusted_for":[]}"#)], Administrator),
    ("POST", "/api/v1/tokens/{token}/revoke", &[], Administrator),
    ("GET", "/api/v1/audit-entries", &[], Administrator),
    ("GET", "/api/v1/audit/head", &[], Administrator),
    ("POST", "/api/v1/audit/check", &[("json", "{}")], Administrator),
    ("GET", "/api/v1/backups", &[], Administrator),
    ("GET", "/api/v1/teams", &[], Viewer),
    ("POST", "/api/v1/teams", &[("json", r#"{"name":"A third","groups":[{group}]}"#)], Manager),
    ("GET", "/api/v1/teams/{team}", &[], Viewer),
    ("PATCH", "/api/v1/teams/{team}", &[("json", r#"{"description":"Cards"}"#)], Manager),
    ("POST", "/api/v1/teams/{team}/retire", &[], Manager),
    ("POST", "/api/v1/teams/{team}/bring-back", &[], Manager),
    ("GET", "/api/v1/groups", &[], Viewer),
    ("POST", "/api/v1/groups", &[("json", r#"{"name":"A third group"}"#)], ManagerOfAll),
    ("GET", "/api/v1/groups/{group}", &[], Viewer),
    ("PUT", "/api/v1/groups/{group}", &[("json", r#"{"name":"Renamed again"}"#)], ManagerOfAll),
    ("DELETE", "/api/v1/groups/{group}", &[], ManagerOfAll),
    ("GET", "/api/v1/periods", &[], Viewer),
    ("GET", "/api/v1/assessments", &[], Viewer),
    ("POST", "/api/v1/assessments", &[("json", r#"{"teams":[{team}],"period":"2026-Q4"}"#)], Assessor),
    ("GET", "/api/v1/assessments/{id}", &[], Viewer),
    ("GET", "/api/v1/assessments/{id}/answers", &[], Viewer),
    ("PATCH", "/api/v1/assessments/{id}/answers", &[("json", ANSWERS)], Assessor),
    ("POST", "/api/v1/assessments/{id}/answers/undo", &[("json", r#"{"first":1,"last":1}"#)], Assessor),
    ("GET", "/api/v1/assessments/{id}/answers/{activity}", &[], Viewer),
    ("PATCH", "/api/v1/assessments/{id}/answers/{activity}", &[("json", r#"{"status":"started"}"#)], Assessor),
    ("PUT", "/api/v1/assessments/{id}/answers/{activity}/provider", &[("json", r#"{"team":{team}}"#)], Assessor),
    ("GET", "/api/v1/assessments/{id}/answers/{activity}/history", &[], Viewer),
    ("POST", "/api/v1/assessments/{id}/submit", &[], Assessor),
    ("POST", "/api/v1/assessments/{id}/reopen", &[("json", r#"{"reason":"wrong"}"#)], Administrator),
    ("GET", "/api/v1/answers", &[], Viewer),
    ("GET", "/api/v1/evidence", &[], Viewer),
    ("POST", "/api/v1/evidence", &[("json", PIECE)], Assessor),
    ("GET", "/api/v1/evidence/{evidence}", &[], Viewer),
    ("PATCH", "/api/v1/evidence/{evidence}", &[("json", PIECE)], Assessor),
    ("POST", "/api/v1/evidence/{evidence}/withdraw", &[("json", r#"{"reason":"wrong"}"#)], Assessor),
    ("POST", "/api/v1/evidence/{evidence}/restore", &[], Assessor),
    ("GET", "/api/v1/evidence/{evidence}/history", &[], Viewer),
    ("GET", "/api/v1/levels", &[], Viewer),
    ("GET", "/api/v1/gaps", &[], Viewer),
    ("GET", "/api/v1/trend", &[], Viewer),
    ("GET", "/api/v1/roadmap", &[], Viewer),
    ("GET", "/api/v1/mappings", &[], Viewer),
    ("GET", "/api/v1/exports", &[], Viewer),
    ("GET", "/api/v1/exports/{kind}", &[], Viewer),
];

const PROPOSAL: &str = r#"{"team":"{team_name}","activity":"{activity}","status":"started"}"#;

const ANSWERS: &str = r#"{"answers":[{"activity":"{activity}","revision":0,"status":"started"}]}"#;

const PIECE: &str = r#"{"title":"A report","recorded_on":"2026-11-01","teams":[{team}],"activities":["{activity}"]}"#;

const PLAN: &[(&str, &str)] =
    &[("seen", "1"), ("name", "Two years"), ("start", "2026-Q4"), ("capacity", "60"), ("do", "save")];

const EVIDENCE: &[(&str, &str)] = &[
    ("seen", "1"),
    ("title", "A report"),
    ("recorded_on", "2026-11-01"),
    ("team", "{team}"),
    ("activity", "{activity}"),
];

/// Routes that are looked at elsewhere, since what they answer is no matter of roles or needs another kind
/// of request.
const ELSEWHERE: &[&str] = &[
    "POST /sign-out",
    "GET /import",
    "POST /import",
    "POST /threat-models/import",
    "POST /threat-models/{model}/import",
    "POST /api/v1/threat-models",
    "POST /api/v1/threat-models/{model}/revisions",
    "GET /metrics",
];

/// The source of a table of routes, without white space.
fn table(path: &str) -> String {
    let source = std::fs::read_to_string(format!("{}/src/web/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    source.split_whitespace().collect()
}

/// The methods and patterns of what programs can ask for, read from the source.
pub(crate) fn routes_for_programs() -> BTreeSet<String> {
    let source = table("api/routes.rs");
    let mut routes = BTreeSet::new();
    for rest in source.split("service(resource(").skip(1) {
        let (pattern, rest) = rest.trim_start_matches('"').split_once('"').unwrap();
        let prefix = if pattern.starts_with("/api/") { "" } else { "/api/v1" };
        let methods = rest.split_once("]").unwrap().0;
        for method in ["get", "post", "put", "patch", "delete"] {
            if methods.contains(&format!("{method}(")) {
                routes.insert(format!("{} {prefix}{pattern}", method.to_uppercase()));
            }
        }
    }
    assert!(routes.len() > 10, "the routes are found");
    routes
}

/// The methods and patterns of the tables of routes, read from the source, so that none is forgotten.
fn routes() -> BTreeSet<String> {
    let source = table("routes.rs");
    let mut routes = routes_for_programs();
    for (call, methods) in [
        ("service(page(", &["GET"][..]),
        ("service(action(", &["POST"]),
        ("service(page_and_action(", &["GET", "POST"]),
    ] {
        for rest in source.split(call).skip(1) {
            let pattern = rest.strip_prefix('"').unwrap().split('"').next().unwrap();
            routes.extend(methods.iter().map(|method| format!("{method} {pattern}")));
        }
    }
    assert!(routes.len() > 50, "the routes are found");
    routes
}

/// A pattern as it stands in the table of routes, whatever the name of what is in braces.
fn anonymous(pattern: &str) -> String {
    let mut pieces = pattern.split('{');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |so_far, piece| so_far + "{}" + piece.split_once('}').unwrap().1)
}

/// The patterns of what can be looked at, without the addresses that only lead back to where a form is.
pub(crate) fn places() -> BTreeSet<&'static str> {
    let leads_back = |least: Least| least == Recognized;
    let looked_at = ROUTES.iter().filter(|(method, _, _, least)| *method == "GET" && !leads_back(*least));
    let elsewhere = ELSEWHERE.iter().filter_map(|route| route.strip_prefix("GET "));
    let pages = looked_at.map(|(_, pattern, ..)| *pattern).chain(elsewhere);
    pages.filter(|pattern| !pattern.starts_with("/api/v1/") && *pattern != "/api/openapi.json").collect()
}

/// The routes that change something of the organization: not such as end the session of who asks.
pub(super) fn changes() -> impl Iterator<Item = &'static Route> {
    let is_own = |pattern: &str| pattern.starts_with("/account/") || ["/sign-in", "/sign-out"].contains(&pattern);
    ROUTES.iter().filter(move |(method, pattern, ..)| *method != "GET" && !is_own(pattern))
}

#[test]
fn no_route_is_forgotten() {
    let known: BTreeSet<String> = ROUTES
        .iter()
        .map(|(method, pattern, ..)| format!("{method} {pattern}"))
        .chain(ELSEWHERE.iter().map(ToString::to_string))
        .map(|route| anonymous(&route))
        .collect();
    let there: BTreeSet<String> = routes().iter().map(|route| anonymous(route)).collect();
    assert_eq!(there.difference(&known).collect::<Vec<_>>(), [""; 0], "say in ROUTES who may");
    assert_eq!(known.difference(&there).collect::<Vec<_>>(), [""; 0]);
}

/// An organization with two teams, of which the first is in a group; everything that a route can be about
/// is there for both.
pub(super) struct Organization {
    app: TestApp,
    group: i64,
    teams: [Things; 2],
}

/// What belongs to one team.
pub(super) struct Things {
    name: &'static str,
    team: i64,
    assessment: String,
    evidence: String,
    /// A kept plan.
    plan: String,
    /// A threat model with one threat.
    model: String,
    /// Something that a program proposes.
    proposal: i64,
}

impl Organization {
    pub(super) fn new() -> Self {
        let app = TestApp::new();
        // Account 2, token 1 and profile 1, for routes that are about these.
        app.person("Somebody else", &["--role", "administrator"]);
        app.program("anything", &["--scope", "read"]);
        let seen = app.visit("/roadmap/profiles/new").form("main form:has([name=name])").value("seen").to_owned();
        let profile = [("seen", seen.as_str()), ("name", "External"), ("do", "apply")];
        app.post("/roadmap/profiles/new", &profile).location();
        let group = app.add_group("Bank");
        let teams = ["Payments", "Zebrafish"].map(|name| {
            let team = app.add_team(name);
            let past = app.open(team, "2026-Q3");
            app.answer(&past, &[(&activity_ids()[0], "fully_implemented")]);
            app.hand_in(&past);
            let assessment = app.open(team, "2026-Q4");
            let title = format!("The {name} report");
            let number = team.to_string();
            let mut fields: Vec<(&str, &str)> = EVIDENCE.iter().skip(2).copied().collect();
            fields.retain(|(field, _)| *field == "recorded_on");
            let activity = &activity_ids()[0];
            fields.extend([("title", title.as_str()), ("team", &number), ("activity", activity)]);
            let evidence = app.post("/evidence", &fields).location();
            let evidence = evidence.split('?').next().unwrap().to_owned();
            let plan = app.post(&format!("/roadmap/plans/new?team={team}"), PLAN).location();
            let model = add_threat_model(&app, name, team);
            let proposal = add_proposal(&app, name);
            Things { name, team, assessment, evidence, plan, model, proposal }
        });
        app.put_into_groups("Payments", &[group]);
        Self { app, group, teams }
    }

    /// The service, with an administrator who visits it, and what belongs to the first team.
    pub(super) fn first(&self) -> (&TestApp, &Things) {
        let [first, _] = &self.teams;
        (&self.app, first)
    }

    /// Asks for a route about one of the teams.
    pub(super) fn ask(&self, who: &Browser, of: &Things, route: &Route) -> Page {
        let (method, pattern, fields, _) = route;
        let last = |address: &str| address.rsplit('/').next().unwrap().to_owned();
        let csv = format!("team,period,activity_id,status\n{},2026-Q4,{},started\n", of.name, activity_ids()[1]);
        let values = [
            ("{id}", last(&of.assessment)),
            ("{activity}", activity_ids()[0].clone()),
            ("{evidence}", last(&of.evidence)),
            ("{team}", of.team.to_string()),
            ("{group}", self.group.to_string()),
            ("{file}", "answers.csv".into()),
            ("{chart}", "trend.svg".into()),
            ("{user}", "2".into()),
            ("{token}", "1".into()),
            ("{number}", "1".into()),
            ("{profile}", "1".into()),
            ("{plan}", last(&of.plan)),
            ("{practice}", activity_ids()[1].clone()),
            ("{model}", last(&of.model)),
            ("{catalog}", "0".repeat(64)),
            ("{step}", "define-threats".into()),
            ("{kind}", "threats".into()),
            ("{part}", "threat-1".into()),
            ("{digest}", "0".repeat(64)),
            ("{model_file}", "threats.csv".into()),
            ("{secret}", "0".repeat(64)),
            ("{csv}", csv.clone()),
            ("{proposal}", of.proposal.to_string()),
            ("{team_name}", of.name.to_owned()),
            ("{packed}", URL_SAFE_NO_PAD.encode(&csv)),
        ];
        let fill = |text: &str| values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value));
        let path = fill(pattern);
        if *pattern == "/api/v1/imports" {
            return who.send(method, &path, &[("content-type", "text/csv")], Some(csv.as_bytes())).unwrap();
        }
        if pattern.starts_with("/api/") {
            let json = fields.iter().find(|(name, _)| *name == "json").map(|(_, json)| fill(json));
            let headers = [("content-type", "application/json"), ("if-match", "*")];
            return who.send(method, &path, &headers, json.as_ref().map(String::as_bytes)).unwrap();
        }
        let fields: Vec<(String, String)> = fields.iter().map(|(name, value)| (fill(name), fill(value))).collect();
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        match *method {
            "GET" => who.get(&path),
            _ => who.post(&path, &fields),
        }
    }

    /// How much was ever done.
    fn recorded(&self) -> usize {
        self.app.visit("/export/audit.csv").text().lines().count()
    }
}

/// Has a program propose something for a team, and gives its number.
fn add_proposal(app: &TestApp, name: &str) -> i64 {
    let program = app.program(&format!("the {name} pipeline"), &["--scope", "propose"]);
    let body = PROPOSAL.replace("{team_name}", name).replace("{activity}", &activity_ids()[4]);
    let headers = [("content-type", "application/json")];
    program.send_bare("POST", "/api/v1/proposals", &headers, Some(body.as_bytes())).unwrap().expect_status(201);
    app.visit("/api/v1/proposals").json().as_array().unwrap().last().unwrap()["id"].as_i64().unwrap()
}

/// Adds a threat model with one threat to a team, and gives its address.
fn add_threat_model(app: &TestApp, name: &str, team: i64) -> String {
    let title = format!("The {name} model");
    let step = app.post("/threat-models", &[("team", &team.to_string()), ("title", &title)]).location();
    let model = step.split("/steps").next().unwrap().to_owned();
    let threat = [("seen", "1"), ("title", "Somebody reads it"), ("status", "open")];
    app.post(&format!("{model}/threats/new"), &threat).location();
    model
}

/// Who asks, and the most that they may do for the first team.
fn people(organization: &Organization) -> Vec<Somebody> {
    let app = &organization.app;
    let payments = ["--team", "Payments"];
    let of = |role: &'static str, reach: &[&'static str]| [&["--role", role], reach].concat();
    vec![
        ("nobody", app.stranger(), |least| least == Nobody),
        ("a viewer", app.person("Vera", &of("viewer", &payments)), |least| least <= Viewer),
        ("an assessor", app.person("Asa", &of("assessor", &payments)), |least| least <= Assessor),
        ("a manager", app.person("Mara", &of("manager", &["--group", "Bank"])), |least| least <= Manager),
        ("a manager of all", app.person("Mia", &of("manager", &[])), |least| least <= ManagerOfAll),
        ("an administrator", app.person("Adam", &of("administrator", &[])), |_| true),
        ("a token to read", app.program("reader", &["--scope", "read"]), |least| least <= Viewer && least != Account),
        ("a token to propose", app.program("proposer", &["--scope", "propose"]), |least| {
            least <= Recognized || least == Propose
        }),
        ("a token to import", app.program("importer", &["--scope", "import"]), |least| {
            least <= Recognized || least == Propose || least == Import
        }),
        ("a token to administer", app.program("admin", &["--scope", "administer"]), |least| least != Account),
        ("a token that is none", app.stranger().showing("cairn_0000"), |_| false),
    ]
}

#[test]
fn every_role_may_do_what_it_is_for_and_nothing_else() {
    let organization = Organization::new();
    let [payments, _] = &organization.teams;
    let mut looked_at: BTreeSet<Least> = BTreeSet::new();
    for (who, browser, may) in people(&organization) {
        let had = |least: Least| looked_at.contains(&least);
        let before = organization.recorded();
        for route in ROUTES.iter().filter(|route| !may(route.3)) {
            let (method, pattern, ..) = route;
            let page = organization.ask(&browser, payments, route);
            let expected: &[u16] = match (who, *method, route.3) {
                ("nobody", "GET", _) if !pattern.starts_with("/api/") || *pattern == "/api/docs" => {
                    assert!(page.location().starts_with("/sign-in"), "{who}: {method} {pattern}");
                    &[303]
                }
                ("nobody" | "a token that is none", ..) => &[401],
                // Who has no account is told so; there is nothing that they lack the right to.
                (_, _, Account) => &[409],
                _ => &[403],
            };
            assert!(expected.contains(&page.status), "{who}: {method} {pattern}: {}", page.status);
        }
        assert_eq!(organization.recorded(), before, "{who} changed something");
        // Who may more, may this too, as the order of the roles says; one more look at the highest is enough.
        let is_looked_at = |least: Least| may(least) && (who.contains("admin") || !had(least));
        for route in ROUTES.iter().filter(|route| is_looked_at(route.3)) {
            let (method, pattern, _, least) = route;
            let page = organization.ask(&browser, payments, route);
            let is_let = if *least == Nobody { page.status != 403 } else { ![401, 403].contains(&page.status) };
            assert!(is_let && page.status < 500, "{who}: {method} {pattern}: {}", page.status);
        }
        let levels =
            [Nobody, Recognized, Account, Viewer, Propose, Import, Assessor, Manager, ManagerOfAll, Administrator];
        looked_at.extend(levels.into_iter().filter(|least| may(*least)));
    }
}

#[test]
fn nobody_changes_a_team_that_is_not_theirs() {
    let organization = Organization::new();
    let [_, other] = &organization.teams;
    let app = &organization.app;
    let before = organization.recorded();
    for (who, browser) in [
        ("an assessor", app.person("Asa", &["--role", "assessor", "--team", "Payments"])),
        ("a manager", app.person("Mara", &["--role", "manager", "--group", "Bank"])),
        ("a token", app.program("admin", &["--scope", "administer", "--team", "Payments"])),
    ] {
        let made = organization.recorded();
        for route in ROUTES.iter().filter(|route| route.0 != "GET" && route.3 >= Propose) {
            let (method, pattern, ..) = route;
            if ["/groups", "/teams", "/api/v1/groups", "/api/v1/teams"].contains(pattern) {
                // Not about a team that is there.
                continue;
            }
            let page = organization.ask(&browser, other, route);
            let refused = match *pattern {
                // A file has its faults; that a team is not theirs is one.
                "/import/confirm" | "/api/v1/imports" => page.status == 422,
                _ => page.status == 403,
            };
            assert!(refused, "{who}: {method} {pattern}: {}", page.status);
        }
        assert_eq!(organization.recorded(), made, "{who} changed something");
    }
    assert!(organization.recorded() > before, "accounts and tokens are recorded");
}

/// Follows all links from a page on, and looks at every page once.
fn crawl(browser: &Browser, start: &[&str], mut look: impl FnMut(&str, &Page)) {
    let mut waiting: Vec<String> = start.iter().map(ToString::to_string).collect();
    let mut seen: BTreeSet<String> = waiting.iter().cloned().collect();
    let (mut activities, mut variants) = (0, 0);
    while let Some(path) = waiting.pop() {
        let page = browser.get(&path);
        look(&path, &page);
        if !page.header("content-type").starts_with("text/html") {
            continue;
        }
        let links = [page.attributes("a[href]", "href"), page.attributes("img[src]", "src")].concat();
        // What a picture shows stands in its SVG, which takes a hundredth of the time of painting it.
        let is_painted = |link: &String| link.contains(".png");
        for link in links.into_iter().filter(|link| link.starts_with('/') && !is_painted(link)) {
            let link = link.split('#').next().unwrap().to_owned();
            // One page about an activity is made as the next.
            let is_about_one = link.starts_with("/catalog/") || link.contains("/questions/");
            activities += usize::from(is_about_one);
            // So is one order of a list as the next, one comparison, and one sector of the heatmap.
            let is_variant = ["sort=", "a_period=", "part="].iter().any(|asked| link.contains(asked));
            variants += usize::from(is_variant && !seen.contains(&link));
            let is_enough = is_about_one && activities >= 12 || is_variant && variants > 80;
            if !is_enough && seen.insert(link.clone()) {
                waiting.push(link);
            }
        }
    }
    assert!(seen.len() > 40, "{}", seen.len());
}

/// A plan of both teams that says “zebra” wherever somebody can enter something, and its number.
fn plan_of_all(app: &TestApp, [provided, owned]: [&str; 2], other: i64) -> String {
    let mut entered = PLAN.to_vec();
    entered.extend([
        ("exceptions", "Zebrafish; 30\nZebrafish; 2027-Q3; 20"),
        ("decision-activity-1", provided),
        ("decision-team-1", "Payments"),
        ("decision-course-1", "provided"),
        ("decision-value-1", "Zebrafish"),
        ("decision-activity-2", owned),
        ("decision-team-2", "Zebrafish"),
        ("decision-course-2", "locked"),
        ("decision-value-2", "2027-Q2"),
    ]);
    let plan = app.post("/roadmap/plans/new", &entered).location();
    app.post(&format!("{plan}/items/{other}/{owned}"), &[("owner", "Zebra")]).location();
    plan.rsplit('/').next().unwrap().to_owned()
}

#[test]
fn who_sees_one_team_learns_nothing_of_another() {
    let organization = Organization::new();
    let (app, [payments, other]) = (&organization.app, &organization.teams);
    // Everything that the other team has says “zebra” somewhere.
    let group = app.add_group("Zebra group");
    app.put_into_groups("Zebrafish", &[group, organization.group]);
    let [first, second, third] = [0, 1, 2].map(|n| activity_ids()[n].clone());
    let mut form = app.visit(&other.assessment).form("form.questions");
    form.choose(&format!("status[{first}]"), "partly_implemented");
    form.fill(&format!("note[{first}]"), "the zebra note");
    form.choose(&format!("status[{third}]"), "fully_implemented");
    app.submit(&form).location();
    // Payments takes an answer from them, and shares evidence with them.
    let take = format!("{}/questions/{third}/provider", payments.assessment);
    app.post(&take, &[("provider", &other.team.to_string()), ("seen", "0")]).location();
    let shared = [
        ("title", "A shared report"),
        ("recorded_on", "2026-11-01"),
        ("team", &*payments.team.to_string()),
        ("team", &*other.team.to_string()),
        ("activity", &*second),
    ];
    let shared = app.post("/evidence", &shared).location();
    app.hand_in(&payments.assessment);
    app.hand_in(&other.assessment);
    let of_all = plan_of_all(app, [&second, &activity_ids()[3]], other.team);
    app.post("/admin/separation", &[("separation", "separated")]).location();

    let people = [
        app.person("Vera", &["--role", "viewer", "--team", "Payments"]),
        app.person("Mara", &["--role", "manager", "--team", "Payments"]),
        app.program("reader", &["--scope", "read", "--team", "Payments"]),
    ];
    let last = |address: &str| address.rsplit('/').next().unwrap().to_owned();
    for browser in &people {
        let start = [
            "/",
            "/assessments",
            "/assessments?period=2026-Q3",
            "/trend",
            "/charts/trend.svg",
            "/heatmap",
            "/gaps",
            "/evidence",
            "/mappings",
            "/report?depth=auditor",
            "/report/download?depth=auditor",
            "/teams",
            "/catalog",
            "/settings",
            "/guide",
            "/catalogs",
            "/portfolio",
            "/portfolio?sort=score",
            "/compare",
            "/compare?all=1",
            "/unusual",
            "/threat-models",
            "/threat-models?sort=open",
            "/gaps?team=1",
            "/scopes",
            "/scopes?to=/gaps&find=e",
            "/api/v1/proposals",
            &format!("{}/proposals", payments.assessment),
            "/evidence?text=zebra",
            "/assessments/new",
            "/export/answers.csv",
            "/export/answers.json",
            "/export/team-progress.yaml",
            "/export/team-evidence.yaml",
            "/export/teams.yaml",
            "/export/meta.yaml",
            "/export/levels.json",
            "/export/gaps.json",
            "/export/trend.json",
            "/export/mappings.csv",
            "/export/statement.csv",
            "/export/portfolio.json",
            "/export/leverage.json",
            "/export/unusual.json",
            "/export/threat-models.json",
            "/export/threats.json",
            "/export/mitigations.json",
            "/export/comparison.json?all=1",
            "/api/v1/periods",
            "/api/v1/assessments",
            "/api/v1/answers",
            "/api/v1/evidence",
            "/api/v1/levels",
            "/api/v1/gaps",
            "/api/v1/trend",
            "/api/v1/mappings",
            "/api/v1/roadmap",
            "/api/v1/exports/portfolio",
            "/roadmap",
            "/export/roadmap.json",
            "/export/roadmap.csv",
            "/export/work-items.json",
            "/export/projection.csv",
            "/roadmap/plans",
            "/roadmap/plans/new",
            "/roadmap/plans/compare",
            &format!("/roadmap/plans/compare?a={of_all}&b={}", last(&payments.plan)),
            &format!("/roadmap/plans/{of_all}"),
            &format!("/roadmap/plans/{of_all}/edit"),
            &payments.assessment,
            shared.split('?').next().unwrap(),
        ];
        crawl(browser, &start, |path, page| {
            assert!(page.status < 500, "{path}");
            let text = String::from_utf8_lossy(&page.body).to_ascii_lowercase();
            if !path.contains("zebra") && text.contains("zebra") {
                let words: Vec<&str> = text.split_whitespace().collect();
                let found = words.windows(8).find(|around| around.iter().any(|word| word.contains("zebra")));
                panic!("{path}: {found:?}");
            }
        });
        // What somebody makes up is answered as what is not there.
        for path in [
            other.assessment.clone(),
            format!("{}/questions/{first}", other.assessment),
            format!("{}/proposals", other.assessment),
            format!("/api/v1/proposals/{}", other.proposal),
            other.evidence.clone(),
            format!("/teams/{}", other.team),
            format!("/?team={}", other.team),
            format!("/gaps?team={}", other.team),
            format!("/trend?team={}", other.team),
            format!("/evidence?team={}", other.team),
            format!("/portfolio?team={}", other.team),
            format!("/unusual?team={}", other.team),
            format!("/roadmap?team={}", other.team),
            format!("/roadmap/plans/new?team={}", other.team),
            other.plan.clone(),
            format!("{}/edit", other.plan),
            format!("{}/items/{}/{second}", other.plan, other.team),
            format!("/roadmap/plans/{of_all}/items/{}/{second}", other.team),
            format!("/roadmap/plans/{of_all}?team={}", other.team),
            format!("/roadmap/plans/compare?a={}", last(&other.plan)),
            format!("/roadmap/plans/compare?a={of_all}&b={}", last(&other.plan)),
            format!("/compare?a=team-{}", other.team),
            format!("/compare?b=team-{}", other.team),
            format!("/export/comparison.csv?b=group-{group}"),
            format!("/?group={group}"),
            format!("/export/answers.csv?team={}", other.team),
            format!("/export/levels.json?group={group}"),
        ] {
            let (theirs, none) = (browser.get(&path), browser.get("/?team=999999"));
            assert_eq!(theirs.status, 404, "{path}");
            let words =
                theirs.words("main").replace("assessment", "team").replace("evidence", "team").replace("group", "team");
            let words = words.replace("practice in this plan", "team").replace("plan", "team");
            if theirs.header("content-type").starts_with("text/html") {
                assert_eq!(words, none.words("main"), "{path}");
            }
        }
    }
    // For whoever manages the team, the other is not there either.
    let manager = &people[1];
    for (path, fields) in [
        (format!("{}/review", other.assessment), vec![("seen", "0")]),
        (format!("{}/answers", other.assessment), vec![("seen", "0")]),
        (format!("{}/proposals", other.assessment), vec![("do", "decline"), ("proposal", "2")]),
        (format!("/teams/{}/retire", other.team), vec![]),
        (format!("/evidence/{}/withdraw", last(&other.evidence)), vec![("seen", "1"), ("reason", "x")]),
        ("/assessments".into(), vec![("team", &*other.team.to_string()), ("period", "2026-Q4")]),
        (format!("{}/edit", other.plan), PLAN.to_vec()),
        (format!("{}/archive", other.plan), vec![]),
        (format!("{}/items/{}/{second}", other.plan, other.team), vec![("owner", "x")]),
        (format!("/roadmap/plans/{of_all}/items/{}/{second}", other.team), vec![("owner", "x")]),
        (format!("/roadmap/plans/new?team={}", other.team), PLAN.to_vec()),
    ] {
        assert_eq!(manager.post(&path, &fields).status, 404, "{path}");
    }
    // The numbers are those of the one team.
    let own = app.visit(&format!("/export/levels.json?team={}", payments.team)).json();
    let all = people[0].visit("/export/levels.json").json();
    assert_eq!(own["overall"]["score"], all["overall"]["score"]);
    assert_eq!(all["scope"]["name"], "Your teams");
    assert_eq!(
        people[0].visit(&format!("/export/levels.json?group={}", organization.group)).json()["scope"]["name"],
        "Your teams in Bank"
    );
    // And an administrator sees them all.
    assert!(app.visit("/assessments").words("main").contains("Zebrafish"));
}

/// A form that has begun to arrive: the head and the first bytes.
fn half_sent(browser: &Browser, path: &str, form: &str) -> TcpStream {
    let mut connection = TcpStream::connect(browser.base().trim_start_matches("http://")).unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\nContent-Length: {}\r\nCookie: {}\r\n\r\n",
        form.len(),
        browser.cookies(),
    );
    connection.write_all(head.as_bytes()).unwrap();
    // The service asks for the rest when it has recognized who sends it.
    let mut begun = [0; 25];
    connection.read_exact(&mut begun).unwrap();
    connection
}

#[test]
fn what_was_taken_from_somebody_holds_for_what_they_are_sending() {
    let app = TestApp::new();
    let form = "name=Mallory";
    type End = (&'static str, fn(&TestApp));
    let ends: [End; 3] = [
        ("disabled", |app| drop(app.commands().run(&["user", "disable", "Eve"]).expect_done())),
        ("demoted", |app| drop(app.commands().run(&["user", "role", "Eve", "--role", "viewer"]).expect_done())),
        ("signed out", |app| drop(app.post("/admin/users/2/sign-out", &[]).location())),
    ];
    for (how, end) in ends {
        let app = TestApp::new();
        let eve = app.person("Eve", &["--role", "administrator"]);
        let mut connection = half_sent(&eve, "/groups", form);
        end(&app);
        let before = app.visit("/export/audit.csv").text().to_owned();
        connection.write_all(form.as_bytes()).unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 401 Unauthorized\r\n"), "{how}: {answer}");
        assert_eq!(app.visit("/export/audit.csv").text(), before, "{how}");
    }
    let mut connection = half_sent(&app, "/groups", form);
    connection.write_all(form.as_bytes()).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 303 See Other\r\n"), "who may, still may: {answer}");
}

#[test]
fn who_is_not_signed_in_sends_little() {
    let app = TestApp::new();
    let long = "x".repeat(20_000);
    for path in ["/sign-in", "/set-up/x", "/welcome/x"] {
        let page = app.stranger().post(path, &[("name", &long), ("password", "x"), ("again", "x")]);
        assert_eq!(page.status, 413, "{path}");
    }
    let reader = app.program("reader", &["--scope", "read"]);
    let headers = [("content-type", "text/csv")];
    let refused = reader.send("POST", "/api/v1/imports", &headers, Some(&vec![b'x'; 1_000_000]));
    assert!(refused.is_err() || refused.is_ok_and(|page| page.status == 403));
}

#[test]
fn groups_of_others_are_as_good_as_not_there() {
    let app = TestApp::new();
    let (own, other) = (app.add_group("Bank"), app.add_group("Zebra group"));
    app.add_team("Payments");
    app.put_into_groups("Payments", &[own]);
    app.post("/admin/separation", &[("separation", "separated")]).location();
    let manager = app.person("Mara", &["--role", "manager", "--group", "Bank"]);
    let team = manager.team("Payments");
    let messages = [other, 999].map(|group| {
        let fields =
            [("name", "Payments"), ("description", ""), ("group", &*own.to_string()), ("group", &*group.to_string())];
        manager.post(&format!("/teams/{team}"), &fields).expect_status(422).words(".fault")
    });
    assert_eq!(messages[0], messages[1]);
    // Of a group that is empty its manager knows, to put a team into it.
    app.put_into_groups("Payments", &[]);
    manager.post("/teams", &[("name", "Cards"), ("description", ""), ("group", &own.to_string())]).location();
    // What accounts are about is not removed under them.
    let refused = app.post(&format!("/groups/{own}/remove"), &[]).expect_status(409);
    assert!(refused.words("main").contains("1 account is for the teams of Bank"), "{}", refused.words("main"));
    app.post(&format!("/groups/{other}/remove"), &[]).location();
}
