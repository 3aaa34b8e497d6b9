//! The description of the interface as the page about it shows it, read from the OpenAPI document.

use serde_json::{Map, Value, json};

use super::document;
use crate::web::failure::Failure;
use crate::web::problem;
use crate::web::views::api_docs::{Answer, Body, Field, Group, Kind, Operation, ProblemKind, Reference, Shape};

/// How deep an example of a body goes.
const DEPTH: usize = 4;

/// The description.
pub(in crate::web) fn reference() -> Result<Reference, Failure> {
    let document = document::described()?;
    let groups = list(at(document, "tags")).map(|tag| group(document, tag)).collect();
    let shapes = object(at(at(document, "components"), "schemas")).map(|(name, schema)| shape(name, schema)).collect();
    let problems = problem::ALL.iter().map(|problem| ProblemKind {
        status: problem.status.as_u16(),
        code: problem.code,
        meaning: problem.meaning,
        hint: problem.hint,
    });
    Ok(Reference { groups, shapes, problems: problems.collect() })
}

fn group(document: &Value, tag: &Value) -> Group {
    let mut operations = Vec::new();
    for (path, item) in object(at(document, "paths")) {
        for (method, described) in object(item) {
            if list(at(described, "tags")).next() == tag.get("name") {
                operations.push(operation(document, path, method, described));
            }
        }
    }
    Group { name: text(at(tag, "name")), description: text(at(tag, "description")), operations }
}

fn operation(document: &Value, path: &str, method: &str, described: &Value) -> Operation {
    let responses = object(at(described, "responses")).filter(|(_, answer)| at(answer, "$ref").is_null());
    let answers = responses.map(|(status, answer)| Answer {
        status: status.clone(),
        description: text(at(answer, "description")),
        shape: object(at(answer, "content")).next().map(|(_, content)| kind(at(content, "schema"))),
    });
    Operation {
        id: text(at(described, "operationId")),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(at(described, "summary")),
        description: text(at(described, "description")),
        parameters: list(at(described, "parameters")).map(parameter).collect(),
        body: described.get("requestBody").map(|body| sent(document, body)),
        answers: answers.collect(),
    }
}

fn parameter(parameter: &Value) -> Field {
    Field {
        name: text(at(parameter, "name")),
        place: text(at(parameter, "in")),
        kind: kind(at(parameter, "schema")),
        optional: *at(parameter, "required") != true,
        description: text(at(parameter, "description")),
    }
}

fn sent(document: &Value, body: &Value) -> Body {
    let kinds = object(at(body, "content")).map(|(kind, _)| kind.clone()).collect();
    let schema = at(body, "content").get("application/json").map(|content| at(content, "schema"));
    let example = schema.map(|schema| example(document, schema, DEPTH).to_string());
    Body { kinds, shape: schema.map(kind), example }
}

fn shape(name: &str, schema: &Value) -> Shape {
    let required: Vec<&str> = list(at(schema, "required")).filter_map(Value::as_str).collect();
    let fields = object(at(schema, "properties")).map(|(name, property)| Field {
        name: name.clone(),
        place: String::new(),
        kind: kind(property),
        optional: !required.contains(&name.as_str()),
        description: text(at(property, "description")),
    });
    let words = list(at(schema, "enum")).map(text).collect();
    Shape { name: name.to_owned(), description: text(at(schema, "description")), fields: fields.collect(), words }
}

/// What a value of a schema is, in words.
fn kind(schema: &Value) -> Kind {
    if let Some(name) = referred(schema) {
        return Kind { words: String::new(), shape: Some(name.to_owned()) };
    }
    let either = list(at(schema, "oneOf")).chain(list(at(schema, "anyOf"))).chain(list(at(schema, "allOf")));
    let either: Vec<Kind> = either.map(kind).collect();
    if !either.is_empty() {
        let shape = either.iter().find_map(|kind| kind.shape.clone());
        let words: Vec<String> = either.into_iter().map(|kind| kind.words).filter(|words| !words.is_empty()).collect();
        return Kind { words: words.join(" or "), shape };
    }
    let types: Vec<&str> = match at(schema, "type") {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    };
    if types.contains(&"array") {
        let items = kind(at(schema, "items"));
        return Kind { words: format!("list of {}", items.words).trim().to_owned(), shape: items.shape };
    }
    let format = at(schema, "format").as_str().filter(|format| ["date", "date-time"].contains(format));
    let name = |word: &&str| match (*word, format) {
        ("string", Some("date")) => "day".to_owned(),
        ("string", Some(_)) => "time".to_owned(),
        ("string", None) => "text".to_owned(),
        (other, _) => other.to_owned(),
    };
    let mut words = types.iter().map(name).collect::<Vec<_>>().join(" or ");
    let choices: Vec<String> = list(at(schema, "enum")).map(text).collect();
    if !choices.is_empty() {
        words = format!("one of {}", choices.join(", "));
    }
    if words.is_empty() {
        words = "any JSON".to_owned();
    }
    Kind { words, shape: None }
}

/// A value of a schema.
fn example(document: &Value, schema: &Value, depth: usize) -> Value {
    if let Some(given) = schema.get("example").or_else(|| schema.get("default")) {
        return given.clone();
    }
    if depth == 0 {
        return Value::Null;
    }
    if let Some(name) = referred(schema) {
        return example(document, at(at(at(document, "components"), "schemas"), name), depth - 1);
    }
    if let Some(first) =
        list(at(schema, "oneOf")).chain(list(at(schema, "allOf"))).find(|one| *at(one, "type") != "null")
    {
        return example(document, first, depth);
    }
    if let Some(first) = list(at(schema, "enum")).next() {
        return first.clone();
    }
    let kind =
        at(schema, "type").as_str().or_else(|| list(at(schema, "type")).find_map(Value::as_str)).unwrap_or_default();
    match (kind, at(schema, "format").as_str().unwrap_or_default()) {
        ("object", _) => {
            let properties = object(at(schema, "properties"));
            let fields = properties.map(|(name, property)| (name.clone(), example(document, property, depth - 1)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
        ("array", _) => json!([example(document, at(schema, "items"), depth - 1)]),
        ("integer" | "number", _) => json!(1),
        ("boolean", _) => json!(false),
        ("string", "date") => json!("2026-11-27"),
        ("string", "date-time") => json!("2026-11-27T12:00:00Z"),
        ("string", _) => json!("…"),
        _ => Value::Null,
    }
}

/// The name of the schema that a reference leads to.
fn referred(schema: &Value) -> Option<&str> {
    at(schema, "$ref").as_str()?.strip_prefix("#/components/schemas/")
}

/// What stands under a name; null where nothing does.
fn at<'a>(value: &'a Value, name: &str) -> &'a Value {
    value.get(name).unwrap_or(&Value::Null)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}
