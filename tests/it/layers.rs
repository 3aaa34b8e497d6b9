//! The rules of the map in `src/lib.rs`, held by reading the sources.

use std::path::{Path, PathBuf};
use std::process::Command;

use cairn::domain::named::Named;
use cairn::domain::threat_model::format::Format;

/// A file of `src`, without its comments.
struct Source {
    /// Its path below `src`, with `/`.
    path: String,
    first_line: String,
    code: String,
}

impl Source {
    /// The part of the map it belongs to: the folder, or the file at the top.
    fn part(&self) -> &str {
        self.path.split(['/', '.']).next().unwrap()
    }

    fn is_in(&self, places: &[&str]) -> bool {
        places.iter().any(|place| self.path == *place || self.path.starts_with(&format!("{place}/")))
    }

    /// Whether a path like `diesel::` or `crate::store` stands in the code.
    fn names(&self, path: &str) -> bool {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let pieces: Vec<&str> = self.code.split(path).collect();
        pieces.windows(2).any(|around| {
            let (before, after) = (around[0].chars().next_back(), around[1].chars().next());
            let ends = path.ends_with("::") || !after.is_some_and(is_word);
            ends && !before.is_some_and(|c| is_word(c) || c == ':')
        })
    }

    /// What follows each occurrence of a text.
    fn after<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a str> {
        self.code.split(text).skip(1)
    }

    /// The parts that it uses by their path from the root of the crate, its own left out.
    fn uses(&self) -> Vec<String> {
        let word = |rest: &str| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
        let mut parts: Vec<String> = self.after("crate::").map(word).collect();
        parts.retain(|part| part != self.part());
        parts.sort();
        parts.dedup();
        parts
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<Source> {
    fn collect(folder: &Path, sources: &mut Vec<Source>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, sources);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                // Tests stand at the end, and may use what they like.
                let code = text.lines().take_while(|line| line.trim() != "#[cfg(test)]");
                let code = code.filter(|line| !line.trim_start().starts_with("//"));
                // A visibility is no use.
                let code = code.collect::<Vec<_>>().join("\n").replace("(in crate::", "(in ");
                let relative = path.strip_prefix(root().join("src")).unwrap();
                let path: Vec<_> = relative.iter().map(|part| part.to_str().unwrap()).collect();
                let first_line = text.lines().next().unwrap_or_default().to_owned();
                sources.push(Source { path: path.join("/"), first_line, code });
            }
        }
    }
    let mut sources = Vec::new();
    collect(&root().join("src"), &mut sources);
    assert!(sources.len() > 50, "the sources are found");
    sources
}

