//! Threat models as tables, as they have always been.

use cairn::domain::threat_model::ThreatModel;
use cairn::formats::threats;

use crate::harness::assert_golden;

/// A model with everything that the tables tell, and with what spreadsheets would run.
const MODEL: &str = r#"{
  "title": "Refunds, by phone",
  "assets": [{"id": "money", "name": "Money"}],
  "elements": [
    {"id": "desk", "kind": "process", "name": "Desk"},
    {"id": "call", "kind": "data_flow", "source": "desk", "target": "desk"}
  ],
  "threats": [
    {"id": "a", "number": 1, "title": "=HYPERLINK(\"http://evil.example\")", "description": "Line one\nline two",
     "categories": [{"taxonomy": "stride", "category": "spoofing"}, {"taxonomy": "linddun", "category": "linking"},
                    {"taxonomy": "other", "category": "Fraud"}],
     "affects": ["desk", "call"], "assets": ["money"], "status": "open",
     "rating": {"steps": {"scale": "five-steps", "likelihood": 3, "impact": 5}},
     "cwe": [79, 345], "capec": [98], "identified_on": "2026-01-31",
     "raw": {"status": "Open", "severity": "High", "category": "S"}},
    {"id": "b", "number": 7, "title": "Denied", "status": "accepted", "reason": "-1 is fine", "identified_on": "2026-01-31",
     "rating": {"factors": {"motive": 9, "size": 7, "privacy-violation": 1}}},
    {"id": "c", "number": 8, "title": "Nobody rated it", "status": "in-progress", "identified_on": "2026-03-01"}
  ],
  "mitigations": [
    {"id": "m1", "number": 1, "title": "@call back", "description": "a, b", "status": "implemented", "threats": ["a", "b"],
     "owner": "Ben", "link": "https://tickets.example/1"},
    {"id": "m2", "number": 2, "title": "Think", "status": "proposed", "raw_status": "Idea", "origin": "stated"}
  ]
}"#;

#[test]
fn threats_and_mitigations_are_as_they_always_were() {
    let model: ThreatModel = serde_json::from_str(MODEL).unwrap();
    let today = "2026-02-10".parse().unwrap();
    let of = [("+Payments", &model)];
    let text = |table: cairn::formats::table::Table| String::from_utf8(table.to_csv()).unwrap();
    assert_golden("threats.csv", &text(threats::threats(&of, today)));
    assert_golden("mitigations.csv", &text(threats::mitigations(&of)));
    assert!(threats::threats(&[], today).rows().is_empty());
}
