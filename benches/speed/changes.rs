//! The first answer of each page after a change, when what it says must be computed anew.

use std::time::{Duration, Instant};

use scraper::{Html, Selector};

use super::Size;
use super::client::{Visitor, get, plain, post};
use super::figures::{Durations, shown, table, verdict};
use super::pages::PAGES;
use super::savers::{Fate, Place, Saver};
use super::service::Service;

/// How long the first answer may take.
const SOON: Duration = Duration::from_millis(50);

/// Changes that people make, one kind after the other.
struct Changes<'s> {
    visitor: Visitor,
    cookie: &'s str,
    /// An answer that changes.
    saver: Saver,
    /// An assessment that is submitted, reopened and submitted again.
    submitted: i64,
    count: usize,
}

const KINDS: [&str; 4] = ["a submission", "a saved answer", "a new group", "another threshold"];

impl Changes<'_> {
    fn make(&mut self, kind: &str) {
        self.count += 1;
        match kind {
            "a submission" => {
                let id = self.submitted;
                self.send(&format!("/assessments/{id}/reopen"), &[("reason", "an answer was wrong")]);
                self.send(&format!("/assessments/{id}/review"), &[]);
            }
            "a saved answer" => {
                let (fate, _) = self.saver.save(&mut self.visitor, self.cookie);
                assert_eq!(fate, Fate::Acknowledged);
            }
            "a new group" => self.send("/groups", &[("name", &format!("Group {}", self.count))]),
            _ => {
                let page = self.visitor.must(&plain("/settings", self.cookie)).text();
                let page = Html::parse_document(&page);
                let inputs = Selector::parse("form[action='/settings'] input").unwrap();
                let threshold = (80 + self.count % 20).to_string();
                let mut fields = vec![("do", "apply")];
                for input in page.select(&inputs) {
                    let name = input.attr("name").unwrap();
                    let value = input.attr("value").unwrap_or_default();
                    fields.push((name, if name == "threshold" { &threshold } else { value }));
                }
                self.send("/settings", &fields);
            }
        }
    }

    /// Does something that leads to another page when it is done.
    fn send(&mut self, path: &str, fields: &[(&str, &str)]) {
        let answer = self.visitor.must(&post(path, self.cookie, "text/html", fields));
        assert_eq!(answer.status, 303, "{path}: {}", answer.text());
    }
}

/// Makes each kind of change before each page, several times.
pub(crate) fn run(service: &Service, cookie: &str, place: Place, submitted: i64, size: &Size) {
    let visitor = service.visitor();
    let mut changes = Changes { visitor, cookie, saver: Saver::new(place), submitted, count: 0 };
    let mut visitor = service.visitor();
    let mut rows = Vec::new();
    for kind in KINDS {
        for path in PAGES {
            let request = get(path, cookie);
            let mut first = || {
                changes.make(kind);
                let began = Instant::now();
                assert_eq!(visitor.must(&request).status, 200);
                began.elapsed()
            };
            let durations: Durations = (0..size.repetitions).map(|_| first()).collect();
            rows.push(vec![
                format!("{kind}, then `{path}`"),
                shown(durations.median()),
                shown(durations.worst()),
                verdict(durations.median() < SOON).to_owned(),
            ]);
        }
    }
    let title = format!("The first answer after a change, of {}: under {}", size.repetitions, shown(SOON));
    table(&title, &["", "median", "worst", ""], &rows);
}
