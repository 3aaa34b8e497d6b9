//! Which submissions there are: read once, and after that only what came and went.
//!
//! A large organization has tens of thousands of submissions, and one more is made at a time. So those that are
//! known stay, shared by all who look at them, and each moment is made from an earlier one and its news.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::domain::answer::{Assessment, AssessmentId};
use crate::domain::organization::TeamId;
use crate::store::{Known, SubmissionNews};

/// The submissions of one team, by period.
pub(super) type OfTeam = Arc<Vec<Assessment>>;

/// The submissions of all teams at one moment.
#[derive(Debug, Clone, Default)]
pub(super) struct Register {
    /// How far they are known.
    pub(super) known: Known,
    /// Those of each team that has any.
    pub(super) of_teams: BTreeMap<TeamId, OfTeam>,
    /// How often assessments were reopened, of those that ever were.
    pub(super) reopened: Arc<HashMap<AssessmentId, usize>>,
}

impl Register {
    /// The submissions at a later moment.
    pub(super) fn with(&self, news: SubmissionNews) -> Self {
        let mut next = Self { known: news.known, ..self.clone() };
        if !news.reopened.is_empty() {
            let reopened = Arc::make_mut(&mut next.reopened);
            for id in &news.reopened {
                *reopened.entry(*id).or_default() += 1;
            }
            for of_team in next.of_teams.values_mut() {
                if of_team.iter().any(|submitted| news.reopened.contains(&submitted.id)) {
                    Arc::make_mut(of_team).retain(|submitted| !news.reopened.contains(&submitted.id));
                }
            }
        }
        for submitted in news.submitted {
            let of_team = Arc::make_mut(next.of_teams.entry(submitted.team).or_default());
            let place = of_team.partition_point(|other| other.period < submitted.period);
            of_team.insert(place, submitted);
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::domain::answer::Submission;
    use crate::domain::catalog::CatalogDigest;

    fn submitted(id: i64, team: i64, period: &str) -> Assessment {
        let at = DateTime::UNIX_EPOCH;
        Assessment {
            id: AssessmentId(id),
            team: TeamId(team),
            period: period.parse().unwrap(),
            catalog: CatalogDigest::stored("c".to_owned()),
            opened_at: at,
            submitted: Some(Submission { at, by: "Ada".to_owned() }),
        }
    }

    fn news(reopened: &[i64], submitted: Vec<Assessment>) -> SubmissionNews {
        SubmissionNews {
            reopened: reopened.iter().copied().map(AssessmentId).collect(),
            submitted,
            known: Known::default(),
        }
    }

    fn ids(register: &Register) -> Vec<Vec<i64>> {
        register.of_teams.values().map(|of_team| of_team.iter().map(|submitted| submitted.id.0).collect()).collect()
    }

    #[test]
    fn news_lead_from_one_moment_to_the_next() {
        let first = news(&[], vec![submitted(1, 1, "2026-Q1"), submitted(3, 1, "2026-Q3"), submitted(4, 2, "2026-Q3")]);
        let first = Register::default().with(first);
        assert_eq!(ids(&first), [vec![1, 3], vec![4]]);
        // One between those that there are, and one that was taken back and came again.
        let next = first.with(news(&[3], vec![submitted(2, 1, "2026-Q2"), submitted(3, 1, "2026-Q3")]));
        assert_eq!(ids(&next), [vec![1, 2, 3], vec![4]]);
        assert_eq!(next.reopened.get(&AssessmentId(3)), Some(&1));
        assert!(Arc::ptr_eq(&first.of_teams[&TeamId(2)], &next.of_teams[&TeamId(2)]), "what is the same is shared");
        assert_eq!(ids(&first), [vec![1, 3], vec![4]], "the earlier moment stays what it was");
        assert_eq!(ids(&next.with(news(&[4], Vec::new()))), [vec![1, 2, 3], vec![]]);
    }
}
