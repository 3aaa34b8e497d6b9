//! Coming in and going out, and `/admin/users`: who can.

use crate::harness::{ADMINISTRATOR, Browser, Page, TestApp, activity_ids};

const PASSWORD: &str = "green trains like old pears";

/// Adds an account; what comes back is the path of the link with which its owner sets the password.
fn invite(app: &Browser, name: &str, role: &str, about: &[(&str, &str)]) -> String {
    let fields = [&[("name", name), ("role", role)], about].concat();
    link_on(&app.post("/admin/users", &fields).expect_status(200))
}

/// The path of the link that a page shows once.
fn link_on(page: &Page) -> String {
    let links = page.attributes("input[data-copy]", "value");
    assert_eq!(links.len(), 1, "{}", page.words("main"));
    format!("/welcome/{}", links[0].split_once("/welcome/").unwrap().1)
}

/// Sets a password with a link.
fn open(browser: &Browser, link: &str, password: &str) -> Page {
    browser.post(link, &[("name", ""), ("password", password), ("again", password)])
}

/// Somebody with an account of their own, who is signed in.
fn somebody(app: &TestApp, name: &str, role: &str, about: &[(&str, &str)]) -> Browser {
    let browser = app.stranger();
    assert_eq!(open(&browser, &invite(app, name, role, about), PASSWORD).location(), "/");
    browser
}

/// The address of an account's page.
fn account(app: &Browser, name: &str) -> String {
    let page = app.visit("/admin/users");
    let links = page.select("tbody th a");
    let link = links.iter().find(|link| link.text().collect::<String>() == name);
    link.unwrap_or_else(|| panic!("no account {name}")).attr("href").unwrap().to_owned()
}

/// The state of an account in the list.
fn state(app: &Browser, name: &str) -> String {
    let rows = app.visit("/admin/users");
    let row = rows.select("tbody tr").into_iter().find(|row| row.html().contains(&format!(">{name}</a>"))).unwrap();
    let state = scraper::Selector::parse(".state.done, .state.draft, .state.expired").unwrap();
    row.select(&state).flat_map(|state| state.text()).collect()
}

/// The cookie that an answer sets: its value and what stands behind it.
fn cookie(page: &Page) -> (String, Vec<String>) {
    let mut parts = page.header("set-cookie").split("; ").map(str::to_owned);
    let (_, value) =
        parts.next().unwrap().split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned())).unwrap();
    (value, parts.collect())
}

/// Loads a page with a cookie of an earlier session.
fn get_with(app: &TestApp, cookie: &str, path: &str) -> Page {
    let cookie = format!("cairn_session={cookie}");
    app.stranger().send("GET", path, &[("cookie", &cookie)], None).unwrap()
}

fn is_signed_in(browser: &Browser) -> bool {
    let page = browser.get("/teams");
    page.status == 200 || page.location() != "/sign-in?next=%2Fteams"
}

#[test]
fn the_link_of_the_first_start_makes_one_administrator() {
    let (app, link) = TestApp::waiting();
    let guess = format!("/set-up/{}", "0".repeat(64));
    app.get(&guess).expect_status(410);
    let fields = |password| [("name", "Ada"), ("password", password), ("again", password)];
    app.post(&guess, &fields(PASSWORD)).expect_status(410);
    assert_eq!(app.get("/").location(), "/sign-in");
    assert!(app.visit("/sign-in").words("main").contains("Nobody has an account yet"));

    app.visit(&link);
    let weak = app.post(&link, &fields("short")).expect_status(422);
    assert!(weak.words(".fault").contains("at least 12 characters"), "{}", weak.words(".fault"));
    let reserved = app.post(&link, &[("name", "Operator"), ("password", PASSWORD), ("again", PASSWORD)]);
    assert!(reserved.expect_status(422).words(".fault").contains("a name that Cairn uses itself"));
    let mistyped = app.post(&link, &[("name", "Ada"), ("password", PASSWORD), ("again", "else")]).expect_status(422);
    assert!(mistyped.words(".fault").contains("not the same"));
    assert!(!mistyped.text().contains(PASSWORD), "a password is never sent back");
    assert_eq!(mistyped.attributes("input[name=name]", "value"), ["Ada"]);

    assert_eq!(app.post(&link, &fields(PASSWORD)).location(), "/");
    assert_eq!(app.visit("/teams").words(".side > .account .who"), "Ada");
    let other = app.stranger();
    other.get(&link).expect_status(410);
    other.post(&link, &[("name", "Eve"), ("password", PASSWORD), ("again", PASSWORD)]).expect_status(410);
    assert_eq!(app.visit("/admin/users").select("tbody tr").len(), 1);
}

