//! What one team could lift at others: answers that teams take over from a provider, and what would be
//! gained if the provider did the activity fully.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::answer::{Mark, Sheet};
use super::catalog::ActivityIndex;
use super::organization::TeamId;
use super::scoring::{Measure, Threshold, measure, overall};
use super::standing::Overview;

/// The least gain that is told: anything below it is rounding.
const LEAST_GAIN: f64 = 1e-9;

/// An answer that a team takes over from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TakenOver {
    /// Who takes it over.
    pub follower: TeamId,
    /// The activity, in the catalog of the overview.
    pub activity: ActivityIndex,
    /// From whom.
    pub provider: TeamId,
}

/// A team that answers are taken from.
#[derive(Debug, Clone)]
pub struct Provider {
    /// Its name.
    pub name: String,
    /// Its marks, in the catalog of the overview; `None` until it is assessed.
    pub sheet: Option<Arc<Sheet>>,
}

/// One activity of a provider that is not fully implemented there, and what that holds back.
#[derive(Debug, Clone, PartialEq)]
pub struct Lever {
    /// The team that would have to do it.
    pub provider: TeamId,
    /// Its name.
    pub provider_name: String,
    /// The activity.
    pub activity: ActivityIndex,
    /// How far the provider is with it; `None`: it is not assessed yet.
    pub mark: Option<Mark>,
    /// The names of the teams of the scope that take the answer over, in the order of the overview.
    pub followers: Vec<String>,
    /// How many teams of the scope would say more than now, the provider among them if it belongs to it.
    pub lifted: usize,
    /// By how much the score of the scope would rise.
    pub gain: f64,
}

