//! Reads catalogs and overlays: the YAML structure of DSOMM's own `model.yaml`, whole or cut into several files.
//!
//! A document maps dimensions to sub-dimensions to activities; a mapping named `meta` carries the
//! version. Older files name prerequisites where newer ones have ids; both are understood. An overlay
//! has the same form and changes another catalog: what it says of an activity replaces what was
//! there, property by property, and what it does not repeat stays. A whole catalog is laid over nothing.

mod document;
mod laying;

use std::collections::HashSet;

use self::document::Document;
use super::{Reading, Source, yaml};
use crate::domain::catalog::{ActivityId, Catalog, Content};
use crate::domain::fault::{Fault, Faults, Place};

/// The largest file that is read; the published models have about half a megabyte.
pub const MAX_BYTES: usize = yaml::MAX_BYTES;

/// A file with as many activities is taken for a whole catalog even if it does not name its version,
/// as older published ones do not.
const WHOLE: usize = 100;

/// How a file is to be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// As a catalog of its own.
    Whole,
    /// As changes to another catalog.
    Overlay,
}

/// A catalog file that was read but not yet put together.
#[derive(Debug)]
pub struct File {
    name: String,
    kind: Kind,
    document: Document,
}

/// What became of a file.
#[derive(Debug)]
pub struct Built {
    /// The content as far as it could be read, faults or not, so that it can be compared.
    pub content: Content,
    /// The catalog, or all that keeps the content from being one.
    pub catalog: Result<Catalog, Faults>,
    /// What was not understood but does no harm.
    pub warnings: Vec<Fault>,
}