#[test]
fn who_is_not_signed_in_sees_nothing() {
    let app = TestApp::new();
    app.add_team("Payments");
    let stranger = app.stranger();
    assert_eq!(stranger.get("/").location(), "/sign-in");
    assert_eq!(stranger.get("/teams?added=1").location(), "/sign-in?next=%2Fteams%3Fadded%3D1");
    assert_eq!(stranger.get("/admin/audit").location(), "/sign-in?next=%2Fadmin%2Faudit");
    assert_eq!(stranger.get("/nothing").location(), "/sign-in?next=%2Fnothing", "not even what there is");
    let refused = stranger.post("/teams", &[("name", "Shop")]).expect_status(401);
    assert!(!refused.text().contains("Payments"));
    assert!(refused.select("nav.pages a").is_empty() && refused.select(".account").is_empty());
    for open in ["/sign-in", "/healthz"] {
        assert_ne!(stranger.get(open).status, 303, "{open}");
    }
}

#[test]
fn a_wrong_password_and_an_unknown_name_are_answered_alike() {
    let app = TestApp::new();
    invite(&app, "Grace", "viewer", &[("reach", "all")]);
    let (name, password) = ADMINISTRATOR;
    let said = |name: &str, password: &str| {
        let page = app.stranger().try_sign_in(name, password).expect_status(401);
        assert_eq!(page.attributes("input[name=name]", "value"), [name], "what was entered is kept");
        assert!(!page.text().contains(password) && page.header("set-cookie").is_empty());
        page.text().replace(name, "")
    };
    let wrong = said(name, "something else entirely");
    assert_eq!(said("Nobody", "something else entirely"), wrong);
    assert_eq!(said("Grace", "something else entirely"), wrong, "without a password yet");
    assert!(wrong.contains("The name or the password is not right."));
    assert_eq!(app.stranger().try_sign_in(&name.to_uppercase(), password).location(), "/");
}

#[test]
fn signing_in_leads_on_within_the_site_only() {
    let app = TestApp::new();
    let (name, password) = ADMINISTRATOR;
    for (next, target) in [
        ("/gaps?team=3", "/gaps?team=3"),
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/sign-out", "/"),
        ("", "/"),
    ] {
        let signed_in = app.stranger().post("/sign-in", &[("name", name), ("password", password), ("next", next)]);
        assert_eq!(signed_in.location(), target, "{next:?}");
    }
    let stranger = app.stranger();
    let form = stranger.visit("/sign-in?next=%2Fgaps%3Fteam%3D3").form("main form");
    assert_eq!(form.value("next"), "/gaps?team=3");
    assert_eq!(stranger.visit("/sign-in?next=%2F%2Fevil.example").form("main form").value("next"), "");
    assert_eq!(app.get("/sign-in?next=%2Fgaps").location(), "/gaps", "who is signed in is led on");
}

