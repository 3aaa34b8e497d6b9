//! Threagile and the Open Threat Model.

use cairn::domain::named::Named as _;
use cairn::domain::threat_model::category::{Category, Stride};
use cairn::domain::threat_model::diagram::Shape;
use cairn::domain::threat_model::rating::{Rating, Scale};
use cairn::domain::threat_model::words::{Basis, Criticality, MitigationStatus, Need, Origin, Severity, ThreatStatus};

use super::files::{check, element, mitigation, reading, real, refusal, sample, statuses, texts, threat, warnings};

#[test]
fn real_models_of_threagile_have_the_counts_that_are_known() {
    let kinds = |word: &str| {
        Some(match word {
            "actor" => "actor",
            "process" => "process",
            "store" => "data_store",
            "flow" => "data_flow",
            "boundary" => "trust_boundary",
            // Data is an asset here and no element.
            "data_asset" => return None,
            other => panic!("{other}"),
        })
    };
    for (name, bytes, expected) in real("threagile/") {
        check(&name, &bytes, &expected, kinds);
        if name == "threagile/threagile-example.yaml" {
            let read = reading(&name, &bytes).value;
            assert_eq!(read.model.assets.len() as u64, expected["elements"]["data_asset"].as_u64().unwrap());
            assert_eq!(read.model.abuse_stories.len() as u64, expected["abuse_cases"].as_u64().unwrap());
        } else {
            let words = "accepted 1, in-progress 1, mitigated 1, not-applicable 1, open 1, undetermined 1";
            assert_eq!(statuses(&name, &bytes), words);
        }
    }
}

#[test]
fn real_open_threat_models_have_the_counts_that_are_known() {
    for (name, bytes, expected) in real("otm/") {
        // Components have no kinds there, so they are counted together.
        check(
            &name,
            &bytes,
            &serde_json::json!({
                "format": expected["format"], "title": expected["title"], "threats": expected["threats"],
                "with_mitigation": expected["with_mitigation"],
                "stride": expected.get("stride").cloned().unwrap_or_else(|| serde_json::json!({})),
            }),
            |_| None,
        );
        let read = reading(&name, &bytes).value;
        let count = |kinds: &[&str]| {
            read.model.elements.iter().filter(|element| kinds.contains(&element.kind.name())).count() as u64
        };
        let elements = &expected["elements"];
        assert_eq!(count(&["actor", "process", "data_store"]), elements["component"].as_u64().unwrap(), "{name}");
        assert_eq!(count(&["data_flow"]), elements["flow"].as_u64().unwrap(), "{name}");
        assert_eq!(count(&["trust_zone"]), elements["trustZone"].as_u64().unwrap(), "{name}");
        assert!(read.model.threats.iter().all(|threat| threat.is_untouched), "{name}");
    }
}

#[test]
fn a_model_of_threagile_is_read_with_what_stands_elsewhere_in_the_file() {
    let reading = reading("shop.threagile.yaml", &sample("shop.threagile.yaml"));
    let read = &reading.value;
    let model = &read.model;
    assert_eq!((model.title.as_str(), model.owner.as_str()), ("Shop online", "Dora"));
    assert_eq!((model.description.as_str(), model.objectives.as_str()), ("Sells things.", "Input: is checked"));
    assert_eq!(model.criticality, Some(Criticality::Critical));
    let old = model.assets.iter().find(|asset| asset.id.0 == "asset:old-orders").unwrap();
    assert_eq!((old.name.as_str(), old.description.as_str()), ("Old Orders", "What was bought"));
    assert_eq!(
        (old.confidentiality, old.integrity, old.availability),
        (Some(Need::High), Some(Need::Critical), Some(Need::Low)),
        "what is taken over is there, and what is said anew counts"
    );
    assert_eq!(old.sensitivity, "confidential, critical, archive");

    let link = element(read, "browser>order-new");
    assert_eq!((link.name.as_str(), link.protocol.as_str()), ("Order (new)", "https"));
    assert_eq!(link.source.as_ref().unwrap().0, "browser");
    assert_eq!(link.target.as_ref().unwrap().0, "web");
    let browser = element(read, "browser");
    assert_eq!((browser.out_of_scope, browser.reason.as_str(), browser.encrypted), (true, "Not ours", Some(false)));
    assert_eq!(element(read, "web").raw_kind, "process, web-server");
    assert_eq!(element(read, "db").zone.as_ref().unwrap().0, "inner");
    assert_eq!(element(read, "inner").zone.as_ref().unwrap().0, "outer");
    let strange = element(read, "strange");
    assert_eq!((strange.kind.name(), strange.raw_kind.as_str()), ("unclassified", "sculpture, stone, clay"));
    assert_eq!(model.abuse_stories[0].title, "Free Orders");
}

