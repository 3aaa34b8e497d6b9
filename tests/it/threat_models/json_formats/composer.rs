//! What Threat Composer says in its own way.

use cairn::domain::threat_model::category::{Category, Stride};
use cairn::domain::threat_model::diagram::{Image, ImageKind};
use cairn::domain::threat_model::words::{Method, MitigationStatus, Origin, Severity, ThreatStatus};
use serde_json::json;

use super::{read, sample, warnings};

#[test]
fn links_of_threat_composer_are_followed_and_those_to_nothing_are_named() {
    let reading = sample("composer-links.json");
    let model = &reading.value.model;
    let mitigation = |id: &str| model.mitigations.iter().find(|mitigation| mitigation.id.0 == id).unwrap();
    let linked = |id: &str| -> Vec<&str> { mitigation(id).threats.iter().map(|id| id.0.as_str()).collect() };
    assert_eq!((linked("m-1"), linked("m-2"), linked("m-3")), (vec!["t-1"], vec!["t-1"], vec![]));
    let about: Vec<&str> = model.assumptions[0].about.iter().map(|id| id.0.as_str()).collect();
    assert_eq!(about, ["m-2", "t-2", "m-1"]);
    let said = warnings(&reading).join("\n");
    for expected in [
        "mitigationLinks[2].linkedId: the link leads to “t-9”",
        "mitigationLinks[3].mitigationId: the link leads to “m-9”",
        "assumptionLinks[2].linkedId: the link leads to “t-9”",
        "threats[0].metadata[0].value: “X” is no letter of STRIDE",
        "threats[1].metadata[0].value: “Urgent” is no priority",
        "threats[3].status: “threatParked” is no status",
        "mitigations[2].status: “mitigationWished” is no status",
    ] {
        assert!(said.contains(expected), "{expected}\n{said}");
    }
    assert_eq!(reading.warnings.len(), 7, "{said}");
}

#[test]
fn resolved_is_not_mitigated_and_only_resolved_mitigations_are_in_place() {
    let model = sample("composer-links.json").value.model;
    let status: Vec<ThreatStatus> = model.threats.iter().map(|threat| threat.status).collect();
    use ThreatStatus::{NotApplicable, Resolved, Undetermined};
    assert_eq!(status, [Resolved, NotApplicable, Undetermined, Undetermined]);
    let status: Vec<MitigationStatus> = model.mitigations.iter().map(|mitigation| mitigation.status).collect();
    assert_eq!(status, [MitigationStatus::Implemented, MitigationStatus::Rejected, MitigationStatus::Unknown]);
    assert!(model.mitigations.iter().all(|mitigation| mitigation.origin == Origin::Stated));
    assert_eq!(model.mitigations[2].raw_status, "mitigationWished");
}

#[test]
fn a_statement_of_threat_composer_is_taken_apart() {
    let model = sample("composer-links.json").value.model;
    let threat = &model.threats[0];
    assert_eq!((threat.number, threat.title.as_str()), (7, "change a price"));
    assert_eq!(threat.description, "A guest can change a price, which leads to losses.");
    assert_eq!((threat.actor.as_str(), threat.impact.as_str()), ("guest", "losses"));
    assert_eq!(threat.reason, "Settled in spring.");
    assert_eq!(threat.severity, Some(Severity::High));
    let (tampering, spoofing) = (Category::Stride(Stride::Tampering), Category::Stride(Stride::Spoofing));
    assert_eq!(threat.categories, [tampering, spoofing, Category::Other("X".to_owned())]);
    assert_eq!((threat.cwe.as_slice(), threat.capec.as_slice()), ([472].as_slice(), [77].as_slice()));
    let assets: Vec<&str> = model.assets.iter().map(|asset| asset.name.as_str()).collect();
    assert_eq!(assets, ["prices"], "an asset is one, whatever the case of its letters");
    assert_eq!(threat.assets, [model.assets[0].id.clone()]);
    assert_eq!(
        (model.methods.as_slice(), model.abuse_stories.as_slice()),
        ([Method::Stride].as_slice(), [].as_slice())
    );
    assert_eq!(
        model.threats[1].description, "guest, delay",
        "what there is of a statement that was never put together"
    );
}

#[test]
fn an_old_list_of_threats_is_a_model() {
    let reading = sample("composer-threats-only.json");
    assert_eq!(reading.value.model.threats.len(), 1);
    assert_eq!(reading.value.model.threats[0].title, "read mails");
    assert!(warnings(&reading)[0].contains("no title"));
}

#[test]
fn the_kind_of_a_picture_is_told_by_its_bytes() {
    let reading = sample("composer-pictures.json");
    let (model, images) = (&reading.value.model, &reading.value.images);
    // Its script stays in it: it is shown as an image only, in which no script runs.
    assert_eq!(images.len(), 1);
    assert_eq!(images[0].kind, ImageKind::Svg, "it is said to be PNG");
    assert_eq!(model.diagrams.len(), 1, "a diagram with nothing is none");
    assert_eq!(model.diagrams[0].image, Some(images[0].digest()));
    let said = warnings(&reading);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with("dataflow.image: the picture is not in the file itself"), "{said:?}");
}

#[test]
fn pictures_that_are_none_or_too_large_are_left_out() {
    let with = |image: &str| {
        let file = json!({ "schema": 1, "applicationInfo": { "name": "P" }, "dataflow": { "image": image } });
        let reading = read("pictures", file.to_string().as_bytes());
        (reading.value.images.len(), warnings(&reading).join("\n"))
    };
    for (image, expected) in [
        ("data:image/png;base64,####", "not base64"),
        ("data:image/png;base64,aGVsbG8=", "of no kind"),
        ("data:text/html,<p>hello</p>", "of no kind"),
        ("data:image/png;base64", "not in the file itself"),
    ] {
        let (count, said) = with(image);
        assert!(count == 0 && said.contains(expected), "{image}: {said}");
    }
    // Three zero bytes are four letters.
    let zeros = format!("data:image/png;base64,{}", "AAAA".repeat(Image::LIMIT / 3 + 1));
    assert!(with(&zeros).1.contains("more than 4 MB"));
    assert_eq!(with("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E").0, 1);
    assert_eq!(with("data:image/gif;base64,R0lGODlhAQABAAAAACw").0, 1, "padding may be left out");
}