#[test]
fn a_session_begins_anew_at_signing_in_and_ends_at_signing_out() {
    let app = TestApp::new();
    let (name, password) = ADMINISTRATOR;
    let browser = app.stranger();
    let (first, attributes) = cookie(&browser.try_sign_in(name, password));
    assert_eq!(attributes, ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=604800"]);
    assert_eq!(first.len(), 64);
    get_with(&app, &first, "/teams").expect_status(200);
    // One that somebody planted in the browser is not taken over.
    let planted = "0".repeat(64);
    let fields = format!("name={name}&password={}", password.replace(' ', "+"));
    let headers =
        [("content-type", "application/x-www-form-urlencoded"), ("cookie", &*format!("cairn_session={planted}"))];
    let (second, _) = cookie(&app.stranger().send("POST", "/sign-in", &headers, Some(fields.as_bytes())).unwrap());
    assert!(second != first && second != planted);
    get_with(&app, &planted, "/teams").expect_status(303);

    let out = browser.post("/sign-out", &[]);
    assert_eq!(out.location(), "/sign-in");
    assert!(out.header("clear-site-data").contains("storage"));
    let (gone, attributes) = cookie(&out);
    assert!(gone.is_empty() && attributes.contains(&"Max-Age=0".to_owned()), "{attributes:?}");
    assert_eq!(
        get_with(&app, &first, "/teams").location(),
        "/sign-in?next=%2Fteams",
        "the old one is dead, wherever it is kept"
    );
    get_with(&app, &second, "/teams").expect_status(200);
    assert_eq!(browser.post("/sign-out", &[]).location(), "/sign-in", "twice does no harm");
}

#[test]
fn behind_tls_the_cookie_never_travels_without() {
    let app = TestApp::public("https://cairn.example.org");
    let (name, password) = ADMINISTRATOR;
    let page = app.stranger().try_sign_in(name, password);
    assert!(page.header("set-cookie").starts_with("__Host-cairn_session="), "{}", page.header("set-cookie"));
    let (_, attributes) = cookie(&page);
    assert!(attributes.contains(&"Secure".to_owned()) && attributes.contains(&"Path=/".to_owned()), "{attributes:?}");
    assert!(!attributes.iter().any(|attribute| attribute.starts_with("Domain")));
}

#[test]
fn another_password_ends_the_other_sessions() {
    let app = TestApp::new();
    let here = somebody(&app, "Grace", "viewer", &[("reach", "all")]);
    let there = app.stranger();
    there.try_sign_in("Grace", PASSWORD).location();
    assert_eq!(here.visit("/account").select("#sessions tbody tr").len(), 2);

    let wanted = "seven clouds read quiet maps";
    let change = |current: &str, password: &str, again: &str| {
        here.post("/account/password", &[("current", current), ("password", password), ("again", again)])
    };
    assert!(
        change("wrong wrong wrong", wanted, wanted).expect_status(422).words("p.fault").contains("not your present")
    );
    assert!(change(PASSWORD, "short", "short").expect_status(422).words("p.fault").contains("at least 12"));
    assert!(change(PASSWORD, wanted, "other").expect_status(422).words("p.fault").contains("not the same"));
    assert!(is_signed_in(&there), "nothing has happened yet");

    assert!(here.follow(&change(PASSWORD, wanted, wanted)).words("[role=status]").contains("is changed"));
    assert!(is_signed_in(&here) && !is_signed_in(&there));
    app.stranger().try_sign_in("Grace", PASSWORD).expect_status(401);
    app.stranger().try_sign_in("Grace", wanted).location();

    assert_eq!(here.visit("/account").select("#sessions tbody tr").len(), 2);
    here.post("/account/sessions", &[]).location();
    assert_eq!(here.visit("/account").select("#sessions tbody tr").len(), 1, "signed out everywhere else");
}

#[test]
fn a_link_works_once_and_not_for_ever() {
    let app = TestApp::new();
    let link = invite(&app, "Grace", "assessor", &[("reach", "all")]);
    assert_eq!(state(&app, "Grace"), "No password yet");
    let grace = app.stranger();
    assert_eq!(grace.visit(&link).texts("h1"), ["Welcome, Grace"]);
    open(&grace, &link, "short").expect_status(422);
    assert_eq!(open(&grace, &link, PASSWORD).location(), "/", "what was wrong before used nothing up");
    assert_eq!(grace.visit("/teams").words(".side > .account .who"), "Grace");
    assert_eq!(state(&app, "Grace"), "Active");
    let eve = app.stranger();
    eve.get(&link).expect_status(410);
    open(&eve, &link, "seven clouds read quiet maps").expect_status(410);
    eve.try_sign_in("Grace", PASSWORD).location();

    // A newer link ends the one before; using it signs out everywhere.
    let path = format!("{}/link", account(&app, "Grace"));
    let older = link_on(&app.post(&path, &[]).expect_status(200));
    let newer = link_on(&app.post(&path, &[]).expect_status(200));
    eve.get(&older).expect_status(410);
    assert!(is_signed_in(&grace), "the present password stays until then");
    open(&eve, &newer, "seven clouds read quiet maps").location();
    assert!(!is_signed_in(&grace));
    assert_eq!(app.get(&path).location(), account(&app, "Grace"), "loading the answer again leads back");

    let late = invite(&app, "Late", "viewer", &[("reach", "all")]);
    app.stranger().visit(&late);
    let later = app.a_quarter_later();
    Browser::new(later.base()).get(&late).expect_status(410);
    open(&Browser::new(later.base()), &late, PASSWORD).expect_status(410);
    eve.get(&format!("/welcome/{}", "0".repeat(64))).expect_status(410);
}

#[test]
fn a_link_is_shown_once_with_the_address_of_the_service() {
    let app = TestApp::new();
    let page = app.post("/admin/users", &[("name", "Grace"), ("role", "viewer"), ("reach", "all")]).expect_status(200);
    assert_eq!(page.header("cache-control"), "no-store");
    let link = &page.attributes("input[data-copy][readonly]", "value")[0];
    assert!(link.starts_with(&format!("{}/welcome/", app.base())), "{link}");
    assert!(page.words("main").contains("valid for 72 hours and works once"));
    let secret = link.rsplit('/').next().unwrap();
    let everywhere = [app.visit("/admin/users"), app.visit(&account(&app, "Grace")), app.visit("/admin/audit")];
    for page in everywhere.into_iter().chain([app.visit("/export/audit.json")]) {
        assert!(!page.text().contains(secret));
    }
    let public = TestApp::public("https://cairn.example.org");
    let page =
        public.post("/admin/users", &[("name", "Grace"), ("role", "viewer"), ("reach", "all")]).expect_status(200);
    assert!(page.attributes("input[data-copy]", "value")[0].starts_with("https://cairn.example.org/welcome/"));
}

#[test]
fn what_is_wrong_with_an_account_is_said_at_the_field() {
    let app = TestApp::new();
    let (team, group) = (app.add_team("Payments").to_string(), app.add_group("Shared").to_string());
    let refused = app.post("/admin/users", &[("name", ""), ("role", "king")]).expect_status(422);
    let faults = refused.texts("#add p.fault");
    assert_eq!(faults, ["a name is needed", "choose one of the roles"]);

    let mut form = app.visit("/admin/users").form("#add form");
    form.fill("name", "ADA");
    form.choose("role", "manager");
    form.choose("reach", "some");
    let refused = app.submit(&form).expect_status(422);
    assert_eq!(
        refused.texts("#add p.fault"),
        ["there is already an account “ADA”", "choose all teams, or at least one team or group"]
    );
    form.choose("team", &team);
    form.choose("group", &group);
    let refused = app.submit(&form).expect_status(422);
    let sorted = |form: &crate::harness::Form| {
        let mut fields = form.fields.clone();
        fields.sort();
        fields
    };
    assert_eq!(sorted(&refused.form("#add form")), sorted(&form), "everything entered is kept");
    form.fill("name", "token ci");
    assert!(app.submit(&form).expect_status(422).words("#add p.fault").contains("a name that Cairn uses itself"));
    let gone = [("name", "Grace"), ("role", "viewer"), ("reach", "some"), ("team", "99")];
    assert!(
        app.post("/admin/users", &gone).expect_status(422).words("#add p.fault").contains("does not exist any more")
    );
    app.post("/admin/users", &[("name", "Grace"), ("role", "viewer"), ("team", "x")]).expect_status(400);
    assert_eq!(app.visit("/admin/users").select("tbody tr").len(), 1);
    for path in ["/admin/users/99", "/admin/users/x"] {
        app.get(path).expect_status(404);
    }
    for path in ["", "/link", "/sign-out", "/disable", "/enable"] {
        let fields = [("role", "viewer"), ("reach", "all")];
        app.post(&format!("/admin/users/99{path}"), &fields).expect_status(404);
    }
}

#[test]
fn rights_are_changed_and_hold_at_once() {
    let app = TestApp::new();
    let payments = app.add_team("Payments");
    let group = app.add_group("Shared").to_string();
    app.add_team("Web Shop");
    app.put_into_groups("Payments", &[app.group("Shared")]);
    let grace = somebody(&app, "Grace", "viewer", &[("reach", "all")]);
    let open_it = |team: i64| grace.post("/assessments", &[("team", &team.to_string()), ("period", "2026-Q4")]);
    open_it(payments).expect_status(403);

    let address = account(&app, "Grace");
    let mut form = app.visit(&address).form("#rights form");
    assert_eq!((form.value("role"), form.value("reach")), ("viewer", "all"));
    form.choose("role", "assessor");
    form.choose("reach", "some");
    form.choose("group", &group);
    assert!(app.follow(&app.submit(&form)).words("[role=status]").starts_with("Saved."));
    let page = app.visit(&address);
    assert_eq!(page.form("#rights form").said(), form.said());
    assert!(page.words(".figures").contains("the teams of Shared"), "{}", page.words(".figures"));
    open_it(payments).location();
    open_it(app.team("Web Shop")).expect_status(403);
    let refused = app.post(&address, &[("role", "assessor"), ("reach", "some")]).expect_status(422);
    assert!(refused.words("#rights p.fault").contains("at least one team or group"));
}

#[test]
fn a_disabled_account_is_out_at_once() {
    let app = TestApp::new();
    let grace = somebody(&app, "Grace", "viewer", &[("reach", "all")]);
    let address = account(&app, "Grace");
    let link = link_on(&app.post(&format!("{address}/link"), &[]).expect_status(200));
    app.submit(&app.visit(&address).form("#disable form")).location();
    assert!(!is_signed_in(&grace));
    app.stranger().try_sign_in("Grace", PASSWORD).expect_status(401);
    app.stranger().get(&link).expect_status(410);
    assert_eq!(state(&app, "Grace"), "Disabled");
    let page = app.visit(&address);
    assert!(page.select("#password form").is_empty());
    let refused = app.post(&format!("{address}/link"), &[]).expect_status(409);
    assert!(refused.words("[role=alert]").contains("enable it first"), "{}", refused.words("main"));

    app.submit(&page.form("#disable form")).location();
    assert!(!is_signed_in(&grace), "an old session stays dead");
    app.stranger().try_sign_in("Grace", PASSWORD).location();
}

#[test]
fn signing_somebody_out_ends_their_sessions() {
    let app = TestApp::new();
    let grace = somebody(&app, "Grace", "viewer", &[("reach", "all")]);
    let page = app.visit(&account(&app, "Grace"));
    assert_eq!(page.select("#sessions tbody tr").len(), 1);
    assert!(app.follow(&app.submit(&page.form("#sessions form"))).words("#sessions").contains("Nowhere."));
    assert!(!is_signed_in(&grace) && is_signed_in(&app));
}

#[test]
fn the_last_administrator_stays() {
    let app = TestApp::new();
    let ada = account(&app, "Ada");
    assert!(app.visit("/admin/users").words("tbody tr").contains("you"));
    assert!(app.visit(&ada).words("main .coverage").contains("your own account"));
    for (path, fields) in [(format!("{ada}/disable"), &[][..]), (ada.clone(), &[("role", "viewer"), ("reach", "all")])]
    {
        let refused = app.post(&path, fields).expect_status(409);
        assert!(refused.words("[role=alert]").contains("the last administrator"), "{}", refused.words("main"));
        assert_eq!(refused.texts("h1"), ["What may Ada do?"], "on the page, not on one of its own");
    }
    // One who never came in, or cannot any more, lets nobody in.
    invite(&app, "Grace", "administrator", &[]);
    app.post(&format!("{}/disable", account(&app, "Grace")), &[]).location();
    app.post(&format!("{ada}/disable"), &[]).expect_status(409);

    let lin = somebody(&app, "Lin", "administrator", &[]);
    assert_eq!(app.post(&ada, &[("role", "viewer"), ("reach", "all")]).location(), "/account");
    app.visit("/account");
    app.get("/admin/users").expect_status(403);
    lin.post(&format!("{}/disable", account(&lin, "Lin")), &[]).expect_status(409);
}

#[test]
fn administration_is_for_administrators() {
    let app = TestApp::new();
    let manager = somebody(&app, "Grace", "manager", &[("reach", "all")]);
    let page = manager.visit("/");
    assert_eq!(page.select("nav.pages a").len(), 18);
    assert!(page.attributes("a", "href").iter().all(|href| !href.starts_with("/admin")));
    for path in ["/admin/users", "/admin/users/1", "/admin/tokens", "/admin/audit", "/export/audit.csv"] {
        let refused = manager.get(path).expect_status(403);
        assert!(refused.words("main").contains("Grace may not"), "{path}: {}", refused.words("main"));
    }
    for path in [
        "/admin/users",
        "/admin/users/1",
        "/admin/users/1/link",
        "/admin/users/1/sign-out",
        "/admin/users/1/disable",
        "/admin/users/1/enable",
        "/admin/separation",
        "/admin/tokens",
        "/admin/tokens/1/revoke",
        "/admin/audit/check",
    ] {
        let fields = [
            ("name", "Eve"),
            ("role", "administrator"),
            ("reach", "all"),
            ("scope", "administer"),
            ("days", "1"),
            ("separation", "open"),
        ];
        manager.post(path, &fields).expect_status(403);
    }
    assert_eq!(app.visit("/admin/users").select("tbody tr").len(), 2);
}

#[test]
fn teams_can_be_kept_apart() {
    let app = TestApp::new();
    let payments = app.add_team("Payments").to_string();
    let shop = app.add_team("Web Shop");
    let shop_assessment = app.open(shop, "2026-Q4");
    let grace = somebody(&app, "Grace", "assessor", &[("reach", "some"), ("team", &payments)]);
    assert_eq!(grace.visit("/teams").texts("tbody th a"), ["Payments", "Web Shop"]);
    assert_eq!(grace.visit("/").texts("select[name=scope] > option"), ["Organization"]);

    let mut form = app.visit("/admin/users").form("#separation form");
    assert_eq!(form.value("separation"), "open");
    form.choose("separation", "separated");
    assert!(app.follow(&app.submit(&form)).words("[role=status]").contains("Saved"));
    assert_eq!(app.visit("/admin/users").form("#separation form").value("separation"), "separated");
    assert_eq!(grace.visit("/teams").texts("tbody th a"), ["Payments"]);
    assert_eq!(grace.visit("/").texts("select[name=scope] > option"), ["Your teams"]);
    assert_eq!(grace.visit(&format!("/?team={payments}")).texts("select[name=scope] > option"), ["Your teams"]);
    for path in [format!("/teams/{shop}"), format!("/?team={shop}"), shop_assessment] {
        grace.get(&path).expect_status(404);
    }
    assert_eq!(app.visit("/teams").texts("tbody th a"), ["Payments", "Web Shop"], "who is for all sees all");
    assert_eq!(app.visit("/").texts("select[name=scope] > option"), ["Organization"]);
    let refused = app.post("/admin/separation", &[("separation", "walls")]).expect_status(422);
    assert!(refused.words("#separation p.fault").contains("all teams or only their own"));
}

#[test]
fn a_viewer_is_offered_nothing_that_they_may_not_do() {
    let app = TestApp::new();
    let team = app.add_team("Payments");
    app.add_group("Shared");
    let assessment = app.open(team, "2026-Q4");
    app.answer(&assessment, &[(&activity_ids()[0], "started")]);
    app.add_team("Web Shop");
    let added = app.post(
        "/evidence",
        &[
            ("title", "Scan"),
            ("recorded_on", "2026-11-01"),
            ("team", &team.to_string()),
            ("activity", &activity_ids()[0]),
        ],
    );
    let piece = added.location();
    let viewer = somebody(&app, "Grace", "viewer", &[("reach", "all")]);
    let (team, question) = (format!("/teams/{team}"), format!("{assessment}/questions/{}", activity_ids()[0]));
    for path in [
        "/",
        "/assessments",
        "/evidence",
        &piece,
        "/teams",
        &team,
        "/settings",
        "/catalog",
        &assessment,
        &question,
        "/gaps",
    ] {
        let page = viewer.visit(path);
        assert!(page.select("main form[method=post]").is_empty(), "{path}");
        for link in page.attributes("main a[href]", "href") {
            let path_of = |link: &str| link.split(['?', '#']).next().unwrap().to_owned();
            let forms = ["/assessments/new", "/evidence/new", "/import"];
            assert!(!forms.contains(&path_of(&link).as_str()) && !link.ends_with("/edit"), "{path} leads to {link}");
        }
        assert!(!page.words("main").contains("Fill in") && !page.words("main").contains("Add a team"), "{path}");
    }
    assert!(viewer.visit("/assessments").words("td.action").contains("View"));
    assert!(viewer.visit(&team).words("main").contains("What it builds or runs"));
    assert_eq!(viewer.visit("/settings").row("Started")[1], "20 %");
    assert!(viewer.visit(&piece).words("main").contains("whoever assesses all of its teams"));
    for path in ["/assessments/new", "/evidence/new", "/import", &format!("{piece}/edit")] {
        let refused = viewer.get(path).expect_status(403);
        assert!(refused.words("main").contains("Grace may not"), "{path}");
    }
    assert!(app.visit("/teams").select("main form[method=post]").len() >= 3, "an administrator is offered it");
}

#[test]
fn an_assessor_is_offered_their_own_teams() {
    let app = TestApp::new();
    let payments = app.add_team("Payments").to_string();
    let shop = app.add_team("Web Shop").to_string();
    let evidence = |teams: &[&str]| {
        let id = activity_ids()[0].clone();
        let mut fields = vec![("title", "Scan"), ("recorded_on", "2026-11-01"), ("activity", &*id)];
        fields.extend(teams.iter().map(|team| ("team", *team)));
        app.post("/evidence", &fields).location()
    };
    let (own, shared) = (evidence(&[&payments]), evidence(&[&payments, &shop]));
    let grace = somebody(&app, "Grace", "assessor", &[("reach", "some"), ("team", &payments)]);
    assert_eq!(grace.visit("/assessments").attributes("td.action input[name=team]", "value"), [&*payments]);
    assert_eq!(grace.visit("/assessments/new").attributes("input[name=team]", "value"), [&*payments]);
    assert_eq!(grace.visit("/evidence/new").attributes("input[name=team]", "value"), [&*payments]);
    assert_eq!(grace.visit(&own).select("#withdraw form").len(), 1);
    grace.visit(&format!("{own}/edit"));
    assert!(grace.visit(&shared).select("#withdraw").is_empty());
    grace.get(&format!("{shared}/edit")).expect_status(403);

    grace.open(payments.parse().unwrap(), "2026-Q4");
    let page = grace.visit("/assessments");
    assert_eq!(page.texts("td.action a"), ["Fill in the assessment of Payments"]);
    assert!(
        !page.attributes("a", "href").iter().any(|href| href.starts_with("/assessments/new")),
        "nothing is left to open"
    );
    assert!(grace.visit("/assessments/new").words(".empty").contains("Every team that you assess"));
}

#[test]
fn a_manager_of_a_group_keeps_the_others_as_they_are() {
    let app = TestApp::new();
    let (own, other) = (app.add_group("Channels"), app.add_group("Finance"));
    let (own_id, other_id) = (own.to_string(), other.to_string());
    for team in ["Payments", "Ledger"] {
        app.add_team(team);
    }
    app.put_into_groups("Payments", &[own, other]);
    app.put_into_groups("Ledger", &[other]);
    let payments = app.team("Payments");
    let grace = somebody(&app, "Grace", "manager", &[("reach", "some"), ("group", &own_id)]);
    let page = grace.visit("/teams");
    assert_eq!(page.texts("td.action a"), ["View Ledger", "Edit Payments"]);
    assert!(page.select("#groups form").is_empty(), "groups are for who manages all");
    assert_eq!(page.attributes("#add input[name=group]", "value"), [&*own_id]);
    assert!(page.words("#add").contains("the groups that you manage"));
    assert!(
        grace
            .post("/teams", &[("name", "New")])
            .expect_status(422)
            .words("#add p.fault")
            .contains("at least one of the groups")
    );
    grace.post("/teams", &[("name", "New"), ("group", &own_id)]).location();

    let page = grace.visit(&format!("/teams/{payments}"));
    assert_eq!(page.attributes("input[type=checkbox][name=group]", "value"), [&*own_id]);
    assert!(page.words("main form.fields").contains("also in Finance"), "{}", page.words("main form.fields"));
    let mut form = page.form("main form.fields");
    form.fill("description", "Takes the money.");
    grace.submit(&form).location();
    assert_eq!(app.visit("/teams").row("Payments Takes the money.")[1], "Channels , Finance");
    let mut form = grace.visit(&format!("/teams/{payments}")).form("main form.fields");
    form.fields.retain(|(name, value)| name != "group" || *value != other_id);
    let refused = grace.submit(&form).expect_status(422);
    assert!(refused.words("p.fault").contains("Finance is not one of the groups that you manage"));
}

#[test]
fn an_account_can_be_about_one_of_a_thousand_teams() {
    let app = TestApp::new();
    let mut csv = String::from("team,period,activity_id,activity,status,not_applicable_reason,note,inherited_from\n");
    let id = &activity_ids()[0];
    for n in 0..300 {
        csv.push_str(&format!("Team {n:03},2026-Q4,{id},,started,,,\n"));
    }
    app.commands().write("many.csv", csv);
    app.commands().run(&["import", "many.csv"]).expect_done();
    let page = app.visit("/admin/users");
    assert_eq!(page.select("#add input[name=team]").len(), 300);
    assert!(page.select("#add .reach-list details[open]").is_empty(), "folded up until one is chosen");
    let mut form = page.form("#add form");
    form.fill("name", "Grace");
    form.choose("role", "assessor");
    form.choose("reach", "some");
    form.choose("team", &app.team("Team 217").to_string());
    let grace = app.stranger();
    open(&grace, &link_on(&app.submit(&form)), PASSWORD).location();
    let page = app.visit(&account(&app, "Grace"));
    assert!(page.words(".figures").contains("Team 217"));
    assert_eq!(page.select("#rights .reach-list details[open]").len(), 1);
}
