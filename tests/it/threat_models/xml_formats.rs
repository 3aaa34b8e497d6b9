//! The Microsoft Threat Modeling Tool and draw.io.

use std::io::Write as _;

use base64::Engine as _;
use cairn::domain::named::Named as _;
use cairn::domain::threat_model::category::{Category, Stride};
use cairn::domain::threat_model::diagram::{Point, Shape};
use cairn::domain::threat_model::format::Inspection;
use cairn::domain::threat_model::words::{
    Basis, ElementKind, Method, MitigationStatus, Origin, Severity, ThreatStatus,
};
use proptest::prelude::*;

use super::files::{check, element, mitigation, reading, real, refusal, sample, statuses, texts, threat, warnings};

/// Our words for those that the real files are counted by.
fn kinds(word: &str) -> Option<&'static str> {
    Some(match word {
        "actor" => "actor",
        "process" => "process",
        "store" => "data_store",
        "flow" => "data_flow",
        "boundary" => "trust_boundary",
        "text" => "text",
        "unclassified" => "unclassified",
        // The labels of flows are the names of the flows here.
        "flow-label" => return None,
        other => panic!("{other}"),
    })
}

#[test]
fn real_models_of_the_microsoft_tool_have_the_counts_that_are_known() {
    for (name, bytes, expected) in real("tm7/") {
        check(&name, &bytes, &expected, kinds);
        let words: Vec<String> = expected["status"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(word, n)| {
                let word = match word.as_str() {
                    "not-started" => "undetermined",
                    "needs-investigation" => "open",
                    same => same,
                };
                format!("{word} {n}")
            })
            .collect();
        let mut words = words;
        words.sort();
        assert_eq!(statuses(&name, &bytes), words.join(", "), "{name}");
    }
}

#[test]
fn real_diagrams_of_draw_io_have_the_counts_that_are_known() {
    for (name, bytes, expected) in real("drawio/") {
        match name.as_str() {
            "drawio/michenriksen-stencil-library-dfd.xml" => {
                assert!(refusal(&name, &bytes).contains("a library of shapes of draw.io"));
            }
            // It is drawn with the icons of a cloud: seven shapes of which none can be told to be an actor, a process,
            // a store or a boundary. Ours refuses it and says so, as nothing could be done with the model.
            "drawio/drawio-basic-example.drawio" => {
                assert_eq!(expected["elements"]["unclassified"], 7);
                assert!(refusal(&name, &bytes).contains("draw it with the stencils for threat modeling"));
            }
            _ => check(&name, &bytes, &expected, kinds),
        }
    }
}

#[test]
fn a_model_of_the_microsoft_tool_is_read_with_its_elements() {
    let reading = reading("shop.tm7", &sample("shop.tm7"));
    let read = &reading.value;
    let model = &read.model;
    assert_eq!((model.title.as_str(), model.owner.as_str(), model.reviewer.as_str()), ("Shop", "Dora", "Emil"));
    assert_eq!(model.participants, ["Ann", "Bob", "Cid"]);
    assert_eq!(model.description, "Sells <things> & more.\n\nExternal dependencies: A bank");
    let assumptions: Vec<&str> = model.assumptions.iter().map(|assumption| assumption.text.as_str()).collect();
    assert_eq!(assumptions, ["The network is watched.", "Keys are kept apart."]);
    let diagrams: Vec<&str> = model.diagrams.iter().map(|diagram| diagram.title.as_str()).collect();
    assert_eq!(diagrams, ["Orders & payments", "Second"]);

    let kinds: Vec<(&str, &str)> =
        model.elements.iter().map(|element| (element.id.0.as_str(), element.kind.name())).collect();
    assert_eq!(
        kinds,
        [
            ("buyer", "actor"),
            // Only its kind in the template says it, by the kind that this one is of.
            ("web", "process"),
            ("orders", "data_store"),
            ("zone", "trust_boundary"),
            ("note", "text"),
            ("odd", "unclassified"),
            ("order", "data_flow"),
            ("save", "data_flow"),
            ("edge", "trust_boundary"),
            ("job", "process"),
        ]
    );
    let buyer = element(read, "buyer");
    assert_eq!((buyer.name.as_str(), buyer.raw_kind.as_str()), ("Buyer <guest>", "Person"));
    assert_eq!((buyer.out_of_scope, buyer.reason.as_str()), (true, "Not ours"));
    assert_eq!(buyer.shape, Shape::of_box(10.0, 20.0, 100.0, 60.0));
    assert_eq!(element(read, "web").name, "Shop process", "what has no name is called by its kind");
    assert!(element(read, "orders").is_log);
    assert_eq!(element(read, "odd").shape, None);
    let order = element(read, "order");
    let ends = [&order.source, &order.target].map(|end| end.as_ref().unwrap().0.as_str());
    assert_eq!(ends, ["buyer", "web"]);
    let points = [(110.0, 50.0), (200.0, 40.0), (300.0, 50.0)].map(|(x, y)| Point { x, y });
    assert_eq!(order.shape, Shape::of_path(points.to_vec(), true));
    assert!(matches!(element(read, "edge").shape, Some(Shape::Path { smooth: false, .. })));
    assert_eq!(element(read, "edge").source, None);
    assert_eq!(element(read, "save").target, None);
    let said = warnings(&reading);
    assert!(said.contains("flow “” ends at something that is not in the diagram"), "{said}");
    assert!(said.contains("shop.tm7:47: DrawingSurfaceList[0].Borders[5]: “StencilStar” is no kind"), "{said}");
}

