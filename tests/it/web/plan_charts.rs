//! What is drawn of plans and forecasts, with the figures beside it.

use crate::harness::TestApp;

#[test]
fn a_plan_that_is_tried_out_shows_where_it_leads_beside_the_kept_one() {
    let app = TestApp::small(
        &[("Culture and Organization", &[1, 2, 3])],
        &[("Payments", "2026-Q3", "000", ""), ("Payments", "2026-Q4", "x00", "")],
    );
    let page = app.visit("/roadmap/plans/new");
    assert_eq!(page.select("figure.chart svg").len(), 2, "the whole and its one dimension");
    assert!(page.words("figure.chart svg title").contains("Projected score, Overall, Organization. as entered score"));
    let mut form = page.form("form[method=post]:has([name=capacity])");
    for (field, value) in [("name", "Slow"), ("start", "2026-Q4"), ("capacity", "3")] {
        form.fill(field, value);
    }
    form.press("do", "save");
    let kept = app.submit(&form).location();

    let page = app.visit(&format!("{kept}/edit"));
    let mut form = page.form("form[method=post]:has([name=capacity])");
    form.fill("capacity", "30");
    form.press("do", "preview");
    let page = app.submit(&form);
    let figures = "#outcome details table";
    assert_eq!(page.texts(&format!("{figures} thead th")), ["By the end of", "as entered", "version 1"]);
    let first = page.texts(&format!("{figures} tbody tr:first-child > *"));
    assert_eq!(first[1], first[2], "both begin where the teams stand: {first:?}");
    let quick = page.texts(&format!("{figures} tbody tr:nth-child(2) > *"));
    assert_ne!(quick[1], quick[2], "and one is quicker: {quick:?}");
}
