//! What somebody should look at, as a table: a row for each entry, with the columns that its kind has.

use chrono::{DateTime, SecondsFormat, Utc};

use super::table::{Cell, Table};
use crate::domain::unusual::{Unusual, Who};

/// The table of all entries: large rises, growing shares of not applicable, and many answers just before the
/// submission, each as they are sorted.
pub fn table(unusual: &Unusual) -> Table {
    let mut table = Table::new(&[
        "kind",
        "team",
        "period",
        "assessment",
        "compared_with",
        "score_before",
        "score",
        "raised",
        "raised_to_full",
        "raised_with_evidence",
        "not_applicable_before",
        "not_applicable",
        "share_before",
        "share",
        "answers",
        "answers_of",
        "first_at",
        "last_at",
        "submitted_at",
        "by",
    ]);
    let period = unusual.overview.period.to_string();
    let mut push = |kind: &str, who: &Who, rest: [Cell; 16]| {
        let who: [Cell; 4] =
            [kind.into(), who.name.as_str().into(), period.as_str().into(), Cell::Integer(who.assessment.0)];
        table.push_row(who.into_iter().chain(rest).collect());
    };
    for rise in &unusual.rises {
        let mut cells = [const { Cell::Empty }; 16];
        let [since, before, now, raised, full, evidence, ..] = &mut cells;
        *since = rise.since.to_string().as_str().into();
        (*before, *now) = (rise.before.into(), rise.now.into());
        (*raised, *full, *evidence) = (rise.raised.len().into(), rise.to_full.into(), rise.with_evidence.into());
        push("rise", &rise.who, cells);
    }
    for growth in &unusual.not_applicable {
        let Some((last, first)) = growth.ends() else { continue };
        let mut cells = [const { Cell::Empty }; 16];
        let [since, _, _, _, _, _, before, now, share_before, share, ..] = &mut cells;
        *since = first.assessed.to_string().as_str().into();
        (*before, *now) = (first.not_applicable.into(), last.not_applicable.into());
        (*share_before, *share) = (first.of_all().into(), last.of_all().into());
        push("not_applicable", &growth.who, cells);
    }
    for bulk in &unusual.bulk {
        let mut cells = [const { Cell::Empty }; 16];
        let [.., answers, of, first, last, submitted, by] = &mut cells;
        (*answers, *of) = (bulk.answers.into(), bulk.of.into());
        (*first, *last, *submitted) = (moment(bulk.first), moment(bulk.last), moment(bulk.submitted));
        *by = bulk.by.join("; ").as_str().into();
        push("bulk", &bulk.who, cells);
    }
    table
}

fn moment(at: DateTime<Utc>) -> Cell {
    at.to_rfc3339_opts(SecondsFormat::Secs, true).as_str().into()
}
