//! What the age of evidence does to scores: which answers rest on evidence that has expired or soon
//! will, and where a scope would stand if nothing were refreshed.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::answer::{Mark, Sheet};
use super::catalog::{ActivityId, ActivityIndex, Catalog};
use super::evidence::{Support, soon_after};
use super::organization::TeamId;
use super::scoring::{Scorecard, Threshold, combine};
use super::standing::{Overview, Standing};

/// How fresh the evidence for a scope's answers is on a day.
#[derive(Debug, Clone)]
pub struct Freshness {
    /// The catalog in which it is seen, and to which the indexes belong.
    pub catalog: Arc<Catalog>,
    /// The scores as they are.
    pub now: Scorecard,
    /// The scores if stale answers counted as unanswered.
    pub without_stale: Scorecard,
    /// The stale answers, the longest stale first.
    pub stale: Vec<AgeingAnswer>,
    /// Those that go stale soon, the first to go first.
    pub going: Vec<AgeingAnswer>,
    /// How many answers say that something is done, be it in part.
    pub claims: usize,
    /// How many of these have valid evidence.
    pub supported: usize,
}

/// An answer whose evidence has an end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgeingAnswer {
    /// The team that gave it.
    pub team: TeamId,
    /// Its name.
    pub team_name: String,
    /// The activity it is about.
    pub activity: ActivityIndex,
    /// The first day without valid evidence.
    pub expires_on: NaiveDate,
}

impl Freshness {
    /// Judges the answers that a scope stands on. `support` has what there is for each team on `day`.
    pub fn new(
        overview: &Overview,
        threshold: Threshold,
        support: &HashMap<TeamId, HashMap<ActivityId, Support>>,
        day: NaiveDate,
    ) -> Self {
        let catalog = &overview.catalog;
        let soon = soon_after(day);
        let (mut stale, mut going, mut sheets) = (Vec::new(), Vec::new(), Vec::new());
        let (mut claims, mut supported) = (0, 0);
        for standing in &overview.standings {
            claims += standing.sheet.marks().filter(|mark| mark.is_claim()).count();
            let of_team = support.get(&standing.team).into_iter().flatten();
            let of_team = of_team.filter_map(|(id, found)| Some((catalog.find(id)?, *found)));
            // Most activities have no evidence, so these few are looked at rather than all.
            let mut of_team: Vec<(ActivityIndex, Support)> = of_team.collect();
            of_team.sort_unstable_by_key(|(index, _)| *index);
            let mut dropped = Vec::new();
            for (index, found) in of_team {
                let mark = standing.sheet.mark(index);
                supported += usize::from(mark.is_claim() && found.valid > 0);
                if found.is_stale() {
                    dropped.push((index, Mark::Unanswered));
                }
                let Some(expires_on) = found.until.filter(|_| mark != Mark::Unanswered) else { continue };
                if found.is_stale() {
                    stale.push(ageing(standing, index, expires_on));
                } else if found.goes_stale_by(soon) {
                    going.push(ageing(standing, index, expires_on));
                }
            }
            sheets.push(match dropped.is_empty() {
                true => Cow::Borrowed(&*standing.sheet),
                false => Cow::Owned(standing.sheet.with(dropped)),
            });
        }
        // The order of teams and activities decides between equal days.
        stale.sort_by_key(|answer| answer.expires_on);
        going.sort_by_key(|answer| answer.expires_on);
        let sheets: Vec<&Sheet> = sheets.iter().map(|sheet| &**sheet).collect();
        let without_stale = Scorecard::new(catalog, &combine(catalog, &sheets), threshold);
        let (catalog, now) = (Arc::clone(catalog), overview.scorecard.clone());
        Self { catalog, now, without_stale, stale, going, claims, supported }
    }
}

fn ageing(standing: &Standing, activity: ActivityIndex, expires_on: NaiveDate) -> AgeingAnswer {
    AgeingAnswer { team: standing.team, team_name: standing.team_name.clone(), activity, expires_on }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::answer::{AssessmentId, Status};
    use crate::domain::catalog::samples;
    use crate::domain::organization::Scope;
    use crate::domain::scale::ProgressScale;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn overview(answers: &[(&str, &str)]) -> Overview {
        let catalog = Arc::new(samples::catalog(&[&[1, 1, 2, 2]]));
        let answers: Vec<(ActivityId, Status)> = answers
            .iter()
            .map(|(id, word)| (ActivityId((*id).into()), Status::parse(word, "", &ProgressScale::default()).unwrap()))
            .collect();
        let standing = Standing {
            team: TeamId(1),
            team_name: "Payments".into(),
            assessment: AssessmentId(1),
            assessed: "2026-Q2".parse().unwrap(),
            original: None,
            sheet: Arc::new(Sheet::new(
                &catalog,
                &ProgressScale::default(),
                answers.iter().map(|(id, status)| (id, status)),
            )),
        };
        let (threshold, period) = (Threshold::default(), "2026-Q2".parse().unwrap());
        Overview::new(catalog, threshold, Scope::organization(), period, vec![standing], vec![])
    }

    fn until(valid: usize, expired: usize, until: Option<&str>) -> Support {
        Support { valid, expired, until: until.map(day) }
    }

    #[test]
    fn stale_answers_count_as_unanswered() {
        let overview = overview(&[
            ("a0", "fully_implemented"),
            ("a1", "fully_implemented"),
            ("a2", "partly_implemented"),
            ("a3", "not_implemented"),
        ]);
        let names = |freshness: &Freshness, answers: &[AgeingAnswer]| -> String {
            let name = |answer: &AgeingAnswer| freshness.catalog.activity(answer.activity).id.0.clone();
            answers.iter().map(name).collect::<Vec<_>>().join(" ")
        };
        let of_team = [
            ("a0", until(0, 2, Some("2026-05-01"))),
            ("a1", until(1, 1, Some("2026-07-01"))),
            ("a2", until(1, 0, None)),
            ("a3", until(0, 1, Some("2026-04-01"))),
        ];
        let support = [(TeamId(1), of_team.map(|(id, support)| (ActivityId(id.into()), support)).into())].into();
        let fresh = Freshness::new(&overview, Threshold::default(), &support, day("2026-06-01"));
        assert_eq!((fresh.now.overall.score.score, fresh.without_stale.overall.score.score), (1.25, 0.75));
        assert_eq!((fresh.now.overall.score.level, fresh.without_stale.overall.score.level), (1, 0));
        assert_eq!((names(&fresh, &fresh.stale), names(&fresh, &fresh.going)), ("a3 a0".into(), "a1".into()));
        assert_eq!((fresh.claims, fresh.supported), (3, 2), "what is not done needs no evidence");
        let early = Freshness::new(&overview, Threshold::default(), &support, day("2026-05-31"));
        assert!(early.going.is_empty(), "31 days are not soon");
    }

    #[test]
    fn what_is_not_answered_cannot_go_stale() {
        let stale = [(ActivityId("a0".into()), until(0, 1, Some("2026-05-01")))].into();
        let other = [(ActivityId("a1".into()), until(0, 1, Some("2026-05-01")))].into();
        let support = [(TeamId(1), stale), (TeamId(2), other)].into();
        let overview = overview(&[("a1", "fully_implemented")]);
        let fresh = Freshness::new(&overview, Threshold::default(), &support, day("2026-06-01"));
        assert_eq!(fresh.without_stale, fresh.now);
        assert!(fresh.stale.is_empty());
    }
}
