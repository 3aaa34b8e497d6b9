//! The texts of the bundled catalog, compared with those of others.

use cairn::domain::mapping::Standard;
use cairn::domain::named::Named;
use cairn::formats::Source;

#[test]
fn no_text_follows_the_published_model() {
    const RUN: usize = 7;
    let beside = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let shared = std::env::var_os("CAIRN_SHARED").map_or(beside, std::path::PathBuf::from);
    let Ok(bytes) = std::fs::read(shared.join("dsomm/model-4.3.1.yaml")) else {
        eprintln!("skipped: the published model is not in {}; set CAIRN_SHARED", shared.display());
        return;
    };
    let theirs = cairn::formats::catalog::read(&[Source { name: "model", bytes: &bytes }]).unwrap().value;
    let words = |text: &str| -> Vec<String> {
        let lower = text.to_lowercase();
        let split = lower.split(|c: char| !c.is_ascii_alphanumeric() && c != '\'');
        split.filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    let published: Vec<Vec<String>> =
        theirs.activities().flat_map(|(_, activity)| activity.texts().map(|(_, text)| words(text))).collect();
    let runs: std::collections::HashSet<&[String]> = published.iter().flat_map(|words| words.windows(RUN)).collect();
    assert!(runs.len() > 3_000);
    let names: Vec<Vec<String>> = theirs.activities().map(|(_, activity)| words(&activity.name)).collect();
    for (_, activity) in cairn::app::bundled_catalog().unwrap().activities() {
        for (field, text) in activity.texts() {
            for run in words(text).windows(RUN).filter(|run| runs.contains(run)) {
                let is_name = names.iter().any(|name| name.windows(RUN).any(|part| part == run));
                assert!(is_name, "{}: {field}: “{}”", activity.name, run.join(" "));
            }
        }
    }
}

#[test]
fn every_clause_that_the_catalog_refers_to_says_what_it_is_about() {
    for (name, standard) in Standard::NAMED {
        for (_, activity) in cairn::app::bundled_catalog().unwrap().activities() {
            for clause in standard.clauses(&activity.references) {
                let about = standard.about(clause).unwrap_or_else(|| panic!("{name} {clause}"));
                assert!((10..60).contains(&about.chars().count()), "{name} {clause}: {about}");
            }
        }
    }
    assert_eq!(Standard::Samm2.about("V-RT-AB-1").unwrap(), "Requirements-driven testing, both streams, level 1");
    for unknown in ["", "X-YZ-A-1", "D-TA-C-1", "D-TA-B-4", "D-TA-B-2-1", "8.999"] {
        assert!(Standard::NAMED.iter().all(|(_, standard)| standard.about(unknown).is_none()), "{unknown}");
    }
}
