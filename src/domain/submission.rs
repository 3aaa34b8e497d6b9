//! What a submission says of each activity, without reasons and notes: all that standings are computed from, in a
//! few hundred characters for what takes two hundred answers.

use super::answer::{Answer, Mark, Sheet, Status};
use super::catalog::{ActivityId, Catalog};
use super::organization::TeamId;
use super::scale::ProgressScale;

/// The first of the characters that stand for words.
const FIRST: u8 = b'0';

/// What a submission says, in the order of the catalog that it was made with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The words that stand in it, that for an activity without an answer first.
    words: Vec<String>,
    /// For each activity, the place of its word.
    places: Vec<u8>,
    /// The activities whose answers are taken over, by their places, and from whom.
    taken_over: Vec<(usize, TeamId)>,
}

impl Summary {
    /// What some answers to the activities of a catalog say. `None`: they take more words than there are steps in
    /// any scale.
    pub fn new<'a>(catalog: &Catalog, answers: impl IntoIterator<Item = (&'a ActivityId, &'a Answer)>) -> Option<Self> {
        let mut summary =
            Self { words: vec![Status::UNANSWERED.to_owned()], places: vec![0; catalog.len()], taken_over: Vec::new() };
        for (id, answer) in answers {
            let Some(index) = catalog.find(id) else { continue };
            let at = index.position();
            let place = summary.place(answer.status.word())?;
            if let Some(of_activity) = summary.places.get_mut(at) {
                *of_activity = place;
            }
            summary.taken_over.extend(answer.inherited_from.map(|team| (at, team)));
        }
        summary.taken_over.sort_unstable();
        Some(summary)
    }

    /// The place of a word, which it gets when it is new.
    fn place(&mut self, word: &str) -> Option<u8> {
        let known = self.words.iter().position(|other| other == word);
        let place = known.unwrap_or_else(|| {
            self.words.push(word.to_owned());
            self.words.len() - 1
        });
        u8::try_from(place)
            .ok()
            .filter(|place| place.checked_add(FIRST).is_some_and(|letter| letter.is_ascii_graphic()))
    }

    /// The statuses as text: the words, then a character for each activity that says which word is its.
    pub fn statuses(&self) -> String {
        let letters = self.places.iter().map(|place| char::from(FIRST + place));
        self.words.join(" ") + "\n" + &letters.collect::<String>()
    }

    /// What is taken over as text: the place of each activity and the number of the team, `12:3 40:3`.
    pub fn taken_over(&self) -> String {
        let taken = self.taken_over.iter().map(|(place, team)| format!("{place}:{team}"));
        taken.collect::<Vec<_>>().join(" ")
    }

    /// Reads what [`Self::statuses`] and [`Self::taken_over`] gave. `None`: it is something else.
    pub fn read(statuses: &str, taken_over: &str) -> Option<Self> {
        let (words, letters) = statuses.split_once('\n')?;
        let words: Vec<String> = words.split(' ').map(ToOwned::to_owned).collect();
        let place = |letter: u8| letter.checked_sub(FIRST).filter(|place| usize::from(*place) < words.len());
        let places: Option<Vec<u8>> = letters.bytes().map(place).collect();
        let taken = |text: &str| {
            let (place, team) = text.split_once(':')?;
            Some((place.parse().ok()?, TeamId(team.parse().ok()?)))
        };
        let taken_over: Option<Vec<(usize, TeamId)>> = taken_over.split_whitespace().map(taken).collect();
        Some(Self { places: places?, taken_over: taken_over?, words })
    }

    /// The marks under a scale.
    pub fn sheet(&self, scale: &ProgressScale) -> Sheet {
        let marks: Vec<Mark> = self.words.iter().map(|word| Mark::of_word(word, scale)).collect();
        let mark = |place: &u8| marks.get(usize::from(*place)).copied().unwrap_or(Mark::Unanswered);
        self.places.iter().map(mark).collect()
    }

    /// The activities whose answers are taken over from other teams, and from which. `catalog` is the one that it
    /// was made with.
    pub fn taken_from<'a>(&'a self, catalog: &'a Catalog) -> impl Iterator<Item = (ActivityId, TeamId)> + 'a {
        let mut activities = catalog.activities().map(|(_, activity)| &activity.id).enumerate();
        self.taken_over.iter().filter_map(move |(place, team)| {
            let (_, id) = activities.find(|(at, _)| at == place)?;
            Some((id.clone(), *team))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::catalog::samples;

    fn answer(status: Status, from: Option<i64>) -> Answer {
        Answer { status, inherited_from: from.map(TeamId), ..Answer::default() }
    }

    #[test]
    fn a_summary_says_what_the_answers_say() {
        let (catalog, scale) = (samples::catalog(&[&[1, 1], &[2, 3]]), ProgressScale::default());
        let ids: Vec<ActivityId> = catalog.activities().map(|(_, activity)| activity.id.clone()).collect();
        let step = |key: &str| Status::Step(key.into());
        let not_applicable = Status::NotApplicable { reason: "no containers".into() };
        let answers = [
            answer(step("started"), Some(7)),
            answer(not_applicable, None),
            answer(step("fully_implemented"), Some(3)),
        ];
        // Not in the order of the catalog, and one activity without an answer.
        let given: Vec<(&ActivityId, &Answer)> = [&ids[3], &ids[0], &ids[1]].into_iter().zip(&answers).collect();
        let summary = Summary::new(&catalog, given.iter().copied()).unwrap();
        let of_answers = Sheet::new(&catalog, &scale, given.iter().map(|(id, answer)| (*id, &answer.status)));
        assert_eq!(summary.sheet(&scale), of_answers);
        assert_eq!(
            summary.taken_from(&catalog).collect::<Vec<_>>(),
            [(ids[1].clone(), TeamId(3)), (ids[3].clone(), TeamId(7))]
        );
        assert_eq!(summary.statuses(), "unanswered started not_applicable fully_implemented\n2301");
        assert_eq!(summary.taken_over(), "1:3 3:7");
        assert_eq!(Summary::read(&summary.statuses(), &summary.taken_over()), Some(summary));
    }

    #[test]
    fn what_is_no_summary_is_not_taken_for_one() {
        for (statuses, taken_over) in [
            ("", ""),
            ("unanswered 000", ""),
            ("unanswered\n001", ""),
            ("unanswered\n0/0", ""),
            ("unanswered\n0é", ""),
            ("unanswered\n0", "1"),
            ("unanswered\n0", "1:x"),
            ("unanswered\n0", "-1:1"),
        ] {
            assert_eq!(Summary::read(statuses, taken_over), None, "{statuses:?} {taken_over:?}");
        }
    }
}