#[test]
fn the_tracking_of_threagile_says_how_its_risks_stand() {
    let reading = reading("shop.threagile.yaml", &sample("shop.threagile.yaml"));
    let read = &reading.value;
    let forged = threat(read, "forged-orders@web@browser>order-new@orders");
    assert_eq!((forged.title.as_str(), forged.impact.as_str()), ("Forged at Web", "Money is lost"));
    assert_eq!(
        (forged.categories.as_slice(), forged.cwe.as_slice()),
        (&[Category::Stride(Stride::Spoofing)][..], &[384][..])
    );
    assert_eq!(forged.rating, Rating::of(Scale::Four, 2, 2));
    assert_eq!((forged.severity, forged.raw.severity.as_str()), (Some(Severity::High), "elevated"));
    assert_eq!(texts(&forged.affects), ["web", "browser>order-new"]);
    assert_eq!(texts(&forged.assets), ["asset:orders"]);
    assert_eq!(
        (forged.status, forged.reason.as_str()),
        (ThreatStatus::Mitigated, "Sessions are bound (ticket SHOP-1)")
    );
    let written = mitigation(read, "forged-orders@web@browser>order-new@orders-justification");
    assert_eq!((written.origin, written.status), (Origin::FreeText, MitigationStatus::Unknown));
    assert_eq!(mitigation(read, "advice:forged-orders").origin, Origin::Template);
    // The `*` stands for one part of an id, not for several.
    assert_eq!(threat(read, "forged-orders@db").status, ThreatStatus::Open);
    let shared = threat(read, "forged-orders@host");
    assert_eq!((shared.status, texts(&shared.affects)), (ThreatStatus::Open, vec!["web", "db"]));
    let late = threat(read, "late-orders@web");
    assert_eq!(
        (&late.categories[..], late.status),
        (&[Category::Stride(Stride::DenialOfService)][..], ThreatStatus::Undetermined)
    );
    let stated = read.model.stated_date.unwrap();
    assert_eq!((stated.on.to_string().as_str(), stated.basis), ("2026-05-02", Basis::Decided));
    let said = warnings(&reading);
    assert!(said.contains("risk_tracking.unknown-risk@*: no risk of this file has this id"), "{said}");
    assert!(said.contains("the severity “low” is not what follows from likelihood and impact"), "{said}");
    assert!(said.contains("“sculpture” is no type of technical asset"), "{said}");
    assert!(!serde_json::to_string(&read.model).unwrap().contains("Emil"), "who checked it is not kept");
}

#[test]
fn risks_that_threagile_found_fit_to_its_model() {
    let model = reading("shop.threagile.yaml", &sample("shop.threagile.yaml")).value;
    let reading = reading("shop.threagile-risks.json", &sample("shop.threagile-risks.json"));
    let read = &reading.value;
    let missing = threat(read, "missing-authentication@web@browser>order-new");
    assert_eq!(missing.title, "Missing Authentication at Web & more");
    assert!(missing.is_untouched && missing.status == ThreatStatus::Undetermined);
    assert_eq!(missing.categories, [Category::Other("missing-authentication".to_owned())]);
    assert_eq!(missing.rating, Rating::of(Scale::Four, 2, 2));
    for id in missing.affects.iter().chain(&missing.assets) {
        assert!(model.model.ids().any(|known| known == id), "{id} is a part of the model");
    }
    assert_eq!(element(read, "browser>order-new").source.as_ref().unwrap().0, "browser");
    assert_eq!(threat(read, "odd@db").title, "odd@db");
    assert!(warnings(&reading).contains("[1].risk_status: “forgotten” is no status of Threagile"));
}