impl File {
    /// Reads one or more sources, which are taken as one file in their order. Unless it is said, what
    /// names its version or has at least 100 activities is a whole catalog, and anything else is an
    /// overlay. Only size and version decide: what is wrong in a file never changes how it is understood.
    pub fn read(sources: &[Source<'_>], kind: Option<Kind>) -> Self {
        let document = document::read(sources);
        let looks_whole = document.version.is_some() || document.patches.len() >= WHOLE;
        let kind = kind.unwrap_or(if looks_whole { Kind::Whole } else { Kind::Overlay });
        let name = sources.first().map_or("catalog", |source| source.name).to_owned();
        Self { name, kind, document }
    }

    /// How it is understood.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The same as an overlay that only adds: without what it says of activities that are there, by their id
    /// or name, and without a version. How many activities are left.
    pub fn only_new(mut self, there: &Content) -> (Self, usize) {
        let ids: HashSet<&ActivityId> = there.activities().map(|activity| &activity.id).collect();
        let names: HashSet<&str> = there.activities().map(|activity| activity.name.as_str()).collect();
        self.document.patches.retain(|patch| {
            let is_there = patch.id.as_ref().is_some_and(|id| ids.contains(id)) || names.contains(patch.name.as_str());
            !is_there && !patch.ignored
        });
        self.document.left_out.clear();
        self.document.version = None;
        self.kind = Kind::Overlay;
        let left = self.document.patches.len();
        (self, left)
    }

    /// Puts the catalog together: on nothing, or on the content that an overlay changes.
    pub fn build(self, under: &Content) -> Built {
        let Self { name, kind, mut document } = self;
        if document.incomplete {
            // What is missing tells nothing then, so nothing else is said about it.
            let warnings = std::mem::take(&mut document.warnings);
            return Built { content: Content::default(), catalog: Err(document.faults), warnings };
        }
        let says_nothing = document.patches.is_empty() && document.left_out.is_empty() && document.faults.is_empty();
        if kind == Kind::Overlay && says_nothing {
            let place = Place { source: name.clone(), ..Place::default() };
            document.faults.push(place, "there is no activity in it, and nothing that it leaves out");
        }
        laying::lay(document, kind, under, &name)
    }
}

/// Reads a whole catalog from one or more sources, which are taken as one file in their order.
pub fn read(sources: &[Source<'_>]) -> Result<Reading<Catalog>, Faults> {
    let built = File::read(sources, Some(Kind::Whole)).build(&Content::default());
    Ok(Reading { value: built.catalog?, warnings: built.warnings })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::catalog::Difficulty;

    fn faults(text: &str) -> Vec<String> {
        let error = read(&[Source { name: "model.yaml", bytes: text.as_bytes() }]).unwrap_err();
        error.iter().map(ToString::to_string).collect()
    }

    const TWO: &str = "\
Build:
  Part:
    First:
      uuid: one
      level: 1
      usefulness: 3
      difficultyOfImplementation: {knowledge: 1, time: 2, resources: 3}
      references: {iso27001-2022: [5.10, 8.2], samm2: I-SB-A-1}
      implementation:
        - {name: A tool, url: \"https://tool.example\"}
        - {no-name: x}
      tags: [none]
      teamsImplemented: {Default: false}
      levle: 2
    Second:
      uuid: two
      level: 2
      usefulness: 3
      difficultyOfImplementation: {knowledge: 1, time: 2, resources: 3}
      dependsOn: [First]
";

    #[test]
    fn reads_the_structure_of_the_published_model() {
        let reading = read(&[Source { name: "model.yaml", bytes: TWO.as_bytes() }]).unwrap();
        let first = reading.value.activities().next().unwrap().1.clone();
        assert_eq!(first.references.iso27001_2022, ["5.10", "8.2"]);
        assert_eq!(first.references.samm2, ["I-SB-A-1"]);
        assert_eq!(first.difficulty.effort(), 6);
        assert_eq!(first.tools.len(), 1);
        assert!(first.tags.is_empty());
        let second = reading.value.find(&ActivityId("two".into())).unwrap();
        assert_eq!(reading.value.prerequisites(second).len(), 1, "a prerequisite may be given by name");
        let warnings: Vec<_> = reading.warnings.iter().map(ToString::to_string).collect();
        assert_eq!(
            warnings,
            [
                "model.yaml:11:11: Build > Part > First > implementation: a tool without a name was not read",
                "model.yaml:14:7: Build > Part > First > levle: this property is not known and was not read",
            ]
        );
    }

    #[test]
    fn several_sources_make_one_catalog() {
        let other = "Build:\n  Other:\n    Third: {uuid: three, level: 1, usefulness: 1, difficultyOfImplementation: {knowledge: 1, time: 1, resources: 1}, dependsOn: [two]}\n";
        let meta = "meta:\n  version: 1.2\n";
        let sources =
            [("a", TWO), ("b", other), ("c", meta)].map(|(name, text)| Source { name, bytes: text.as_bytes() });
        let catalog = read(&sources).unwrap().value;
        assert_eq!((catalog.dimensions().len(), catalog.len(), catalog.version()), (1, 3, Some("1.2")));
    }

    #[test]
    fn a_catalog_has_an_end() {
        let names: String = (0..10_001).map(|n| format!("    n{n}: {{}}\n")).collect();
        let faults = faults(&format!("Build:\n  Part:\n{names}"));
        let expected = "model.yaml:10003:13: Build > Part: more than 10000 activities, which is the most that is read";
        assert!(faults.iter().any(|fault| fault == expected), "{faults:?}");
    }

    #[test]
    fn names_that_nobody_would_read_are_refused() {
        let told = |length: usize| {
            let text = TWO.replace("Part", &"p".repeat(length));
            let source = Source { name: "model.yaml", bytes: text.as_bytes() };
            read(&[source]).err().map(|faults| faults.to_string()).unwrap_or_default()
        };
        assert!(!told(1_000).contains("a key of more than"));
        assert_eq!(told(1_001), "model.yaml:2:3: a key of more than 1000 bytes; shorten it");
    }

    #[test]
    fn what_a_broken_source_lacks_is_not_blamed_on_the_others() {
        let needs = TWO.replace("dependsOn: [First]", "dependsOn: [elsewhere]");
        let sources =
            [("a", needs.as_str()), ("b", "Build: [}\n")].map(|(name, text)| Source { name, bytes: text.as_bytes() });
        let faults: Vec<_> = read(&sources).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].starts_with("b:1:"), "{faults:?}");
    }

    #[test]
    fn all_faults_are_found_with_their_places() {
        let text = "\
Build:
  Part:
    First:
      uuid: one
      level: high
      usefulness: 6
      difficultyOfImplementation: {knowledge: 1, time: 2}
    Second:
      uuid: one
      level: 2
      difficultyOfImplementation: {knowledge: 1, time: 2, resources: 3}
      dependsOn: [nobody]
    Third: done
";
        assert_eq!(
            faults(text),
            [
                "model.yaml:5:14: Build > Part > First > level: expected a number from 1 to 5, found “high”",
                "model.yaml:6:7: Build > Part > First > usefulness: 6 is not between 1 and 5",
                "model.yaml:7:7: Build > Part > First > difficultyOfImplementation: resources is missing",
                "model.yaml:8:5: Build > Part > Second: usefulness is missing",
                "model.yaml:9:7: Build > Part > Second > uuid: the id one is taken by “First”; ids are unique",
                "model.yaml:12:7: Build > Part > Second > dependsOn: there is no activity “nobody”",
                "model.yaml:13:12: Build > Part > Third: expected the properties of an activity, found a text",
            ]
        );
    }

    #[test]
    fn prerequisites_that_go_round_are_named() {
        let text = TWO.replace("      levle: 2\n", "      dependsOn: [two]\n");
        let found = faults(&text);
        assert_eq!(found.len(), 1);
        assert!(
            found[0].starts_with("model.yaml:14:7: Build > Part > First > dependsOn: “First”, “Second”"),
            "{}",
            found[0]
        );
    }

    /// What an overlay over [`TWO`] gives: its faults, or its catalog.
    fn over_two(text: &str) -> Result<Reading<Catalog>, Vec<String>> {
        let under = read(&[Source { name: "model.yaml", bytes: TWO.as_bytes() }]).unwrap().value.content();
        let file = File::read(&[Source { name: "o.yaml", bytes: text.as_bytes() }], None);
        assert_eq!(file.kind(), Kind::Overlay);
        let Built { catalog, warnings, .. } = file.build(&under);
        let value = catalog.map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>())?;
        Ok(Reading { value, warnings })
    }

