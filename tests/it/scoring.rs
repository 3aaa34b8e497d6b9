//! Scores computed again from the formula, with exact fractions, and compared with what Cairn says.
//!
//! Nothing of Cairn's own scoring is used here: only the answers of a file and, from the catalog,
//! which activities there are, where they stand, and their level, usefulness and effort.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use cairn::app::bundled_catalog;
use serde_json::Value as Json;

use crate::harness::{CommandLine, QUARTERS, TEAMS, Table, TestApp, made_up_answers};

/// A fraction, always in its lowest terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Fraction(i128, i128);

impl Fraction {
    const ZERO: Self = Self(0, 1);

    fn new(numerator: i128, denominator: i128) -> Self {
        let (mut a, mut b) = (numerator, denominator);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        Self(numerator / a, denominator / a)
    }

    fn plus(self, other: Self) -> Self {
        Self::new(self.0 * other.1 + other.0 * self.1, self.1 * other.1)
    }

    fn times(self, n: i128) -> Self {
        Self::new(self.0 * n, self.1)
    }

    fn mean(values: &[Self]) -> Self {
        let sum = values.iter().fold(Self::ZERO, |sum, value| sum.plus(*value));
        Self::new(sum.0, sum.1 * values.len() as i128)
    }

    fn is(self, found: &Json) -> bool {
        (found.as_f64().unwrap() - self.0 as f64 / self.1 as f64).abs() < 1e-9
    }
}

/// What the catalog says of an activity.
struct Fact {
    id: String,
    level: usize,
    dimension: String,
    sub_dimension: String,
    usefulness: i128,
    effort: i128,
    needs: Vec<String>,
}

fn facts() -> Vec<Fact> {
    let catalog = bundled_catalog().unwrap();
    let fact = |(index, home): (cairn::domain::catalog::ActivityIndex, cairn::domain::catalog::Home<'_>)| {
        let activity = catalog.activity(index);
        let difficulty = activity.difficulty;
        Fact {
            id: activity.id.0.clone(),
            level: activity.level.into(),
            dimension: home.dimension.name.clone(),
            sub_dimension: home.sub_dimension.name.clone(),
            usefulness: activity.usefulness.into(),
            effort: i128::from(difficulty.knowledge) + i128::from(difficulty.time) + i128::from(difficulty.resources),
            needs: activity.depends_on.iter().map(|id| id.0.clone()).collect(),
        }
    };
    catalog.homes().map(fact).collect()
}

/// One team's answer to one activity, as the formula sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Nothing,
    NotApplicable,
    Worth(i128),
}

impl Said {
    fn value(self) -> Fraction {
        match self {
            Self::Worth(percent) => Fraction::new(percent, 100),
            Self::Nothing | Self::NotApplicable => Fraction::ZERO,
        }
    }
}

/// What the files say: by team and quarter, the answers by activity.
struct Answers(BTreeMap<(String, String), HashMap<String, Said>>);

impl Answers {
    fn read(csv: &str) -> Self {
        let table = Table::read(csv);
        let mut answers = BTreeMap::new();
        for row in &table.rows {
            let cell = |column| table.cell(row, column).to_owned();
            let said = match table.cell(row, "status") {
                "" | "unanswered" => Said::Nothing,
                "not_applicable" => Said::NotApplicable,
                "not_implemented" => Said::Worth(0),
                "started" => Said::Worth(20),
                "partly_implemented" => Said::Worth(50),
                "fully_implemented" => Said::Worth(100),
                other => panic!("{other}"),
            };
            let of_team: &mut HashMap<_, _> = answers.entry((cell("team"), cell("period"))).or_default();
            assert_eq!(of_team.insert(cell("activity_id"), said), None);
        }
        Self(answers)
    }

    /// The quarter whose assessment counts for a team in a quarter.
    fn counts(&self, team: &str, quarter: &str) -> Option<&str> {
        let of_team = self.0.keys().filter(|(other, period)| other == team && period.as_str() <= quarter);
        of_team.map(|(_, period)| period.as_str()).max()
    }

    /// What the teams say to an activity in a quarter, each with its latest assessment until then.
    fn said(&self, teams: &[&str], quarter: &str, activity: &str) -> Vec<Said> {
        let assessed = teams.iter().filter_map(|team| Some((*team, self.counts(team, quarter)?)));
        assessed
            .map(|(team, period)| {
                let answers = &self.0[&(team.to_owned(), period.to_owned())];
                answers.get(activity).copied().unwrap_or(Said::Nothing)
            })
            .collect()
    }
}