#[test]
fn an_open_threat_model_is_read_with_what_stands_at_its_elements() {
    let reading = reading("shop.otm.yaml", &sample("shop.otm.yaml"));
    let read = &reading.value;
    let model = &read.model;
    assert_eq!(
        (model.title.as_str(), model.owner.as_str(), model.description.as_str()),
        ("Shop", "Dora", "Sells things")
    );
    let kinds: Vec<(&str, &str)> =
        model.elements.iter().map(|element| (element.id.0.as_str(), element.kind.name())).collect();
    assert_eq!(
        kinds,
        [
            ("outside", "trust_zone"),
            ("inside", "trust_zone"),
            ("buyer", "actor"),
            ("web", "process"),
            ("part", "process"),
            ("db", "data_store"),
            ("order", "data_flow"),
            ("save", "data_flow"),
        ]
    );
    assert_eq!(element(read, "part").shape, Shape::of_box(121.0, 82.0, 10.0, 10.0), "places count from what is around");
    assert_eq!(element(read, "part").raw_kind, "sculpture");
    assert_eq!(element(read, "db").zone.as_ref().unwrap().0, "inside");
    assert!(element(read, "order").bidirectional);
    assert_eq!(element(read, "order").diagram.as_ref().unwrap().0, "drawing");
    let asset = &model.assets[0];
    let needs = (asset.confidentiality, asset.integrity, asset.availability);
    assert_eq!(needs, (Some(Need::Critical), Some(Need::High), Some(Need::Low)));

    let forged = threat(read, "threat:1");
    assert_eq!(texts(&forged.affects), ["web", "db"]);
    assert_eq!((forged.status, forged.raw.status.as_str()), (ThreatStatus::Open, "exposed"));
    assert_eq!(forged.categories, [Category::Stride(Stride::Spoofing), Category::Other("Business".to_owned())]);
    assert_eq!((forged.cwe.as_slice(), &forged.rating), (&[287, 79][..], &Rating::of(Scale::Percent, 80, 90)));
    assert_eq!(threat(read, "threat:2").rating, None);
    assert!(threat(read, "threat:3").is_untouched);
    let partly = mitigation(read, "mitigation:1");
    assert_eq!((partly.status, partly.raw_status.as_str()), (MitigationStatus::Proposed, "implemented, required"));
    assert_eq!((partly.origin, texts(&partly.threats)), (Origin::Stated, vec!["threat:1"]));
    assert_eq!((partly.title.as_str(), partly.description.as_str()), ("Sign in", "See here"));
    assert_eq!(mitigation(read, "mitigation:2").status, MitigationStatus::Implemented);
    let said = warnings(&reading);
    for part in [
        "components: the kind of 1 components cannot be told from their types, among them “sculpture”",
        "threats[0]: it stands differently at several elements",
        "components[1].threats[2]: the threat “nowhere” is nowhere defined",
        "components[3].threats[1].state: “strange” is no state",
        "threats[1].risk: likelihood and impact are expected from 0 to 100",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn yaml_that_is_made_to_do_harm_is_refused() {
    let mut bomb = String::from("threagile_version: 1.0.0\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for i in 1..10 {
        bomb += &format!("a{i}: &a{i} [{}]\n", vec![format!("*a{}", i - 1); 10].join(", "));
    }
    let found = refusal("bomb.yaml", bomb.as_bytes());
    assert!(found.contains("not readable as YAML"), "{found}");
    // The same with mappings that are taken over.
    let mut merged = String::from("threagile_version: 1.0.0\nm0: &m0 {k0: {a: 1, b: 2, c: 3}}\n");
    for i in 1..40 {
        let before = i - 1;
        merged += &format!("m{i}: &m{i}\n  <<: *m{before}\n  k{i}: *m{before}\n  l{i}: *m{before}\n");
    }
    let found = refusal("bomb.yaml", merged.as_bytes());
    assert!(found.contains("not readable as YAML"), "{found}");
    let deep = format!("otmVersion: 0.1.0\nproject: {}", "[".repeat(100_000));
    assert!(refusal("deep.yaml", deep.as_bytes()).contains("not readable as YAML"));
    assert!(refusal("empty.yaml", b"otmVersion: 0.1.0\n").contains("there is no project"));
    let round = "technical_assets:\n  A: &a\n    <<: *a\n";
    assert!(refusal("round.yaml", round.as_bytes()).contains("not readable as YAML"));
}

#[test]
fn boundaries_and_components_in_a_circle_do_no_harm() {
    let boundaries = "technical_assets: {}\ntrust_boundaries:\n  A: {id: a, trust_boundaries_nested: [b]}\n  B: {id: b, trust_boundaries_nested: [a]}\n";
    assert_eq!(reading("circle.yaml", boundaries.as_bytes()).value.model.elements.len(), 2);
    let part = |id: &str, parent: &str| {
        format!(
            "  - {{id: {id}, name: x, type: service, parent: {{component: {parent}}}, representations: [{{representation: d, position: {{x: 1, y: 1}}, size: {{width: 1, height: 1}}}}]}}\n"
        )
    };
    let components = format!(
        "otmVersion: 0.1.0\nproject: {{name: x}}\nrepresentations: [{{id: d, type: diagram}}]\ncomponents:\n{}{}",
        part("a", "b"),
        part("b", "a")
    );
    assert_eq!(reading("circle.yaml", components.as_bytes()).value.model.elements.len(), 2);
}

#[test]
fn yaml_that_was_cut_off_is_read_or_refused_without_harm() {
    for name in ["shop.threagile.yaml", "shop.otm.yaml", "shop.threagile-risks.json"] {
        let whole = sample(name);
        for end in (1..whole.len()).step_by(37) {
            let _ = cairn::formats::threat_model::read(cairn::formats::Source { name, bytes: &whole[..end] });
        }
    }
}
