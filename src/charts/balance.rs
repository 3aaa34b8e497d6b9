//! How far what tools carry and what people carry are, side by side, and the three lenses below.

use super::bars::{Bar, Group, Meaning, WIDTH, bars};
use super::{Chart, Parts, count, percent};
use crate::domain::balance::{Balance, Leaning};
use crate::domain::catalog::Lens;
use crate::domain::period::Period;
use crate::domain::scoring::Score;

/// The completion of each side and of each lens as bars from 0 to 100 %, with a tick where it was in an
/// earlier quarter.
pub fn balance(balance: &Balance, before: Option<(&Balance, Period)>, scope: &str, id: &str) -> Chart {
    let earlier = before.map(|(balance, _)| balance);
    let bar = |name: &str, now: &Score, then: Option<&Score>| {
        let then = then.filter(|score| score.activities > 0);
        Bar {
            name: name.to_owned(),
            length: now.completion,
            number: if now.activities == 0 { "—".to_owned() } else { percent(now.completion) },
            note: applies(now),
            before: then.map(|score| score.completion),
            target: None,
            told: told(name, now, then.zip(before.map(|(_, period)| period))),
        }
    };
    let sides = vec![
        bar("Tooling", &balance.tooling, earlier.map(|balance| &balance.tooling)),
        bar("Organic", &balance.organic, earlier.map(|balance| &balance.organic)),
    ];
    let lens = |(lens, now): &(Lens, Score)| {
        let mut lenses = earlier.into_iter().flat_map(|balance| &balance.lenses);
        bar(title(*lens), now, lenses.find(|(other, _)| other == lens).map(|(_, score)| score))
    };
    let lenses: Vec<Bar> = balance.lenses.iter().map(lens).collect();
    let groups = [Group { heading: "Who carries it", bars: sides }, Group { heading: "Where it looks", bars: lenses }];
    let description: Vec<&str> = groups.iter().flat_map(|group| &group.bars).map(|bar| bar.told.as_str()).collect();
    let meaning = Meaning {
        ends: ["0 %", "100 % complete"],
        parts: 4,
        before: before.map(|(_, period)| format!("where it was in {period}")),
        target: None,
    };
    let (content, height) = bars(&groups, &meaning);
    Chart::new(&Parts {
        id,
        size: (WIDTH, height),
        natural: false,
        role: "group",
        title: &format!("Balance of tools and people, {scope}. {}", leaning(balance)),
        description: &description.join(". "),
        content: &content,
    })
}

fn title(lens: Lens) -> &'static str {
    match lens {
        Lens::ShiftLeft => "Shift left",
        Lens::StayRight => "Stay right",
        Lens::DoRight => "Do right",
    }
}

fn leaning(balance: &Balance) -> &'static str {
    match balance.leaning() {
        Leaning::Even => "Neither is ahead",
        Leaning::Tooling => "Tools are ahead",
        Leaning::Organic => "People are ahead",
    }
}

fn applies(score: &Score) -> String {
    match score.activities as usize {
        0 => "nothing applies".to_owned(),
        activities => count(activities, "activity", "activities"),
    }
}

fn told(name: &str, now: &Score, then: Option<(&Score, Period)>) -> String {
    if now.activities == 0 {
        return format!("{name}: nothing applies");
    }
    let then = then.map(|(score, period)| format!("; {period}: {}", percent(score.completion))).unwrap_or_default();
    format!("{name}: {} complete, {}{then}", percent(now.completion), applies(now))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::samples::{assert_golden, is_sound, score};
    use crate::domain::named::Named;

    fn sides(tooling: f64, organic: f64) -> Balance {
        let lenses = Lens::NAMED.iter().map(|(_, lens)| (*lens, score(organic, 1))).collect();
        Balance { tooling: score(tooling, 1), organic: score(organic, 1), lenses, unjudged: 0 }
    }

    #[test]
    fn a_balance_is_drawn_as_it_always_was() {
        let before = sides(2.0, 1.0);
        let chart = balance(&sides(3.2, 1.1), Some((&before, "2026-Q3".parse().unwrap())), "Payments & <b>", "b");
        assert!(is_sound(&chart));
        assert_golden("balance.svg", chart.svg());
        assert!(chart.svg().contains("Balance of tools and people, Payments &amp; &lt;b&gt;. Tools are ahead"));
        assert!(chart.svg().contains("aria-label=\"Tooling: 64 % complete, 10 activities; 2026-Q3: 40 %\""));
        assert_eq!(chart.svg().matches("tabindex").count(), 5);
    }

    #[test]
    fn the_ends_of_the_scale_and_nothing_at_all() {
        let mut nothing = sides(0.0, 5.0);
        nothing.tooling.activities = 0;
        let chart = balance(&nothing, Some((&nothing, "2026-Q3".parse().unwrap())), "Organization", "b");
        assert!(is_sound(&chart));
        assert!(chart.svg().contains("aria-label=\"Tooling: nothing applies\"") && chart.svg().contains(">—</text>"));
        assert!(chart.svg().contains("Organic: 100 % complete"));
        let mut wrong = sides(f64::NAN, 2.0);
        wrong.organic.completion = 7.0;
        assert!(is_sound(&balance(&wrong, None, "Organization", "b")));
    }
}
