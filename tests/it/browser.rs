//! What only a real browser shows: that people get where they want to be with mouse and keyboard,
//! that pages fit the screen, and that nothing is wrong that only the console would say.

mod accessibility;
mod questionnaire;
mod report;

use std::collections::{BTreeMap, BTreeSet};

use crate::harness::{Chromium, CommandLine, Screen, TestApp};

/// A page of every kind that the navigation leads to.
const PAGES: [&str; 10] =
    ["/", "/assessments", "/trend", "/gaps", "/evidence", "/mappings", "/report", "/catalog", "/teams", "/settings"];

/// From the first page to the first assessment, as somebody does who has never been here.
fn add_the_first_team(visitor: &Chromium) {
    visitor.goto("/");
    visitor.click("main a.button");
    visitor.type_into("#add input[name=name]", "Payments");
    visitor.click("#add button");
    visitor.read("main .notice", "Payments is added.");
    visitor.click("main .notice button");
    visitor.arrive_at("/assessments/");
    visitor.read("h1", "Payments");
}

#[test]
fn the_first_visit_leads_to_the_first_assessment() {
    let app = TestApp::new();
    let visitor = Chromium::visiting(app.base());
    add_the_first_team(&visitor);
    assert_eq!(visitor.console_errors(), Vec::<String>::new());
}

#[test]
fn the_first_visit_needs_no_javascript() {
    let app = TestApp::new();
    let visitor = Chromium::without_javascript(app.base());
    add_the_first_team(&visitor);
}

#[test]
fn the_keyboard_alone_is_enough() {
    let app = TestApp::new();
    app.add_group("Sales");
    let visitor = Chromium::visiting(app.base());
    let is_focused = |css: &str| visitor.eval(&format!("document.activeElement.matches({css:?})")) == true;
    let go_to = |css: &str| {
        visitor.find(css);
        visitor.wait_for(&format!("the focus on {css}"), || {
            is_focused(css) || {
                visitor.press("Tab");
                false
            }
        });
    };
    visitor.goto("/");
    visitor.press("Tab");
    assert!(is_focused("a.skip") && visitor.is_shown("a.skip"));
    visitor.press("Enter");
    go_to("main a.button");
    visitor.press("Enter");
    visitor.arrive_at("/teams");
    visitor.wait_for("the name to be what is entered first", || is_focused("#add input[name=name]"));
    for key in ["Shift+p", "a", "x", "Backspace", "y"] {
        visitor.press(key);
    }
    assert_eq!(visitor.value("#add input[name=name]"), "Pay");
    go_to("#add input[name=group]");
    assert!(!visitor.is_checked("#add input[name=group]"));
    visitor.press("Space");
    assert!(visitor.is_checked("#add input[name=group]"));
    visitor.press("Enter");
    visitor.read("tbody tr", "Sales");
    assert_eq!(visitor.count("tbody tr"), 1);
    assert_eq!(visitor.text("tbody th"), "Pay");
    assert_eq!(visitor.attribute("tbody td a.button", "href").as_deref(), Some("/teams/1"));
}

#[test]
fn without_javascript_no_script_of_a_page_runs() {
    let app = TestApp::new();
    let page = "data:text/html,<p id=p>still</p><noscript><b>none</b></noscript><script>p.textContent='ran'</script>";
    for (visitor, shown) in
        [(Chromium::visiting(app.base()), "ran"), (Chromium::without_javascript(app.base()), "still\nnone")]
    {
        visitor.goto(page);
        assert_eq!(visitor.text("body"), shown);
    }
}

#[test]
fn every_page_fits_a_phone_and_is_quiet() {
    let app = TestApp::demo();
    let visitor = Chromium::visiting(app.base());
    for screen in [Screen::DESKTOP, Screen::PHONE] {
        visitor.resize(screen);
        for path in PAGES {
            visitor.goto(path);
            let sideways = visitor.eval("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            assert_eq!(sideways, 0, "{path} on {screen:?}");
            assert_eq!(visitor.eval("innerWidth"), screen.0);
            assert_eq!(visitor.console_errors(), Vec::<String>::new(), "{path}");
        }
    }
}

#[test]
fn the_first_visit_is_light_and_asks_nobody_else() {
    /// What a first visit may load in all, in bytes on the wire.
    const MOST: usize = 60_000;
    let app = TestApp::demo();
    let visitor = Chromium::of_a_stranger(app.base());
    visitor.goto("/");
    visitor.read("h1", "Where");
    let loaded = visitor.eval(
        "[location.href, document.querySelector('link[rel=icon]').href]
            .concat(performance.getEntriesByType('resource').map(entry => entry.name))",
    );
    let loaded: BTreeSet<String> = serde_json::from_value(loaded).unwrap();
    assert!(loaded.len() >= 3, "a page, its style sheet and its icon: {loaded:?}");
    let weigh = |address: &String| {
        let path = address.strip_prefix(app.base()).unwrap_or_else(|| panic!("{address} is of somebody else"));
        let answer = app.send("GET", path, &[("accept-encoding", "gzip")], None).unwrap().expect_status(200);
        let head: usize = answer.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
        (path.to_owned(), head + answer.body.len())
    };
    let weights: BTreeMap<String, usize> = loaded.iter().map(weigh).collect();
    let all: usize = weights.values().sum();
    assert!(all < MOST, "{all} bytes: {weights:?}");
}

#[test]
fn visitors_and_a_service_that_was_killed_find_each_other_again() {
    let commands = CommandLine::new();
    let served = commands.serve();
    let visitor = Chromium::visiting(served.base());
    let other = visitor.another();
    add_the_first_team(&visitor);
    let base = served.base().to_owned();
    served.kill();
    let _served = commands.serve_at(&base);
    visitor.reload();
    visitor.read("h1", "Payments");
    other.goto("/teams");
    assert_eq!(other.text("tbody th a"), "Payments");
}