/// The result of the formula for one scope.
struct Expected {
    level: usize,
    ceiling: usize,
    score: Fraction,
    score_with_not_applicable_as_zero: Fraction,
    completion: Fraction,
    answered: usize,
    not_applicable: usize,
    levels: Vec<(usize, usize, Fraction)>,
    blockers: Vec<String>,
}

impl Expected {
    fn of(answers: &Answers, teams: &[&str], quarter: &str, activities: &[&Fact]) -> Self {
        let mut values: Vec<(&Fact, Fraction)> = Vec::new();
        let mut with_zeros: Vec<(&Fact, Fraction)> = Vec::new();
        let (mut answered, mut not_applicable) = (0, 0);
        for fact in activities {
            let said = answers.said(teams, quarter, &fact.id);
            let all: Vec<Fraction> = said.iter().map(|said| said.value()).collect();
            with_zeros.push((fact, Fraction::mean(&all)));
            let applicable: Vec<Said> = said.into_iter().filter(|said| *said != Said::NotApplicable).collect();
            if applicable.is_empty() {
                not_applicable += 1;
                continue;
            }
            answered += usize::from(!applicable.contains(&Said::Nothing));
            values.push((fact, Fraction::mean(&applicable.iter().map(|said| said.value()).collect::<Vec<_>>())));
        }
        let levels = levels(&values);
        let one = Fraction::new(1, 1);
        let level = levels.iter().take_while(|(_, _, mean)| *mean == one).map(|(level, ..)| *level).last().unwrap_or(0);
        let next = levels.iter().map(|(next, ..)| *next).find(|next| *next > level);
        let holds_back = |(fact, value): &&(&Fact, Fraction)| Some(fact.level) == next && *value != one;
        let all: Vec<Fraction> = values.iter().map(|(_, value)| *value).collect();
        Self {
            level,
            ceiling: levels.last().map_or(0, |(level, ..)| *level),
            score: score(&levels),
            score_with_not_applicable_as_zero: score(&self::levels(&with_zeros)),
            completion: if all.is_empty() { Fraction::ZERO } else { Fraction::mean(&all) },
            answered,
            not_applicable,
            blockers: values.iter().filter(holds_back).map(|(fact, _)| fact.id.clone()).collect(),
            levels,
        }
    }

    fn assert_is(&self, name: &str, found: &Json) {
        let about = format!("{name}: {found:#}");
        assert_eq!(found["name"], name);
        assert_eq!(found["level"], self.level, "{about}");
        assert_eq!(found["ceiling"], self.ceiling, "{about}");
        assert!(self.score.is(&found["score"]), "{:?} {about}", self.score);
        let with_zeros = self.score_with_not_applicable_as_zero;
        assert!(with_zeros.is(&found["score_with_not_applicable_as_zero"]), "{with_zeros:?} {about}");
        assert!(self.completion.is(&found["completion"]), "{:?} {about}", self.completion);
        assert_eq!(found["activities"], self.levels.iter().map(|(_, n, _)| n).sum::<usize>(), "{about}");
        assert_eq!(found["answered"], self.answered, "{about}");
        assert_eq!(found["not_applicable"], self.not_applicable, "{about}");
        let levels = found["levels"].as_array().unwrap();
        assert_eq!(levels.len(), self.levels.len(), "{about}");
        for (found, (level, activities, completion)) in levels.iter().zip(&self.levels) {
            assert_eq!((&found["level"], &found["activities"]), (&(*level).into(), &(*activities).into()), "{about}");
            assert!(completion.is(&found["completion"]), "{completion:?} {about}");
        }
        assert_eq!(found["next_level_blockers"], Json::from(self.blockers.clone()), "{about}");
    }
}

/// For each level that has activities: how many, and the mean of their values.
fn levels(values: &[(&Fact, Fraction)]) -> Vec<(usize, usize, Fraction)> {
    let of_level = |level| values.iter().filter(move |(fact, _)| fact.level == level).map(|(_, value)| *value);
    (1..=5)
        .map(|level| (level, of_level(level).collect::<Vec<_>>()))
        .filter(|(_, values)| !values.is_empty())
        .map(|(level, values)| (level, values.len(), Fraction::mean(&values)))
        .collect()
}

