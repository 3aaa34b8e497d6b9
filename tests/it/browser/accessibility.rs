//! What axe-core finds on the pages, which must be nothing: every page there is, in light, in dark and on a
//! phone, with records and without, and with what was entered wrongly.
//!
//! The pages come from the table of routes, so that a new one is looked at without being named here. axe-core
//! is a tool of the tests alone; `tests/tools` fetches it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};

use crate::harness::{Chromium, Screen, TestApp, activity_ids};
use crate::web::permissions::places;

/// What the pages are held to: WCAG 2.0, 2.1 and 2.2, levels A and AA, and what is good practice beyond.
const TAGS: [&str; 7] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

/// The rule about contrast. It takes most of the time, and is the only one that asks for colours.
const CONTRAST: &str = "color-contrast";

/// Runs the rules that are given and says what each of them finds wrong, and at which element.
const RUN: &str = "return (async () => {
    const ran = await axe.run(document, { ...given, resultTypes: ['violations'], elementRef: false });
    const why = node => [...node.any, ...node.all, ...node.none].map(check => check.message).join('; ');
    return ran.violations.flatMap(rule => rule.nodes.map(node =>
        [`${rule.id}: ${rule.help}`, node.target.flat().join(' '), why(node)]));
})()";

/// Looks at the contrast of texts in charts, which axe-core leaves open: each against what lies under its middle,
/// with the colours laid over each other as the browser does it.
const CHARTS: &str = "
    const brush = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    const lay = (color, opacity) => {
        brush.globalAlpha = opacity;
        brush.fillStyle = color;
        brush.fillRect(0, 0, 1, 1);
        return [...brush.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const layOf = element => {
        const style = getComputedStyle(element), isShape = element instanceof SVGGeometryElement;
        const isText = element instanceof SVGTextContentElement;
        let opacity = isShape || isText ? Number(style.fillOpacity) : 1;
        for (let e = element; e; e = e.parentElement) opacity *= Number(getComputedStyle(e).opacity);
        if (isText || isShape && style.fill !== 'none') return lay(style.fill, opacity);
        return lay(element instanceof SVGElement ? 'transparent' : style.backgroundColor, opacity);
    };
    const luminance = color => {
        const [r, g, b] = color.map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const faults = [];
    for (const text of document.querySelectorAll('main svg text')) {
        const box = () => text.getBoundingClientRect();
        if (!text.checkVisibility() || box().width === 0) continue;
        text.scrollIntoView({ block: 'center', inline: 'center' });
        const { left, top, width, height } = box();
        const over = document.elementsFromPoint(left + width / 2, top + height / 2);
        lay('Canvas', 1);
        const under = over.filter(e => !(e instanceof SVGTextContentElement)).reverse();
        const ground = under.map(layOf).pop() ?? lay('transparent', 1);
        const [light, dark] = [luminance(ground), luminance(layOf(text))].sort((a, b) => b - a);
        const contrast = (light + 0.05) / (dark + 0.05);
        if (contrast < 4.5) {
            const why = `contrast of ${contrast.toFixed(2)} on rgb(${ground})`;
            faults.push(['Texts in charts must be seen well', `“${text.textContent}”`, why]);
        }
    }
    return faults;
";

/// Takes rows off the page that are made like as many others before them as is given, which takes most of the
/// time off the next looks and leaves some of each kind.
const THIN_OUT: &str = "
    const seen = new Map();
    for (const row of document.querySelectorAll('main tbody tr, main .question, main li')) {
        const parts = [row, ...row.querySelectorAll('*')].map(e => `${e.localName}.${e.getAttribute('class')}`);
        const kind = [...new Set(parts)].sort().join();
        seen.set(kind, (seen.get(kind) ?? 0) + 1);
        if (seen.get(kind) > given) row.remove();
    }
";

/// Sends a form as it is filled in, though the browser would have objected.
const SEND: &str = "HTMLFormElement.prototype.submit.call(form)";

/// Chooses a file with a text in it, and sends its form.
const SEND_FILE: &str = "
    const field = document.querySelector('input[type=file]'), chosen = new DataTransfer();
    chosen.items.add(new File([given], 'answers.csv', { type: 'text/csv' }));
    field.files = chosen.files;
    HTMLFormElement.prototype.submit.call(field.form);
";

fn axe() -> String {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let path = target.join("tools/axe.min.js");
    std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("run tests/tools once, which fetches {}: {error}", path.display()))
}

/// Somebody who looks for what keeps others from using a page.
struct Examiner {
    visitor: Chromium,
    /// What they found so far, and where.
    found: BTreeMap<String, Vec<String>>,
}

impl Examiner {
    fn with(visitor: Chromium) -> Self {
        visitor.bring_along(&axe());
        Self { visitor, found: BTreeMap::new() }
    }

    /// Looks at a page.
    fn visit(&mut self, path: &str) {
        self.visitor.goto(path);
        self.look(path);
    }

    /// Looks at what a form leads to that is sent as it is, or as a script leaves it, which is wrong.
    fn send(&mut self, path: &str, form: &str, script: &str) {
        self.visitor.goto(path);
        self.visitor.run(&format!("const form = document.querySelector(given); {script}; {SEND}"), &json!(form));
        self.visitor.find(".notice.bad, .fault");
        self.look(&format!("{path}, {form} sent wrongly"));
    }

    /// Looks at what a file leads to.
    fn import(&mut self, what: &str, text: &str) {
        self.visitor.goto("/import");
        self.visitor.run(SEND_FILE, &json!(text));
        self.visitor.find(".notice.bad, form[action='/import/confirm']");
        self.look(&format!("the import of {what}"));
    }

    /// Looks at the page that is shown: with all rules in light, at its colours in dark, and at the rest on a phone.
    fn look(&mut self, page: &str) {
        let all = json!({ "runOnly": TAGS, "rules": { "target-size": { "enabled": true } } });
        let contrast = json!({ "runOnly": { "type": "rule", "values": [CONTRAST] } });
        let mut others = all.clone();
        others["rules"][CONTRAST] = json!({ "enabled": false });
        self.visitor.run(THIN_OUT, &json!(12));
        self.run(page, "light", RUN, &all);
        self.run(page, "light", CHARTS, &json!({}));
        self.visitor.run(THIN_OUT, &json!(3));
        self.visitor.prefer("dark");
        self.run(page, "dark", RUN, &contrast);
        self.run(page, "dark", CHARTS, &json!({}));
        self.visitor.prefer("light");
        self.visitor.resize(Screen::PHONE);
        self.run(page, "on a phone", RUN, &others);
        self.visitor.resize(Screen::DESKTOP);
    }

    fn run(&mut self, page: &str, how: &str, script: &str, options: &Value) {
        let found = self.visitor.run(script, options);
        for fault in found.as_array().unwrap() {
            let [rule, element, why] = [0, 1, 2].map(|part| fault[part].as_str().unwrap().to_owned());
            self.found.entry(rule).or_default().push(format!("{page} ({how}): {element}: {why}"));
        }
    }

    fn assert_nothing_is_found(self) {
        const NAMED: usize = 8;
        let mut report = String::new();
        for (fault, places) in &self.found {
            let rest = places.len().saturating_sub(NAMED);
            let places: String = places.iter().take(NAMED).map(|place| format!("\n    {place}")).collect();
            report += &format!("\n{fault}{places}");
            if rest > 0 {
                report += &format!("\n    and at {rest} more");
            }
        }
        assert!(report.is_empty(), "this keeps people from using the pages:{report}");
    }
}

/// What is last in the address of the last link that a selector finds on a page.
fn last(app: &TestApp, page: &str, css: &str) -> String {
    let addresses = app.visit(page).attributes(css, "href");
    let address = addresses.last().unwrap_or_else(|| panic!("no {css} on {page}"));
    address.split(['?', '#']).next().unwrap().rsplit('/').next().unwrap().to_owned()
}

/// A pattern with examples for what is in braces.
fn example(app: &TestApp, pattern: &str) -> String {
    pattern.split_inclusive('}').fold(String::new(), |address, piece| {
        let (before, name) = piece.split_once('{').unwrap_or((piece, ""));
        let value = match name.trim_end_matches('}') {
            "" => String::new(),
            // A draft.
            "id" => last(app, "/assessments", "td.action a.button:not(.quiet)"),
            "activity" => activity_ids()[1].clone(),
            "evidence" => last(app, "/evidence?state=expired", "main th a[href^='/evidence/']"),
            "team" => last(app, "/teams", "td.action a"),
            "number" | "profile" => "1".to_owned(),
            // The plan of all teams.
            "plan" => "2".to_owned(),
            "practice" => {
                let team = last(app, "/teams", "td.action a");
                last(app, &format!("/roadmap/plans/2?team={team}"), "main a[href*='/items/']")
            }
            "model" => "1".to_owned(),
            "step" => "apply-framework".to_owned(),
            "kind" => "threats".to_owned(),
            "part" => last(app, "/threat-models/1", "#threats tbody th a"),
            "user" => last(app, "/admin/users", "main th a"),
            "token" => last(app, "/admin/tokens", "main th a"),
            // These lead to nothing, and say so.
            "secret" | "file" | "name" | "chart" | "digest" | "model_file" => "nothing".to_owned(),
            other => panic!("say here what to look at for {{{other}}} in {pattern}"),
        };
        address + before + &value
    })
}

/// Whether something is a page, and no picture or file, and does not lead elsewhere.
fn is_page(app: &TestApp, address: &str) -> bool {
    let page = app.get(address);
    assert!([200, 303].contains(&page.status) || address.contains("nothing"), "{address}: {}", page.status);
    page.header("content-type").starts_with("text/html")
}

#[test]
fn faults_are_found() {
    let app = TestApp::demo();
    let mut examiner = Examiner::with(Chromium::of_a_stranger(app.base()));
    // Sizes are said, since those of a machine's fonts differ.
    let style = "button { width: 40px; height: 40px }
        @media (prefers-color-scheme: dark) { p { color: gray; background: black } p + p { color: %23444 } }
        @media (max-width: 400px) { button { width: 9px; height: 9px; padding: 0; border: 0 } }";
    let main = "<h1>A page</h1> <input> <p>seen <p>hardly seen <div><button>1</button><button>2</button></div>
        <svg role=img aria-label=x><rect width=200 height=99 /><text y=50 fill=navy>hardly seen</text></svg>";
    examiner
        .visit(&format!("data:text/html,<html lang=en><title>A page</title><style>{style}</style><main>{main}</main>"));
    let found: Vec<String> =
        examiner.found.iter().map(|(fault, places)| format!("{fault} ({})", places.len())).collect();
    let expected = [
        "Texts in charts must be seen well (2)",
        "color-contrast: Elements must meet minimum color contrast ratio thresholds (1)",
        "label: Form elements must have labels (2)",
        "target-size: All touch targets must be 24px large, or leave sufficient space (2)",
    ];
    assert_eq!(found, expected);
}

#[test]
fn everybody_can_use_the_pages() {
    let app = TestApp::organization();
    let mut examiner = Examiner::with(Chromium::visiting(app.base()));
    let addresses: BTreeSet<String> = places().into_iter().map(|pattern| example(&app, pattern)).collect();
    assert!(addresses.len() > 25, "the pages are found");
    for address in addresses.iter().filter(|address| is_page(&app, address)) {
        examiner.visit(address);
    }
    // What looks otherwise than the examples.
    let team = last(&app, "/teams", "td.action a");
    for address in [
        "/no-such-page".to_owned(),
        format!("/?team={team}"),
        format!("/gaps?team={team}"),
        "/gaps?sort=level&q=zzz".to_owned(),
        "/mappings?standard=samm2".to_owned(),
        format!("/trend?team={team}"),
        "/gaps?team=1&period=2020-Q1".to_owned(),
        "/assessments/1?text=threat".to_owned(),
        "/catalog?text=nothing+like+it".to_owned(),
        "/threat-models/1/steps/trust-boundaries".to_owned(),
        "/threat-models/1/steps/monitor-and-review".to_owned(),
        "/threat-models/1/elements/new?kind=data_flow".to_owned(),
        format!("/evidence/{}", last(&app, "/evidence?state=withdrawn", "main th a[href^='/evidence/']")),
    ] {
        examiner.visit(&address);
    }
    for (path, form) in [
        ("/teams", "#add form"),
        ("/evidence/new", "main form.fields"),
        ("/threat-models/new", "main form.fields"),
        ("/threat-models/1/threats/new", "main form.fields"),
        ("/account", "form[action='/account/password']"),
        ("/admin/users", "form[action='/admin/users']"),
        ("/admin/tokens", "form[action='/admin/tokens']"),
    ] {
        examiner.send(path, form, "");
    }
    examiner.send("/roadmap/plans/new", "form.plan-form", "form.elements.capacity.value = '0'");
    examiner.send("/roadmap/stages", "main form", "form.elements['name-1'].value = ''");
    examiner.send("/roadmap/profiles/1", "main form", "form.elements.name.value = ' '");
    examiner.send("/settings", "main form", "form.elements.threshold.value = 'x'");
    let draft = example(&app, "/assessments/{id}?text=threat");
    examiner.send(&draft, "form.questions", "form.querySelector('[value=not_applicable]').checked = true");
    let activity = &activity_ids()[0];
    examiner.import(
        "a file with a new team",
        &format!("team,period,activity_id,status\nNobody,2026-Q4,{activity},started\n"),
    );
    examiner.import("a file with faults", "team,period,activity_id,status\n,2026-Q9,x,done\n");
    examiner.assert_nothing_is_found();
}

#[test]
fn everybody_can_begin() {
    let (app, set_up) = TestApp::waiting();
    let mut examiner = Examiner::with(Chromium::of_a_stranger(app.base()));
    examiner.visit("/sign-in");
    examiner.visit(&set_up);
    examiner.send(&set_up, "form", "");
    app.set_up(set_up.rsplit_once('/').unwrap().1);
    examiner.visit("/sign-in");
    examiner.send("/sign-in", "form", "");
    let welcome = app.commands().run(&["user", "add", "Vera", "--role", "viewer"]).expect_done();
    let welcome = format!("/welcome/{}", welcome.trim().rsplit_once("/welcome/").unwrap().1);
    examiner.visit(&welcome);
    examiner.send(&welcome, "form", "");

    // Pages that say what to do first.
    examiner.visitor.sign_in();
    let mut empty = places();
    empty.retain(|pattern| !pattern.contains('{') && !app.get(pattern).select("main .empty, main .welcome").is_empty());
    assert!(empty.len() > 5, "{empty:?}");
    for path in empty {
        examiner.visit(path);
    }
    examiner.assert_nothing_is_found();
}