#[test]
fn each_part_uses_only_what_it_may() {
    let mut found = Vec::new();
    for source in sources() {
        let may: &[&str] = match source.part() {
            "domain" | "clock" | "mutex" | "lib" => &[],
            "formats" | "charts" => &["domain"],
            "store" => &["domain", "clock", "mutex"],
            "app" => &["domain", "formats", "store", "mutex"],
            "web" if source.is_in(&["web/views"]) => &["domain", "charts"],
            "web" => &["domain", "app", "clock", "mutex"],
            "cli" => &["domain", "formats", "app", "web", "clock"],
            "main" => &["cli", "clock"],
            other => panic!("{other} is not on the map"),
        };
        let mut uses = source.uses();
        uses.retain(|part| !may.contains(&part.as_str()));
        found.extend(uses.into_iter().map(|part| format!("{} uses {part}", source.path)));
    }
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn views_see_nothing_of_requests() {
    for source in sources().iter().filter(|source| source.is_in(&["web/views"])) {
        for rest in source.after("crate::web::") {
            let is_allowed = ["assets", "views::"].iter().any(|part| rest.starts_with(part));
            assert!(is_allowed, "{} uses crate::web::{}", source.path, rest.lines().next().unwrap());
        }
    }
}

#[test]
fn no_path_goes_around_the_rules() {
    for source in sources() {
        let code = &source.code;
        assert!(!code.contains("crate::{") && !code.contains("crate::*"), "{}: one use for each part", source.path);
        assert!(!code.contains("super::super"), "{}: write the path from the root", source.path);
        // A module may be called like the crate.
        let by_name = code.replace("self::cairn::", "");
        assert!(!by_name.contains("cairn::") || source.path == "main.rs", "{}", source.path);
        let is_root_of_part = source.path.matches('/').count() == 1 && source.path.ends_with("/mod.rs");
        for part in ["app", "charts", "cli", "clock", "domain", "formats", "store", "web"] {
            let around = is_root_of_part && source.names(&format!("super::{part}"));
            assert!(!around, "{} uses {part} as its neighbour", source.path);
        }
    }
}

#[test]
fn each_library_is_known_in_one_place() {
    for (library, places) in [
        ("diesel", &["store"][..]),
        ("diesel_migrations", &["store"]),
        ("libsqlite3_sys", &[]),
        ("actix_web", &["web"]),
        ("argon2", &["app/passwords.rs"]),
        ("zxcvbn", &["app/passwords.rs"]),
        ("getrandom", &["app/sign_in.rs"]),
        ("maud", &["web/views", "web/pages"]),
        ("plotters", &["charts"]),
        ("resvg", &["charts/raster.rs"]),
        ("dejavu", &["charts/raster.rs"]),
        ("csv", &["formats"]),
        ("serde_saphyr", &["formats/yaml.rs"]),
        ("quick_xml", &["formats/threat_model/xml.rs", "formats/sheet/parts.rs"]),
        ("base64", &["formats/threat_model", "web/pages/import.rs"]),
        ("calamine", &["formats/sheet/workbook.rs"]),
        ("zip", &["formats/sheet/workbook.rs"]),
        ("encoding_rs", &["formats/sheet/text.rs"]),
        ("rust_xlsxwriter", &["formats/xlsx.rs", "formats/template.rs"]),
        ("percent_encoding", &["formats/threat_model"]),
        ("petgraph", &["domain"]),
        ("clap", &["cli"]),
        ("clap_complete", &["cli/shell.rs"]),
        ("clap_mangen", &["cli/shell.rs"]),
        ("tracing_subscriber", &["cli"]),
        ("tempfile", &["cli", "store"]),
        ("prometheus_client", &["web/meters.rs"]),
        ("utoipa", &["web/api"]),
        ("rust_embed", &["app", "web/assets.rs"]),
    ] {
        let path = format!("{library}::");
        let found: Vec<_> = sources().into_iter().filter(|source| source.names(&path)).collect();
        for source in &found {
            assert!(source.is_in(places), "{} names {library}", source.path);
        }
        assert_eq!(found.is_empty(), places.is_empty(), "{library}");
    }
}

#[test]
fn what_is_changed_is_recorded() {
    for source in sources() {
        let may = ["store", "app/access.rs", "app/sign_in.rs"];
        assert!(
            !source.code.contains("store.write") || source.is_in(&may),
            "{}: go through Cairn::change",
            source.path
        );
    }
}

#[test]
fn a_closed_pipe_stops_no_command() {
    for source in sources() {
        for word in ["println!(", "eprint!(", " print!("] {
            assert!(
                !source.code.contains(word),
                "{}: {word} panics when nobody reads; use tell! or print",
                source.path
            );
        }
    }
}

#[test]
fn the_domain_is_pure() {
    for source in sources() {
        let part = source.part();
        if part == "domain" {
            for path in ["std::fs", "std::net", "std::env", "std::process", "std::thread", "std::time", "tracing::"] {
                assert!(!source.names(path), "{} names {path}", source.path);
            }
        }
        if ["formats", "charts"].contains(&part) {
            assert!(!source.names("std::fs"), "{} opens files", source.path);
        }
        if part != "clock" {
            for path in ["Utc::now", "Local::now", "SystemTime::now", "Instant::now"] {
                assert!(!source.code.contains(path), "{} reads the time", source.path);
            }
        }
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for source in sources() {
        assert!(source.first_line.starts_with("//! ") && source.first_line.len() > 10, "{}", source.path);
    }
}

#[test]
fn nothing_needs_what_is_outside_the_repository() {
    let Ok(listed) = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output() else {
        eprintln!("skipped: there is no git");
        return;
    };
    if !listed.status.success() {
        eprintln!("skipped: this is no checkout");
        return;
    }
    let outside = ["..", "/shared"].concat();
    for name in String::from_utf8(listed.stdout).unwrap().split('\0').filter(|name| !name.starts_with("tests/")) {
        let content = std::fs::read(root().join(name)).unwrap_or_default();
        assert!(!String::from_utf8_lossy(&content).contains(&outside), "{name}");
    }
}

#[test]
fn every_reader_is_fuzzed() {
    let fuzz = root().join("fuzz");
    let texts = |folder: &str| -> Vec<(String, String)> {
        let files = std::fs::read_dir(fuzz.join(folder)).unwrap().map(|file| file.unwrap().path());
        files
            .map(|path| {
                (path.file_stem().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(path).unwrap())
            })
            .collect()
    };
    let (helpers, targets) = (texts("src"), texts("fuzz_targets"));
    let is_used = |texts: &[(String, String)], call: &str| texts.iter().any(|(_, text)| text.contains(call));

    let mut readers = 0;
    for source in sources().into_iter().filter(|source| source.is_in(&["formats"])) {
        let module = source.path.trim_end_matches(".rs").trim_end_matches("/mod").rsplit('/').next().unwrap();
        for rest in source.after("\npub fn read") {
            let call = format!("{module}::read{}(", rest.split('(').next().unwrap());
            assert!(is_used(&helpers, &call), "no fuzz target reads with {call}…)");
            readers += 1;
        }
    }
    assert!(readers > 5, "the readers are found");
    for (_, format) in Format::NAMED {
        assert!(is_used(&targets, &format!("Format::{format:?},")), "no fuzz target reads {format:?}");
    }

    let manifest = std::fs::read_to_string(fuzz.join("Cargo.toml")).unwrap();
    let own = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let (_, needed) = manifest.split_once("as the manifest of Cairn says it.\n").unwrap();
    let needed: Vec<&str> = needed.lines().take_while(|line| !line.is_empty()).collect();
    for dependency in &needed {
        assert!(own.lines().any(|line| line == *dependency), "Cargo.toml says another thing than {dependency}");
    }
    let (_, dependencies) = own.split_once("\n[dependencies]\n").unwrap();
    for line in dependencies.lines().take_while(|line| !line.starts_with('[')) {
        let Some((library, _)) = line.split_once(" = ") else { continue };
        let path = format!("{}::", library.replace('-', "_"));
        let is_used = sources().iter().any(|source| source.is_in(&["domain", "formats"]) && source.names(&path));
        assert!(!is_used || needed.contains(&line), "fuzz/Cargo.toml lacks {line}");
    }
    for (target, _) in targets {
        assert!(manifest.contains(&format!("name = \"{target}\"")), "fuzz/Cargo.toml lacks {target}");
        let seeds = std::fs::read_dir(fuzz.join("seeds").join(&target)).map_or(0, Iterator::count);
        assert!(seeds > 0, "{target} has no seeds to begin with");
    }
}