    fn activity<'a>(catalog: &'a Catalog, id: &str) -> &'a crate::domain::catalog::Activity {
        catalog.activity(catalog.find(&ActivityId(id.into())).unwrap())
    }

    #[test]
    fn an_overlay_replaces_the_properties_it_names_down_to_the_last_one() {
        let text = "Build:\n  Part:\n    First:\n      difficultyOfImplementation: {time: 5}\n      \
                    references: {samm2: [O-EM-A-1], openCRE: https://cre.example}\n      risk: new\n";
        let changed = over_two(text).unwrap().value;
        let first = activity(&changed, "one");
        let Difficulty { knowledge, time, resources } = first.difficulty;
        assert_eq!((knowledge, time, resources), (1, 5, 3));
        assert_eq!(first.references.samm2, ["O-EM-A-1"]);
        assert_eq!(first.references.iso27001_2022, ["5.10", "8.2"], "what is not repeated stays");
        assert_eq!((first.tools.len(), first.risk.as_str(), first.level), (1, "new", 1));
        assert_eq!(activity(&changed, "two").depends_on, [ActivityId("one".into())]);
    }

    #[test]
    fn an_overlay_names_activities_by_id_or_name_wherever_they_stand() {
        let text = "Build:\n  Other > part:\n    Renamed:\n      uuid: two\n    First: {level: 3}\n";
        let changed = over_two(text).unwrap().value;
        let homes: Vec<_> =
            changed.homes().map(|(index, home)| (changed.activity(index), &home.sub_dimension.name)).collect();
        assert!(homes.iter().all(|(_, sub)| *sub == "Other > part"), "{homes:?}");
        assert_eq!(activity(&changed, "two").name, "Renamed");
        assert_eq!(activity(&changed, "one").level, 3);
        let gone = over_two("Elsewhere > there:\n  Part:\n    First: {ignore: yes}\n").unwrap();
        assert_eq!(gone.value.len(), 1);
        assert_eq!(
            gone.warnings.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["o.yaml: Build > Part > Second: “First” is left out and is no prerequisite any more"]
        );
    }

    const COMPLETE: &str = "level: 1, usefulness: 1, difficultyOfImplementation: {knowledge: 1, time: 1, resources: 1}";

    #[test]
    fn what_a_file_puts_where_it_leaves_out_stays() {
        let text = format!(
            "Build:\n  Part:\n    ignore: true\n    Ours: {{uuid: ours, {COMPLETE}}}\n    First: {{level: 4}}\n"
        );
        let changed = over_two(&text).unwrap().value;
        let ids: Vec<_> = changed.activities().map(|(_, activity)| activity.id.0.as_str()).collect();
        assert_eq!(ids, ["one", "ours"]);
    }

    #[test]
    fn a_name_may_go_on_to_another_activity() {
        let text = format!(
            "Build:\n  Part:\n    Renamed: {{uuid: one}}\n    First: {{uuid: other, {COMPLETE}}}\n  Else:\n    Second: {{uuid: third, {COMPLETE}}}\n"
        );
        let changed = over_two(&text).unwrap().value;
        assert_eq!(
            ["one", "other", "two", "third"].map(|id| activity(&changed, id).name.as_str()),
            ["Renamed", "First", "Second", "Second"]
        );
        let faults = over_two(&format!("Build:\n  Part:\n    First: {{uuid: other, {COMPLETE}}}\n")).unwrap_err();
        assert!(
            faults[0].starts_with("o.yaml:3:13: Build > Part > First > uuid: “First” has the id one"),
            "{faults:?}"
        );
    }

    #[test]
    fn a_property_with_nothing_after_it_says_nothing() {
        let text = "Build:\n  Part:\n    First:\n      tags:\n      references:\n        samm2:\n        iso27001-2022: []\n      implementation: []\n";
        let changed = over_two(text).unwrap().value;
        let first = activity(&changed, "one");
        assert_eq!(first.references.samm2, ["I-SB-A-1"]);
        assert!(first.references.iso27001_2022.is_empty() && first.tools.is_empty());
    }

    #[test]
    fn clauses_are_ids_and_samm_is_written_in_one_way() {
        let text = TWO.replace("[5.10, 8.2]", "[5.10, Not covered by it]").replace("I-SB-A-1", "[D-SR-1-A, D-SR-B-2]");
        let reading = read(&[Source { name: "m.yaml", bytes: text.as_bytes() }]).unwrap();
        let references = &activity(&reading.value, "one").references;
        assert_eq!(references.iso27001_2022, ["5.10"]);
        assert_eq!(references.samm2, ["D-SR-A-1", "D-SR-B-2"]);
        assert!(
            reading.warnings[0].to_string().contains("“Not covered by it” is not the id of a clause"),
            "{:?}",
            reading.warnings
        );
    }

    #[test]
    fn whatever_yaml_takes_for_true_leaves_out() {
        for word in ["true", "True", "TRUE", "yes", "\"true\""] {
            assert_eq!(
                over_two(&format!("Build:\n  Part:\n    First:\n      ignore: {word}\n")).unwrap().value.len(),
                1
            );
        }
        assert_eq!(over_two("Build:\n  Part:\n    First: {ignore: false}\n").unwrap().value.len(), 2);
        for word in ["maybe", "[true]", ""] {
            let faults = over_two(&format!("Build:\n  Part:\n    ignore: {word}\n")).unwrap_err();
            assert!(faults[0].contains("Build > Part > ignore: expected true or false"), "{faults:?}");
        }
    }

    #[test]
    fn faults_of_overlays_have_their_places() {
        let new = |name: &str, id: &str| {
            format!(
                "    {name}: {{uuid: {id}, level: 1, usefulness: 1, difficultyOfImplementation: {{knowledge: 1, time: 1, resources: 1}}}}\n"
            )
        };
        let head = "Build:\n  Part:\n";
        for (text, faults) in [
            (
                format!("{head}    First:\n      dependsOn: [Secnd]\n"),
                vec!["o.yaml:4:7: Build > Part > First > dependsOn: there is no activity “Secnd”"],
            ),
            (
                format!("{head}    First:\n      dependsOn: [Second]\n"),
                vec![
                    "o.yaml:4:7: Build > Part > First > dependsOn: “First”, “Second”: each needs the other first; \
                     take one prerequisite away",
                ],
            ),
            (
                format!("{head}{}{}", new("A", "x"), new("B", "x")),
                vec!["o.yaml:4:9: Build > Part > B > uuid: the id x is taken by “A”; ids are unique"],
            ),
            (
                format!("{head}    First: {{level: 2}}\n    Also first: {{uuid: one}}\n"),
                vec![
                    "o.yaml:4:5: Build > Part > Also first: “Also first” is changed twice, first in o.yaml:3; keep one of them",
                ],
            ),
            (
                format!("{head}    First:\n      level: 9\n    Third:\n      level: 2\n"),
                vec![
                    "o.yaml:4:7: Build > Part > First > level: 9 is not between 1 and 5",
                    "o.yaml:5:5: Build > Part > Third: uuid is missing; a new activity needs it",
                    "o.yaml:5:5: Build > Part > Third: usefulness is missing; a new activity needs it",
                    "o.yaml:5:5: Build > Part > Third: difficultyOfImplementation is missing; a new activity needs it",
                ],
            ),
            (
                format!("{head}    Second: {{uuid: one}}\n"),
                vec!["o.yaml:3:5: Build > Part > Second > name: “Second” is there twice in Part"],
            ),
            (String::new(), vec!["o.yaml: there is no activity in it, and nothing that it leaves out"]),
            ("# nothing\n".into(), vec!["o.yaml: there is no activity in it, and nothing that it leaves out"]),
        ] {
            assert_eq!(over_two(&text).unwrap_err(), faults, "{text}");
        }
    }

    #[test]
    fn a_fault_of_several_is_placed_where_the_overlay_speaks_of_one() {
        let under =
            TWO.replace("      levle: 2\n", "      dependsOn: [two]\n").replace("      dependsOn: [First]\n", "");
        let under = read(&[Source { name: "model.yaml", bytes: under.as_bytes() }]).unwrap().value.content();
        let text = "Build:\n  Part:\n    Second:\n      dependsOn: [First]\n";
        let built = File::read(&[Source { name: "o.yaml", bytes: text.as_bytes() }], None).build(&under);
        let faults = built.catalog.unwrap_err().to_string();
        assert!(faults.starts_with("o.yaml:4:7: Build > Part > Second > dependsOn: “First”, “Second”"), "{faults}");
    }

    #[test]
    fn a_version_makes_a_file_whole_whatever_is_wrong_with_it() {
        let text = "meta: {version: 1}\nBuild:\n  Part:\n    First: {level: 2, ignore: true}\n";
        let file = File::read(&[Source { name: "m.yaml", bytes: text.as_bytes() }], None);
        assert_eq!(file.kind(), Kind::Whole);
        let faults = file.build(&Content::default()).catalog.unwrap_err().to_string();
        assert!(faults.contains("only an overlay can leave something out"), "{faults}");
    }

    #[test]
    fn what_is_no_catalog_is_refused() {
        assert_eq!(faults(""), ["model.yaml: activities: 0 activities; a catalog has 1 to 5000"]);
        assert!(faults("- a\n- b\n")[1].contains("expected dimensions with their sub-dimensions, found a list"));
        assert!(faults("Build: {Part: {First: [}}\n")[0].contains("not readable as YAML"));
    }
}