/// What the teams of an overview could gain through those that they take answers over from: the greatest
/// gain first, and of equal ones what most teams take over. What would gain nothing is left out, as are
/// providers that are not in `providers`.
pub fn leverage(
    view: &Overview,
    threshold: Threshold,
    providers: &HashMap<TeamId, Provider>,
    taken: &[TakenOver],
) -> Vec<Lever> {
    let mut by_lever: BTreeMap<(TeamId, ActivityIndex), HashSet<TeamId>> = BTreeMap::new();
    for one in taken {
        by_lever.entry((one.provider, one.activity)).or_default().insert(one.follower);
    }
    let now = view.scorecard.overall.score.score;
    let mut levers: Vec<Lever> = Vec::new();
    for ((id, activity), followers) in by_lever {
        let Some(provider) = providers.get(&id) else { continue };
        let mark = provider.sheet.as_ref().map(|sheet| sheet.mark(activity));
        // What does not apply there is no gap there.
        if matches!(mark, Some(Mark::NotApplicable | Mark::Worth(100))) {
            continue;
        }
        let is_lifted = |team: TeamId| team == id || followers.contains(&team);
        let marks = view.standings.iter().map(|standing| (standing.team, standing.sheet.mark(activity)));
        let lifted = marks.clone().filter(|(team, mark)| is_lifted(*team) && *mark != Mark::Worth(100)).count();
        let then = measure(marks.map(|(team, mark)| if is_lifted(team) { Mark::Worth(100) } else { mark }));
        let with = |(position, now): (usize, &Measure)| if position == activity.position() { then } else { *now };
        let gain = overall(&view.catalog, view.measures.iter().enumerate().map(with), threshold).score - now;
        if gain < LEAST_GAIN {
            continue;
        }
        let names = view.standings.iter().filter(|standing| followers.contains(&standing.team));
        levers.push(Lever {
            provider: id,
            provider_name: provider.name.clone(),
            activity,
            mark,
            followers: names.map(|standing| standing.team_name.clone()).collect(),
            lifted,
            gain,
        });
    }
    // The order of providers and of the catalog decides between equal ones.
    levers.sort_by(|a, b| b.gain.total_cmp(&a.gain).then(b.followers.len().cmp(&a.followers.len())));
    levers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::answer::{AssessmentId, Status};
    use crate::domain::catalog::{ActivityId, Catalog, samples};
    use crate::domain::organization::Scope;
    use crate::domain::scale::ProgressScale;
    use crate::domain::standing::Standing;

    fn sheet(catalog: &Catalog, words: &str) -> Arc<Sheet> {
        let status = |word: &str| match word {
            "n" => Status::NotApplicable { reason: "no".into() },
            "-" => Status::Unanswered,
            word => Status::Step(
                ["not_implemented", "started", "partly_implemented", "fully_implemented"]
                    [word.parse::<usize>().unwrap()]
                .into(),
            ),
        };
        let answers: Vec<_> =
            words.split(' ').enumerate().map(|(i, word)| (ActivityId(format!("a{i}")), status(word))).collect();
        Arc::new(Sheet::new(catalog, &ProgressScale::default(), answers.iter().map(|(id, status)| (id, status))))
    }

    fn overview(catalog: &Arc<Catalog>, teams: &[(i64, &str)]) -> Overview {
        let standings = teams.iter().map(|(team, words)| Standing {
            team: TeamId(*team),
            team_name: format!("Team {team}"),
            assessment: AssessmentId(*team),
            assessed: "2026-Q2".parse().unwrap(),
            original: None,
            sheet: sheet(catalog, words),
        });
        let (period, scope) = ("2026-Q2".parse().unwrap(), Scope::organization());
        Overview::new(Arc::clone(catalog), Threshold::default(), scope, period, standings.collect(), vec![])
    }

    fn index(catalog: &Catalog, id: &str) -> ActivityIndex {
        catalog.find(&ActivityId(id.into())).unwrap()
    }

    #[test]
    fn a_change_at_one_team_lifts_those_that_follow_it() {
        // Two activities of level 1 and two of level 2: each is worth half a level of the mean.
        let catalog = Arc::new(samples::catalog(&[&[1, 1, 2, 2]]));
        let view = overview(&catalog, &[(1, "2 0 n 3"), (2, "2 0 0 0"), (3, "2 3 0 0"), (4, "0 0 0 0")]);
        let [a0, a1, a2, a3] = ["a0", "a1", "a2", "a3"].map(|id| index(&catalog, id));
        let taken = |follower, activity| TakenOver { follower: TeamId(follower), activity, provider: TeamId(1) };
        let taken = [taken(2, a0), taken(3, a0), taken(2, a1), taken(3, a1), taken(2, a2), taken(2, a3)];
        let provider = Provider { name: "Platform".into(), sheet: Some(sheet(&catalog, "2 0 n 3")) };
        let providers = [(TeamId(1), provider)].into();
        let levers = leverage(&view, Threshold::default(), &providers, &taken);
        // a0: three of four teams rise from 50 % to 100 %: 1.5 / 4 of half a level. a1: the provider and one
        // follower rise from 0 to 100 %, the other is there already: 2 / 4 of half a level. What does not
        // apply to the provider, or is done there, is no lever.
        let found: Vec<_> = levers.iter().map(|lever| (lever.activity, lever.lifted, lever.followers.len())).collect();
        assert_eq!(found, [(a1, 2, 2), (a0, 3, 2)]);
        assert!((levers[0].gain - 0.25).abs() < 1e-12 && (levers[1].gain - 0.1875).abs() < 1e-12, "{levers:?}");
        assert_eq!(levers[1].followers, ["Team 2", "Team 3"]);
        assert_eq!(levers[1].mark, Some(Mark::Worth(50)));
    }

    #[test]
    fn the_gain_is_that_of_the_whole_formula() {
        let catalog = Arc::new(samples::catalog(&[&[1, 2], &[2, 4]]));
        let before = overview(&catalog, &[(1, "3 1 - 0"), (2, "3 n 2 -"), (3, "- 1 n n")]);
        let after = overview(&catalog, &[(1, "3 3 - 0"), (2, "3 3 2 -"), (3, "- 1 n n")]);
        let provider = Provider { name: "One".into(), sheet: Some(Arc::clone(&before.standings[0].sheet)) };
        let taken = TakenOver { follower: TeamId(2), activity: index(&catalog, "a1"), provider: TeamId(1) };
        let levers = leverage(&before, Threshold::default(), &[(TeamId(1), provider)].into(), &[taken]);
        let expected = after.scorecard.overall.score.score - before.scorecard.overall.score.score;
        assert!((levers[0].gain - expected).abs() < 1e-12, "{levers:?} {expected}");
    }

    #[test]
    fn a_provider_elsewhere_lifts_only_those_who_follow() {
        let catalog = Arc::new(samples::catalog(&[&[1]]));
        let view = overview(&catalog, &[(2, "0"), (3, "0")]);
        let taken = [TakenOver { follower: TeamId(2), activity: index(&catalog, "a0"), provider: TeamId(1) }];
        let of = |sheet| [(TeamId(1), Provider { name: "Platform".into(), sheet })].into();
        let levers = leverage(&view, Threshold::default(), &of(None), &taken);
        assert_eq!((levers[0].lifted, levers[0].gain, levers[0].mark), (1, 0.5, None));
        assert!(leverage(&view, Threshold::default(), &of(Some(sheet(&catalog, "3"))), &taken).is_empty());
        assert!(leverage(&view, Threshold::default(), &HashMap::new(), &taken).is_empty(), "it is not seen");
    }
}