#[test]
fn a_model_of_the_microsoft_tool_is_read_with_its_threats() {
    let bytes = sample("shop.tm7");
    let reading = reading("shop.tm7", &bytes);
    let read = &reading.value;
    let forged = threat(read, "t-1");
    assert_eq!((forged.number, forged.title.as_str()), (7, "Orders are forged"));
    assert_eq!(forged.description, "Somebody orders for others.");
    assert_eq!(forged.categories, [Category::Stride(Stride::ElevationOfPrivilege)]);
    assert_eq!(texts(&forged.affects), ["order", "buyer", "web"]);
    assert_eq!((forged.status, forged.severity), (ThreatStatus::Mitigated, Some(Severity::High)));
    assert_eq!(forged.reason, "Sessions are bound to the device.");
    assert_eq!((forged.raw.status.as_str(), forged.raw.category.as_str()), ("Mitigated", "Elevation of Privileges"));
    let written = mitigation(read, "t-1-justification");
    assert_eq!((written.origin, written.status), (Origin::FreeText, MitigationStatus::Unknown));
    // The property has an id for its name, which the template explains.
    let proposed = mitigation(read, "t-1-possible");
    assert_eq!((proposed.origin, proposed.title.as_str()), (Origin::Template, "Sign requests."));

    let untouched = threat(read, "t-2");
    assert!(untouched.is_untouched && untouched.status == ThreatStatus::Undetermined);
    assert_eq!(untouched.categories, [Category::Other("Compute".to_owned())]);
    let nameless = threat(read, "t-3");
    assert_eq!((nameless.title.as_str(), nameless.status), ("Spoofing: Order", ThreatStatus::Open));
    let odd = threat(read, "t-4");
    assert_eq!((odd.status, odd.severity), (ThreatStatus::Undetermined, None));
    assert_eq!((odd.raw.status.as_str(), odd.raw.severity.as_str()), ("Forgotten", "Huge"));

    let stated = read.model.stated_date.unwrap();
    assert_eq!((stated.on.to_string().as_str(), stated.basis), ("2026-03-04", Basis::Decided));
    assert_eq!(read.model.methods, [Method::Stride]);
    let inspection = Inspection::new(read, Vec::new());
    assert_eq!(inspection.with_mitigation, 1, "what a template proposes is no mitigation");
    let said = warnings(&reading);
    for part in [
        "ThreatInstances[0].Priority: the priority is “High” in the properties and “Low” beside them",
        "ThreatInstances[2]: the threat has no title",
        "ThreatInstances[3].State: “Forgotten” is no state",
        "ThreatInstances[3].Priority: “Huge” is no priority",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let everything = serde_json::to_string(&read.model).unwrap();
    assert!(!everything.contains("secret.person"), "who changed a threat is not kept");
}

#[test]
fn a_diagram_of_draw_io_is_read_with_its_labels_and_places() {
    let reading = reading("shop.drawio", &sample("shop.drawio"));
    let read = &reading.value;
    let kinds: Vec<(&str, &str)> =
        read.model.elements.iter().map(|element| (element.id.0.as_str(), element.kind.name())).collect();
    assert_eq!(
        kinds,
        [
            ("p1:zone", "trust_boundary"),
            ("p1:web", "process"),
            ("p1:db", "data_store"),
            ("p1:buyer", "actor"),
            ("p1:line", "trust_boundary"),
            ("p1:note", "text"),
            ("p1:cloud", "unclassified"),
            ("p1:order", "data_flow"),
            ("p1:read", "data_flow"),
            ("p1:loose", "data_flow"),
        ]
    );
    let web = element(read, "p1:web");
    assert_eq!(web.name, "Web shop & API");
    assert_eq!(web.shape, Shape::of_box(220.0, 130.0, 100.0, 100.0), "its place counts from what it stands in");
    assert_eq!(web.zone.as_ref().unwrap().0, "p1:zone");
    assert_eq!(element(read, "p1:db").name, "Orders");
    let order = element(read, "p1:order");
    assert_eq!((order.name.as_str(), order.bidirectional), ("HTTPS", true));
    let points = [(100.0, 160.0), (170.0, 170.0), (220.0, 175.0)].map(|(x, y)| Point { x, y });
    assert_eq!(order.shape, Shape::of_path(points.to_vec(), true));
    let rows = element(read, "p1:read");
    assert_eq!(rows.source.as_ref().unwrap().0, "p1:db", "an arrow at the beginning only turns the flow");
    let stated = read.model.stated_date.unwrap();
    assert_eq!((stated.on.to_string().as_str(), stated.basis), ("2026-05-06", Basis::Written));
    let said = warnings(&reading);
    assert!(
        said.contains("1 shapes that are none of a data-flow diagram stay unclassified, among them “Something”"),
        "{said}"
    );
    assert!(said.contains("1 flows begin or end at nothing"), "{said}");
}

/// A page as draw.io packs it.
fn packed(page: &str) -> String {
    let escaped: String = page.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let mut deflate = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    deflate.write_all(escaped.as_bytes()).unwrap();
    base64::engine::general_purpose::STANDARD.encode(deflate.finish().unwrap())
}

fn file_of(pages: &[String]) -> Vec<u8> {
    let pages: String =
        pages.iter().map(|page| format!("<diagram id=\"p1\" name=\"Overview\">{page}</diagram>")).collect();
    format!("<mxfile modified=\"2026-05-06T07:08:09.010Z\">{pages}</mxfile>").into_bytes()
}

#[test]
fn a_packed_page_is_what_it_is_unpacked() {
    let plain = String::from_utf8(sample("shop.drawio")).unwrap();
    let (before, rest) = plain.split_once("<mxGraphModel>").unwrap();
    let page = &format!("<mxGraphModel>{}", rest.split_once("</diagram>").unwrap().0);
    assert!(before.contains("<diagram id=\"p1\" name=\"Overview\">"));
    let unpacked = reading("shop.drawio", plain.as_bytes()).value;
    assert_eq!(reading("shop.drawio", &file_of(&[packed(page)])).value, unpacked);
    let one = reading("shop.drawio", &file_of(&[packed(page).trim_end_matches('=').to_owned()])).value;
    assert_eq!(one, unpacked, "what fills up the end may be left out");
    // A model without a file around it has no date and no id of its page.
    let bare = reading("shop.xml", page.as_bytes()).value;
    assert_eq!(bare.model.elements.len(), unpacked.model.elements.len());
    // Pages with the same ids are told apart, and the first stays what it was.
    let twice = reading("shop.drawio", &file_of(&[packed(page), packed(page)])).value;
    assert_eq!(twice.model.elements.len(), 2 * unpacked.model.elements.len());
}

#[test]
fn what_is_packed_badly_is_refused_with_the_page() {
    for (page, why) in [
        ("%%%".to_owned(), "neither XML nor Base64"),
        (base64::engine::general_purpose::STANDARD.encode(b"\xff\xff\xff"), "damaged"),
        (packed("<mxGraphModel><root>"), "the file ends within <root>"),
        (packed("no model"), "there is no element in it"),
    ] {
        let found = refusal("bad.drawio", &file_of(&[page]));
        assert!(found.contains(why), "{why}: {found}");
        assert!(found.contains("diagram[0]") || found.contains("page 1"), "{found}");
    }
    let empty = refusal("empty.drawio", b"<mxfile></mxfile>");
    assert!(empty.contains("no shape in it can be told"), "{empty}");
}

#[test]
fn a_page_that_would_grow_without_end_is_refused() {
    let spaces = vec![b' '; 1_000_000];
    let page_of = |megabytes: usize| {
        let mut deflate = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        deflate.write_all(b"<mxGraphModel/>").unwrap();
        (0..megabytes).for_each(|_| deflate.write_all(&spaces).unwrap());
        base64::engine::general_purpose::STANDARD.encode(deflate.finish().unwrap())
    };
    let bomb = page_of(40);
    assert!(bomb.len() < 1_000_000, "{}", bomb.len());
    let found = refusal("bomb.drawio", &file_of(&[bomb]));
    assert!(found.contains("diagram[0]") && found.contains("grows beyond 32 MB"), "{found}");
    // Many pages together may be no more than one.
    let page = page_of(20);
    let found = refusal("bomb.drawio", &file_of(&[page.clone(), page]));
    assert!(found.contains("diagram[1]") && found.contains("grows beyond 32 MB"), "{found}");
}

#[test]
fn shapes_that_hold_each_other_in_a_circle_do_no_harm() {
    let cells = "<mxCell id=\"a\" parent=\"b\" style=\"ellipse\" vertex=\"1\"><mxGeometry x=\"1\" y=\"1\" width=\"9\" height=\"9\"/></mxCell>\
                 <mxCell id=\"b\" parent=\"a\" style=\"ellipse\" vertex=\"1\"><mxGeometry x=\"1\" y=\"1\" width=\"9\" height=\"9\"/></mxCell>";
    let file = format!("<mxGraphModel><root>{cells}</root></mxGraphModel>");
    assert_eq!(reading("circle.xml", file.as_bytes()).value.model.elements.len(), 2);
}

const MODEL: &str = "<ThreatModel xmlns=\"http://schemas.datacontract.org/2004/07/ThreatModeling.Model\">";

#[test]
fn entities_of_a_file_s_own_are_refused() {
    let secret = "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>";
    let mut bomb = String::from("<!DOCTYPE x [<!ENTITY a0 \"ha\">");
    for i in 1..20 {
        bomb += &format!("<!ENTITY a{i} \"{}\">", format!("&a{};", i - 1).repeat(10));
    }
    bomb += "]>";
    for declaration in [secret, &bomb, "<!DOCTYPE x SYSTEM \"http://127.0.0.1/x.dtd\">"] {
        for root in [MODEL, "<mxfile>", "<mxGraphModel>", "<other>"] {
            let found = refusal("x.tm7", format!("{declaration}\n{root}&a;").as_bytes());
            assert!(found.contains("it declares a document type") || found.contains("XML of another kind"), "{found}");
            assert!(!found.contains("root:"), "{found}");
        }
    }
    let unknown =
        format!("{MODEL}\n<DrawingSurfaceList/><MetaInformation><Owner>&a;</Owner></MetaInformation></ThreatModel>");
    let found = refusal("x.tm7", unknown.as_bytes());
    assert_eq!(found, "x.tm7:2: “&a;” is no entity of XML; entities of a file's own are not read");
    let attribute = "<mxfile><diagram name=\"&a;\"/></mxfile>";
    assert!(refusal("x.drawio", attribute.as_bytes()).contains("not readable as XML"));
}

#[test]
fn what_is_nested_without_end_is_refused() {
    for (begin, end) in [(MODEL, "</ThreatModel>"), ("<mxfile>", "</mxfile>")] {
        for inside in ["<a>".repeat(100_000), format!("<KnowledgeBase>{}", "<a>".repeat(100_000))] {
            let found = refusal("deep.xml", format!("{begin}{inside}{end}").as_bytes());
            assert!(found.contains("elements stand in each other more than 200 deep"), "{found}");
        }
    }
    let attributes: String = (0..1_000).map(|i| format!(" a{i}=\"\"")).collect();
    let found = refusal("wide.xml", format!("<mxfile><x{attributes}/></mxfile>").as_bytes());
    assert!(found.contains("more than 200 attributes"), "{found}");
    let many = format!("<mxfile>{}</mxfile>", "<a/>".repeat(600_000));
    assert!(refusal("many.xml", many.as_bytes()).contains("more than 500000 elements"));
}

#[test]
fn a_template_of_thirty_megabytes_is_passed_over() {
    let sample = String::from_utf8(sample("shop.tm7")).unwrap();
    let image = "A".repeat(20_000);
    let kind = format!(
        "<a:ElementType><a:Id>x</a:Id><a:ImageSource>{image}</a:ImageSource><a:Deep><b><c/></b></a:Deep></a:ElementType>"
    );
    let types =
        format!("<a:ThreatType><a:Id>x</a:Id>{}</a:ThreatType>", format!("<y>{}</y>", "z".repeat(200)).repeat(48));
    let large = sample
        .replace("<a:StandardElements>", &format!("<a:StandardElements>{}", kind.repeat(1_000)))
        .replace("<a:ThreatTypes>", &format!("<a:ThreatTypes>{}", types.repeat(1_000)));
    assert!((28_000_000..32_000_000).contains(&large.len()), "{}", large.len());
    let (small, large) = (reading("shop.tm7", sample.as_bytes()), reading("shop.tm7", large.as_bytes()));
    assert_eq!(small.value, large.value);
}

#[test]
fn what_is_larger_than_the_limit_is_refused_by_its_size() {
    let mut huge = MODEL.as_bytes().to_vec();
    huge.extend(b"<KnowledgeBase>");
    huge.resize(100_000_000, b' ');
    assert_eq!(refusal("huge.tm7", &huge), "huge.tm7: larger than 32 MB, which is the most that is read");
}

#[test]
fn a_file_that_was_cut_off_is_refused_wherever() {
    for name in ["shop.tm7", "shop.drawio"] {
        let whole = sample(name);
        for end in (1..whole.len()).step_by(97) {
            let found = refusal(name, &whole[..end]);
            assert!(found.starts_with(name), "{found}");
        }
    }
    for (name, bytes, _) in real("tm7/") {
        for end in (1_000..bytes.len().min(120_000)).step_by(1_000) {
            let found = refusal(&name, &bytes[..end]);
            assert!(
                found.contains("the file ends within <") || found.contains("not readable as XML"),
                "{end}: {found}"
            );
        }
    }
}

#[test]
fn files_in_utf_16_are_read_as_those_in_utf_8() {
    for name in ["shop.tm7", "shop.drawio", "shop.threagile-risks.json"] {
        let text = String::from_utf8(sample(name)).unwrap();
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let plain = reading(name, text.as_bytes());
        for bytes in [[b"\xff\xfe", &little[..]].concat(), [b"\xfe\xff", &big[..]].concat(), little, big] {
            assert!(cairn::formats::threat_model::is_threat_model(&bytes));
            assert_eq!(reading(name, &bytes).value, plain.value);
            assert!(refusal(name, &bytes[..bytes.len() - 1]).contains("not a whole text in UTF-16"));
        }
    }
    let latin = "<mxfile><diagram name=\"B\u{fc}ro\"/></mxfile>".chars().map(|c| c as u8).collect::<Vec<u8>>();
    assert_eq!(refusal("latin.drawio", &latin), "latin.drawio:1: not UTF-8 text; save the file as UTF-8");
}

#[test]
fn xml_of_other_kinds_is_refused_by_its_name() {
    for (text, why) in [
        ("<html><body/></html>", "begins with <html>"),
        ("<svg/>", "begins with <svg>"),
        ("<", "not readable as XML"),
        ("<!-- nothing -->", "there is no element in it"),
        ("<mxlibrary>[]</mxlibrary>", "a library of shapes"),
        ("<KnowledgeBase/>", "a template of the Microsoft Threat Modeling Tool"),
        ("<ThreatModel/>", "without diagrams and threats"),
        ("<mxfile/><mxfile/>", "a second element"),
    ] {
        let found = refusal("x.xml", text.as_bytes());
        assert!(found.starts_with("x.xml") && found.contains(why), "{why}: {found}");
    }
}

#[test]
fn a_file_read_again_is_the_same() {
    for name in ["shop.tm7", "shop.drawio", "shop.threagile.yaml", "shop.threagile-risks.json", "shop.otm.yaml"] {
        let bytes = sample(name);
        assert_eq!(reading(name, &bytes).value, reading(name, &bytes).value);
    }
}

fn is_flow(kind: ElementKind) -> bool {
    kind == ElementKind::DataFlow
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_bytes_do_no_harm(
        which in 0..5usize,
        copies in proptest::collection::vec((any::<proptest::sample::Index>(), any::<proptest::sample::Index>(), 1..300usize), 0..4),
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 0..8),
    ) {
        let name = ["shop.tm7", "shop.drawio", "shop.threagile.yaml", "shop.threagile-risks.json", "shop.otm.yaml"][which];
        let mut bytes = sample(name);
        for (from, to, len) in copies {
            let from = from.index(bytes.len());
            let copied = bytes[from..bytes.len().min(from + len)].to_vec();
            let to = to.index(bytes.len());
            bytes.splice(to..to, copied);
        }
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Ok(reading) = cairn::formats::threat_model::read(cairn::formats::Source { name, bytes: &bytes }) {
            let mut settled = reading.value.model.clone();
            prop_assert_eq!(settled.settle(), Vec::<String>::new());
            prop_assert!(settled.elements.iter().all(|element| element.source.is_none() || is_flow(element.kind)));
        }
    }
}