/// The sum of each level's mean times its distance from the level before.
fn score(levels: &[(usize, usize, Fraction)]) -> Fraction {
    let before = std::iter::once(0).chain(levels.iter().map(|(level, ..)| *level));
    let parts = levels.iter().zip(before).map(|((level, _, mean), before)| mean.times((level - before) as i128));
    parts.fold(Fraction::ZERO, Fraction::plus)
}

/// The activities of a dimension, or of one of its sub-dimensions.
fn part<'a>(facts: &'a [Fact], dimension: &str, sub_dimension: Option<&str>) -> Vec<&'a Fact> {
    let is_in = |fact: &&Fact| fact.dimension == dimension && sub_dimension.is_none_or(|sub| fact.sub_dimension == sub);
    facts.iter().filter(is_in).collect()
}

/// Compares an exported document with the formula, and says which levels occurred in it.
fn assert_levels(document: &Json, answers: &Answers, facts: &[Fact], teams: &[&str], quarter: &str) -> BTreeSet<u64> {
    let expected = |activities: &[&Fact]| Expected::of(answers, teams, quarter, activities);
    let mut seen = BTreeSet::new();
    assert_eq!(document["period"], quarter);
    expected(&facts.iter().collect::<Vec<_>>()).assert_is("overall", &document["overall"]);
    let mut activities = 0;
    for found in document["dimensions"].as_array().unwrap() {
        let dimension = found["name"].as_str().unwrap();
        expected(&part(facts, dimension, None)).assert_is(dimension, found);
        for sub in found["sub_dimensions"].as_array().unwrap() {
            let name = sub["name"].as_str().unwrap();
            let of_sub = part(facts, dimension, Some(name));
            expected(&of_sub).assert_is(name, sub);
            seen.extend(sub["level"].as_u64());
            activities += of_sub.len();
        }
    }
    assert_eq!(activities, facts.len(), "every activity is in one of the sub-dimensions");
    seen
}

fn exported(commands: &CommandLine, arguments: &[&str]) -> Json {
    serde_json::from_str(&commands.export(&[arguments, &["--format", "json"]].concat()).expect_done()).unwrap()
}

#[test]
fn levels_agree_with_the_formula_for_every_scope_and_quarter() {
    let csv = made_up_answers();
    let (answers, facts) = (Answers::read(&csv), facts());
    let app = TestApp::with_answers(&csv);
    let group = app.add_group("Two of them");
    app.put_into_groups(TEAMS[0], &[group]);
    app.put_into_groups(TEAMS[1], &[group]);

    let mut scopes: Vec<(Vec<&str>, Vec<&str>, Json)> = vec![
        (vec![], TEAMS.to_vec(), serde_json::json!({"kind": "organization", "name": "Organization"})),
        (
            vec!["--group", "two of THEM"],
            TEAMS[..2].to_vec(),
            serde_json::json!({"kind": "group", "name": "Two of them"}),
        ),
    ];
    scopes.extend(
        TEAMS.map(|team| (vec!["--team", team], vec![team], serde_json::json!({"kind": "team", "name": team}))),
    );
    let mut seen = BTreeSet::new();
    for (arguments, teams, scope) in &scopes {
        for quarter in QUARTERS {
            let of_quarter = [&["levels", "--period", quarter], arguments.as_slice()].concat();
            if teams.iter().all(|team| answers.counts(team, quarter).is_none()) {
                assert!(app.commands().export(&of_quarter).expect_failure().contains("no assessment was submitted"));
                continue;
            }
            let document = exported(app.commands(), &of_quarter);
            assert_eq!(document["scope"], *scope);
            seen.extend(assert_levels(&document, &answers, &facts, teams, quarter));
        }
        let latest = exported(app.commands(), &[&["levels"], arguments.as_slice()].concat());
        assert_levels(&latest, &answers, &facts, teams, QUARTERS[3]);
    }
    assert_eq!(seen, (0..=5).collect(), "every level occurs, so every case of the formula is compared");
}

