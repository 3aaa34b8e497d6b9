//! Numbers from many measurements, and how they are told.

use std::time::Duration;

/// How long each of many things took, shortest first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Durations(Vec<Duration>);

impl FromIterator<Duration> for Durations {
    fn from_iter<I: IntoIterator<Item = Duration>>(durations: I) -> Self {
        let mut all: Vec<Duration> = durations.into_iter().collect();
        all.sort_unstable();
        Self(all)
    }
}

impl Durations {
    /// How long those took that a share of all were not longer than; nothing when there are none.
    pub(crate) fn at(&self, share: f64) -> Duration {
        let place = (self.0.len() as f64 * share).ceil() as usize;
        self.0.get(place.saturating_sub(1)).copied().unwrap_or_default()
    }

    pub(crate) fn median(&self) -> Duration {
        self.at(0.5)
    }

    pub(crate) fn worst(&self) -> Duration {
        self.at(1.0)
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }
}

/// The middle one of some numbers.
pub(crate) fn middle(numbers: impl IntoIterator<Item = f64>) -> f64 {
    let mut all: Vec<f64> = numbers.into_iter().collect();
    all.sort_unstable_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or_default()
}

/// Like `12.3 ms`, with as many figures as say something.
pub(crate) fn shown(duration: Duration) -> String {
    let ms = duration.as_secs_f64() * 1_000.0;
    match ms {
        _ if ms >= 10_000.0 => format!("{:.1} s", ms / 1_000.0),
        _ if ms >= 100.0 => format!("{ms:.0} ms"),
        _ if ms >= 1.0 => format!("{ms:.1} ms"),
        _ => format!("{:.0} µs", ms * 1_000.0),
    }
}

/// Like `123.4 MB`.
pub(crate) fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

/// Whether a target is met, in the word of the tables.
pub(crate) fn verdict(met: bool) -> &'static str {
    if met { "met" } else { "**missed**" }
}

/// Prints a table in Markdown, to be pasted.
pub(crate) fn table(title: &str, head: &[&str], rows: &[Vec<String>]) {
    let line = |cells: &[String]| format!("| {} |", cells.join(" | "));
    let head: Vec<String> = head.iter().map(|cell| (*cell).to_owned()).collect();
    // What stands in the first column are words; figures stand to the right.
    let rule: Vec<String> = (0..head.len()).map(|n| if n == 0 { "---".to_owned() } else { "--:".to_owned() }).collect();
    println!("\n{title}\n\n{}\n{}", line(&head), line(&rule));
    for row in rows {
        println!("{}", line(row));
    }
}
