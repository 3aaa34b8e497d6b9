//! The report in a real browser: as a file that stands alone, and on paper.

use crate::harness::{Chromium, Screen, TestApp};

/// The sizes of paper in centimetres.
const A4: (f64, f64) = (21.0, 29.7);
const LETTER: (f64, f64) = (21.59, 27.94);

#[test]
fn the_file_opens_from_a_disk_without_asking_for_anything() {
    let app = TestApp::demo();
    let folder = tempfile::tempdir().unwrap();
    let visitor = Chromium::visiting(app.base());
    for depth in ["management", "auditor"] {
        let path = folder.path().join(format!("{depth}.html"));
        std::fs::write(&path, &app.get(&format!("/report/download?depth={depth}")).body).unwrap();
        visitor.goto(&format!("file://{}", path.display()));
        visitor.read("h1", "Organization");
        assert_eq!(visitor.eval("performance.getEntriesByType('resource').length"), 0, "{depth}");
        assert_eq!(visitor.console_errors(), Vec::<String>::new(), "{depth}");
        // The style came with it: the level is on its step of the ramp, and a chart fills its frame.
        let level = "getComputedStyle(document.querySelector('.figures .level')).borderRadius";
        assert_ne!(visitor.eval(level), "0px", "{depth}");
        let links =
            "[...document.querySelectorAll('a[href]')].filter(a => !/^(#|https:)/.test(a.getAttribute('href'))).length";
        assert_eq!(visitor.eval(links), 0, "{depth}");
    }
    visitor.resize(Screen::PHONE);
    let sideways = visitor.eval("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    assert_eq!(sideways, 0);
}

#[test]
fn management_has_a_page_or_two_on_any_paper() {
    let app = TestApp::demo();
    let visitor = Chromium::visiting(app.base());
    visitor.goto("/report");
    for paper in [A4, LETTER] {
        let sheets = visitor.printed(paper);
        assert!((1..=2).contains(&sheets), "{sheets} sheets on {paper:?}");
    }
    visitor.goto("/report?depth=full");
    assert!(visitor.printed(A4) > 4, "the full report takes more");
}

#[test]
fn on_paper_heads_repeat_and_nothing_is_there_to_click() {
    let app = TestApp::demo();
    let visitor = Chromium::visiting(app.base());
    visitor.on_paper();
    visitor.goto("/report?depth=auditor");
    for hidden in [".side", "form.picker", ".page-head", ".hint", ".files", ".banner"] {
        assert!(!visitor.is_shown(hidden), "{hidden}");
    }
    assert!(visitor.is_shown(".report-name") && visitor.is_shown(".report .chart svg"));
    let style = |css: &str, property: &str| {
        visitor.eval(&format!("getComputedStyle(document.querySelector('{css}')).{property}"))
    };
    assert_eq!(style(".findings thead", "display"), "table-header-group", "heads are repeated on each page");
    assert_eq!(style(".findings tbody tr", "breakInside"), "avoid");
    assert_eq!(style(".clause-head", "breakAfter"), "avoid");
    assert_eq!(style("section.begins-page", "breakBefore"), "page");
    // Page boxes take what they say from the root.
    let running = visitor.eval("getComputedStyle(document.documentElement).getPropertyValue('--running')");
    assert_eq!(running, "\"Organization · 2026-Q4 · DSOMM maturity report\"");
}