#[test]
fn the_trend_agrees_with_the_formula() {
    let csv = made_up_answers();
    let (answers, facts) = (Answers::read(&csv), facts());
    let commands = CommandLine::with_answers(&csv);

    let trend = exported(&commands, &["trend"]);
    assert_eq!(trend["scope"]["kind"], "organization");
    let points = trend["points"].as_array().unwrap();
    let dimensions: BTreeSet<&str> = facts.iter().map(|fact| fact.dimension.as_str()).collect();
    assert_eq!(points.len(), QUARTERS.len() * (1 + dimensions.len()));
    for point in points {
        let (quarter, name) = (point["period"].as_str().unwrap(), point["dimension"].as_str().unwrap());
        let activities = if name == "overall" { facts.iter().collect() } else { part(&facts, name, None) };
        let expected = Expected::of(&answers, &TEAMS, quarter, &activities);
        assert_eq!(point["level"], expected.level, "{point}");
        assert!(expected.score.is(&point["score"]), "{point}");
        assert!(expected.completion.is(&point["completion"]), "{point}");
        assert_eq!(point["carried"], quarter == QUARTERS[2], "the last team left this quarter out: {point}");
    }

    let table = Table::read(&commands.export(&["trend", "--period", "2025-Q2"]).expect_done());
    assert_eq!(table.head, ["scope", "period", "dimension", "level", "score", "completion", "carried"]);
    assert_eq!(table.rows.len(), points.len() / 2);
    for (row, point) in table.rows.iter().zip(points) {
        let number = |column: usize| serde_json::from_str::<Json>(&row[column]).unwrap();
        assert_eq!((row[0].as_str(), &row[1].as_str().into()), ("Organization", &point["period"]));
        assert_eq!((&Json::from(row[2].as_str()), number(3)), (&point["dimension"], point["level"].clone()));
        assert_eq!((number(4).as_f64(), number(5).as_f64()), (point["score"].as_f64(), point["completion"].as_f64()));
        assert_eq!(number(6), point["carried"]);
    }
}

#[test]
fn gaps_are_all_that_is_missing_by_priority() {
    let csv = made_up_answers();
    let (answers, facts) = (Answers::read(&csv), facts());
    let commands = CommandLine::with_answers(&csv);
    let quarter = QUARTERS[2];
    let table = Table::read(&commands.export(&["gaps", "--period", quarter]).expect_done());

    let one = Fraction::new(1, 1);
    let said = |team: &str, activity: &str| answers.said(&[team], quarter, activity)[0];
    let is_open = |said: Said| said != Said::NotApplicable && said.value() != one;
    let missing: BTreeSet<(String, String)> = TEAMS
        .iter()
        .flat_map(|team| facts.iter().map(move |fact| (*team, fact)))
        .filter(|(team, fact)| is_open(said(team, &fact.id)))
        .map(|(team, fact)| (team.to_owned(), fact.id.clone()))
        .collect();
    let cell = |row: &Vec<String>, column: &str| table.cell(row, column).to_owned();
    let listed: Vec<_> = table.rows.iter().map(|row| (cell(row, "team"), cell(row, "activity_id"))).collect();
    assert_eq!(listed.iter().cloned().collect::<BTreeSet<_>>(), missing);
    assert_eq!(listed.len(), missing.len());

    let mut last = f64::INFINITY;
    for row in &table.rows {
        let number = |column: &str| serde_json::from_str::<Json>(&cell(row, column)).unwrap();
        let fact = facts.iter().find(|fact| fact.id == cell(row, "activity_id")).unwrap();
        let (team, value) = (cell(row, "team"), said(&cell(row, "team"), &fact.id).value());
        assert_eq!(cell(row, "period"), answers.counts(&team, quarter).unwrap());
        assert_eq!(
            (cell(row, "dimension"), cell(row, "sub_dimension")),
            (fact.dimension.clone(), fact.sub_dimension.clone())
        );
        assert_eq!(number("level"), fact.level);
        assert_eq!((number("effort"), number("usefulness")), (fact.effort.into_json(), fact.usefulness.into_json()));
        assert!(value.is(&number("progress")), "{row:?}");
        let rest = one.plus(value.times(-1));
        let priority = Fraction::new(rest.0 * fact.usefulness * 100, rest.1 * fact.effort);
        assert!(priority.is(&number("priority")), "{priority:?} {row:?}");
        assert!(number("priority").as_f64().unwrap() <= last, "{row:?}");
        last = number("priority").as_f64().unwrap();
        let blocking = fact.needs.iter().filter(|needed| is_open(said(&team, needed))).count();
        let listed = cell(row, "blocked_by");
        assert_eq!(if listed.is_empty() { 0 } else { listed.split("; ").count() }, blocking, "{row:?}");
    }
}

/// Small whole numbers as JSON has them.
trait IntoJson {
    fn into_json(self) -> Json;
}

impl IntoJson for i128 {
    fn into_json(self) -> Json {
        Json::from(i64::try_from(self).unwrap())
    }
}
